"""What the form of a message shows of the debate: points named, comparisons, fair restatements, later events, echoes.

This module must not know vectors or decks' heads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.reading.words import content, sentences, words
from bot.readings import BotPoint, Situation, Weighing
from content.deck import Deck

_NUMBER = re.compile(r"#\s?(\d{1,3})\b|\b(?:point|argument|claim|number|no\.) ?#?(\d{1,2})\b", re.IGNORECASE)
_CARD = re.compile(r"\b([fa]\d{2,3})\b", re.IGNORECASE)
_ORDINAL = re.compile(
    r"\byour (first|1st|second|2nd|third|3rd|last|other) (?:point|argument|claim|reason|one)\b", re.IGNORECASE
)
_PLACES = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "last": -1, "other": -1}

_COMPARES = re.compile(
    r"\boutweigh|\bweigh(?:ing)?\b.+\bagainst\b|\b(?:matters?|counts?|weighs?) (?:far |"
    r"much |a lot |even |still |way )?(?:more|less|most)\b|"
    r"\b(?:more|less) (?:important|urgent|serious|likely|"
    r"certain|probable|severe|weighty|fundamental|harmful|"
    r"valuable)\b"
    r"|\b(?:bigger|greater|larger|heavier|stronger|worse|"
    r"higher|smaller|weaker|lighter|deeper|better|broader|"
    r"longer) (?:\w+ )?than\b|\b(?:beats?|trumps|overrides|"
    r"comes before|takes priority over|tips the)\b|\brather\b.+\bthan\b|"
    r"\bworth more\b|\bcompared (?:to|with)\b",
    re.IGNORECASE,
)  # fmt: skip
_REASON = re.compile(
    r"\b(?:because|cuz|coz|cos|bc|bcs|since|as|given|for|so|if|when|while|whereas|"
    r"due to|after all)\b|[:;–—]|\.\s",
    re.IGNORECASE,
)

_RESTATES = re.compile(
    r"\b(?:you (?:(?:just|keep|still) )?(?:say|said|saying|claim(?:ed)?|argue[d]?|think|"
    r"believe|state[d]?|point out|(?:tell|told) (?:us|me)|mean|suggest(?:ed)?|"
    r"worry|fear|maintain|hold|insist)|"
    r"(?:my opponent|the other side|the opposition|the bot|gadfly) (?:(?:just|now|also) )?(?:says?|said|claim(?:s|ed)|"
    r"argue[sd]|thinks|believes|points out|(?:tells|told) (?:us|me)|suggest(?:s|ed)|insists|worries|fears)|"
    r"your (?:\w+ )?(?:point|"
    r"argument|claim|case|worry|view|idea|reasoning)(?: (?:about|"
    r"on|in) #?\w+)? (?:is|was|says|seems to be)|your #\d+ (?:is|was|says|claims)|i (?:understand|"
    r"hear|get|take it|see)(?: that)? you(?:r point)?|"
    r"according to you|(?:as|if) i understand (?:you|it)|"
    r"so you(?:'re| are) saying|you(?:'re| are) (?:saying|"
    r"claiming|arguing))(?: (?:here|that|is that|in #\d+|"
    r"with #\d+|#\d+))*[,:]?\s+",
    re.IGNORECASE,
)  # fmt: skip
_STOPS = re.compile(
    r"[.!?;]|,? (?:but|however|yet|though|although|and i|still)\b|, (?:i|we|my|our|in fact|actually|no)\b",
    re.IGNORECASE,
)

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_RECENT = re.compile(
    r"\b(?:yesterday|last (?:week|month|night|monday|tuesday|"
    r"wednesday|thursday|friday|saturday|sunday|weekend)|"
    r"(?:just|earlier) (?:now|today|happened|announced|"
    r"signed|met)|this (?:morning|week|month|afternoon|"
    r"evening)|(?:a few|two|three|some|\d+) (?:days|weeks|"
    r"hours|months) ago|breaking news|the other day|right now they are|"
    r"in the news today|today'?s news|as of today|latest news|"
    r"recent news|newest study|new study (?:this|from this) year)\b",
    re.IGNORECASE,
)  # fmt: skip
_TODAY = re.compile(
    r"\b(?:today|this year|recently)\b.*\b(?:announced|signed|"
    r"agreed|met|happened|attacked|published|voted|reported|"
    r"broke|began|started)\b",
    re.IGNORECASE,
)

ECHO = 88.0
"""From this likeness (0..100) on, words are an echo of earlier ones."""
_ECHO_LENGTH = 20


def named(text: str, situation: Situation) -> tuple[int, ...]:
    """The numbers of the points that ``text`` names: ``#3``, a card of the bot's, "your second point"."""
    known = {p.number for p in (*situation.points, *situation.decided)} | {p.number for p in situation.own}
    out = [int(m.group(1) or m.group(2)) for m in _NUMBER.finditer(text)]
    cards = {m.group(1).lower() for m in _CARD.finditer(text)}
    out += [p.number for p in situation.points if p.card in cards]
    out += [p.number for p in situation.own if p.card in cards]
    latest = [p for p in situation.points if p.latest]
    for found in _ORDINAL.finditer(text):
        place = _PLACES[found.group(1).lower()]
        if latest and place < len(latest):
            out.append(latest[place].number)
    return tuple(n for n in dict.fromkeys(out) if n in known)


def weighing(text: str, situation: Situation) -> Weighing | None:
    """The first comparison of a named point of each side that gives a reason of its own."""
    own = {p.number for p in situation.own}
    bots = {p.number for p in (*situation.points, *situation.decided)}
    found = sentences(text)
    for number, sentence in enumerate(found):
        points = named(sentence.text, situation)
        mine, theirs = [n for n in points if n in own], [n for n in points if n in bots]
        if not mine or not theirs or not _COMPARES.search(sentence.text):
            continue
        following = found[number + 1] if number + 1 < len(found) else None
        for end in (sentence.end, following.end if following else sentence.end):
            said = text[sentence.start : end]
            if _REASON.search(said) and len(set(content(said))) >= 4:
                return Weighing(own=mine[0], other=theirs[0], words=said)
    return None


_MINE = re.compile(r"\b(?:my|mine|our|ours)\b", re.IGNORECASE)
_GRANTED = re.compile(
    r".*\byou (?:say|said|think|claim|argue) (?:that )?(.+?),? (?:but|yet|still) ", re.IGNORECASE
)
_OFFERS = re.compile(
    r"\b(?:you|my opponents?|the other side) (?:offers?|gives?|promises?|brings?) (.+?)[;,.] "
    r"(?:but |and |while )?(?:i|we) (?:offer|give|promise|bring) (.+)",
    re.IGNORECASE,
)
_SETS = re.compile(
    r"\b(?:(?:weigh(?:ing)?|set|put|hold|measure) (.+?) against|compar(?:e|ing) (.+?) (?:with|to|against)) (.+?)(?=[.;:,!?]|$)",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    r"\b(?:more|less) \w+ than\b|\bweigh (?:it|them|this|both|up|the two)\b|\b(?:is|are) (?:the )?(?:larger|bigger|greater)\b",
    re.IGNORECASE,
)
_AT_LARGE = re.compile(
    r"\b(?:(?:out)?weigh(?:s|ed|ing)?|more weight|beats?|(?:matters?|counts?) (?:(?:far|much|way|a lot|the) )?(?:more|most)|"
    r"(?:more|most) important|stronger|larger|bigger|greater|worse|heavier|small (?:price|cost)|worth (?:it|that|the)|prefer|"
    r"(?:is|are|was) (?:(?:only|just|a|so|very|really) )?(?:small|big|tiny|huge|minor)|"
    r"(?:set|put) (?:that|this|it) (?:beside|against|next)|my .{1,60} against (?:your|ur))\b",
    re.IGNORECASE,
)
_WEIGHTY = 8
"""So many words of content a speech has that weighs as a whole."""
_BEFORE_REASON = re.compile(r"[,;:–—]|\b(?:because|cuz|coz|cos|bc|since|as|so)\b", re.IGNORECASE)
_YOURS = re.compile(r"\b(?:you|your|yours|youre|u|ur)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Compared:
    """A comparison in words: what is weighed against what, whether each is called "mine" and "yours", and all of it."""

    mine: str
    yours: str
    called: tuple[bool, bool]
    words: str


def compared(text: str, closing: bool) -> Iterator[Compared]:
    """Comparisons that give a reason: "my trust matters more than your start, because", "you say it is a start, but
    broken promises matter more, because"; or that set one against the other: "you offer a hope; I offer a record". In a
    ``closing`` speech less will do ("is more heavy than")."""
    found = sentences(text)
    for number, sentence in enumerate(found):
        offers = _OFFERS.search(sentence.text)
        if offers is not None:
            yield Compared(offers.group(2), offers.group(1), (True, True), sentence.text)
        end = found[number + 1].end if number + 1 < len(found) else sentence.end
        said = text[sentence.start : end]
        if _REASON.search(said) and len(set(content(said))) >= 4:
            yield from _set_against(sentence.text, said)
            yield from _more_than(sentence.text, said, closing)


def _set_against(sentence: str, said: str) -> Iterator[Compared]:
    """What "set this against that" weighs, whichever comes first."""
    sets = _SETS.search(sentence)
    if sets is None:
        return
    first, second = sets.group(1) or sets.group(2), sets.group(3)
    turned = bool(_YOURS.search(first) or (_MINE.search(second) and not _MINE.search(first)))
    mine, yours = (second, first) if turned else (first, second)
    yield Compared(mine, yours, (bool(_MINE.search(mine)), bool(_YOURS.search(yours))), said)


def _more_than(sentence: str, said: str, closing: bool) -> Iterator[Compared]:
    """What "this matters more than that" weighs."""
    sign = _COMPARES.search(sentence) or (_CLOSES.search(sentence) if closing else None)
    if sign is None:
        return
    left, right = sentence[: sign.start()], sentence[sign.end() :]
    granted = _GRANTED.match(left)
    if granted:
        yield Compared(left[granted.end() :], granted.group(1), (True, True), said)
        return
    mine, yours = list(_MINE.finditer(left)), _YOURS.search(right)
    left = left[mine[-1].end() :] if mine else left
    right = _BEFORE_REASON.split(right[yours.end() :] if yours else right)[0]
    yield Compared(left, right, (bool(mine), yours is not None), said)


def at_large(text: str) -> Compared | None:
    """What a closing speech weighs as a whole ("my side gives every pupil calm lessons, so that beats your one problem"): the
    sentences that speak to the other side against the rest, if any word of it weighs."""
    found = [sentence.text for sentence in sentences(text)]
    weighs = next((sentence for sentence in found if _AT_LARGE.search(sentence)), None)
    if weighs is None or len(set(content(text))) < _WEIGHTY:
        return None
    yours = " ".join(sentence for sentence in found if _YOURS.search(sentence))
    mine = " ".join(sentence for sentence in found if not _YOURS.search(sentence))
    return Compared(mine or text, yours or text, (False, False), weighs)


def restated(text: str, least: int = 1) -> Iterator[str]:
    """The stretches that follow "you say that" and the like, with at least so many words of content."""
    end = 0
    for found in _RESTATES.finditer(text):
        if found.start() < end:  # "you say that your point is ...": one stretch, not two
            continue
        stop = _STOPS.search(text, found.end())
        end = stop.start() if stop else len(text)
        said = text[found.end() : end].strip(" ,")
        if len(set(content(said))) >= least:
            yield said


def known_until(deck: Deck) -> int | None:
    """The last year the deck knows of: the one that ``as_of`` names, else the latest of its facts and its essay."""
    for texts in ((deck.as_of,), (*(fact.date for fact in deck.facts.values()), *deck.text.lines)):
        years = [int(year) for text in texts for year in _YEAR.findall(text)]
        if years:
            return max(years)
    return None


def later(text: str, limit: int | None) -> str | None:
    """The words around an event after the year ``limit``, or after what any essay knows ("last week"): the clause they
    stand in, or its nearest part."""
    years = (y for y in _YEAR.finditer(text) if limit is not None and limit < int(y.group()) < 2100)
    found = next(years, None) or _RECENT.search(text) or _TODAY.search(text)
    return _clause(text, found.start(), found.end()) if found else None


_CLAUSE_REACH = 60
"""How many characters of a clause are kept on either side."""
_CLAUSE_END = re.compile(r"[.!?;:](?=\s|$)|,(?=\s)|\n")


def _clause(text: str, start: int, end: int) -> str:
    """The clause around ``text[start:end]``, cut between words where it reaches too far."""
    left = max((m.end() for m in _CLAUSE_END.finditer(text, 0, start)), default=0)
    stop = _CLAUSE_END.search(text, end)
    right = stop.start() if stop else len(text)
    if start - left > _CLAUSE_REACH:
        left = text.find(" ", start - _CLAUSE_REACH, start) + 1 or start
    if right - end > _CLAUSE_REACH:
        right = max(end, text.rfind(" ", end, end + _CLAUSE_REACH))
    return text[left:right].strip()


def echoes(text: str, earlier: Iterable[str]) -> bool:
    """Whether ``text`` nearly stands in one of ``earlier``."""
    said = " ".join(words(text))
    if len(said) < _ECHO_LENGTH:
        return False
    for other in earlier:
        heard = " ".join(words(other))
        if len(heard) >= 0.8 * len(said) and fuzz.partial_ratio(said, heard, score_cutoff=ECHO) >= ECHO:
            return True
    return False


def latest(points: Sequence[BotPoint]) -> list[BotPoint]:
    """The points of the bot's last speech."""
    return [p for p in points if p.latest]
