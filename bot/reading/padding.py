"""Takes the padding out of a message before it is read: sentences said twice, and sentences that say nothing.

So a padded message is read, and scored, as the plain one. By form alone; this module must not know decks or debates.
"""

from __future__ import annotations

import re

from bot.reading import cues, moves
from bot.reading.words import content, sentences, stem, word_set, words

_LEAST = 4
"""Shorter sentences ("No.", "I agree.") are never padding."""
_LONG = 9
"""From so many words on, a sentence that attacks says what: without a word of any topic it is padding."""

STOCK = frozenset(
    map(
        stem,
        word_set("""
    absolutely add anyway ask aware bear begin big bit brief briefly call careful case certain certainly clear
    clearer close come common complex complicated conclude consider continue correct course deal deep deeply definitely
    difficult discuss discussed discussion doubt easy emphasise emphasize end entire entirely especially everybody
    everyone exact exactly explain express extremely eye eyes face far feel finish follow forget full fully general
    generally genuinely give glad go goes going hand happy hard head hear heard heart help honest honesty hope idea
    imagine important indeed interest interested interesting issue issues keep kind know known large learn leave length
    level like listen listening little live long look lots love main make mark matter mean meant mention mentioned
    mind minute moment move name nature nice note number obvious offer old open opening opinion opinions order part
    particular pass people perhaps person personal personally place please plain play position possible practice
    present pretty problem put question questions quick quickly read reader readers real reality reflect regard related
    remark remember remind repeat respect respectfully rest right round saying see seen sense serious seriously set
    share shared short show simple sincere sincerely sit situation small someone sort speak speaking speech spoken
    stand start state stay step stop story strong strongly stress stuff subject suppose surely take tell
    thank thanks think thinking thought thoughts time times today together told tonight topic topics touch
    total totally touch tried true truly truth try trying turn understand understanding undoubtedly use usual
    various very view views wait want wanted watch whole wide wise wish wonder word words world worth write written
    years yeah
    """),
    )
)
"""Stems of words that may fill a sentence without saying anything about a motion."""

_TAIL = 120
"""The longest last clause, in characters, that is looked at as padding."""


def without_padding(text: str) -> str:
    """``text`` without repeated and empty sentences; as it is where none are, or where nothing would be left."""
    found = sentences(text)
    kept: list[str] = []
    seen: set[tuple[str, ...]] = set()
    for sentence in found:
        form = words(sentence.text)
        if (len(form) >= _LEAST and form in seen) or says_nothing(sentence.text):
            continue
        seen.add(form)
        kept.append(_without_tail(sentence.text))
    if not kept or kept == [sentence.text for sentence in found]:
        return text
    return "".join(one + (" " if one[-1] in ".!?…\"'”’)]" else "\n") for one in kept).strip()


def _without_tail(sentence: str) -> str:
    """``sentence`` without a last clause that says nothing ("..., and that is what I really think")."""
    for at in range(max(0, len(sentence) - _TAIL), len(sentence) - 1):
        tail = sentence[at + 1 :]
        trails = sentence[at] == "," and _TRAILS.match(tail) and content(tail)
        if trails and not _CARRIES.search(tail) and says_nothing(tail):
            return sentence[:at].rstrip() + (sentence[-1] if sentence[-1] in ".!?…" else "")
    return sentence


_TRAILS = re.compile(
    r"\s*(?:and|which|as|that's|that is|like|or|you know|i mean|i think|i say|in my|in fact|to be|if you ask|really|truly)\b",
    re.IGNORECASE,
)
"""How a clause begins that is said after the argument is over."""
_CARRIES = re.compile(
    r"n['’]t\b|['’]d\b|\b(?:he|she|they|them|him|her|not|no|never|nothing|nobody|none|because|since|so|therefore|if|unless|when|while|but)\b",
    re.IGNORECASE,
)
"""A clause with one of these may turn or carry the argument, however plain its words."""


def says_nothing(sentence: str) -> bool:
    """Whether a sentence has no word of any topic, names no point, asks nothing and neither grants nor attacks."""
    if len(words(sentence)) < _LEAST or "#" in sentence or "?" in sentence:
        return False
    if not set(content(sentence)) <= STOCK or moves.concedes(sentence):
        return False
    if len(words(sentence)) >= _LONG:
        return True
    straight = sentence.replace("’", "'")
    return not any(pattern.search(straight) for pattern in cues.MOVES.values())
