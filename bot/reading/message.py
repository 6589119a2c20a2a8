"""One message being read: what kind of message it is, and what it says.

Words come first, then the debate: a message is read by itself (kind, units, parts, cards, side), and only then
does the situation say what is likely (the own side, an answer to what the bot said last).
"""

from __future__ import annotations

from collections.abc import Callable

from bot.reading import kinds, moves, signals
from bot.reading.answers import Answers
from bot.reading.arguments import Arguments, named_side
from bot.reading.context import NEAR, STRAYS, Context
from bot.reading.heads import Profile
from bot.reading.kinds import Verdict
from bot.reading.learned import Model
from bot.reading.words import content
from bot.readings import Kind, Reading, Situation

_FAR_STRAYS = 0.4
"""From this lead of the tone "off topic" on, words far from the deck are about anything else."""
_ASKS_ASTRAY = 0.4
"""From this lead of that tone on, a question is about anything else."""
_CLOSE, _IN_DECK = 0.4, 0.09
"""Words as near as this to a text of the deck, or as surely no new point, are about the motion, whatever their tone."""
_PLAIN = 0.79
"""From this probability on, words plainly answer a point, whatever their tone."""
_OWN, _NEW, _SURELY_NONE = 0.75, 0.5, 0.01
"""From this share of the cards of one's own side on, and below this probability of a new point, words plainly argue; below
the last one they do whatever the side."""
_WORDLESS = (Kind.EMPTY, Kind.EMOJI, Kind.GIBBERISH, Kind.OTHER_LANGUAGE, Kind.DISTRESS)


class Message:
    """One message in its situation; ``pieces`` counts the tokenizer's pieces of a text."""

    def __init__(self, model: Model, situation: Situation, text: str, pieces: Callable[[str], int]) -> None:
        self.model = model
        self.situation = situation
        self.context = Context(model, situation)
        self.answers = Answers(self.context)
        self.text = text
        self.runs = model.essay.runs(text)
        self._count_pieces = pieces

    def reading(self, reader: str) -> Reading:
        """What the message says; ``reader`` is the identity of who reads it."""
        verdict = self._junk()
        if verdict is not None and verdict.kind in _WORDLESS:
            return self._nothing(verdict, None, reader)
        profile = self.model.profile(self.text)
        verdict = verdict or self._tone(profile)
        if verdict.kind not in (Kind.ARGUMENT, Kind.BOTH_SIDES, Kind.QUESTION):
            return self._nothing(verdict, profile, reader)
        arguments = Arguments(self.context, self.answers, self.text, self.runs)
        found = arguments.units(profile) if verdict.kind is not Kind.QUESTION else ()
        side, side_p = named_side(profile.for_p)
        return Reading(
            kind=verdict.kind,
            kind_p=round(verdict.p, 2),
            units=found,
            side=side,
            side_p=side_p,
            quality=round(self.model.quality(profile.vector), 2) if found else 0.0,
            about=self.answers.about(self.text, profile) if verdict.kind is Kind.QUESTION else None,
            nearest=self._nearest(profile),
            weighing=self.context.weighing_of_all(self.text),
            restatements=self.answers.restatements(self.text) if found else (),
            later=signals.later(self.text, self.model.known_until),
            reader=reader,
        )

    def _nothing(self, verdict: Verdict, profile: Profile | None, reader: str) -> Reading:
        nearest = self._nearest(profile) if profile is not None else None
        return Reading(
            kind=verdict.kind,
            kind_p=round(verdict.p, 2),
            language=verdict.language,
            nearest=nearest,
            reader=reader,
        )

    def _junk(self) -> Verdict | None:
        """A kind that the form alone shows."""
        text = self.text
        longest = max((run.length for run in self.runs), default=0)
        return (
            kinds.wordless(text)
            or kinds.distress(text)
            or kinds.instructions(text)
            or kinds.other_language(text)
            or kinds.gibberish(text, self._count_pieces(text[:400]))
            or kinds.pasted(text, longest, sum(run.length for run in self.runs))
            or kinds.insult(text)
            or kinds.greeting(text)
            or kinds.complains(text)
            or self._soup()
        )

    def _soup(self) -> Verdict | None:
        """Keywords without a sentence; a nod and a question about the debate use its words with good reason."""
        if (
            self.context.weighing(self.text)
            or moves.concedes(self.text)
            or (kinds.asks(self.text) and kinds.seeks(self.text))
        ):
            return None
        return kinds.keyword_soup(self.text)

    def _tone(self, profile: Profile) -> Verdict:
        """A kind that takes the meaning to see."""
        scores = self.model.tones(profile.vector)
        argues = self._plainly_argues(profile)
        if kinds.asks(self.text) and (
            kinds.seeks(self.text) or (scores[Kind.QUESTION] - scores[Kind.ARGUMENT] > 0.15 and not argues)
        ):
            return (
                Verdict(Kind.QUESTION, 0.8)
                if self._is_of_debate(profile, scores)
                else Verdict(Kind.OFF_TOPIC, 0.7)
            )
        both = kinds.both_sides(self.text)
        if both is not None and not self.context.named(self.text):
            return both
        if not argues and self._is_off_topic(profile, scores):
            return Verdict(Kind.OFF_TOPIC, 0.75)
        return Verdict(Kind.ARGUMENT, round(1 - 0.5 * profile.new_p, 2))

    def _plainly_argues(self, profile: Profile) -> bool:
        """Whether words, even if they are put as a question, make an argument."""
        own = self.context.own_share(profile)
        return profile.new_p < _SURELY_NONE or (profile.new_p < _NEW and own >= _OWN)

    def _is_of_debate(self, profile: Profile, scores: dict[Kind, float]) -> bool:
        """Whether a question is about the motion, or about what was said here ("what do you mean by that?")."""
        strays = scores[Kind.OFF_TOPIC] - scores[Kind.ARGUMENT] > _ASKS_ASTRAY and profile.near < _CLOSE
        near = profile.near >= NEAR and not strays
        return near or self._shares_words() or kinds.points_at(self.text)

    def _is_off_topic(self, profile: Profile, scores: dict[Kind, float]) -> bool:
        if self.context.named(self.text) or moves.concedes(self.text) or moves.attacks_barely(self.text):
            return False
        strays = scores[Kind.OFF_TOPIC] - scores[Kind.ARGUMENT]
        far = (strays > STRAYS and profile.near < _CLOSE) or (profile.near < NEAR and strays > _FAR_STRAYS)
        if not far or profile.new_p < _IN_DECK or self._shares_words():
            return False
        return not any(p >= _PLAIN for p in self.context.chances(self.text, profile).values())

    def _shares_words(self) -> bool:
        """Whether two words of the motion and the sides' labels stand in the message."""
        return len(self.model.motion_words & set(content(self.text))) >= 2

    def _nearest(self, profile: Profile) -> str | None:
        shares = self.context.shares(profile)
        return self.model.heads.ids[int(shares.argmax())]
