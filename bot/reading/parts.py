"""Finds the parts of an argument in the learner's own words: claim, warrant, evidence, impact.

Conservative on purpose: a marker ("because", "for example") without anything said after it is no part at all, and
every part is a verbatim stretch of the text. This module must not know debates or vectors.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from bot.reading.essays import Run
from bot.reading.signals import restated
from bot.reading.words import Stretch, content, glue_share, has_verb, sentences, stretch, word_set, words
from bot.readings import EvidenceKind, Part, PartKind

QUOTE_WORDS = (5, 30)


class Role(Enum):
    """What a clause does, by the words that open it."""

    SAYS = auto()
    REASON = auto()
    RESULT = auto()
    EXAMPLE = auto()


_MARKERS: dict[Role, str] = {
    Role.EXAMPLE:
    r"\b(?:for (?:example|instance)|e\.g\.?|such as|just like|"
    r"like (?:when|in|how|with|what happened)|as (?:happened|"
    r"we saw|was the case|in (?:19|20)\d\d)|look at|(?:^|(?<=[.;:,] ))take (?:the|"
    r"a|for)|consider (?:the|how|what)|think (?:of|about) (?:the|"
    r"how|what)|remember (?:the|how|when|what)|the case of|"
    r"one example)\b",
    Role.REASON:
    r"\b(?:because|bc|cuz|coz|'?cause(?= (?:he|she|it|"
    r"they|we|you|i|the|nobody|no)\b)|since(?! (?:\d|then|"
    r"the\b|when|last|early|late|its|his|their|that (?:day|"
    r"time|year)))|given (?:that|how|the)|due to|owing to|"
    r"the reason (?:is|being|why)|after all|seeing (?:that|"
    r"as|how)|on the grounds that|considering (?:that|"
    r"how)|in view of|as long as|for the simple reason)\b",
    Role.RESULT:
    r"\b(?:(?<!even )(?<!if )so(?! (?:far|much|many|called|good|bad|be it|"
    r"long|often|what|on\b|is|are|do|did|does|was|to speak|"
    r"little|few|strong|simple|easy))(?! \w+ that\b)|therefore|"
    r"thus|hence|consequently|(?:which|(?:(?<=, )|(?<=[.;] )|"
    r"(?<=and )|^)(?:that|this|it)) (?:(?:would|will|just|"
    r"also|only|then|in turn) )*(?:means?|leads? to|results? in|"
    r"causes?|leaves?|makes?|matters?|puts?|creates?|allows?|"
    r"ends? (?:up|in))|that(?:'s| is) (?:why|how)|as a (?:result|"
    r"consequence)|(?:would|will|could|can|may|might) (?:only |"
    r"then |just |also )*(?:lead to|cause|result in|end up|"
    r"mean|cost|destroy|ruin|kill|collapse)|leading to|"
    r"resulting in|meaning(?: that)?|otherwise|or else|"
    r"in the end|the (?:result|consequence|outcome|upshot)|"
    r"and then|ending (?:up|in|with)|what follows)\b",
}  # fmt: skip
_MARKER = re.compile(
    "|".join(f"(?P<{role.name}>{pattern})" for role, pattern in _MARKERS.items()), re.IGNORECASE
)
_ASIDE = re.compile(r"(?:[:;]|\s[-–—]|—)\s*")

_ORGANISATIONS = (
    r"UN|U\.N\.|United Nations|NATO|EU|European Union|"
    r"OSCE|IAEA|ICC|ICJ|IMF|World Bank|WHO|UNESCO|OECD|"
    r"UNICEF|BBC|CNN|Reuters|AP|AFP|"
    r"New York Times|Washington Post|Guardian|Economist|"
    r"Financial Times|Wall Street Journal|Times|Der Spiegel|"
    r"Le Monde|Al Jazeera|Bloomberg|"
    r"RAND|Chatham House|Brookings|Carnegie|ISW|Institute for the Study of War|"
    r"SIPRI|Amnesty(?: International)?|Human Rights Watch|"
    r"Red Cross|"
    r"Pew(?: Research)?|Gallup|Levada|YouGov|Ipsos|Oxford|"
    r"Cambridge|Harvard|Stanford|LSE|London School of Economics|"
    r"Yale|MIT|Princeton|Pentagon|CIA|FBI|State Department|"
    r"Congress|Senate|Bundestag|Ofsted|PISA"
)
_SAYS = (
    r"(?:says?|said|reports?|reported|found|finds|argues?|"
    r"argued|writes?|wrote|warns?|warned|shows?|showed|estimates?|"
    r"estimated|concludes?|concluded|claims?|claimed|notes?|"
    r"noted|states?|stated|confirms?|confirmed|published|"
    r"explains?|explained|calculates?|calculated)"
)
_NAME = r"(?:(?:the|a|an) )?(?:[A-Z][\w’'.-]+(?: (?:of|for|de|van|von|the|and) (?=[A-Z])| (?=[A-Z]))?)+"
_NO_SOURCE = (
    r"(?!(?:the |this |your )?(?:essay|text|article|card|"
    r"author|experts?|studies|research|people|many|some|critics|"
    r"supporters|you|me|him|her|it|them|statistics|scientists|"
    r"sources?|everyone|history|reports?|Putin|Trump|Ukraine|"
    r"Russia)\b)"
)
_SOURCE = re.compile(
    rf"\b[Aa]ccording to {_NO_SOURCE}{_NAME}|\b(?:the )?(?:{_ORGANISATIONS})(?:'s|"
    rf"’s)? (?:\w+ ){{0,3}}?{_SAYS}\b"
    rf"|\b(?:[Aa] |[Tt]he )?(?:\d{{4}} )?(?:study|report|"
    rf"survey|poll|analysis|paper|book|article|research|"
    rf"data|figures|numbers|investigation)s? (?:by|from|"
    rf"of|in) {_NO_SOURCE}(?:the )?(?:{_NAME})"
    rf"|\b(?:[Aa] |[Tt]he )(?:\d{{4}} )?(?:{_ORGANISATIONS}) (?:study|"
    rf"report|survey|poll|analysis|paper|data)\b"
    rf"|\b(?:Prof(?:essor|\.)?|Dr\.?|[Hh]istorian|[Ee]conomist|"
    rf"[Pp]olitical scientist|[Pp]sychologist|[Rr]esearcher|"
    rf"[Gg]eneral|[Aa]mbassador|[Aa]nalyst) [A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*(?=.{{0,40}}\b{_SAYS}\b)"
    rf"|\b{_NO_SOURCE}[A-Z][a-z]+ (?:and|&) {_NO_SOURCE}[A-Z][a-z]+ (?:\(\d{{4}}\) )?{_SAYS}\b"
    rf"|\bhttps?://[\w.-]+\.[a-z]{{2,}}\S*|\bas (?!(?:The|"
    rf"This|He|She|It|They|We|You|Putin|Trump|Ukraine|Russia)\b)[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)* "
    rf"{_SAYS}\b"
)  # fmt: skip
_FIGURE = re.compile(
    r"(?<!#)(?<!# )(?<!\bpoint )(?<!\bnumber )(?<!\bno\. )(?<!\bspeech )(?:[$€£]\s?\d[\d.,]*|\b\d[\d.,]*\s?(?:%|percent|"
    r"per cent|billion|million|thousand|bn|k\b|times)|"
    r"\b(?!(?:1[5-9]|20)\d\d\b)\d{2,}(?:[.,]\d+)*\b(?! ?(?:am|"
    r"pm)\b)|\b(?:half of|two thirds|three quarters|one in (?:two|"
    r"three|four|five|ten)|nine out of ten|a (?:third|"
    r"quarter) of)\b)",
    re.IGNORECASE,
)  # fmt: skip
_CONCRETE = re.compile(r"\b(?:1[5-9]|20)\d\d\b|(?<=[a-z,;:] )[A-Z][a-z]{2,}")
_LIVED = re.compile(
    r"\b(?:my|our) (?:(?:old|own|last|new|best|little|big|older|younger|former) )?(?:school|brother|sister|friends?|"
    r"teachers?|town|village|country|class|uncle|aunt|cousins?|mother|father|mum|mom|dad|parents|grand\w+|neighbours?)\b"
    r"|\bwhen (?:i|we) (?:was|were|had|went|lived|tried)\b|\bi (?:saw|knew|had a|once|lived|have seen)\b",
    re.IGNORECASE,
)  # fmt: skip
_PAST = word_set("""met gave fought led left won lost kept broke took came went began fell held made built sent sold bought rose grew
ran told wrote taught stood paid spent saw found knew chose drove threw shot withdrew struck swore sank sought was were had did""")
_AHEAD = re.compile(
    r"\b(?:if|would|should|must|ought|could|will|won't|might|may|can|can't|cannot)\b", re.IGNORECASE
)
_PROPER = re.compile(r"[A-Z][a-z]{2,}")
_QUESTION = re.compile(r"\?\W*$")
_OPENERS = re.compile(
    r"^(?:\W|(?:and|but|so|well|yes|no|ok|okay|also|look|"
    r"listen|i mean|first(?:ly)?|second(?:ly)?|third(?:ly)?|"
    r"finally|moreover|furthermore|besides|in addition|to (?:start|"
    r"begin) with|however|still|then|#\d+|on|against|about|"
    r"your point)\b[\s,:.]*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Clause:
    role: Role
    piece: Stretch
    marked: int
    """How many characters the marker at the front has."""

    @property
    def body(self) -> str:
        return self.piece.text[self.marked :]


def clauses(text: str, sentence: Stretch) -> Iterator[Clause]:
    """The clauses of a sentence: cut where a marker begins, and at the comma after an opening reason."""
    cuts: list[tuple[int, Role, int]] = [(sentence.start, Role.SAYS, 0)]
    for found in _MARKER.finditer(sentence.text):
        role = Role[found.lastgroup or "SAYS"]
        at = sentence.start + found.start()
        if not words(text[sentence.start : at]) or _OPENERS.fullmatch(text[sentence.start : at] + " "):
            cuts[0] = (at, role, len(found.group()))
            comma = _end_of_opening(text, at + len(found.group()), sentence.end)
            if role is Role.REASON and comma:
                cuts.append((comma, Role.SAYS, 0))
            continue
        cuts.append((at, role, len(found.group())))
    if len(cuts) == 1 and cuts[0][1] is Role.SAYS:
        cuts += [(at, Role.SAYS, 0) for at in _spliced(text, sentence)]
    cuts.sort(key=lambda cut: cut[0])
    ends = [start for start, _, _ in cuts[1:]] + [sentence.end]
    for (start, role, marked), end in zip(cuts, ends, strict=True):
        piece = stretch(text, start, end)
        if piece.text:
            yield Clause(role, piece, marked)


def _spliced(text: str, sentence: Stretch) -> Iterator[int]:
    """Where a sentence without a marker goes on with a second one after a comma, as people do who give a reason."""
    for comma in re.finditer(r",\s+", sentence.text):
        before, after = sentence.text[: comma.start()], sentence.text[comma.end() :]
        apart = not re.match(
            r"(?:and|or|but|which|who|that|where|when|if|not|as|than|like|because)\b", after, re.IGNORECASE
        )
        if apart and all(len(set(content(half))) >= 3 and _is_clause(half) for half in (before, after)):
            yield sentence.start + comma.end()
            return


def _end_of_opening(text: str, start: int, end: int) -> int | None:
    at = text.find(",", start, end)
    return at + 1 if at > 0 and len(content(text[at:end])) >= 2 else None


def _trimmed(piece: Stretch) -> str:
    return _LOOSE.sub("", piece.text.strip(" ,;:–—-"))


_LOOSE = re.compile(r",?\s+(?:and|but|or|so)$", re.IGNORECASE)
"""A conjunction left over where the next clause begins."""


def _unlike(body: str, others: Sequence[str]) -> bool:
    """Whether ``body`` says at least two things that ``others`` have not said."""
    said = {w for other in others for w in content(other)}
    return len(set(content(body)) - said) >= 2


def _is_sentence(text: str) -> bool:
    return _is_running(text) or len(words(text)) <= 9


def _is_running(text: str) -> bool:
    """Whether the words hang together, as keywords in a row do not."""
    return has_verb(text) or glue_share(text) >= 0.2


@dataclass
class _Found:
    """What was found so far."""

    claim: str | None = None
    warrant: str | None = None
    impact: str | None = None

    @property
    def said(self) -> list[str]:
        return [part for part in (self.claim, self.warrant, self.impact) if part]


def _sort_clause(clause: Clause, found: _Found, first: bool) -> None:
    """Put a clause where it belongs, if that place is still free and the clause says enough."""
    body, said = clause.body, _trimmed(clause.piece)
    weight = len(set(content(body)))
    full = weight >= 2 and len(words(body)) >= 3 and _is_running(body) and _unlike(body, found.said)
    if clause.role is Role.SAYS:
        if (
            found.claim is None
            and weight >= 2
            and _is_sentence(body)
            and not (_only_judges(body) or _is_title(body))
        ):
            found.claim = said
        elif found.claim and found.warrant is None and full and _states(body):
            found.warrant = said
    elif clause.role is Role.REASON and found.warrant is None and (full or _plain_reason(body, found)):
        found.warrant = said
    elif clause.role is Role.RESULT and found.impact is None and (full or _plain_reason(body, found)):
        if found.claim is None and first:
            found.claim = said
        else:
            found.impact = said


def _plain_reason(body: str, found: _Found) -> bool:
    """A short reason or result in plain words ("because nobody asked them"): a sentence that says one thing more."""
    new = set(content(body)) - {word for other in found.said for word in content(other)}
    return bool(new) and len(words(body)) >= 3 and _is_clause(body)


def _is_clause(body: str) -> bool:
    """Whether words are a sentence: a common verb stands in them, or a subject opens them."""
    return has_verb(body) or bool(_SUBJECT.match(body)) or bool(_ACTS.search(body))


_ACTS = re.compile(r"\b(?:i|he|she|we|they) (?!and\b|or\b|who\b)[a-z]{3,}", re.IGNORECASE)
"""A pronoun that can only be a subject, and what it does."""


_SUBJECT = re.compile(
    r"^\W*(?:i|you|he|she|it|we|they|this|that|these|those|people|everybody|everyone|nobody|kids|pupils|students|teachers|"
    r"(?:the|a|an|no|every|each|most|many|all|some|both|his|her|its|their|our|my|your) \w+) \w+",
    re.IGNORECASE,
)


def _is_title(body: str) -> bool:
    """Whether words only announce what comes ("Two comparisons.")."""
    return len(words(body)) < 4 and not _is_clause(body)


def _only_judges(body: str) -> bool:
    """Whether a clause only says what it is, or how it finds a point ("nah ur number 1 is wrong", "My claim is that")."""
    return bool(_DENIES_SAYING.match(body)) or len(set(content(_VERDICT.sub(" ", body)))) < 2


_DENIES_SAYING = re.compile(
    r"^\W*(?:(?:no|nah|but|well|and|on #\d+|#\d+)[\s,:]+)*(?:i|we) (?:did not|didn't|never|don't|do not|have not|haven't) "
    r"(?:say|said|speak|spoke|spoken|talk|talked|mention|mentioned|claim|claimed|argue|argued)\b",
    re.IGNORECASE,
)


_VERDICT = re.compile(
    r"\b(?:nah|yeah|nope|yep|ok|number|dumb|stupid|silly|weak|nonsense|bullshit|ridiculous|absurd|laughable|trash|"
    r"got|get|strong|fair|disagree\w*|convinc\w+|persuasive|call|stance|position|view|opinion|answer|respond|reply|"
    r"following|next|continue|guess|idea|thought|bro|man|dude|mate)\b",
    re.IGNORECASE,
)
"""Words of a verdict on what was said, which claim nothing of the motion."""


def _states(body: str) -> bool:
    return _is_clause(body) and not _QUESTION.search(body)


def _after_colon(found: _Found) -> None:
    """A claim with its reason after a colon or a dash is taken apart."""
    if found.claim is None or found.warrant is not None:
        return
    aside = _ASIDE.search(found.claim)
    if not aside:
        return
    claim, reason = found.claim[: aside.start()].strip(), found.claim[aside.end() :].strip()
    if len(set(content(claim))) >= 2 and len(set(content(reason))) >= 3 and _is_clause(reason):
        found.claim, found.warrant = claim, reason


def _quotes(text: str, unit: Stretch, runs: Sequence[Run]) -> Iterator[Part]:
    inside = [run for run in runs if unit.start <= run.start and run.end <= unit.end]
    taken = sum(run.length for run in inside)
    own = len(words(unit.text)) - taken
    for run in inside:
        if QUOTE_WORDS[0] <= run.length <= QUOTE_WORDS[1] and own >= max(4, taken // 4):
            yield Part(
                kind=PartKind.EVIDENCE,
                words=text[run.start : run.end],
                evidence=EvidenceKind.QUOTE,
                line=run.line,
            )


def _evidence(text: str, unit: Stretch, runs: Sequence[Run], common: Container[str]) -> Iterator[Part]:
    yield from _quotes(text, unit, runs)
    found = sentences(unit.text)
    for sentence in found:
        source = _SOURCE.search(sentence.text)
        if source and len(content(sentence.text[: source.start()] + sentence.text[source.end() :])) >= 3:
            yield Part(kind=PartKind.EVIDENCE, words=sentence.text, evidence=EvidenceKind.SOURCE)
    for clause in (clause for sentence in found for clause in clauses(unit.text, sentence)):
        if _is_example(clause, common):
            yield Part(kind=PartKind.EVIDENCE, words=_trimmed(clause.piece), evidence=EvidenceKind.EXAMPLE)
    figure = _FIGURE.search(unit.text)
    if figure:
        yield Part(kind=PartKind.EVIDENCE, words=figure.group().strip(), evidence=EvidenceKind.FIGURE)


def _is_example(clause: Clause, common: Container[str]) -> bool:
    if _QUESTION.search(clause.body):
        return False
    if clause.role is Role.EXAMPLE:
        return len(content(clause.body)) >= 3
    return _is_concrete_case(clause.body) or _is_own_case(clause.body) or _is_past_case(clause.body, common)


def _is_concrete_case(body: str) -> bool:
    """A dated case needs no "for example" in front of it; a bare name does."""
    return (
        bool(re.search(r"\b(?:1[5-9]|20)\d\d\b", body))
        and len(content(body)) >= 3
        and bool(_CONCRETE.search(body))
    )


def _is_past_case(body: str, common: Container[str]) -> bool:
    """What named people or places once did or went through, other than those of whom the whole debate speaks."""
    said = words(body)
    past = any(word in _PAST or (len(word) > 4 and word.endswith("ed")) for word in said)
    return past and not _AHEAD.search(body) and len(set(content(body))) >= 4 and _names_others(body, common)


def _names_others(body: str, common: Container[str]) -> bool:
    """Whether a proper name stands in ``body``, where not every word is written large, as the first one is."""
    names = (found for found in _PROPER.finditer(body) if body[: found.start()].strip(" \"'“”‘’("))
    return any(found.group().lower() not in common for found in names)


def _is_own_case(body: str) -> bool:
    """What the learner, or somebody of theirs, has lived through."""
    wished = re.search(r"\b(?:should|would|must|ought|could|will)\b", body)
    return bool(_LIVED.search(body)) and not wished and len(set(content(body))) >= 3 and has_verb(body)


def _own_words(text: str, sentence: Stretch) -> Stretch:
    """What is left of a sentence after it has put the other side's point ("you say that ..., but ...")."""
    start = sentence.start
    for said in restated(sentence.text):
        start = max(start, text.index(said, start) + len(said))
    return stretch(text, start, sentence.end)


def _asks(sentence: Stretch, unit: Stretch) -> bool:
    """Whether a question claims nothing: it opens the argument, or is put with a word that asks."""
    opens = sentence.start == 0 and len(sentence.text) < len(unit.text)
    return opens or bool(_ASKING.match(sentence.text))


_ASKING = re.compile(
    r"^\W*(?:(?:so|and|but|ok|well|then|#\d+|on #\d+)[\s,:]+)*(?:why|how|what|who|where|when|which|do|does|did|is|are|was|"
    r"were|can|could|would|should|will|have|has)\b",
    re.IGNORECASE,
)


MOST_EVIDENCE = 3


def parts(
    text: str, unit: Stretch, runs: Sequence[Run], common: Container[str] = frozenset()
) -> tuple[Part, ...]:
    """The parts of the argument ``unit`` of ``text``; ``runs`` are the essay's words in ``text``, ``common`` the words that
    everybody uses on the motion: to name what they name is no example."""
    found = _Found()
    for number, sentence in enumerate(sentences(unit.text)):
        if _QUESTION.search(sentence.text) and found.claim is None and _asks(sentence, unit):
            continue
        for clause in clauses(unit.text, _own_words(unit.text, sentence)):
            _sort_clause(clause, found, first=number == 0)
    _after_colon(found)
    evidence = list(_evidence(text, unit, runs, common))
    if found.claim is None:
        return ()
    out = [Part(kind=PartKind.CLAIM, words=found.claim)]
    if found.warrant:
        out.append(Part(kind=PartKind.WARRANT, words=found.warrant))
    out += list({(e.evidence, e.words): e for e in evidence}.values())[:MOST_EVIDENCE]
    if found.impact:
        out.append(Part(kind=PartKind.IMPACT, words=found.impact))
    return tuple(out)
