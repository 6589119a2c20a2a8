"""``Reply`` -> messages within Discord's limits. Pure; never fails; knows no discord.py.

Owns the limits: what is too much is split into several messages, or cut with a mark. All words of a reply are shown as
they are: what looks like markdown, a mention or a link in them is escaped. This module must not know how a reply comes
about, and adds no words but labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from adapters.chat import sheets, words
from adapters.chat.buttons import LONGEST_SAYS, REPLY, button_id, is_final, select_id
from adapters.chat.text import clean, clip, pieces, units
from adapters.discord import limits
from adapters.discord.text import code, escape, line
from bot.messages import (
    Ask,
    Ballot,
    Block,
    Choice,
    Choices,
    File,
    FlowLine,
    FlowSheet,
    Heading,
    HeardLine,
    HeardSheet,
    Notice,
    Paragraph,
    Quote,
    Reply,
    Score,
    ScoreLine,
    number,
)

# --- what a message is made of: a closed union ---


@dataclass(frozen=True)
class Text:
    """Discord's markdown."""

    markdown: str


@dataclass(frozen=True)
class Divider:
    """A line between two parts."""


class Style(StrEnum):
    """How a button looks."""

    FIRST = "primary"
    PLAIN = "secondary"
    LAST = "danger"


@dataclass(frozen=True)
class Button:
    label: str
    id: str
    style: Style = Style.PLAIN


@dataclass(frozen=True)
class Row:
    """Buttons side by side."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True)
class Option:
    label: str
    value: str


@dataclass(frozen=True)
class Select:
    """One of the options can be chosen."""

    id: str
    placeholder: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Attachment:
    name: str
    data: bytes


Part = Text | Divider | Row | Select | Attachment


@dataclass(frozen=True)
class Message:
    """One message in components."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """Its words, by which one recognises it."""
        return "\n".join(part.markdown for part in self.parts if isinstance(part, Text))


@dataclass(frozen=True)
class Plain:
    """One message without components."""

    content: str
    files: tuple[Attachment, ...] = ()


def messages(reply: Reply, *, reply_button: bool = False) -> tuple[Message, ...]:
    """The reply in components, ``reply_button`` with the button that opens the form for a speech."""
    parts = [*_texts(reply), *_attachments(reply), *_controls(reply, reply_button)]
    return _capped(_packed(parts))


def plain(reply: Reply) -> tuple[Plain, ...]:
    """The reply without components: choices are shown as what to type."""
    texts = [part.markdown for part in _texts(reply) if isinstance(part, Text)]
    texts += [_listed(block) for block in reply.blocks if isinstance(block, Choices) and block.options]
    found = list(pieces("\n".join(texts), limits.CONTENT - limits.MARGIN))
    if len(found) > limits.MESSAGES:
        found = [*found[: limits.MESSAGES - 1], words.CUT]
    files = tuple(_attachments(reply))[: limits.FILES]
    if not found:
        return (Plain("", files),) if files else ()
    return (*(Plain(text) for text in found[:-1]), Plain(found[-1], files))


def notice(text: str) -> Message:
    """A line of the adapter's own, whose markdown counts."""
    return Message((Text(clip(text, limits.TEXTS - limits.MARGIN)),))


# --- texts ---


def _texts(reply: Reply) -> Iterator[Part]:
    """The texts of the reply, blocks of one sort together, a divider between sorts."""
    shown = [(sheets.sort(block), "\n".join(_block(block))) for block in reply.blocks]
    before, group = "", list[str]()
    for sort, text in shown:
        if not text.strip():
            continue
        if group and sort != before and before != "head":
            yield Text("\n".join(group))
            yield Divider()
            group = []
        before = sort
        group.append(text)
    if group:
        yield Text("\n".join(group))


def _block(block: Block) -> Iterable[str]:
    match block:
        case Heading(text=text):
            return [f"### {line(text)}"]
        case Paragraph(text=text, role=role):
            return [_labelled(role) + escape(text)]
        case Quote():
            return [_quote(block)]
        case HeardSheet():
            return _heard(block)
        case FlowSheet():
            return _flow(block)
        case Score():
            return _score(block)
        case Ballot():
            return _ballot(block)
        case Choices(prompt=prompt):
            return [escape(prompt)] if prompt else []
        case Ask(prompt=prompt):
            return [f"**{line(prompt)}**"] if prompt else []
        case File():
            return []
        case Notice(text=text):
            return [escape(text)]
        case _:
            assert_never(block)


def _labelled(role: str) -> str:
    label = sheets.LABELS.get(role)
    return f"**{label}** " if label else ""


def _quote(quote: Quote) -> str:
    gloss = f" \\[{line(quote.gloss)}\\]" if quote.gloss else ""
    return f"> “{line(quote.text)}” ({line(quote.place)}){gloss}"


def _heard(sheet: HeardSheet) -> Iterator[str]:
    yield f"**What I heard in your speech {sheet.turn}**"
    for item in sheet.lines:
        yield f"- {_heard_line(item)}"
    if not sheet.lines:
        yield "- no argument"


def _heard_line(item: HeardLine) -> str:
    point = f"#{item.number} " if item.number is not None else ""
    card = f" \\[{line(item.card)}\\]" if item.card else ""
    answers = ", ".join(f"#{number} ({move})" for number, move in item.answers)
    parts = [f"{point}“{line(item.words)}”: {line(item.tag)}{card}"]
    parts += [f"answers {answers}"] if answers else []
    parts += ["*not sure*"] if not item.sure else []
    return "; ".join(parts)


def _flow(sheet: FlowSheet) -> Iterator[str]:
    yield "**Flow**" if sheet.lines else "**Flow:** no points yet"
    for item in sheet.lines:
        yield f"- {_flow_line(item)}"
    if sheet.more:
        yield f"-# and {sheet.more} more (!flow)"


def _flow_line(item: FlowLine) -> str:
    who = "you" if item.yours else "bot"
    card = f" \\[{line(item.card)}\\]" if item.card else ""
    answers = f" (on #{item.answers})" if item.answers is not None else ""
    return f"**#{item.number} {who}:** {line(item.text)}{card}{answers} → *{line(item.state)}*"


def _score(score: Score) -> Iterator[str]:
    yield f"```\n{sheets.columns(score, code)}\n```"
    known = [part for part, _, _ in score.parts]
    for part in dict.fromkeys([*known, *(item.part for item in score.lines)]):
        found = [item for item in score.lines if item.part == part]
        if found:
            yield f"**{line(part)}**"
            yield from (text for item in found for text in _score_line(item))


def _score_line(item: ScoreLine) -> Iterator[str]:
    point = f" (#{item.point})" if item.point is not None else ""
    said = f": “{line(item.words)}”" if item.words else ""
    earned = f"{number(item.got)} of {number(item.of)}" if item.of else number(item.got)
    yield f"- {earned}, {line(item.rule)}{point}{said}"
    if item.fix:
        yield f"  - *Fix:* {line(item.fix)}"


def _ballot(ballot: Ballot) -> Iterator[str]:
    for title, ahead, why in ballot.clashes:
        reason = f" ({line(why)})" if why else ""
        yield f"- {line(title)} {line(ahead)}{reason}"
    yield f"**{line(ballot.result)}**"
    yield from _score(ballot.score)
    if ballot.uncontested is not None:
        yield f"Total without what you contested (this one ranks): {number(ballot.uncontested)}"
    if ballot.practise:
        yield escape(ballot.practise)
    yield f"-# {line(ballot.rubric)}"


def _listed(choices: Choices) -> str:
    return "\n".join(f"- {line(choice.label)} ({line(choice.says)})" for choice in choices.options)


# --- files ---


def _attachments(reply: Reply) -> Iterator[Attachment]:
    for block in reply.blocks:
        if isinstance(block, File):
            yield Attachment(sheets.file_name(block.name), sheets.file_bytes(block.text, limits.FILE_BYTES))


# --- buttons and selects ---

_WIDEST = 38
"""Units of a label beyond which Discord cuts a button, and a list reads better."""


def _controls(reply: Reply, reply_button: bool) -> Iterator[Part]:
    """Rows of buttons, and selects, no id twice."""
    found = [block for block in reply.blocks if isinstance(block, Choices)]
    selects = [block for block in found if _reads_better_listed(block)]
    options = [choice for block in selects for choice in block.options]
    yield from _selects(reply.debate, options, selects[0].prompt if selects else "")
    others = [choice for block in found if block not in selects for choice in block.options]
    buttons = [_button(reply.debate, choice) for choice in others]
    if reply_button:
        buttons.insert(0, Button(words.REPLY, button_id(reply.debate, REPLY), Style.FIRST))
    yield from _rows(tuple({button.id: button for button in buttons}.values()))


def _reads_better_listed(choices: Choices) -> bool:
    return sheets.reads_better_listed(choices, widest=_WIDEST, most=limits.OPTIONS)


def _button(debate: int | None, choice: Choice) -> Button:
    style = Style.LAST if is_final(choice.says) else Style.PLAIN
    return Button(_label(choice, limits.LABEL), button_id(debate, choice.says), style)


def _rows(buttons: Sequence[Button]) -> Iterator[Row]:
    for at in range(0, len(buttons), limits.ROW):
        yield Row(tuple(buttons[at : at + limits.ROW]))


def _selects(debate: int | None, choices: Sequence[Choice], prompt: str) -> Iterator[Select]:
    options = tuple(
        {c.says: Option(_label(c, limits.OPTION_LABEL), c.says[:LONGEST_SAYS]) for c in choices}.values()
    )
    placeholder = clip(clean(prompt) or words.CHOOSE, limits.PLACEHOLDER - limits.MARGIN)
    for place, at in enumerate(range(0, len(options), limits.OPTIONS)):
        yield Select(select_id(debate, place), placeholder, options[at : at + limits.OPTIONS])


def _label(choice: Choice, limit: int) -> str:
    return clip(" ".join(clean(choice.label).split()) or choice.says, limit - limits.MARGIN)


# --- packing ---


def _packed(parts: Iterable[Part]) -> list[Message]:
    """As many parts in a message as fit."""
    out, box = list[Message](), _Box()
    for part in parts:
        for piece in _fitting(part, box):
            if not box.takes(piece):
                out.append(box.message())
                box = _Box()
            box.add(piece)
    return [message for message in (*out, box.message()) if message.parts]


def _fitting(part: Part, box: _Box) -> Iterator[Part]:
    """The part, a long text in pieces of which each fits a message of its own."""
    if not isinstance(part, Text) or units(part.markdown) <= limits.TEXTS - limits.MARGIN:
        yield part
        return
    open_block = False
    for piece in pieces(part.markdown, limits.TEXTS - 2 * limits.MARGIN):
        text = f"{_FENCE}\n{piece}" if open_block else piece
        open_block = text.count(_FENCE) % 2 == 1
        yield Text(f"{text}\n{_FENCE}" if open_block else text)


_FENCE = "```"


class _Box:
    """A message being filled."""

    def __init__(self) -> None:
        self._parts: list[Part] = []
        self._units = 0
        self._components = 1  # the container around them
        self._files = 0

    def takes(self, part: Part) -> bool:
        """Whether the part still fits."""
        long = units(part.markdown) if isinstance(part, Text) else 0
        return (
            self._units + long <= limits.TEXTS - limits.MARGIN
            and self._components + _count(part) <= limits.COMPONENTS
            and self._files + isinstance(part, Attachment) <= limits.FILES
        )

    def add(self, part: Part) -> None:
        """Put it in; a message begins with no divider."""
        if isinstance(part, Divider) and not self._parts:
            return
        self._parts.append(part)
        self._units += units(part.markdown) if isinstance(part, Text) else 0
        self._components += _count(part)
        self._files += isinstance(part, Attachment)

    def message(self) -> Message:
        """The message, which ends with no divider."""
        end = len(self._parts)
        while end and isinstance(self._parts[end - 1], Divider):
            end -= 1
        return Message(tuple(self._parts[:end]))


def _count(part: Part) -> int:
    match part:
        case Row(buttons=buttons):
            return 1 + len(buttons)
        case Select():
            return 2
        case _:
            return 1


def _capped(found: list[Message]) -> tuple[Message, ...]:
    """At most ``MESSAGES`` of them: of the last one, what can be pressed stays."""
    if len(found) <= limits.MESSAGES:
        return tuple(found)
    controls = tuple(part for part in found[-1].parts if isinstance(part, Row | Select))
    return (*found[: limits.MESSAGES - 1], Message((Text(words.CUT), *controls)))
