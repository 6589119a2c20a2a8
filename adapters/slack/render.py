"""``Reply`` -> messages in Slack's blocks, within Slack's limits. Pure; never fails; knows no Bolt.

Owns the limits: what is too much is split into several messages, or cut with a mark. All words of a reply stand in rich
text, plain text or cells of a table, where no sign has a meaning: nothing in them formats, links or calls anybody. This
module must not know how a reply comes about, and adds no words but labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import Any, assert_never

from adapters.chat import sheets, words
from adapters.chat.buttons import LONGEST_SAYS, REPLY, belongs, button_id, is_final, select_id
from adapters.chat.text import MARK, clean, clip, pieces, units
from adapters.slack import limits
from adapters.slack.text import cut, escape, escaped_pieces, flat
from adapters.slack.words import NO, SURE, SURE_ABOUT
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

Json = dict[str, Any]

# --- what a reply is shown as ---


@dataclass(frozen=True)
class Message:
    """One message: Slack's blocks, and the same words without them, for notifications and screen readers."""

    blocks: tuple[Mapping[str, Any], ...]
    text: str


@dataclass(frozen=True)
class Attachment:
    """A file, which Slack takes apart from messages."""

    name: str
    data: bytes
    media: str


def messages(reply: Reply, *, reply_button: bool = False) -> tuple[Message, ...]:
    """The reply in blocks, ``reply_button`` with the button that opens the form for a speech."""
    drawn = [*_drawn(_one_table(_parts(reply))), *_controls(reply, reply_button)]
    return tuple(_message(found) for found in _capped(_packed(drawn)))


def plain(reply: Reply) -> tuple[Message, ...]:
    """The reply without blocks: choices are shown as what to type."""
    said = [text for part in _parts(reply) if (text := _said(part))]
    said += [_listed(block) for block in reply.blocks if isinstance(block, Choices) and block.options]
    found = list(escaped_pieces("\n".join(said), limits.TEXT))
    if len(found) > limits.MESSAGES:
        found = [*found[: limits.MESSAGES - 1], words.CUT]
    return tuple(Message((), text) for text in found)


def notice(text: str) -> Message:
    """A line of the adapter's own, whose markup counts."""
    section = {"type": "mrkdwn", "text": cut(text, limits.SECTION - limits.MARGIN)}
    return Message(({"type": "section", "text": section},), cut(text, limits.TEXT))


def files(reply: Reply) -> tuple[Attachment, ...]:
    """The files of the reply."""
    return tuple(
        Attachment(
            sheets.file_name(block.name), sheets.file_bytes(block.text, limits.FILE_BYTES), block.media
        )
        for block in reply.blocks
        if isinstance(block, File)
    )


def closed(blocks: Sequence[Mapping[str, Any]], debate: int) -> list[Json] | None:
    """The blocks of a message in Slack without what belongs to ``debate``; None where nothing in them does."""
    kept = [_without(block, debate) for block in blocks]
    if kept == list(blocks):
        return None
    return [block for block in kept if block] or [_context(MARK)]


def _without(block: Mapping[str, Any], debate: int) -> Json:
    """A block without what belongs to ``debate``; nothing where nothing is left of it."""
    if block.get("type") != "actions":
        return dict(block)
    elements = [item for item in block.get("elements", ()) if not belongs(item.get("action_id"), debate)]
    return {**block, "elements": elements} if elements else {}


# --- the parts of a reply: a closed union ---


@dataclass(frozen=True)
class Run:
    """Words in one style."""

    text: str
    bold: bool = False
    italic: bool = False


class Kind(StrEnum):
    """How words stand in rich text."""

    LINE = "rich_text_section"
    QUOTE = "rich_text_quote"
    ITEM = "rich_text_list"
    FIX = "rich_text_list_below"
    COLUMNS = "rich_text_preformatted"


@dataclass(frozen=True)
class Words:
    """One paragraph, quote, item of a list, or text in columns."""

    kind: Kind
    runs: tuple[Run, ...]

    @property
    def size(self) -> int:
        """Its length in units, the break after it too."""
        return sum(units(run.text) for run in self.runs) + 1


@dataclass(frozen=True)
class Head:
    """A heading."""

    text: str


@dataclass(frozen=True)
class Small:
    """A line in small type."""

    text: str


@dataclass(frozen=True)
class Table:
    """Rows of cells, the first one the head; and the same as items of a list."""

    rows: tuple[tuple[str, ...], ...]
    items: tuple[Words, ...]


@dataclass(frozen=True)
class Divider:
    """A line between two parts."""


Part = Words | Head | Small | Table | Divider


def _line(text: str, *, bold: bool = False) -> Words:
    return Words(Kind.LINE, (Run(text, bold=bold),))


def _item(*runs: Run) -> Words:
    return Words(Kind.ITEM, runs)


def _said(part: Part) -> str:
    """The words of a part without any form."""
    match part:
        case Words(kind=kind, runs=runs):
            return _MARKS.get(kind, "") + "".join(run.text for run in runs)
        case Head(text=text) | Small(text=text):
            return text
        case Table(items=items):
            return "\n".join(map(_said, items))
        case Divider():
            return ""
        case _:
            assert_never(part)


_MARKS = {Kind.ITEM: "• ", Kind.FIX: "  • "}

# --- from blocks to parts ---


def _parts(reply: Reply) -> Iterator[Part]:
    """The words of the reply, blocks of one sort together, a divider between sorts."""
    before = ""
    for block in reply.blocks:
        sort, shown = sheets.sort(block), [part for part in _block(block) if _said(part).strip()]
        if not shown:
            continue
        if before not in ("", "head", sort):
            yield Divider()
        before = sort
        yield from shown


def _block(block: Block) -> Iterable[Part]:
    match block:
        case Heading(text=text):
            return _heading(flat(text))
        case Paragraph(text=text, role=role):
            return _paragraph(text, sheets.LABELS.get(role, ""))
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
        case Choices(prompt=text) | Notice(text=text):
            return _paragraph(text)
        case Ask(prompt=prompt):
            return [_line(flat(prompt), bold=True)] if flat(prompt) else []
        case File():
            return []
        case _:
            assert_never(block)


def _heading(text: str) -> Iterator[Part]:
    if units(text) > limits.HEADER - limits.MARGIN:
        yield _line(text, bold=True)
    elif text:
        yield Head(text)


def _paragraph(text: str, label: str = "") -> Iterator[Part]:
    shown = clean(text).strip()
    if shown:
        yield Words(Kind.LINE, ((Run(f"{label} ", bold=True),) if label else ()) + (Run(shown),))


def _quote(quote: Quote) -> Part:
    gloss = f" [{flat(quote.gloss)}]" if quote.gloss else ""
    return Words(Kind.QUOTE, (Run(f"“{flat(quote.text)}” ({flat(quote.place)}){gloss}"),))


def _heard(sheet: HeardSheet) -> Iterator[Part]:
    yield _line(f"What I heard in your speech {sheet.turn}", bold=True)
    for item in sheet.lines:
        yield _heard_line(item)
    if not sheet.lines:
        yield _item(Run("no argument"))


def _heard_line(item: HeardLine) -> Words:
    point = f"#{item.number} " if item.number is not None else ""
    answers = ", ".join(f"#{number} ({move})" for number, move in item.answers)
    told = f"{point}“{flat(item.words)}”: {flat(item.tag)}{_card(item.card)}"
    told += f"; answers {answers}" if answers else ""
    return _item(Run(told)) if item.sure else _item(Run(f"{told}; "), Run("not sure", italic=True))


def _card(card: str | None) -> str:
    return f" [{flat(card)}]" if card else ""


def _flow(sheet: FlowSheet) -> Iterator[Part]:
    if not sheet.lines:
        yield Words(Kind.LINE, (Run("Flow:", bold=True), Run(" no points yet")))
    else:
        yield _line("Flow", bold=True)
        rows = (_COLUMNS, *(_flow_row(item) for item in sheet.lines))
        yield Table(rows, tuple(_flow_line(item) for item in sheet.lines))
    if sheet.more:
        yield Small(f"and {sheet.more} more (!flow)")


_COLUMNS = ("#", "who", "point", "card", "on", "state")
_WRAPPED = "point"


def _flow_row(item: FlowLine) -> tuple[str, ...]:
    on = f"#{item.answers}" if item.answers is not None else ""
    return (f"#{item.number}", _who(item), flat(item.text), flat(item.card or ""), on, flat(item.state))


def _flow_line(item: FlowLine) -> Words:
    answers = f" (on #{item.answers})" if item.answers is not None else ""
    return _item(
        Run(f"#{item.number} {_who(item)}:", bold=True),
        Run(f" {flat(item.text)}{_card(item.card)}{answers} → "),
        Run(flat(item.state), italic=True),
    )


def _who(item: FlowLine) -> str:
    return "you" if item.yours else "bot"


def _score(score: Score) -> Iterator[Part]:
    yield Words(Kind.COLUMNS, (Run(sheets.columns(score, flat)),))
    known = [part for part, _, _ in score.parts]
    for part in dict.fromkeys([*known, *(item.part for item in score.lines)]):
        found = [item for item in score.lines if item.part == part]
        if found:
            yield _line(flat(part), bold=True)
            yield from (shown for item in found for shown in _score_line(item))


def _score_line(item: ScoreLine) -> Iterator[Part]:
    point = f" (#{item.point})" if item.point is not None else ""
    said = f": “{flat(item.words)}”" if item.words else ""
    earned = f"{number(item.got)} of {number(item.of)}" if item.of else number(item.got)
    yield _item(Run(f"{earned}, {flat(item.rule)}{point}{said}"))
    if item.fix:
        yield Words(Kind.FIX, (Run("Fix:", italic=True), Run(f" {flat(item.fix)}")))


def _ballot(ballot: Ballot) -> Iterator[Part]:
    for title, ahead, why in ballot.clashes:
        reason = f" ({flat(why)})" if why else ""
        yield _item(Run(f"{flat(title)} {flat(ahead)}{reason}"))
    yield _line(flat(ballot.result), bold=True)
    yield from _score(ballot.score)
    if ballot.uncontested is not None:
        yield _line(f"Total without what you contested (this one ranks): {number(ballot.uncontested)}")
    yield from _paragraph(ballot.practise)
    if ballot.rubric:
        yield Small(flat(ballot.rubric))


def _listed(choices: Choices) -> str:
    return "\n".join(f"• {flat(choice.label)} ({flat(choice.says)})" for choice in choices.options)


# --- from parts to Slack's blocks ---


@dataclass(frozen=True)
class Drawn:
    """A block of Slack's, its words without form, and how much of a message they take."""

    block: Json
    said: str
    size: int

    @property
    def kind(self) -> str:
        """Slack's name for the type of the block."""
        return str(self.block["type"])


def _one_table(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts with one table at most, as Slack takes no more; other tables, and those too big, as lists."""
    had = False
    for part in parts:
        if isinstance(part, Table) and (had or not _fits(part)):
            yield from part.items
        else:
            had = had or isinstance(part, Table)
            yield part


def _fits(table: Table) -> bool:
    sizes = [units(cell) for row in table.rows for cell in row]
    small = max(sizes) <= limits.CELL and sum(sizes) <= limits.TABLE_TEXTS
    return small and len(table.rows) <= limits.TABLE_ROWS


def _drawn(parts: Iterable[Part]) -> Iterator[Drawn]:
    """The blocks; words that follow each other share one as long as they fit."""
    together = list[Words]()
    for part in parts:
        if isinstance(part, Words):
            together.extend(_fitting(part))
        else:
            yield from _texts(together)
            yield _other(part)
            together = []
    yield from _texts(together)


def _texts(parts: Iterable[Words]) -> Iterator[Drawn]:
    box, size = list[Words](), 0
    for part in parts:
        if box and size + part.size > limits.RICH:
            yield _text(box, size)
            box, size = [], 0
        box.append(part)
        size += part.size
    if box:
        yield _text(box, size)


def _text(found: Sequence[Words], size: int) -> Drawn:
    by_kind = groupby(found, key=lambda part: part.kind)
    elements = [element for kind, group in by_kind for element in _elements(kind, group)]
    return Drawn({"type": "rich_text", "elements": elements}, "\n".join(map(_said, found)), size)


def _elements(kind: Kind, group: Iterable[Words]) -> Iterator[Json]:
    """Lines become one section, items one list; each quote stands alone."""
    runs = [part.runs for part in group]
    match kind:
        case Kind.LINE | Kind.COLUMNS:
            joined = [run for line in runs for run in (Run("\n"), *line)][1:]
            yield _element(kind, joined)
        case Kind.QUOTE:
            yield from (_element(kind, line) for line in runs)
        case Kind.ITEM | Kind.FIX:
            items = [_element(Kind.LINE, line) for line in runs]
            indent = 0 if kind is Kind.ITEM else 1
            yield {"type": Kind.ITEM.value, "style": "bullet", "indent": indent, "elements": items}
        case _:
            assert_never(kind)


def _element(kind: Kind, runs: Iterable[Run]) -> Json:
    """Runs of one style become one text, none of them empty."""
    by_style = groupby((run for run in runs if run.text), key=lambda run: (run.bold, run.italic))
    texts = [_styled("".join(run.text for run in group), *style) for style, group in by_style]
    return {"type": kind.value, "elements": texts}


def _styled(text: str, bold: bool, italic: bool) -> Json:
    style = {name: True for name, on in (("bold", bold), ("italic", italic)) if on}
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def _other(part: Head | Small | Table | Divider) -> Drawn:
    said = _said(part)
    match part:
        case Head(text=text):
            return Drawn({"type": "header", "text": _plain(text)}, said, units(text))
        case Small(text=text):
            return Drawn(_context(text), said, units(text))
        case Table(rows=rows):
            return Drawn(_table(rows), said, sum(units(cell) + 1 for row in rows for cell in row))
        case Divider():
            return Drawn({"type": "divider"}, said, 0)
        case _:
            assert_never(part)


def _context(text: str) -> Json:
    return {"type": "context", "elements": [_plain(clip(text, limits.SECTION - limits.MARGIN))]}


def _table(rows: Sequence[Sequence[str]]) -> Json:
    columns = [{"align": "left", "is_wrapped": name == _WRAPPED} for name in rows[0]]
    cells = [[{"type": "raw_text", "text": cell or _EMPTY} for cell in row] for row in rows]
    return {"type": "table", "column_settings": columns, "rows": cells}


_EMPTY = "–"
"""What stands in a cell without words: Slack takes no empty one."""


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


# --- splitting ---

_NARROW = 100
"""Units of room in which no text is begun that does not fit."""


def _fitting(part: Words) -> Iterator[Words]:
    """The words, long ones in pieces of which each fits a rich text of its own."""
    if part.size <= limits.RICH:
        yield part
    else:
        yield from (replace(part, runs=runs) for runs in _split(part.runs, limits.RICH - limits.MARGIN))


def _split(runs: Iterable[Run], limit: int) -> Iterator[tuple[Run, ...]]:
    """``runs`` in pieces of at most ``limit`` units."""
    box, room = list[Run](), limit
    for run in runs:
        for place, text in enumerate(_broken(run.text, room, limit)):
            if box and (place or units(text) > room):
                yield tuple(box)
                box, room = [], limit
            box.append(replace(run, text=text))
            room -= units(text)
    yield tuple(box)


def _broken(text: str, room: int, limit: int) -> Iterator[str]:
    """``text`` whole where it fits; else in pieces, the first of which fits ``room``, the others ``limit``."""
    if units(text) <= room:
        yield text
        return
    first = next(pieces(text, room), "") if room >= _NARROW else ""
    if first:
        yield first
    yield from pieces(text.partition(first)[2].lstrip("\n ") if first else text, limit)


# --- buttons and selects ---

_WIDEST = 30
"""Units of a label beyond which Slack cuts a button on a phone, and a list reads better."""


def _controls(reply: Reply, reply_button: bool) -> Iterator[Drawn]:
    """Selects, and rows of buttons, no id twice."""
    found = [block for block in reply.blocks if isinstance(block, Choices)]
    selects = [block for block in found if _reads_better_listed(block)]
    options = [choice for block in selects for choice in block.options]
    yield from _selects(reply.debate, options, selects[0].prompt if selects else "")
    others = [choice for block in found if block not in selects for choice in block.options]
    buttons = [_button(reply.debate, choice) for choice in others]
    if reply_button:
        opens = _button(reply.debate, Choice(words.REPLY, REPLY))
        buttons.insert(0, {**opens, "style": "primary"})
    yield from _rows(tuple({button["action_id"]: button for button in buttons}.values()))


def _reads_better_listed(choices: Choices) -> bool:
    return sheets.reads_better_listed(choices, widest=_WIDEST, most=limits.ACTIONS)


def _button(debate: int | None, choice: Choice) -> Json:
    made = {
        "type": "button",
        "text": _plain(clip(_label(choice), limits.LABEL - limits.MARGIN)),
        "action_id": button_id(debate, choice.says),
        "value": choice.says[:LONGEST_SAYS],
    }
    return {**made, "style": "danger", "confirm": _confirm(choice)} if is_final(choice.says) else made


def _confirm(choice: Choice) -> Json:
    """What Slack asks before a press counts."""
    label = clip(_label(choice), limits.CONFIRM_BUTTON - limits.MARGIN)
    sure = {"title": _plain(SURE), "text": _plain(SURE_ABOUT)}
    return {**sure, "confirm": _plain(label), "deny": _plain(NO), "style": "danger"}


def _rows(buttons: Sequence[Json]) -> Iterator[Drawn]:
    for at in range(0, len(buttons), limits.ACTIONS):
        row = buttons[at : at + limits.ACTIONS]
        yield _actions(row, [button["text"]["text"] for button in row])


def _selects(debate: int | None, choices: Sequence[Choice], prompt: str) -> Iterator[Drawn]:
    options = tuple({choice.says: _option(choice) for choice in choices}.values())
    placeholder = clip(flat(prompt) or words.CHOOSE, limits.PLACEHOLDER - limits.MARGIN)
    for place, at in enumerate(range(0, len(options), limits.OPTIONS)):
        some = options[at : at + limits.OPTIONS]
        select: Json = {"type": "static_select", "action_id": select_id(debate, place)}
        select |= {"placeholder": _plain(placeholder), "options": list(some)}
        yield _actions([select], [option["text"]["text"] for option in some])


def _option(choice: Choice) -> Json:
    """An option; what its label has no room for is its description."""
    head, *rest = pieces(_label(choice), limits.OPTION_LABEL - limits.MARGIN)
    made: Json = {"text": _plain(head), "value": choice.says[:LONGEST_SAYS]}
    below = clip(" ".join(rest), limits.OPTION_DESCRIPTION - limits.MARGIN)
    return {**made, "description": _plain(below)} if below else made


def _actions(elements: Sequence[Json], labels: Sequence[str]) -> Drawn:
    return Drawn({"type": "actions", "elements": list(elements)}, ", ".join(labels), sum(map(units, labels)))


def _label(choice: Choice) -> str:
    return flat(choice.label) or flat(choice.says) or MARK


# --- packing ---


def _packed(drawn: Iterable[Drawn]) -> list[list[Drawn]]:
    """As many blocks in a message as fit; it neither begins nor ends with a divider."""
    out, size = [list[Drawn]()], 0
    for item in drawn:
        if out[-1] and (size + item.size > limits.TEXTS or len(out[-1]) >= limits.BLOCKS):
            out.append([])
            size = 0
        if out[-1] or item.kind != "divider":
            out[-1].append(item)
            size += item.size
    return [found for box in out if (found := _trimmed(box))]


def _trimmed(box: list[Drawn]) -> list[Drawn]:
    return box[:-1] if box and box[-1].kind == "divider" else box


def _capped(found: list[list[Drawn]]) -> list[list[Drawn]]:
    """At most ``MESSAGES`` of them: of those left over, what can be pressed stays."""
    if len(found) <= limits.MESSAGES:
        return found
    controls = [item for box in found[limits.MESSAGES - 1 :] for item in box if item.kind == "actions"]
    mark = Drawn(dict(notice(words.CUT).blocks[0]), words.CUT, units(words.CUT))
    return [*found[: limits.MESSAGES - 1], [mark, *controls]]


def _message(found: Sequence[Drawn]) -> Message:
    texts = [item.said for item in found if item.kind != "actions" and item.said]
    said = "\n".join(texts or [item.said for item in found])
    return Message(tuple(item.block for item in found), cut(escape(said), limits.TEXT))
