"""What can be typed after ``gadfly``: the parser of the command line.

Standard library only. This module must not know what a command does.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import NoReturn

from adapters import VERSION

LARGEST_SEED = 999_999_999
_ABOVE = ("-h", "--help", "--version")
_SHARED = ("--home", "--decks")

PLAY = "play"
_ABOUT = "Gadfly argues with you about an essay, from quoted cards, and scores you by published rules."
_CODES = (
    "exit status: 0 done, 1 something failed, 2 wrong use, 74 the disk or the output failed, "
    "75 try again later (another window is open, the disk is full), 130 Ctrl-C"
)


class Parser(argparse.ArgumentParser):
    """Says what may have been meant when a command is mistyped."""

    def error(self, message: str) -> NoReturn:
        """Prints what is wrong and leaves with exit status 2."""
        found = re.match(r"argument .*: invalid choice: '(.*)' \(choose from (.*)\)", message, re.DOTALL)
        if found is None:
            self.exit(2, f"{self.prog}: {message}\n{self.prog} --help tells more.\n")
        word, known = found[1], re.findall(r"[\w-]+", found[2])
        self.exit(
            2, f"{self.prog}: there is no {word!r}.{meant(word, known)}\n{self.prog} --help lists all.\n"
        )


def read(words: Sequence[str]) -> argparse.Namespace:
    """The command line as read: ``command`` names the command, ``action`` what to do with a deck.

    Leaves the process after ``--help``, and with exit status 2 after a mistake, as argparse does.
    """
    at = _after_shared(words)
    if at == len(words) or (at < len(words) and words[at].startswith("-") and words[at] not in _ABOVE):
        words = [*words[:at], PLAY, *words[at:]]  # the bare command starts practising
    return parser().parse_args(words)


def _after_shared(words: Sequence[str]) -> int:
    """The place after the options that may stand before a command; beyond the end where a value is missing."""
    at = 0
    while at < len(words):
        name, equals, _ = words[at].partition("=")
        if name not in _SHARED:
            break
        at += 1 if equals else 2
    return at


def parser() -> Parser:
    """The whole parser."""
    whole = Parser(prog="gadfly", description=_ABOUT, epilog=_CODES, parents=[_shared()])
    whole.set_defaults(home=None, decks=None)
    whole.add_argument("--version", action="version", version=f"gadfly {VERSION}")
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)
    shared = _shared()

    def add(name: str, help_: str) -> Parser:
        made = commands.add_parser(
            name, help=help_, description=help_[0].upper() + help_[1:] + ".", parents=[shared]
        )
        made.set_defaults(command=name)
        return made

    _play_arguments(add(PLAY, "practise (also without any command)"))
    discord = add("discord", "run the bot in Discord (the token is in DISCORD_TOKEN)")
    discord.add_argument(
        "--check", action="store_true", help="only say what is right and wrong, and how the bot is invited"
    )
    slack = add("slack", "run the bot in Slack (its tokens are in SLACK_BOT_TOKEN and SLACK_APP_TOKEN)")
    slack.add_argument(
        "action",
        nargs="?",
        choices=("manifest",),
        metavar="manifest",
        help="print what makes the app at Slack",
    )
    slack.add_argument(
        "url", nargs="?", default="", help="with manifest: where Slack reaches --http from outside"
    )
    slack.add_argument("--check", action="store_true", help="only say what is right and wrong")
    slack.add_argument(
        "--http", metavar="HOST:PORT", default="", help="listen for signed requests (instead of Socket Mode)"
    )
    inspect = add("inspect", "what the bot understands of texts: JSON lines in, JSON lines out")
    inspect.add_argument("--motion", required=True, metavar="DECK", help="the deck to read them by")
    inspect.add_argument("--json", action="store_true", help="JSON lines (the only form there is)")
    add("motions", "what can be debated")
    _deck_arguments(commands.add_parser("deck", help="check, show or begin a deck"), shared)
    doctor = add("doctor", "what works here, what does not, and what to do")
    doctor.add_argument("--quiet", action="store_true", help="say only what is wrong")
    export = add("export", "a debate as text")
    export.add_argument("debate", type=_number, metavar="ID", help="the number of the debate")
    export.add_argument(
        "--format", choices=("markdown", "json", "argdown"), default="markdown", help="(markdown)"
    )
    bench = add("bench", "measure the reader on messages kept apart (in a checkout)")
    bench.add_argument("what", choices=("reading",), help="what is measured")
    bench.add_argument(
        "--data", metavar="DIR", help="the folder of public data; without it those rows are left out"
    )
    backup = add("backup", "copy the database, also while it is in use")
    backup.add_argument("out", metavar="OUT", help="the file to write")
    return whole


def _shared() -> Parser:
    """What every command takes, before its name and after it. Absent ones leave what stood before it alone."""
    shared = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--home", metavar="DIR", help="the data folder (instead of GADFLY_HOME)")
    shared.add_argument("--decks", metavar="IDS", help="the decks on offer (instead of GADFLY_DECKS)")
    return shared


def _play_arguments(play: Parser) -> None:
    play.add_argument("--motion", metavar="DECK", help="the motion, by the name of its deck")
    play.add_argument("--side", choices=("for", "against"), default="for", help="your side (for)")
    play.add_argument(
        "--level", choices=("novice", "intermediate", "advanced"), default="novice", help="(novice)"
    )
    play.add_argument("--first", action="store_true", help="you open the debate")
    play.add_argument("--seed", type=_seed, metavar="N", help="the bot's chance (0 in a pipe, else drawn)")
    play.add_argument("--debate", type=_number, metavar="ID", help="go on with this debate")
    play.add_argument("--new", action="store_true", help="end a debate left open and begin anew")
    play.add_argument(
        "--json", action="store_true", help='lines are text or {"key", "text"}; answers are JSON lines'
    )
    play.add_argument("--plain", action="store_true", help="for screen readers: no colours, no signs")


def _deck_arguments(deck: Parser, shared: Parser) -> None:
    actions = deck.add_subparsers(title="actions", metavar="ACTION", required=True)

    def add(name: str, help_: str) -> Parser:
        made = actions.add_parser(
            name, help=help_, description=help_[0].upper() + help_[1:] + ".", parents=[shared]
        )
        made.set_defaults(command="deck", action=name)
        return made

    check = add("check", "find what is wrong with decks (all of them, or those named)")
    check.add_argument("decks_named", nargs="*", metavar="DECK", help="a deck's name or its file")
    check.add_argument(
        "--play", action="store_true", help="let scripted learners debate on it and compare the sides"
    )
    show = add("show", "the cards of a deck, or one card whole")
    show.add_argument("deck", metavar="DECK", help="a deck's name")
    show.add_argument("card", nargs="?", metavar="CARD", help="a card's id, like f07")
    new = add("new", "begin a deck: a skeleton with the essay's numbered lines")
    new.add_argument("essay", metavar="ESSAY", help="the essay's text file")
    new.add_argument("-o", "--out", metavar="FILE", help="write it here instead of to the screen")
    build = add("build", "teach the reader decks now (all own ones, or those named), so that nobody waits")
    build.add_argument("decks_named", nargs="*", metavar="DECK", help="a deck's name or its file")
    build.add_argument("-o", "--out", metavar="DIR", help="write there instead of to the data folder")
    add("schema", "the JSON Schema of deck files, for editors")


def _number(word: str) -> int:
    if word.isascii() and word.isdigit() and int(word[:18]) > 0:
        return int(word[:18])
    raise argparse.ArgumentTypeError(f"{word!r} is not the number of a debate")


def _seed(word: str) -> int:
    if word.isascii() and word.isdigit() and len(word) <= 9:
        return int(word)
    raise argparse.ArgumentTypeError(f"{word!r} is not a number from 0 to {LARGEST_SEED:,}")


def meant(word: str, known: Sequence[str]) -> str:
    """A sentence with the one of ``known`` that a mistyped ``word`` may have been; nothing where none is near."""
    from difflib import get_close_matches

    near = get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    return f" Did you mean {near[0]}?" if near else ""
