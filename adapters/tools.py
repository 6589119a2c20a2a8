"""The commands for those who write decks and look after the data: one function each, which returns the exit status.

This module must not know how a deck is checked or a debate kept; it finds the files and prints what it is told.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from adapters.files import write_new
from adapters.installed import rubrics, try_model
from adapters.settings import Settings
from adapters.status import FAILED, USAGE, store_failed
from adapters.terminal import render
from adapters.terminal.lines import split
from adapters.terminal.run import no_debate
from adapters.terminal.text import window
from bot.messages import Block, Heading, Paragraph, Reply
from bot.store.errors import Gone, StoreError
from bot.voice import desk
from bot.voice.errors import content_error
from content.checking import Finding
from content.checking import check as check_deck
from content.deck import Card, Deck, Side
from content.drafting import draft
from content.errors import ContentError
from content.index import SHIPPED
from content.library import SEEDS, Library
from content.loading import load_with_lines
from content.schema import schema_text
from content.strict_yaml import Lines, line_of, read_text


def complain(text: str) -> None:
    """A line for the person, not for the output."""
    print(f"gadfly: {text}", file=sys.stderr)


def _as_utf8() -> None:
    """What is written for a file or a program is UTF-8, whatever the terminal's words are in."""
    if not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]


# --- reading ---


def inspect(motion: str, settings: Settings, fd: int) -> int:
    """JSON lines from ``fd`` to JSON lines on standard output, in order; 1 where a line was bad."""
    deck = _deck(motion, settings)
    if deck is None:
        return USAGE
    from bot.reading.inspection import inspect_line
    from bot.reading.reader import LocalReader

    reader = LocalReader(settings.vectors)
    try_model(reader.encoder)
    _as_utf8()
    good = True
    for raw in split(fd):
        answer, fine = inspect_line(reader, deck, raw)
        print(answer, flush=True)
        good = good and fine
    return 0 if good else FAILED


# --- decks ---


def motions(settings: Settings) -> int:
    """Lists what can be debated."""
    library = Library.open(settings.own_decks, settings.decks)
    for problem in library.problems:
        complain(content_error(problem))
    _print([block for block in desk.motions(library.decks) if isinstance(block, Paragraph)])
    return 0 if library.decks else FAILED


def check(named: Sequence[str], settings: Settings, *, play: bool) -> int:
    """Prints what is to be mended in decks, with file and line; 1 where one cannot be played."""
    try:
        paths = [_path(word, settings) for word in named] or _all_paths(settings)
    except ContentError as error:
        complain(content_error(error))
        return USAGE
    owners, good = _owners(settings), True
    for path in paths:
        good = _check_one(path, settings, owners, play=play) and good
    return 0 if good else FAILED


def show(word: str, card: str | None, settings: Settings) -> int:
    """Prints the cards of a deck, or one card whole."""
    deck = _deck(word, settings)
    if deck is None:
        return USAGE
    if card is None:
        _print(
            [Heading(deck.motion), Paragraph(deck.background), Paragraph(deck.as_of), *desk.cards(deck, None)]
        )
        return 0
    found = deck.by_id.get(card.strip("[] ").lower())
    if found is None:
        complain(f"There is no card {card!r} in {deck.id}. `gadfly deck show {deck.id}` lists them.")
        return USAGE
    _print([*desk.why(deck, found, None), *_workings(deck, found)])
    return 0


def new(essay: str, out: str | None) -> int:
    """Writes the skeleton of a deck for the essay in file ``essay``."""
    path = Path(essay)
    try:
        text = draft(read_text(path), path.name)
    except ContentError as error:
        complain(content_error(error))
        return FAILED
    if out is None:
        _as_utf8()
        sys.stdout.write(text)
        return 0
    return _write_new(Path(out), text, path)


def build(named: Sequence[str], out: str | None, settings: Settings) -> int:
    """Teaches the reader the decks named, or all of one's own, and writes what it learned to the folder ``out``, or to
    where the bot looks for it; 1 where one cannot be."""
    from bot.reading.built import build as build_deck
    from bot.reading.encoder import Encoder

    try:
        paths = [_path(word, settings) for word in named] or _own_paths(settings)
    except ContentError as error:
        complain(content_error(error))
        return USAGE
    if not paths:
        complain(f"There is no deck in {settings.own_decks}. Decks that ship are built already.")
        return 0
    encoder = Encoder()
    try_model(encoder)
    folder, good = Path(out) if out else settings.vectors, True
    for path in paths:
        try:
            deck, _ = load_with_lines(path, (SEEDS,))
        except ContentError as error:
            complain(content_error(error))
            good = False
            continue
        started = time.monotonic()
        try:
            files = build_deck(deck, encoder, folder)
        except OSError as error:
            complain(f"{folder} cannot be written: {error.strerror}.")
            return FAILED
        took = time.monotonic() - started
        size = sum(file.stat().st_size for file in files) / 1e6
        print(f"{path}: {deck.id}: {len(deck.cards)} cards, {took:.1f} s, {size:.1f} MB in {folder}")
    return 0 if good else FAILED


def schema() -> int:
    """Prints the JSON Schema of deck files."""
    sys.stdout.write(schema_text())
    return 0


def _write_new(out: Path, text: str, essay: Path) -> int:
    try:
        write_new(out, text)
    except FileExistsError:
        complain(f"{out} is there already. Give another name, or move it aside.")
        return FAILED
    except OSError as error:
        complain(f"{out} cannot be written: {error.strerror}.")
        return FAILED
    complain(f"Wrote {out}. Put {essay.name} beside it, fill it in, and run: gadfly deck check {out}")
    return 0


def _check_one(path: Path, settings: Settings, owners: Mapping[str, Path], *, play: bool) -> bool:
    try:
        deck, lines = load_with_lines(path, (SEEDS,))
    except ContentError as error:
        for fault in (error, *error.more):
            print(_located(fault.path, fault.line, "error", fault.problem, fault.mend))
        return False
    found = (*_taken(deck, lines, path, settings, owners), *check_deck(deck, lines))
    for item in found:
        problem = f"{item.card}: {item.problem}" if item.card else item.problem
        print(_located(str(path), item.line, item.level, problem, item.mend))
    errors = sum(item.level == "error" for item in found)
    sides = " and ".join(f"{len(deck.side_cards(side))} {side}" for side in Side)
    print(f"{path}: {deck.id}: {sides}, {errors} errors, {len(found) - errors} warnings")
    return errors == 0 and (not play or _played(path, deck, settings))


def _located(path: str, line: int, level: str, problem: str, mend: str) -> str:
    """``path:line: level: what is wrong. The mend``, as compilers have it and editors read it."""
    place = f"{path}:{line}" if line else path
    return f"{place}: {level}: {problem}. {mend}"


def _owners(settings: Settings) -> dict[str, Path]:
    """The file that each deck id on offer belongs to."""
    entries = Library.open(settings.own_decks).entries
    return {entry.id: (settings.own_decks if entry.mtime_ns else SHIPPED) / entry.file for entry in entries}


def _taken(
    deck: Deck, lines: Lines, path: Path, settings: Settings, owners: Mapping[str, Path]
) -> Iterator[Finding]:
    """That the id of ``deck`` belongs to another file. A draft elsewhere may be meant to replace a deck of one's own."""
    owner, here = owners.get(deck.id), path.resolve()
    if owner is None or owner.resolve() == here:
        return
    if owner.parent == SHIPPED or here.parent == settings.own_decks.resolve():
        problem = f"The deck id {deck.id} is taken by {owner}"
        yield Finding("error", "id-taken", "", line_of(lines, ("id",)), problem, "Give it another id")


def _played(path: Path, deck: Deck, settings: Settings) -> bool:
    """Lets scripted learners debate on ``deck`` and prints how the sides fared; whether it is fair."""
    from bot import scrimmage
    from bot.reading.reader import LocalReader

    reader = LocalReader(settings.vectors)
    try_model(reader.encoder)
    found = scrimmage.play(deck, reader, rubrics()[-1])
    means = ", ".join(
        f"{side} {mean:g} in {len(found.scores[side])} debates" for side, mean in found.means.items()
    )
    verdict = "fair" if found.fair else f"not fair: more than {scrimmage.FAIR:g} points apart"
    print(
        f"{path}: {deck.id}: scripted learners average {means}; difference {found.difference:+g} ({verdict})"
    )
    return found.fair


def _workings(deck: Deck, card: Card) -> Iterator[Block]:
    """What an author wants to see of a card beside what a debater sees."""
    yield Heading("As people say it")
    yield from (Paragraph(text) for text in card.phrasings)
    yield Heading("Critical questions")
    yield from (Paragraph(text) for text in card.questions)
    yield Heading("Attacks on it")
    for place in deck.attacks_on[card.id]:
        attack = deck.counterpoints[place]
        yield Paragraph(f"{attack.by} {attack.move}: {attack.say}")


def _deck(word: str, settings: Settings) -> Deck | None:
    """The deck meant by ``word``, also one that is not on offer; None, and why, where there is none."""
    library = Library.open(settings.own_decks)
    try:
        return library.find(word)
    except ContentError as error:
        complain(content_error(error))
        for problem in library.problems:
            complain(content_error(problem))
        return None


def _path(word: str, settings: Settings) -> Path:
    """The file of a deck: ``word`` itself, or a file or deck of that name among one's own and the shipped ones.

    Raises ``ContentError`` where there is none.
    """
    folders = (settings.own_decks, SHIPPED)
    named = [folder / f"{word}{end}" for folder in folders for end in (".yaml", ".yml")]
    found = next((path for path in (Path(word), *named) if path.is_file()), None)
    if found is not None or "/" in word or word.endswith((".yaml", ".yml")):
        return found or Path(word)
    library = Library.open(settings.own_decks)
    deck = library.find(word)
    file = next(entry.file for entry in library.entries if entry.id == deck.id)
    return next(folder / file for folder in folders if (folder / file).is_file())


def _all_paths(settings: Settings) -> list[Path]:
    return [*_paths_in(SHIPPED), *_own_paths(settings)]


def _own_paths(settings: Settings) -> list[Path]:
    return _paths_in(settings.own_decks)


def _paths_in(folder: Path) -> list[Path]:
    return [path for end in ("*.yaml", "*.yml") for path in sorted(folder.glob(end))]


# --- measuring ---


def bench(data: str | None) -> int:
    """Prints what the reader can do, figure by figure; the messages for it lie in a checkout only."""
    if data is not None and not Path(data).is_dir():
        complain(f"{data} is no folder. Give the folder that holds the public data.")
        return USAGE
    try:
        from tests.bench import bench_reading
    except ImportError as error:
        complain(f"This is measured in a checkout of gadfly, by ./gadfly bench reading ({error}).")
        return USAGE
    bench_reading.run(Path(data) if data else None)
    return 0


# --- data ---


def export(debate: int, form: str, settings: Settings) -> int:
    """Prints debate number ``debate`` as text; ``form`` is markdown, json or argdown.

    Reads and writes nothing else, so that it works beside a running window and on a full disk.
    """
    from bot import exporting
    from bot.debate.debate import replay
    from bot.store.archive import stored

    try:
        transcript, deck = stored(settings.home, debate)
    except Gone:
        complain(no_debate(debate))
        return USAGE
    except StoreError as error:
        return store_failed(error, _told)
    found = replay(Deck.model_validate_json(deck), transcript.entries)
    known = rubrics()
    rubric = next((one for one in known if one.sha256 == found.started.rubric_sha), known[-1])
    _as_utf8()
    sys.stdout.write(exporting.export(debate, found, rubric, form).text)
    return 0


def backup(out: str, settings: Settings) -> int:
    """Copies the database to ``out``, also while another window has it open."""
    from bot.store import care
    from bot.store.files import DATABASE, emptied

    path = settings.home / DATABASE
    try:
        if not path.is_file() or emptied(settings.home):
            complain(f"There is no database in {settings.home} yet: nothing to copy.")
            return FAILED
        made = care.backup(path, Path(out))
    except StoreError as error:
        return store_failed(error, _told)
    print(f"{made.path}: {made.debates} debates, {made.entries} entries, sha256 {made.sha256}")
    return 0


def _told(kind: str, text: str) -> None:
    complain(text)


def _print(blocks: Sequence[Block]) -> None:
    print("\n".join(render.lines(Reply(tuple(blocks)), render.Style(window()))))
