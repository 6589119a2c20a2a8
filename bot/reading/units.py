"""Cuts a message into its arguments: a claim with the sentences that support it is one, a new claim the next.

By form alone (cheap and linear); whether two neighbours make the same card is settled by the reader.
This module must not know decks, debates or vectors.
"""

from __future__ import annotations

import re

from bot.reading.moves import concedes
from bot.reading.signals import restated
from bot.reading.words import Stretch, content, has_verb, is_content, sentences, stretch, words

MOST_UNITS = 6
"""A message holds at most so many arguments; what follows belongs to the last."""

_SUPPORTS = re.compile(
    r"^\W*(?:(?:and|but|so|or|well|i mean|you know),? )*(?:because|"
    r"since|as (?:a result|such|we saw|happened|shown)|"
    r"for (?:example|instance|one)|e\.g|such as|like (?:when|"
    r"in|how)|take\b|look at|think of|consider\b|remember\b|"
    r"(?:that|this|which|it|these|those|they|he|she|his|"
    r"her|their|its)\b|that's|it's|they're|he's|she's|"
    r"so\b|therefore|thus|hence|then\b|consequently|otherwise|"
    r"without (?:it|that|this|them)|after all|the (?:reason|"
    r"result|same|point|problem with (?:that|this)|proof|"
    r"evidence)\b|according to|in other words|meaning|"
    r"if so|if not|why\b|even (?:then|so|now)|indeed|in fact|"
    r"just (?:look|like)|in (?:19|20)\d\d|back in|and yet|"
    r"yet|one example|see\b|not\b|no\b|nobody\b|nothing\b|"
    r"look,? |only\b|once\b)",
    re.IGNORECASE,
)  # fmt: skip

_BEGINS = re.compile(
    r"^\W*(?:(?:and|but|so),? )*(?:also|second(?:ly)?|"
    r"third(?:ly)?|fourth(?:ly)?|another (?:thing|point|"
    r"reason|problem|issue)|besides|furthermore|moreover|"
    r"in addition|additionally|on top of (?:that|this|"
    r"it)|finally|last(?:ly)?(?: but| of all|,)|next(?:,|"
    r" point)|apart from that|plus\b|what'?s more|my (?:second|"
    r"third|next|other|last|final) (?:point|argument|reason)|"
    r"as (?:for|to|regards)|regarding|about (?:your )?(?:point )?#\d|"
    r"on (?:your )?(?:point )?#\d|(?:against|re|to|contra)? ?(?:your )?(?:point )?#\d+|"
    r"[-*•–]\s|\(?\d+[.)]\s|(?:your|the) (?:first|second|"
    r"third|other|last) (?:point|argument|claim|reason)|"
    r"separately|then there|anyway\b|to your question|(?:now )?my own (?:point|argument|case)|my (?:point|argument) is\b|"
    r"(?:and )?what about\b)",
    re.IGNORECASE,
)  # fmt: skip

_HINGE = re.compile(
    r"(?:;\s+|,?\s+(?:and also|and besides|and furthermore|"
    r"and moreover|and secondly|secondly,|also,)\s+)",
    re.IGNORECASE,
)
_LONG = 45


def _pieces(text: str) -> list[Stretch]:
    """The sentences, the long ones cut where a second claim begins."""
    out: list[Stretch] = []
    for sentence in sentences(text):
        if len(sentence.text.split()) < _LONG:
            out.append(sentence)
            continue
        at = 0
        for hinge in _HINGE.finditer(sentence.text):
            if len(sentence.text[at : hinge.start()].split()) >= 8:
                out.append(stretch(text, sentence.start + at, sentence.start + hinge.start()))
                at = hinge.start() + len(hinge.group()) - len(hinge.group().lstrip(" ,;"))
        out.append(stretch(text, sentence.start + at, sentence.end))
    return out


def _says_something(piece: str) -> bool:
    return len(set(content(piece))) >= 2


def _grants(text: str, piece: Stretch) -> bool:
    """Whether a sentence of ``text`` gives something away, and what follows does not take it back: it stands apart."""
    if not concedes(piece.text):
        return False
    rest = text[piece.end :]
    named = any(re.search(rf"{number}\b", rest) for number in _NUMBERED.findall(piece.text))
    if "#" in piece.text and not named:
        return True
    return bool(content(piece.text)) and concedes(text[piece.start :])


_NUMBERED = re.compile(r"#\d+")


def only_restates(text: str) -> bool:
    """Whether ``text`` only puts the other side's point ("you say that ...") and says nothing of its own yet."""
    own, found = text, False
    for said in restated(text):
        own, found = own.replace(said, " "), True
    return found and len(set(content(own))) < 2


def supports(piece: str) -> bool:
    """Whether a sentence begins as one that supports the one before ("because", "for example", "this")."""
    return bool(_SUPPORTS.match(piece))


def _could_stand(piece: str) -> bool:
    """Whether a sentence says enough to be an argument of its own."""
    weight = len(content(piece))
    return weight >= 3 or (weight == 2 and has_verb(piece) and len(words(piece)) >= 6)


def _starts_new(piece: Stretch, before: Stretch) -> bool:
    if _BEGINS.match(piece.text):
        return True
    if supports(piece.text) or not _could_stand(piece.text):
        return False
    return not set(content(piece.text)) & set(content(before.text)) or len(words(piece.text)) >= 10


def split(text: str) -> tuple[tuple[Stretch, bool], ...]:
    """The arguments of ``text`` in order, each with whether its start was announced ("also", "#2", a list).

    Sentences without content join their neighbour; a message without content has no arguments.
    """
    groups: list[tuple[int, int, bool]] = []
    last: Stretch | None = None
    granted = False
    for piece in _pieces(text):
        apart = granted or _grants(text, piece)
        granted = _grants(text, piece)
        fresh = apart or last is None or (_starts_new(piece, last) and not only_restates(last.text))
        if fresh and len(groups) < MOST_UNITS and (apart or last is None or _says_something(piece.text)):
            groups.append((piece.start, piece.end, granted or bool(_BEGINS.match(piece.text))))
        elif groups:
            start, _, announced = groups[-1]
            groups[-1] = (start, piece.end, announced)
        if last is None or _says_something(piece.text):
            last = piece
    found = [(stretch(text, start, end), announced) for start, end, announced in groups]
    return _with_substance(text, found)


def _only_leads(piece: str) -> bool:
    """Whether words say nothing themselves, or only announce what comes ("Two comparisons.")."""
    return not _says_something(piece) or (
        len(content(piece)) < 3 and not has_verb(piece) and len(words(piece)) < 4
    )


def _with_substance(text: str, found: list[tuple[Stretch, bool]]) -> tuple[tuple[Stretch, bool], ...]:
    """``found`` with groups that say nothing (an opening filler) joined to what follows."""
    out: list[tuple[Stretch, bool]] = []
    pending: int | None = None
    for piece, announced in found:
        if _only_leads(piece.text) and len(found) > 1 and not _grants(text, piece):
            pending = piece.start if pending is None else pending
            continue
        start = piece.start if pending is None else pending
        out.append((stretch(text, start, piece.end), announced))
        pending = None
    return tuple(out)


def has_claim(text: str) -> bool:
    """Whether ``text`` could be an argument at all: two words of content, or one in a sentence."""
    weight = sum(map(is_content, words(text)))
    return weight >= 2 or (weight == 1 and len(words(text)) >= 5 and has_verb(text))
