"""Whether what gadfly brings along is as it was made: the model that reads people's words, and the rubrics.

Asked before a debate, because a broken model found later looks like a learner whom nobody can understand. Standard
library only until asked. This module must not know what is read or judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.debate.judging import Rubric
    from bot.reading.encoder import Encoder

_MEND = "Install gadfly again (in a checkout: git checkout -- bot). gadfly doctor says when it is mended."


class BrokenInstall(Exception):
    """Files of gadfly's own are missing or not as they were made; the message says which, and the mend."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"{problem}. {_MEND}")


def try_model(encoder: Encoder) -> None:
    """Reads one word, with the heads too. Raises ``BrokenInstall`` where that fails, for whatever reason: there is one mend for all."""
    from bot.reading.encoder import MODEL, EncoderError

    try:
        encoder.moves(encoder.encode(("talks",)))
    except EncoderError as error:
        raise BrokenInstall(f"The model that reads is broken: {error}") from error
    except Exception as error:
        found = f"{type(error).__name__}: {error}"
        raise BrokenInstall(f"The model that reads is broken ({found}; its folder is {MODEL})") from error


def rubrics() -> tuple[Rubric, ...]:
    """The rubrics, oldest first, one at least. Raises ``BrokenInstall``."""
    from bot.coach import RUBRICS, load_rubrics

    try:
        found = load_rubrics()
    except (OSError, ValueError) as error:
        raise BrokenInstall(f"A rubric in {RUBRICS} is broken ({type(error).__name__})") from error
    if not found:
        raise BrokenInstall(f"There is no rubric in {RUBRICS}")
    return found
