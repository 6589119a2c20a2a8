"""The command line, and the composition root: reads the settings and builds store, decks, reader, coach and adapter.

What a command needs is imported inside it, so that ``gadfly --help`` and the first prompt stand at once. Run it as
``gadfly`` or ``python -m adapters``, never from inside this folder, where ``terminal/`` and its neighbours would hide
packages of the same name.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, TextIO, cast

from adapters import VERSION, arguments
from adapters.installed import BrokenInstall
from adapters.output import Notes, Output, OutputError
from adapters.settings import DECKS, HOME, Settings, SettingsError, load

if TYPE_CHECKING:
    from adapters.terminal.start import Plan
    from bot.coach import Coach
    from bot.debate.judging import Rubric
    from bot.messages import Place
    from bot.reading.reader import LocalReader
    from bot.store.files import Lock
    from content.index import Entry
    from content.library import Library


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status."""
    # Matrices here are small: the threads of numpy's library cost more than they save. Read when numpy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    words = list(sys.argv[1:] if argv is None else argv)
    with contextlib.redirect_stderr(cast(TextIO, Notes(sys.stderr))):
        if sys.stdout is None:
            _complain("output", "there is no standard output to write to")
            return 2
        with contextlib.redirect_stdout(cast(TextIO, Output(sys.stdout))):
            return _ended(words)


def _ended(words: list[str]) -> int:
    """Runs one command; what ends it from outside becomes its exit status."""
    try:
        return _left(words)
    except BrokenPipeError:
        from adapters.status import PIPE_CLOSED
        from adapters.terminal.run import quiet

        quiet()
        return PIPE_CLOSED
    except OutputError as error:
        from adapters.status import BROKEN
        from adapters.terminal.run import quiet

        quiet()
        _complain("output", f"The output cannot be written: {error}. Free space, or write elsewhere.")
        return BROKEN
    except KeyboardInterrupt:
        return 130


def _left(words: list[str]) -> int:
    """Runs one command to its end, the writing of what it printed included."""
    try:
        code = _run(words)
    except SystemExit as leave:  # argparse leaves by itself, after --help and after an error
        code = leave.code if isinstance(leave.code, int) else 2
    sys.stdout.flush()
    return code


def _run(words: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a sign gets a question mark
    args = arguments.read(words)
    try:
        settings = load({HOME: args.home, DECKS: args.decks})
    except SettingsError as error:
        print(f"gadfly: {error}", file=sys.stderr)
        return 2
    try:
        return _COMMANDS[args.command](args, settings)
    except BrokenInstall as error:
        _complain("broken", str(error))
        return 1


# --- composition ---


def opening(
    settings: Settings, motion: str = "", lock: Lock | None = None
) -> Callable[[], AbstractAsyncContextManager[Coach]]:
    """What loads everything slow and opens the door; the deck of ``motion`` is learned in the background meanwhile.

    ``lock`` is that of the data folder where it was taken before. Entering raises ``StoreError``, and ``BrokenInstall``
    where nothing could be read or judged.
    """

    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[Coach]:
        import asyncio

        library, reader, rubrics = await asyncio.to_thread(_parts, settings)
        async with _coach(settings, library, reader, rubrics, lock) as coach:
            library.write_index(settings.index)  # not before: the store makes the folder, for its owner only
            learning = asyncio.create_task(asyncio.to_thread(_learn, reader, library, motion))
            try:
                yield coach
            finally:
                await learning

    return opened


@contextlib.asynccontextmanager
async def _coach(
    settings: Settings,
    library: Library,
    reader: LocalReader,
    rubrics: tuple[Rubric, ...],
    lock: Lock | None = None,
) -> AsyncIterator[Coach]:
    """The coach on the store of the data folder. Raises ``StoreError``."""
    from bot.coach import Coach
    from bot.store.store import Store

    _tell_of_an_empty_file(settings)
    async with await Store.open(settings.home, lock=lock) as store:
        coach = Coach(store, library, reader, rubrics)
        try:
            yield coach
        finally:
            await coach.close()


def _parts(settings: Settings) -> tuple[Library, LocalReader, tuple[Rubric, ...]]:
    """Everything slow that needs no event loop, imports above all; runs in a thread beside the prompt."""
    import bot.store.store  # noqa: F401 - the slowest import of all
    from adapters.installed import rubrics, try_model
    from bot.reading.reader import LocalReader
    from content.library import Library

    library = Library.open(settings.own_decks, settings.decks)
    for problem in library.problems:
        print(f"gadfly: this deck is left out: {problem}", file=sys.stderr)
    reader = LocalReader(settings.vectors)
    try_model(reader.encoder)
    return library, reader, rubrics()


def _learn(reader: LocalReader, library: Library, motion: str) -> None:
    deck = next((deck for deck in library.decks if deck.id == motion), None)
    if deck is not None:
        reader.prepare(deck)


def _tell_of_an_empty_file(settings: Settings) -> None:
    """A database of no bytes is a first start that had no room, or one that was lost: the person knows which."""
    from bot.store.files import DATABASE, emptied

    if emptied(settings.home):
        _complain(
            "database",
            f"{settings.home / DATABASE} was empty, so a new one is begun. If debates of yours are missing, "
            "leave now and put a backup in its place.",
        )


# --- play ---


def _play(args: argparse.Namespace, settings: Settings) -> int:
    if args.debate is not None and args.new:
        print(
            "gadfly: --debate goes on with a debate and --new begins one: give one of them", file=sys.stderr
        )
        return 2
    if not _has_input():
        return 2
    person = sys.stdin.isatty() and sys.stdout.isatty() and not args.json and not _dumb()
    return _play_person(args, settings) if person else _play_pipe(args, settings)


def _has_input() -> bool:
    """Whether there is anything to read from; says so where there is not."""
    if sys.stdin is None or sys.stdin.closed:
        _complain("input", "there is no standard input to read from")
        return False
    return True


def _dumb() -> bool:
    """Whether the terminal can only print line after line, as the shell inside an editor."""
    return os.environ.get("TERM", "").lower() in ("dumb", "unknown")


def _play_person(args: argparse.Namespace, settings: Settings) -> int:
    """The turn of this window, then the prompt."""
    from adapters.status import store_failed
    from adapters.terminal import start
    from bot.store.errors import StoreError
    from bot.store.files import Lock, prepare

    motions = _offered(settings, args.motion)
    entry = start.chosen(motions, args.motion)
    if entry is None:
        return _no_motion(args.motion, motions)
    plan = start.Plan(entry.id, args.side, args.level, args.first, args.seed)
    try:
        prepare(settings.home)
        lock = Lock.take(settings.home)
    except StoreError as error:
        return store_failed(error, _complain)
    try:
        return _prompt(args, settings, plan, motions, lock)
    finally:
        lock.release()


def _prompt(
    args: argparse.Namespace, settings: Settings, plan: Plan, motions: tuple[Entry, ...], lock: Lock
) -> int:
    """The motion first, then prompt_toolkit, then the prompt; everything else after that."""
    from adapters.terminal import start
    from adapters.terminal.text import window
    from bot.store.peek import peek

    left = None if args.debate or args.new else peek(settings.home, start.PERSON, start.PLACE).open
    print("\n".join(start.banner(VERSION, window(), plain=args.plain)))
    if args.debate is None:
        screen = (
            start.offer_lines(left, motions, window()) if left else start.first_lines(plan, motions, window())
        )
        print("\n".join(screen), flush=True)

    from adapters.terminal.person import Conversation, Options
    from adapters.terminal.run import status
    from adapters.terminal.screen import Screen

    options = Options(plan, motions, left, args.debate, args.new, _colour(args, settings), args.plain)
    screen_ = Screen(settings.history, plain=args.plain)
    return status(
        lambda signals: Conversation(options, screen_, signals).run(opening(settings, plan.motion, lock)),
        _complain,
    )


def _play_pipe(args: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import astuple

    from adapters.terminal import inbound, lines, render, start
    from adapters.terminal.pipe import Options, Pipe
    from adapters.terminal.run import status
    from adapters.terminal.text import window
    from bot.store.peek import peek
    from content.index import read_entries

    style = render.Style(window(), _colour(args, settings), args.plain, verbatim=not sys.stdout.isatty())
    out = lines.Json(sys.stdout) if args.json else lines.Text(sys.stdout, sys.stderr, style)
    first = start.chosen(read_entries(settings.own_decks, settings.index, settings.decks), args.motion)
    motion = first.id if first is not None else args.motion or ""
    patient = sys.stdin.isatty()
    seed = args.seed if args.seed is not None or patient else 0
    plan = start.Plan(motion, args.side, args.level, args.first, seed)

    def open_in(place: Place) -> int | None:
        person = inbound.speaker(place)
        found = peek(settings.home, astuple(person), astuple(place)).open
        return found.id if found is not None else None

    pipe = Pipe(Options(plan, args.debate, args.json), out, open_in=open_in)
    return status(
        lambda signals: pipe.run(opening(settings, motion), sys.stdin.fileno(), signals, patient=patient),
        out.failed,
    )


def _offered(settings: Settings, motion: str | None) -> tuple[Entry, ...]:
    """The decks on offer, by the index; by the decks themselves where the index does not know the one wanted."""
    from adapters.terminal import start
    from content.index import read_entries

    found = read_entries(settings.own_decks, settings.index, settings.decks)
    if start.chosen(found, motion) is not None:
        return found
    from content.library import Library

    library = Library.open(settings.own_decks, settings.decks)
    for problem in library.problems:
        _complain("deck", str(problem))
    return library.entries


def _no_motion(word: str | None, motions: tuple[Entry, ...]) -> int:
    known = [entry.id for entry in motions]
    if not known:
        _complain(
            "no_motion", "There is no deck to debate. GADFLY_DECKS or --decks may leave out all of them."
        )
        return 2
    text = f"There is no motion {word!r}.{arguments.meant(word or '', known)} There are: {', '.join(known)}"
    _complain("no_motion", text)
    return 2


def _colour(args: argparse.Namespace, settings: Settings) -> bool:
    if args.plain:
        return False
    if settings.colour is not None:
        return settings.colour
    return sys.stdout.isatty() and not _dumb()


def _complain(kind: str, text: str) -> None:
    print(f"gadfly: {text}", file=sys.stderr)


# --- discord ---

SCHOOL = "school-phones"
"""The motion that is offered first where several people meet."""


def serving(settings: Settings) -> Callable[[], AbstractAsyncContextManager[Coach]]:
    """``opening`` for a service: whatever can be loaded is loaded before it opens, and the school motion leads."""

    @contextlib.asynccontextmanager
    async def opened() -> AsyncIterator[Coach]:
        import asyncio

        library, reader, rubrics = await asyncio.to_thread(_parts, settings)
        offer = library if settings.decks else library.led_by(SCHOOL)
        async with _coach(settings, offer, reader, rubrics) as coach:
            for deck in offer.decks:
                await asyncio.to_thread(_learn, reader, offer, deck.id)
            yield coach

    return opened


def _discord(args: argparse.Namespace, settings: Settings) -> int:
    from importlib.util import find_spec

    if find_spec("discord") is None:
        _complain("package", "discord.py is missing. Install it beside Gadfly: pip install 'discord.py>=2.6'")
        return 1
    from adapters.discord import run

    access = run.Access(settings.discord_token, settings.discord_api, settings.discord_gateway)
    return run.check(access) if args.check else run.serve(access, serving(settings))


# --- slack ---


def _slack(args: argparse.Namespace, settings: Settings) -> int:
    if args.action == "manifest":
        return _slack_manifest(args.url)
    from importlib.util import find_spec

    missing = [name for name in ("aiohttp", "slack_bolt", "starlette", "uvicorn") if find_spec(name) is None]
    if missing:
        _complain(
            "package",
            f"Bolt and its company are missing ({', '.join(missing)}). "
            "Install them beside Gadfly: pip install aiohttp 'slack-bolt>=1.21' starlette uvicorn",
        )
        return 1
    from adapters.slack import run

    access = run.Access(
        settings.slack_bot_token,
        settings.slack_app_token,
        settings.slack_signing_secret,
        settings.slack_api,
        args.http or settings.slack_http,
    )
    return run.check(access) if args.check else run.serve(access, serving(settings))


def _slack_manifest(url: str) -> int:
    from adapters.slack.manifest import text

    if url and not url.startswith("https://"):
        _complain("url", f"Slack sends requests to addresses that begin with https:// only, not to {url!r}")
        return 2
    print(text(url))
    return 0


# --- the other commands ---


def _inspect(args: argparse.Namespace, settings: Settings) -> int:
    from adapters.tools import inspect

    return inspect(args.motion, settings, sys.stdin.fileno()) if _has_input() else 2


def _motions(args: argparse.Namespace, settings: Settings) -> int:
    from adapters.tools import motions

    return motions(settings)


def _deck(args: argparse.Namespace, settings: Settings) -> int:
    from adapters import tools

    match args.action:
        case "check":
            return tools.check(args.decks_named, settings, play=args.play)
        case "show":
            return tools.show(args.deck, args.card, settings)
        case "new":
            return tools.new(args.essay, args.out)
        case "build":
            return tools.build(args.decks_named, args.out, settings)
        case _:
            return tools.schema()


def _doctor(args: argparse.Namespace, settings: Settings) -> int:
    from adapters.doctor import report

    return report(settings, quiet=args.quiet)


def _export(args: argparse.Namespace, settings: Settings) -> int:
    from adapters.tools import export

    return export(args.debate, args.format, settings)


def _bench(args: argparse.Namespace, settings: Settings) -> int:
    from adapters.tools import bench

    return bench(args.data)


def _backup(args: argparse.Namespace, settings: Settings) -> int:
    from adapters.tools import backup

    return backup(args.out, settings)


_COMMANDS: dict[str, Callable[[argparse.Namespace, Settings], int]] = {
    arguments.PLAY: _play,
    "discord": _discord,
    "slack": _slack,
    "inspect": _inspect,
    "motions": _motions,
    "deck": _deck,
    "doctor": _doctor,
    "export": _export,
    "backup": _backup,
    "bench": _bench,
}


if __name__ == "__main__":
    sys.exit(main())
