"""What the README shows, made from the program: a real debate, the flow's diagram. ``python -m tests.readme`` writes it.

The debate is recorded once with the real reader (``debate.jsonl``); from then on it is replayed from its readings.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from adapters.terminal.render import Style, lines
from bot.coach import load_rubrics
from bot.debate import rules
from bot.debate.debate import Debate, follow, replay
from bot.debate.entries import Ended, Entry, Level, Spoke, dump, load
from bot.debate.flow import diagram
from bot.messages import Choices, Reply
from bot.reading.reader import LocalReader
from bot.scrimmage import EPOCH
from bot.voice.telling import Told, tell
from content.deck import Side
from content.library import Library

ROOT = Path(__file__).parent.parent.parent
README = ROOT / "README.md"
WHOLE = ROOT / "docs" / "debate.md"
RECORDED = Path(__file__).parent / "debate.jsonl"
DECK = "school-phones"

MESSAGES = (
    "You say that checking phones eats up teachers' time and trust. But the arguing comes from half rules: when nobody may have "
    "one all day there is nothing to interpret, so teachers get those minutes back.",
    "A rule with two or three exceptions is still one rule, because everybody knows who has one and why. Think of the pupil with "
    "an inhaler: nobody calls that a label.",
    "why is #3 true?",
    "A phone let out at each break has to be fought back in at each bell. That is why a rule for lessons alone saves no time, "
    "and as for practice, every evening at home leaves hours for it.",
    "Breaks are where friends are made, because a screen fills idle minutes first, as the essay puts it. So the shy kids are the "
    "ones who lose when everybody scrolls.",
    "You say that pupils learn control only by practising it at school. But these apps are built by experts to hook children, so "
    "leaving it to willpower is not a fair fight.",
    "My #2 matters more than your #3 because clear rules help every pupil in every lesson, while exceptions can be written for the few.",
)


def record() -> tuple[Entry, ...]:
    """The debate of ``MESSAGES``, read by the real reader."""
    library, reader, rubric = Library.open(), LocalReader(), load_rubrics()[-1]
    debate = replay(library[DECK], rules.start(library[DECK], rubric, Side.FOR, Level.NOVICE, 7, EPOCH))
    for number, message in enumerate(MESSAGES):
        debate = follow(debate, Spoke(key=f"readme:{number}", text=message, at=EPOCH))
        reading = reader.read(debate.deck, message, debate.situation())
        debate = follow(debate, *rules.answer(debate, reading, rubric))
    return debate.entries


def recorded() -> Debate:
    """The recorded debate, replayed on the deck as it is now."""
    text = RECORDED.read_text("utf-8")
    return replay(Library.open()[DECK], (load(line) for line in text.splitlines()))


def transcript(debate: Debate, width: int = 100) -> str:
    """The debate as the terminal shows it, without the buttons."""
    return "\n\n".join(
        "\n".join(_shown(told, width))
        for told in tell(debate, load_rubrics()[-1])
        if told.blocks or _said(told)
    )


def _shown(told: Told, width: int) -> Iterator[str]:
    if isinstance(told.entry, Spoke):
        yield f"> {told.entry.text}"
    blocks = tuple(block for block in told.blocks if not isinstance(block, Choices))
    yield from lines(Reply(blocks), Style(width, plain=True))


def _said(told: Told) -> bool:
    return isinstance(told.entry, Spoke)


def excerpt(whole: str) -> str:
    """The opening, the first two exchanges, and of the ballot what the flow says and the sums."""
    parts = whole.split("\n\n> ")
    ballot = whole[whole.index("Ballot\n") :]
    head, items = ballot.split("\ncontent: ", 1)
    sums = [line for line in f"content: {items}".splitlines() if line.startswith(_SUMS)]
    return "\n\n> ".join(parts[:3]) + "\n\n[...]\n\n" + head + "\n" + "\n".join(sums)


_SUMS = ("content: ", "engagement: ", "strategy: ", "Total: ", "One thing to practise: ")


def ended(debate: Debate) -> bool:
    return any(isinstance(entry, Ended) for entry in debate.entries)


def with_block(text: str, name: str, body: str) -> str:
    """``text`` with ``body`` between the marks of block ``name``."""
    head, rest = text.split(f"<!-- {name}:begin", 1)
    mark, rest = rest.split("-->", 1)
    return f"{head}<!-- {name}:begin{mark}-->\n{body}\n<!-- {name}:end -->{rest.split(f'<!-- {name}:end -->', 1)[1]}"


def readme(text: str) -> str:
    """The README with its made blocks as they should be."""
    whole = transcript(recorded())
    text = with_block(text, "debate", f"```text\n{excerpt(whole)}\n```")
    return with_block(text, "flow", f"```mermaid\n{diagram()}\n```")


def whole_debate() -> str:
    """The page with the whole debate."""
    return (
        "# A whole debate\n\nRecorded with the reader and replayed by a test: nothing is edited.\n\n"
        f"```text\n{transcript(recorded())}\n```\n"
    )


def write() -> None:
    """Record the debate anew and write what is made from it."""
    RECORDED.write_text("".join(dump(entry) + "\n" for entry in record()), "utf-8")
    README.write_text(readme(README.read_text("utf-8")), "utf-8")
    WHOLE.parent.mkdir(exist_ok=True)
    WHOLE.write_text(whole_debate(), "utf-8")
