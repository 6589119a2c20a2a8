"""Score, ballot and redo in words: what each line item means, its fix, who is ahead and why.

This module must not know how anything is judged (see ``bot.debate.judging``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.debate.debate import SPEECHES, Debate, Point, replay
from bot.debate.entries import Level, Redone
from bot.debate.flow import State
from bot.debate.judging import (
    OUTSIDE,
    TOO_LATE,
    UNCLAIMED,
    Clash,
    Engagement,
    Item,
    Judgement,
    Rubric,
    Rule,
    Section,
    Winner,
    engagements,
    judge,
)
from bot.debate.opponent import best_attack, surely
from bot.messages import Ballot, Block, Choice, Choices, Heading, Notice, Paragraph, Score, ScoreLine
from bot.voice.common import BY_MOVE, EXPLAINED, a, echoed, side_named
from content.deck import Move

NAMES: dict[Rule, str] = {
    Rule.CLAIM: "claim",
    Rule.WARRANT: "warrant (because)",
    Rule.EVIDENCE: "evidence",
    Rule.IMPACT: "impact (therefore)",
    Rule.ANSWER: "answer to my point",
    Rule.UNANSWERED: "my point left unanswered",
    Rule.EXTENSION: "extension",
    Rule.WEIGHING: "weighing two named points",
    Rule.RESTATEMENT: "fair restatement",
    Rule.CLOSING: "closing that weighs",
    Rule.CONTRADICTION: "contradiction",
    Rule.DOUBLE_TURN: "double turn",
    Rule.OTHER_SIDE: "speech for the other side",
}

FIXES: dict[Rule, str] = {
    Rule.CLAIM: "say in one sentence what you claim",
    Rule.WARRANT: "add why: “because …”",
    Rule.EVIDENCE: "quote 5 to 30 words of the essay in your sentence, name a source, or give an example",
    Rule.IMPACT: "say what follows: “therefore …”",
    Rule.ANSWER: "answer what it says: deny it, make it smaller or turn it",
    Rule.UNANSWERED: "answer it within two speeches, even briefly",
    Rule.EXTENSION: "bring a point of yours back after I have answered it, with a reason",
    Rule.WEIGHING: "compare two points by number: “#3 matters more than #4 because …”",
    Rule.RESTATEMENT: "put my point fairly in your own words first: “You say that …”",
    Rule.CLOSING: "weigh in the closing instead of adding points",
    Rule.CONTRADICTION: "drop one of the two points",
    Rule.DOUBLE_TURN: "turn the cause or the result, not both",
    Rule.OTHER_SIDE: "check whose side a point helps",
}

_DETAILED: dict[str, str] = {
    "deny": "a turn, an outweigh or an undercut earns more",
    "mitigate": "a turn, an outweigh or an undercut earns more",
    "undercut": "a turn or an outweigh earns more",
    "concede": "answer it: even a denial with a reason earns more",
    "example": "a quote of 5 to 30 words or a named source earns more",
    "figure": "say whose figure it is: a named source earns 2",
    UNCLAIMED: "say first what you claim: without a claim this supports nothing",
}
"""The fix where the move made, or the kind of evidence, decides what would have earned more."""

PRACTISE: dict[str, str] = {
    Rule.CLAIM: "make one clear claim in each speech.",
    Rule.WARRANT: "give every claim its because.",
    Rule.EVIDENCE: "back a point with a quote, a named source or an example.",
    Rule.IMPACT: "say what follows from your point for the motion.",
    Rule.ANSWER: "look for the turn, the undercut or the outweigh before you deny.",
    Rule.UNANSWERED: "leave none of my points alone for two speeches.",
    Rule.EXTENSION: "come back to your own points after I answer them.",
    Rule.WEIGHING: "weigh a point of yours against one of mine by number, with a reason.",
    Rule.RESTATEMENT: "restate my point fairly before you answer it.",
    Rule.CLOSING: "use the closing to weigh.",
    Rule.CONTRADICTION: "keep your own points consistent.",
    Rule.DOUBLE_TURN: "turn the cause or the result of a point, never both.",
    Rule.OTHER_SIDE: "check whose side a point helps before you send it.",
}

_DETAIL = {
    "quote": "a quote",
    "source": "a named source, not checked",
    "example": "an example",
    "figure": "a bare figure: says who?",
}

NOT_JUDGED = "Delivery and style: not judged in text."


def score(judgement: Judgement) -> Score:
    """The line items and sums of a judgement."""
    return Score(
        lines=tuple(_each_fix_once(map(_line, judgement.items))),
        parts=tuple((str(part), judgement.parts[part], judgement.limits[part]) for part in Section),
        total=judgement.total,
    )


def _each_fix_once(lines: Iterable[ScoreLine]) -> Iterable[ScoreLine]:
    """The lines with a fix only where it is said for the first time."""
    said = set[str]()
    for line in lines:
        yield replace(line, fix="") if line.fix in said else line
        said.add(line.fix)


def _line(item: Item) -> ScoreLine:
    lost = item.got < item.of
    return ScoreLine(
        part=str(item.section),
        rule=_rule(item),
        words=echoed(item.words, 120 if item.got else 60),
        point=item.point,
        got=round(item.got, 1),
        of=round(item.of, 1),
        fix=_fix(item) if lost else "",
    )


def _fix(item: Item) -> str:
    if item.rule is Rule.UNANSWERED and item.words and item.detail != TOO_LATE:
        return "answer it again when I come back to it"
    return _DETAILED.get(item.detail, FIXES[item.rule])


def _rule(item: Item) -> str:
    name = NAMES[item.rule]
    if item.rule is Rule.ANSWER:
        return f"{name}: {item.detail}"
    if item.detail == TOO_LATE:
        return f"my point {TOO_LATE}"
    if item.rule is Rule.UNANSWERED:
        return f"{name}: {item.detail}{' when I came back to it' if item.words else ''}"
    return f"{name} ({_DETAIL[item.detail]})" if item.detail in _DETAIL else name


def score_so_far(debate: Debate, rubric: Rubric) -> Iterable[Block]:
    """The answer to ``!score``."""
    judgement = judge(debate, rubric)
    said = len(debate.speeches)
    yield Heading(
        "Your score" if debate.ended or not said else f"Your score after speech {said} of {SPEECHES}"
    )
    yield score(judgement)
    yield Paragraph(NOT_JUDGED)


def ballot(debate: Debate, rubric: Rubric) -> Iterable[Block]:
    """The end of a debate: the ballot, what a stronger move would have been, and where to go from here."""
    yield Heading("Ballot")
    said = len(debate.speeches)
    if said < SPEECHES:
        when = f"after speech {said} of {SPEECHES}" if said else "before your first speech"
        yield Notice(f"You left {when}: the ballot is a partial one and is not ranked.")
    yield sheet(debate, rubric)
    yield from _stronger_moves(debate, rubric)
    yield Paragraph(NOT_JUDGED)
    yield _after(debate)


def sheet(debate: Debate, rubric: Rubric) -> Ballot:
    """The ballot itself, as told with the learner's contests; after one the total without them stands beside it."""
    shown = judge(debate, rubric)
    return Ballot(
        clashes=tuple(_clash(debate, clash) for clash in shown.clashes),
        result=_result(debate, shown),
        score=score(shown),
        practise=f"One thing to practise: {PRACTISE[shown.practise if debate.speeches else Rule.CLAIM]}",
        rubric=f"rubric {rubric.version}, {rubric.sha256[:12]}",
        uncontested=uncontested(debate, rubric),
    )


def uncontested(debate: Debate, rubric: Rubric) -> float | None:
    """The total as if nothing had been contested, which ranks; None where nothing was."""
    if not debate.contests:
        return None
    return judge(replay(debate.deck, debate.entries, contests=False), rubric).total


def _after(debate: Debate) -> Choices:
    last = len(debate.speeches)
    again = [Choice(f"Redo speech {last}", f"!redo {last}")] if last else []
    return Choices(
        (
            *again,
            Choice("Switch sides", "!switch"),
            Choice("Export", "!export"),
            Choice("New debate", "!start"),
        )
    )


def _clash(debate: Debate, clash: Clash) -> tuple[str, str, str]:
    ahead = {Winner.LEARNER: "you are ahead", Winner.BOT: "I am ahead", Winner.CLOSE: "too close"}[
        clash.ahead
    ]
    points = [debate.by_number[number] for number in clash.deciding]
    yours = "you: " + (", ".join(_standing(p) for p in points if p.yours) or "nothing here")
    mine = "me: " + (", ".join(_standing(p) for p in points if not p.yours) or "nothing here")
    if clash.id == OUTSIDE:
        return "Your other points, outside my cards:", ahead, yours
    return debate.deck.clashes[clash.id], ahead, f"{yours}; {mine}"


def _standing(point: Point) -> str:
    return f"#{point.number} {_became(point)} (strength {point.strength})"


def _became(point: Point) -> str:
    """What became of a point, and who did it where that could be mistaken."""
    match point.state:
        case State.OPEN:
            return "stands"
        case State.CONCEDED:
            return "granted by me" if point.yours else "granted by you"
        case State.DROPPED:
            return TOO_LATE if point.too_late else "dropped by you"
        case _:
            return str(point.state)


def _result(debate: Debate, judgement: Judgement) -> str:
    if judgement.winner is None:
        return "By the flow: too close to call."
    who = "you" if judgement.result is Winner.LEARNER else "me"
    return f"By the flow it goes to {who}: {side_named(debate.deck, judgement.winner)}."


def _stronger_moves(debate: Debate, rubric: Rubric) -> Iterable[Block]:
    """Above novice: the stronger move that was there, named on the ballot beside the answer that counted."""
    if debate.started.level is Level.NOVICE:
        return
    for one in engagements(debate, rubric):
        best = best_attack(debate, one.point, rubric)
        made = rubric.engagement.worth(one.hit.move) if one.hit else 0.0
        if best is not None and rubric.engagement.worth(Move(best[1].move)) > made:
            move = Move(best[1].move)
            yield Paragraph(
                f"On #{one.point.number} {_did(debate, one)}; {a(move)} was there: {EXPLAINED[move]}. "
                f"For example: {best[1].say}",
                "feedback",
            )
            return


def _did(debate: Debate, one: Engagement) -> str:
    """What the learner did with a point, as a fact only where the reading was sure."""
    if one.hit is None:
        if one.point.too_late:
            return "your answer came when it was dropped already"
        return "you gave no second answer when I came back to it" if one.point.hits else "you left it alone"
    if one.hit.move is Move.CONCEDE:
        return "you granted it"
    if one.hit.move is Move.DODGE:
        return "you went round it"
    sure = surely(debate, one.point.number, one.hit)
    return f"you answered{'' if sure else ', if I heard you right,'} by {BY_MOVE[one.hit.move]}"


def redone(debate: Debate, entry: Redone) -> Iterable[Block]:
    """What a speech said again is worth beside the old one."""
    change = round(entry.after - entry.before, 1)
    would = (
        f"as much as before, {entry.after:g} points"
        if change == 0
        else f"{entry.after:g} points instead of {entry.before:g} ({change:+g}, {'better' if change > 0 else 'less'})"
    )
    yield Notice(
        f"With speech {entry.turn} as you say it now, your score up to and with that speech is {would}. "
        "The ballot stays as it is."
    )
    yield _after(debate)
