"""What sort of message it is: fixed rules for what has a form, a small head for what has a tone.

Rules come first and are conservative: a doubtful message is an argument, because to be taken for junk is the
worst thing that can happen to a learner. This module must not know debates or cards.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading.words import (
    COMMON_VERBS,
    CUES,
    GLUE,
    LINKS,
    content,
    glue_share,
    has_sure_verb,
    sentences,
    word_set,
    words,
)
from bot.readings import Kind

_EMOJI_NAME = re.compile(r"<a?:\w+:\d+>|:[a-z0-9_+-]{2,}:")
_SMILEY = re.compile(r"^[\s:;=xX8<>()\[\]dDpPoO3'^\-_|/\\*.!?]{2,}$")

_DISTRESS = re.compile(
    r"\b(?:(?:want|wanna|going|gonna|plan(?:ning)?|trying|"
    r"tried|ready|about|like) to (?:kill myself|die\b(?! (?:of|"
    r"laughing|from|on this hill|for))|end my life|end it all|"
    r"hurt myself|harm myself|cut myself|end myself)"
    r"|(?:kill|killing|hurt|hurting|cut|cutting|harm|harming) myself\b|"
    r"i(?:'m| am| feel) suicidal|(?:my|commit|committing) suicide\b(?=.*\b(?:i|"
    r"i'm|my|me)\b)"
    r"|(?:thinking|thoughts) (?:of|about) (?:suicide|ending (?:it|"
    r"my life)|killing myself)|i (?:don't|do not|dont) want to (?:live|"
    r"be alive|exist|wake up)"
    r"|(?:better off|everyone would be better) (?:dead|"
    r"without me)|no (?:reason|point) (?:to|in) (?:live|"
    r"living)(?: anymore| any more)?|i wish i (?:was|were) dead|"
    r"i self[- ]?harm)",
    re.IGNORECASE,
)  # fmt: skip

_INSTRUCTIONS = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass) (?:(?:all|"
    r"any|every|the|your|my|these|those|previous|prior|"
    r"above|earlier|of) ?)+(?:instructions?|rules?|prompts?|"
    r"guidelines?|orders?|directions?|programming|training)\b"
    r"|\b(?:system|hidden|secret|initial) (?:prompt|instructions?|"
    r"message|configuration)\b|\byou are now (?:a|an|in|"
    r"the|my|no longer)\b|\b(?:developer|jailbreak|admin|"
    r"debug|god|dan) mode\b"
    r"|\bfrom now on,? (?:you|answer|reply|respond|only|always|act)\b"
    r"|^(?:please |now |hey |bot,? |ok,? |can you |could you |"
    r"would you |will you |i want you to |just )*(?:write|"
    r"generate|compose|draft|translate|summari[sz]e|rewrite|"
    r"paraphrase|repeat after|print|output|act as|pretend|"
    r"roleplay|role-play|tell me a (?:joke|story)|sing|"
    r"solve|calculate|code)\b"
    r"|\b(?:give|award|grant|assign) me (?:(?:the|a|all|"
    r"full|max(?:imum)?|top|perfect|highest|\d+|more|extra|"
    r"ten|hundred) )+(?:points?|scores?|marks?|grades?|"
    r"win|ballot)"
    r"|\b(?:set|change|make|raise|put) (?:my|the) (?:score|"
    r"points|ballot|grade|result|verdict) (?:to|as|at)\b|"
    r"\b(?:declare|mark|say that|tell (?:them|everyone) that|"
    r"announce) (?:me|i) (?:as |am |won|the winner|win)"
    r"|\breveal (?:your|the)\b.*\b(?:prompt|instructions|"
    r"rules|code)\b|</?(?:system|user|assistant)>|\[(?:system|"
    r"inst)\]|^system:",
    re.IGNORECASE | re.MULTILINE,
)  # fmt: skip

_RUDE = (
    r"(?:stupid|dumb|idiot(?:ic)?|moron(?:ic)?|useless|"
    r"worthless|pathetic|loser|trash|garbage|clown|retard(?:ed)?|"
    r"braindead|brainless|imbecile|fool(?:ish)?|"
    r"ugly|disgusting|scum|pig|bitch|bastard|asshole|ass|"
    r"dick(?:head)?|cunt|twat|wanker|piece of (?:shit|"
    r"crap|junk|garbage|trash)|shit|crap|dumbass|joke|"
    r"ignorant|liar|failure|dimwit|halfwit|numpty|toaster|"
    r"parrot)"
)
_INSULT = re.compile(
    r"\b(?:you(?:'re| are|r|re)?|ur|u r|u|this bot is|"
    r"the bot is|this thing is|bot is|ya) (?:(?:are|is|"
    r"all|such|so|really|just|absolutely|a|an|the|complete|"
    r"total|fucking|freaking|bloody|little|absolute|actual|"
    r"literally|fuckin|very|biggest|most) )*"
    + _RUDE + r"\b(?! (?:to (?:think|say|believe)|argument|claim|point|idea|if))"
    r"|\b(?:shut up|stfu|shut your|fuck (?:you|u|off)|"
    r"f\*+k you|screw (?:you|u)|piss off|get lost|go to hell|"
    r"go die|kys|drop dead|go away|bite me|up yours)\b"
    r"|\b(?:you|u) (?:fucking |absolute |complete |total |"
    r"little |dumb |stupid )*" + _RUDE + r"\b(?:[.!]|$| bot)"
    r"|^(?:you |what an? |dumb |stupid |fucking |ok |lol )*" + _RUDE + r"(?: bot| machine| program| thing)?[.!]*$"
    r"|\b(?:you|u) (?:suck|stink)\b|\b(?:dumb|stupid|shitty|"
    r"crappy|trash|useless|worthless|idiot) (?:bot|robot|"
    r"machine|program|computer|ai)\b|\bi hate (?:you|this bot)\b|"
    r"\bnobody likes you\b|\bare (?:you|u) (?:really |"
    r"that |always |just |actually )?(?:stupid|dumb|retarded|"
    r"an idiot|braindead|blind|deaf|drunk|high)\b|\b(?:you|"
    r"u) (?:know nothing|have no (?:brain|clue|idea what)|"
    r"can't (?:even )?(?:read|think)|(?:must|gotta) be (?:stupid|"
    r"dumb|an idiot))\b|^\W*(?:(?:lol|ok|haha|nah|well),? )*your (?:mom|mum|mother|face|"
    r"brain)\b(?=[.!]|$)|\b(?:everyone|everybody|whoever|"
    r"anyone|the (?:guy|people)) (?:here|in this (?:chat|"
    r"channel|room|class)|who (?:made|built|wrote) (?:you|"
    r"this))[^.!?]{0,25}\b(?:stupid|dumb|idiots?|morons?|"
    r"losers?|clowns?|fools?)",
    re.IGNORECASE,
)  # fmt: skip

_INSULTS_SOMEBODY = re.compile(
    r"\b(?:my|our) (?:partner|opponent|teacher|classmate|team ?mate|neighbou?r|friend|group|class|table)s?"
    r"(?: (?:here|there|over there|next to me))? (?:is|are|r|was|were) "
    r"(?:(?:all|so|really|just|absolutely|a|an|total|complete|fucking|bloody|such|the|biggest|big|fat|stupid|dumb|ugly) )*"
    r"(?:idiots?|morons?|cows?|pigs?|losers?|retards?|retarded|clowns?|bitch(?:es)?|bastards?|assholes?|dumbass(?:es)?|fat|"
    r"stupid|dumb|ugly|scum)\b(?! (?:enough|to|rules?|about))",
    re.IGNORECASE,
)
"""People of the classroom: what such a word says of one of them is an insult, whatever it says of a rule."""

_INSULTS_WORDS = re.compile(
    r"\b(?:your|ur) (?:\w+ )?(?:arguments?|points?|claims?|logic|opinions?|ideas?|answers?|reasoning|replies|reply) "
    r"(?:is|are|r|was|were)(?: (?:all|so|really|just|absolutely|a|total|fucking|very|such|pure|complete|super|kinda))* "
    + _RUDE + r"\b",
    re.IGNORECASE,
)  # fmt: skip
"""Rude words about what the bot said, with no reason given, are one too."""

_GREETING = re.compile(
    r"^\W*(?:hi+|hello+|hey+|heya|yo+|howdy|greetings|"
    r"good (?:morning|afternoon|evening|day|night)|morning|"
    r"evening|sup|what'?s up|wass?up|hiya|hola|salut|thanks?(?: you)?|"
    r"thx|ty|bye+|goodbye|see (?:you|ya)|cheers|nice to meet you|"
    r"welcome|good to see you|how are you|how'?s it going|"
    r"good luck|gg|ready|let'?s (?:go|start|begin|do this))\b",
    re.IGNORECASE,
)  # fmt: skip
_GREETING_WORDS = word_set(
    """hi hello hey heya yo howdy greetings good morning afternoon evening day night sup what's up whats there everyone all
    bot gadfly how are you doing today thanks thank so much very bye goodbye see later tomorrow soon nice to meet i'm im
    am ready start let's lets go begin the a for your help it was fun again guys folks friend mate my name is here new
    debate this looking forward and well hope going it's everybody team welcome back ok great cool lol"""
)

_BOTH = re.compile(
    r"\bfifty[ -]fifty\b|\b50[ /-]50\b|\bboth (?:sides )?are right\b|\bagree with the for\b.*\bagainst\b|"
    r"\bon (?:the )?one hand\b.*\bon the other(?: hand|"
    r" side)?\b|\b(?:see|understand|get|agree with|sympathi[sz]e with|"
    r"like|support|like) (?:both|each) (?:sides?|views?|"
    r"arguments?|positions?|points?)\b"
    r"|\bboth sides (?:have (?:a |some |good |valid |strong )*(?:points?|"
    r"arguments?|case|merit)|are (?:right|wrong)|make (?:\w+ )?(?:points?|"
    r"arguments?|sense)|of (?:this|the (?:debate|argument|"
    r"issue|question)))\b|\bi(?:'m| am) (?:torn|undecided|"
    r"on the fence|in two minds|neutral|split|not sure (?:which|"
    r"who|what side))\b|\bpros and cons\b"
    r"|\b(?:there (?:are|is)|i see|has|have) (?:good |"
    r"strong |some |valid )?(?:arguments?|reasons?|points?) (?:for|"
    r"on) (?:and against|both)|\bcut(?:s)? both ways\b|"
    r"\b(?:could|can) go either way\b|\bneither side is\b|"
    r"\byes and no\b|\b(?:might|may|could|can) (?:help|"
    r"work|succeed|be right|be good|be true)\b[^.!?]{0,60}\b(?:might|"
    r"may|could|can) (?:also |just as well |equally |well )?(?:not\b|"
    r"fail|hurt|be wrong|be bad|backfire|harm)[^.!?]{0,30}(?:$|"
    r"[.!?])|\bequally (?:good|strong|valid|right|convincing|"
    r"true)\b|\b(?:good|strong|fair|valid|great) (?:points?|"
    r"arguments?|reasons?) (?:on|from) (?:both|either|"
    r"each)\b|\b(?:don't|do not|can't|cannot) (?:really )?(?:know|"
    r"decide|choose|say|tell|pick)\b[^.!?]{0,30}\b(?:which|"
    r"side|who is right|what to think)\b|\bsome (?:say|"
    r"think|people)[^.!?]{0,80}\bothers? (?:say|think|"
    r"people|argue)|\bboth (?:are|views|of them|camps|"
    r"positions|arguments) \w+|\b(?:you could|one could|"
    r"you can|one can) (?:say|argue)[^!?]{0,120}\b(?:but|"
    r"and|or) (?:you|one) (?:could|can) (?:also|equally|"
    r"just as)|\bhalf of me\b|\bpart of me\b.*\bpart of me\b|"
    r"\bfor both sides\b",
    re.IGNORECASE | re.DOTALL,
)  # fmt: skip

_OPENS_QUESTION = re.compile(
    r"^\W*(?:(?:so|and|but|ok|okay|well|wait|sorry|hm+|"
    r"um+|hey|please|also|then),? )*(?:wdym\b|(?:what|"
    r"who|where|when|which|why|how)(?: \w+)? (?:do|does|"
    r"did|is|are|was|were|has|have|can|could|would|will|"
    r"should|you|u|that|this)\b|what'?s\b|(?:can|could|"
    r"would|will) you\b|do(?:es)? (?:you|your|it|that|"
    r"this|the essay)\b)",
    re.IGNORECASE,
)
_TURNS_QUESTION = re.compile(
    r"[,;:] (?:(?:so|and|but|then|honestly) )*(?:who|why|"
    r"what|how|where|when|is|are|would|isn't)\b",
    re.IGNORECASE,
)
_UNMARKED = 12
"""A question without its mark is taken for one only when it is no longer than this, in words."""

_SEEKS = re.compile(
    r"^what happened\b|\bwhat (?:do|did|does|exactly|is|are|was|were) (?:you|"
    r"your|the|that|this|it|#\d|meant?|a|an)\b|\bwdym\b|"
    r"\bwhat(?:'s| is| are) (?:your|the) (?:evidence|source|"
    r"proof|point|argument|reason|basis|difference|motion|"
    r"topic|score|rule)"
    r"|\b(?:where|which (?:line|part|paragraph|source|"
    r"card|study)|when|who)\b.*\b(?:essay|say|says|said|"
    r"from|source|happen|happened|mean|claim|come|comes|"
    r"prove|show|proven)\b"
    r"|\b(?:can|could|would|will) you (?:please )?(?:explain|"
    r"clarify|give|say|tell|show|define|elaborate|repeat|"
    r"name|prove|expand|back)\b|\bwhat (?:evidence|proof|"
    r"source|makes you|would change)\b|\bhow do you (?:know|"
    r"define|explain|figure|mean)\b"
    r"|\bdo(?:es)? (?:you|your|it|that|the essay|this) (?:have|"
    r"say|mean|card|point|claim|argue|really mean)\b|\bwhy do you (?:think|"
    r"say|believe|claim|assume)\b|\bare you (?:saying|"
    r"claiming|suggesting|arguing)\b|\b(?:is|was) (?:that|"
    r"this|it) (?:a fact|true|from|in the essay|your)\b|"
    r"\byour (?:\w+ )?(?:point|card|claim|argument|evidence|"
    r"source)\b|#\d+",
    re.IGNORECASE,
)  # fmt: skip
_POINTS_AT = re.compile(
    r"\b(?:you|your|u|ur|that|this|it|its|those|these|they|them|their|he|she|his|her|wdym|essay|text|card|point|motion|"
    r"side|score|ballot|debate|[fa]\d\d)\b|#\d",
    re.IGNORECASE,
)
_RHETORICAL = re.compile(
    r"^\W*(?:(?:so|and|but|ok|well|then) )*(?:why (?:would|"
    r"should|else|bother|on earth|not)|how (?:can|could|"
    r"would|is|on earth|exactly is|are) (?:a|an|any|anyone|"
    r"anybody|somebody|someone|we|they|he|she|you (?:trust|"
    r"expect|negotiate|make|have|sign|build)|two|that|"
    r"this|the|it)\b|who (?:would|in their|can|could|says|"
    r"wants|cares|is going)|what'?s the point|what (?:good|"
    r"use|happens|about|if|else|came|did (?:it|they|he|"
    r"that) (?:change|bring|get))|do you (?:really|honestly|"
    r"seriously)|would you (?:trust|sign|give|want|rather)|"
    r"isn't|aren't|don't|doesn't|since when|when (?:has|"
    r"did|was|have) (?:\w+ )?ever|and then what|are we (?:really|"
    r"supposed)|should we)",
    re.IGNORECASE,
)  # fmt: skip

_KEYBOARD = re.compile(
    r"asdf|sdfg|dfgh|fghj|ghjk|hjkl|qwer|wert(?!h)|erty|rtyu|"
    r"tyui|yuio|uiop|zxcv|xcvb|cvbn|vbnm|jkl;"
)
_STRANGE = re.compile(r"[^aeiouyäöüéèáó\W\d_]{5,}|(.)\1{3,}|(\w{2})\2{2,}", re.IGNORECASE)
_HAS_VOWEL = re.compile(r"[aeiouyäöüéèáó\d]", re.IGNORECASE)

_NOT_ENGLISH_ONLY = word_set(
    "a an in is no me so on will was die had he her as at to do we or of war am by be for "
    "has over per son den more also"
)

_STOP_WORDS = {
    "de":
    "der die das und nicht ist ich ein eine für mit auf sich dass wir sie es den dem "
    "zu von aber auch sind wird haben keine kein nur wenn weil",
    "fr":
    "le la les des est pas je il elle nous vous ils que qui une un dans pour avec sur "
    "et mais ce cette sont plus ne du au très parce ça c'est",
    "es":
    "el la los las que no es un una por para con en de pero su se como más está son del "
    "al lo yo muy porque esto hay si",
    "it":
    "il lo la gli che non è un una per con di ma sono della del più questo anche come "
    "si nel alla perché mi ha",
    "pt": "o os as que não é um uma por para com de mas em no na se mais eu são isso do da muito porque você",
    "nl": "de het een en niet is dat van ik je voor met op zijn maar ook er die aan wij ze geen naar omdat",
    "pl": "nie się jest to na w z że i do ale jak co tak są dla po by ma tylko o być czy",
    "sv": "och är inte att det en ett som på för med av jag men vi de han så har kan om",
    "tr": "bir ve bu için değil da de ile çok ama ne gibi var daha mi biz ben o",
    "ro": "este nu și în că de la cu pe un o mai pentru dar sunt din ce se",
    "cs": "je se na že to v a nebo ale jako není jsou pro by s co jsem být",
    "fi": "on ei ja se että en ole mutta kun niin tämä hän me he ovat kuin",
    "id": "yang dan tidak ini itu untuk dengan akan di dari ada saya bisa karena kami",
    "hu": "a az és nem hogy egy is van de ez csak mint már lehet ha",
    "da": "og er ikke at det en som på for med af jeg men vi de har kan om",
    "no": "og er ikke at det en som på for med av jeg men vi de har kan om",
    "vi": "là và không của có cho một này những được với tôi trong người",
}  # fmt: skip
"""What any sentence of a language is full of; noise is not."""

_STOPS = {
    language: word_set(stop) - GLUE - word_set("die van en man war kan by")
    for language, stop in _STOP_WORDS.items()
}
_TELLING = {"ja": "のはをにがでと", "uk": "іїєґ", "be": "ў", "sr": "ћђџљњ", "fa": "پچژگ"}
"""Letters that another language of the same script does not have, or hardly uses."""

SOUP_LENGTH = 6
ESSAY_STRETCH = 30
"""More verbatim words of the essay in a row than this are no quote any more."""


@dataclass(frozen=True)
class Verdict:
    """A kind, how sure, and the language of a message in another one."""

    kind: Kind
    p: float = 1.0
    language: str | None = None


def _letters(text: str) -> list[str]:
    return [ch for ch in text if ch.isalpha()]


def without_names(text: str) -> str:
    """``text`` without the names of a platform's emoji (``:smile:``, ``<:name:123>``)."""
    return _EMOJI_NAME.sub(" ", text)


def wordless(text: str) -> Verdict | None:
    """Empty or emoji only."""
    rest = without_names(text)
    if any(ch.isalnum() and not _is_pictured(ch) for ch in rest) and not _SMILEY.match(rest.strip() or "-"):
        return None
    symbols = any(unicodedata.category(ch) in ("So", "Sk") for ch in rest)
    smiley = bool(_SMILEY.match(rest.strip())) and any(ch.isalpha() or ch in ":;=^<" for ch in rest)
    return Verdict(Kind.EMOJI if symbols or smiley or rest != text else Kind.EMPTY)


def _is_pictured(ch: str) -> bool:
    """Letters and digits that are drawn as pictures (flags, keycaps)."""
    return unicodedata.category(ch) in ("So", "No") or 0x1F100 <= ord(ch) <= 0x1FAFF


def distress(text: str) -> Verdict | None:
    return Verdict(Kind.DISTRESS) if _DISTRESS.search(text.replace("’", "'")) else None


_SCRIPTS = {
    "CYRILLIC": "ru",
    "GREEK": "el",
    "HEBREW": "he",
    "ARABIC": "ar",
    "DEVANAGARI": "hi",
    "HANGUL": "ko",
    "THAI": "th",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "BENGALI": "bn",
    "TAMIL": "ta",
}  # fmt: skip


def other_language(text: str) -> Verdict | None:
    """Another language, if the text is surely not English: by its script, else by its small words.

    (A trained identifier costs 110 MB and most of a second, and takes terse English for Dutch.)
    """
    letters = _letters(text)
    foreign = [ch for ch in letters if not _is_latin(ch)]
    if len(foreign) > 0.5 * len(letters) and len(foreign) >= 2:
        return Verdict(Kind.OTHER_LANGUAGE, 0.98, _by_script(foreign))
    found = words(text)
    english = sum(w in GLUE and w not in _NOT_ENGLISH_ONLY for w in found)
    if len(found) < 3 or english >= 0.2 * len(found):
        return None
    hits = {language: sum(w in stop for w in found) for language, stop in _STOPS.items()}
    best = max(hits, key=lambda language: hits[language])
    marked = any(ch.isalpha() and not ch.isascii() for ch in text)
    if hits[best] >= max(1 if marked or len(found) <= 4 else 2, 0.12 * len(found)):
        return Verdict(Kind.OTHER_LANGUAGE, 0.9, best)
    return None


def _by_script(foreign: Sequence[str]) -> str | None:
    """The likeliest language of a script; a few letters tell neighbours apart."""
    seen = "".join(foreign).lower()
    for language, telling in _TELLING.items():
        if any(ch in telling for ch in seen):
            return language
    return _SCRIPTS.get(unicodedata.name(foreign[0], "").split(" ")[0].split("-")[0])


def _is_latin(ch: str) -> bool:
    return ch.isascii() or unicodedata.name(ch, "").startswith("LATIN")


def _strange(word: str) -> bool:
    letters = "".join(ch for ch in word if ch.isalpha())
    if len(letters) < 3:
        return False
    if _KEYBOARD.search(word) or _STRANGE.search(letters):
        return True
    return len(letters) >= 4 and not _HAS_VOWEL.search(word)


def _strange_share(found: Sequence[str]) -> float:
    return sum(map(_strange, found)) / max(1, len(found))


def gibberish(text: str, pieces: int) -> Verdict | None:
    """Keyboard mash; ``pieces`` is the number of the tokenizer's pieces, few for known words and many for noise."""
    found = words(text)
    share = _strange_share(found)
    if found and share >= 0.5:
        return Verdict(Kind.GIBBERISH, 0.6 + share * 0.4)
    longest = max((len(w) for w in found), default=0)
    has_glue = glue_share(text) > 0 or len(found) < 3
    noisy = longest >= 4 and (
        (pieces >= 2.6 * len(found) and glue_share(text) < 0.2)
        or (pieces >= 2.2 * len(found) and not has_glue)
    )
    if found and noisy and (len(found) > 1 or pieces >= 4):
        return Verdict(Kind.GIBBERISH, 0.7)
    digits = sum(ch.isdigit() for ch in text)
    if not any(len(w) > 1 for w in found) or (digits > 0.7 * len(text.replace(" ", "")) and digits > 3):
        return Verdict(Kind.GIBBERISH, 0.7)
    return None


def instructions(text: str) -> Verdict | None:
    return Verdict(Kind.INSTRUCTIONS, 0.95) if _INSTRUCTIONS.search(text.replace("’", "'")) else None


def insult(text: str) -> Verdict | None:
    """An insult at the bot or somebody present, unless a whole argument stands beside it."""
    straight = text.replace("’", "'")
    for pattern, most in ((_INSULT, 7), (_INSULTS_SOMEBODY, 7), (_INSULTS_WORDS, 2)):
        found = pattern.search(straight)
        if found and len(content(text[: found.start()] + text[found.end() :])) <= most:
            return Verdict(Kind.INSULT, 0.9)
    return None


def greeting(text: str) -> Verdict | None:
    found = words(text)
    if not _GREETING.match(text) or len(found) > 14:
        return None
    strange = [w for w in found if w not in _GREETING_WORDS and w not in GLUE]
    return (
        Verdict(Kind.GREETING, 0.95)
        if len(strange) <= max(2 if len(found) <= 6 else 1, len(found) // 4)
        else None
    )


def keyword_soup(text: str) -> Verdict | None:
    """Words of the motion or of debating without a sentence that says anything."""
    found = words(text)
    if len(found) < SOUP_LENGTH:
        return None
    own = content(text)
    cue = sum(w in CUES or w.startswith("#") for w in found) / len(found)
    glue = sum(
        w in GLUE and w not in ("because", "not", "and", "or", "so", "than", "for") for w in found
    ) / len(found)
    same = len(set(found)) / len(found)
    listed = glue < 0.1 and (not has_sure_verb(text) or len(found) >= 14) and not _is_plain_sentence(text)
    spam = cue >= 0.45 or (cue >= 0.3 and glue < 0.25)
    empty = len(set(own)) < 3 and cue >= 0.25
    stuck = same < 0.45 and len(found) >= 12 and glue < 0.3
    if listed or spam or empty or stuck:
        return Verdict(Kind.KEYWORD_SOUP, 0.8)
    return None


def _is_plain_sentence(text: str) -> bool:
    """Whether a common verb stands early in a short sentence with its object ("kids need time for rest")."""
    found = words(text)
    early = any(w in COMMON_VERBS for w in found[1:4])
    return (
        early and text.rstrip()[-1:] in ".!" and any(w in LINKS for w in found[3:]) and not set(found) & CUES
    )


def both_sides(text: str) -> Verdict | None:
    return Verdict(Kind.BOTH_SIDES, 0.85) if _BOTH.search(text.replace("’", "'")) else None


def pasted(text: str, longest: int, copied: int) -> Verdict | None:
    """``longest`` run and number of all words that stand in the essay in the same order."""
    own = len(words(text)) - copied
    if (longest > ESSAY_STRETCH and own < 1.5 * copied) or (copied >= 12 and own <= max(3, copied // 5)):
        return Verdict(Kind.PASTED_ESSAY, 0.95)
    return None


def asks(text: str) -> bool:
    """Whether every sentence that says something is a question, put in order to know."""
    found = [s.text for s in sentences(text) if len(words(s.text)) >= 2]
    asked = [
        s for s in found if s.rstrip("\"')”’ !").endswith("?") or (len(found) == 1 and _asks_unmarked(s))
    ]
    stated = [s for s in found if s not in asked and len(content(s)) >= (2 if s is found[-1] else 4)]
    stated += [s for s in asked if len(content(_before_question(s))) >= 3]
    if not asked or stated:
        return False
    return any(not _RHETORICAL.match(s) for s in asked) or any(_SEEKS.search(s) for s in asked)


def _asks_unmarked(sentence: str) -> bool:
    return bool(_OPENS_QUESTION.match(sentence)) and len(words(sentence)) <= _UNMARKED


def _before_question(sentence: str) -> str:
    """What is stated in front of a question of the same sentence ("they broke it twice, so why trust them?")."""
    turn = _TURNS_QUESTION.search(sentence)
    return sentence[: turn.start()] if turn else ""


def complains(text: str) -> Verdict | None:
    """A complaint about what the bot did, with nothing on the motion ("you did not answer my point")."""
    found = _COMPLAINS.search(text.replace("’", "'"))
    if not found or len(set(content(text[: found.start()] + text[found.end() :]))) >= 3:
        return None
    return Verdict(Kind.OFF_TOPIC, 0.7)


_COMPLAINS = re.compile(
    r"\b(?:you|u|the bot|this bot) (?:did not|didn't|didnt|do not|don't|dont|never|keep|keeps|just|already) "
    r"(?:(?:even|really|just|ever) )?(?:answer(?:ed)?|address(?:ed)?|repl(?:y|ied)|respond(?:ed)?|read|understand|understood|"
    r"listen(?:ed|ing)?|get|got|used?|repeat(?:ed|ing)?|say(?:ing)?|said)\b(?: (?:to|that one|that|this|it|my|your|the|me|on|"
    r"same|one|a|point|argument|question|thing|words|at all|yet|before|again|already|twice))*",
    re.IGNORECASE,
)


def points_at(text: str) -> bool:
    """Whether words speak of somebody or something that was spoken of before ("you", "that", "#2", "the essay")."""
    return bool(_POINTS_AT.search(text))


def seeks(text: str) -> bool:
    """Whether a question is plainly about what somebody said or meant."""
    return bool(_SEEKS.search(text.replace("’", "'")))
