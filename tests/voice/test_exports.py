"""A debate as a file: what people typed cannot format it, and it can be read back."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot import exporting
from bot.debate import rules
from bot.debate.debate import Debate, replay
from bot.debate.entries import Level, load
from bot.debate.judging import judge
from bot.readings import Answer, Candidate, Kind, MoveCandidate, Part, PartKind, Reading, Unit
from bot.text import clean
from content.deck import Move, Side
from tests.coach.talk import LIBRARY, NOW
from tests.voice.debates import RUBRIC, played, say

ALL = range(36)
DECK = LIBRARY["school-phones"]


class Verbatim:
    """Reads every message as one point outside the deck, in its own words."""

    sha256 = "verbatim"

    def read(self, deck: object, text: str, situation: object) -> Reading:
        answer = Answer(point=1, p=0.9, moves=(MoveCandidate(move=Move.DENY, p=0.9),))
        unit = Unit(
            words=text,
            candidates=(Candidate(card=None, p=1.0),),
            answers=(answer,),
            parts=(Part(kind=PartKind.CLAIM, words=text),),
        )
        return Reading(kind=Kind.ARGUMENT, units=(unit,), later=text)


BEGUN = replay(DECK, rules.start(DECK, RUBRIC, Side.FOR, Level.NOVICE, 0, NOW))


def said(text: str) -> Debate:
    return say(BEGUN, text, Verbatim())


# --- Markdown ---

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OURS = {
    "paragraph",
    "text",
    "softbreak",
    "hardbreak",
    "heading",
    "strong",
    "blockquote",
    "bullet_list",
    "list_item",
    "inline",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "text_special",
}

FLAT = {"text", "text_special", "softbreak", "hardbreak", "inline"}


def rendered(markdown: str) -> list[Any]:
    return [t for token in PARSER.parse(markdown) for t in (token, *(token.children or ()))]


def skeleton(markdown: str) -> list[str]:
    """The structure of a file: its tokens without text and line breaks."""
    return [token.type for token in rendered(markdown) if token.type not in FLAT]


def shown(markdown: str) -> str:
    tokens = (token for token in rendered(markdown) if token.type in FLAT)
    pieces = (token.content if token.type in ("text", "text_special") else "\n" for token in tokens)
    return " ".join("".join(pieces).split())


PLAIN = skeleton(exporting.export(1, said("plain"), RUBRIC, "markdown").text)

MEAN = st.lists(
    st.sampled_from(
        [
            "\n",
            "\n\n",
            "\t",
            "    ",
            " ",
            "#",
            "##",
            "*",
            "**",
            "_",
            "__",
            "~~",
            "`",
            "```",
            "~~~",
            "-",
            "- ",
            "+ ",
            "= ",
            "===",
            "---",
            "1. ",
            "1) ",
            "12345. ",
            "> ",
            "|",
            "[",
            "]",
            "(",
            ")",
            "![",
            "](",
            "<",
            ">",
            "<b>",
            "</b>",
            "<!--",
            "-->",
            "<script>",
            "&lt;",
            "&#35;",
            "&copy;",
            "\\",
            "\\\\",
            ":",
            "http://a.b",
            "https://x.y/?q=1",
            "www.a.b",
            "a@b.cd",
            "[^1]",
            "[^1]: x",
            "[x]: /u",
            "word",
            "two words",
            "$x$",
            "- [ ] ",
            "\u00a0",
            "é",
            "<@123>",
            "@all",
        ]
    ),
    max_size=12,
).map("".join)


@given(st.one_of(MEAN, st.text(max_size=40)))
@example("# Head\n\n- list\n1. one\n    code\n***\n=== \n| a | b |\n|---|---|")
@example("x\n===")
@example("x\n   ---")
@example("[a](http://b) ![c](d) <e@f.g> `h` **i** _j_ ~~k~~ &amp; \\")
@settings(max_examples=120, deadline=None)
def test_words_of_people_cannot_format(text: str) -> None:
    words = clean(text)
    markdown = exporting.export(1, said(words), RUBRIC, "markdown").text
    paragraphs = ("paragraph_open", "paragraph_close")  # an empty line may begin another
    found = [kind for kind in skeleton(markdown) if kind not in paragraphs]
    assert found == [kind for kind in PLAIN if kind not in paragraphs]
    assert " ".join(words.split()) in shown(markdown) or "\u00a0" in words or not words.strip()


@pytest.mark.parametrize(
    "text", ["see http://evil.example now", "HTTPS://EVIL.EXAMPLE", "www.evil.example", "WWW.evil.example"]
)
def test_addresses_do_not_link(text: str) -> None:
    markdown = exporting.export(1, said(text), RUBRIC, "markdown").text
    assert not re.search(r"(?i)\bhttps?://|\bwww\.", markdown)


@pytest.mark.parametrize("at", ALL)
def test_a_whole_debate_in_markdown_has_its_parts(at: int) -> None:
    debate = played()[at]
    file = exporting.export(7, debate, RUBRIC, "markdown")
    assert (file.name, file.media) == ("gadfly-7.md", "text/markdown")
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in rendered(file.text)}
    assert kinds <= OURS
    headings = [line for line in file.text.split("\n") if line.startswith("#")]
    assert headings == [
        f"# {debate.deck.motion}",
        *(f"## Speech {n}" for n in range(1, 7)),
        "## Flow",
        "## Score",
    ]
    assert all(label in file.text for label in (debate.deck.label(side) for side in Side))
    text = shown(file.text)
    for speech in debate.speeches:
        assert " ".join(speech.text.split()) in text
    assert len([line for line in file.text.split("\n") if line.startswith("- \\#")]) == len(debate.points)


def test_after_a_contest_both_scores_are_exported() -> None:
    contested = next(debate for debate in played() if debate.contests)
    ranked = judge(replay(contested.deck, contested.entries, contests=False), RUBRIC).total
    assert f"(this one ranks): {ranked:g} of 100" in exporting.export(7, contested, RUBRIC, "markdown").text
    assert json.loads(exporting.export(7, contested, RUBRIC, "json").text)["uncontested"] == ranked
    plain = next(debate for debate in played() if not debate.contests)
    assert "this one ranks" not in exporting.export(7, plain, RUBRIC, "markdown").text
    assert json.loads(exporting.export(7, plain, RUBRIC, "json").text)["uncontested"] is None


def test_a_speech_for_the_other_side_is_exported_as_one() -> None:
    debate = replay(DECK, rules.start(DECK, RUBRIC, Side.FOR, Level.NOVICE, 0, NOW))
    text = exporting.export(7, say(debate, DECK.by_id["a05"].phrasings[0]), RUBRIC, "markdown").text
    assert "— helps the other side" in text
    assert "| -4 |" in text


# --- JSON ---


@pytest.mark.parametrize("at", ALL)
def test_json_reads_back_and_replays_to_the_same_score(at: int) -> None:
    debate = played()[at]
    file = exporting.export(7, debate, RUBRIC, "json")
    document = json.loads(file.text)
    entries = tuple(load(json.dumps(entry)) for entry in document["transcript"])
    assert entries == debate.entries
    judgement = judge(replay(debate.deck, entries), RUBRIC)
    assert document["score"]["total"] == judgement.total
    assert document["score"] == {"total": judgement.total, **{str(k): v for k, v in judgement.parts.items()}}
    assert (document["deck_sha256"], document["rubric_sha256"]) == (debate.deck.sha256, RUBRIC.sha256)
    assert [point["number"] for point in document["points"]] == [point.number for point in debate.points]
    assert document["complete"] is True
    assert file.media == "application/json"


@given(st.text(max_size=60))
@settings(max_examples=50, deadline=None)
def test_json_holds_any_words(text: str) -> None:
    words = clean(text)
    document = json.loads(exporting.export(1, said(words), RUBRIC, "json").text)
    assert load(json.dumps(document["transcript"][2])) == said(words).entries[2]


# --- Argdown ---

FRONT = re.compile(r'===\ntitle: (".*")\n===\n\n\[Motion\]: [^\[\]<>{}#@*_|\\]+\n')
DEFINED = re.compile(r"<(\d+ (?:Learner|Gadfly)(?: \([a-z]+\))?)>: ([^\[\]<>{}#@*_|\\]*)")
RELATED = re.compile(r"  ([-+_]) <(\d+ (?:Learner|Gadfly)(?: \([a-z]+\))?)>")


def parsed(text: str) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """Argdown of our kind: arguments by name, and (target, relation, source); raises on any other line."""
    front = FRONT.match(text)
    assert front is not None
    json.loads(front.group(1))
    arguments: dict[str, str] = {}
    relations: list[tuple[str, str, str]] = []
    target = "Motion"
    for line in text[front.end() :].split("\n"):
        related, defined = RELATED.fullmatch(line), DEFINED.fullmatch(line)
        if related:
            relations.append((target, related.group(1), related.group(2)))
        elif defined:
            target = defined.group(1)
            assert target not in arguments
            arguments[target] = defined.group(2)
        else:
            assert not line, line
    return arguments, relations


@pytest.mark.parametrize("at", ALL)
def test_argdown_holds_every_point_and_what_it_answers(at: int) -> None:
    debate = played()[at]
    arguments, relations = parsed(exporting.export(7, debate, RUBRIC, "argdown").text)
    assert [int(name.split()[0]) for name in arguments] == [point.number for point in debate.points]
    assert {source for _, _, source in relations} == set(arguments)
    by_number = {int(name.split()[0]): name for name in arguments}
    for target, relation, source in relations:
        point = debate.by_number[int(source.split()[0])]
        if point.answers is None:
            argues = debate.side if point.yours is not point.helps_other else debate.side.other
            assert (target, relation) == ("Motion", "+" if argues is Side.FOR else "-")
        else:
            assert (target, relation) == (
                by_number[point.answers],
                "_" if point.move is Move.UNDERCUT else "-",
            )


@given(MEAN)
@example("// a comment /* b */ <c> [d] {e} #f @g *h* _i_ | \\ /// http://x")
@settings(max_examples=60, deadline=None)
def test_words_of_people_stay_on_one_line_of_argdown(text: str) -> None:
    argdown = exporting.export(1, said(clean(text)), RUBRIC, "argdown").text
    arguments, _ = parsed(argdown)
    assert len(arguments) == len(said(clean(text)).points)
    assert "//" not in argdown
    assert "/*" not in argdown


def test_a_point_for_the_other_side_supports_it() -> None:
    debate = said("plain")
    astray = replace(
        debate, points=tuple(replace(p, answers=None, helps_other=p.yours) for p in debate.points)
    )
    _, relations = parsed(exporting.export(1, astray, RUBRIC, "argdown").text)
    assert {relation for target, relation, _ in relations if target == "Motion"} == {"-"}
