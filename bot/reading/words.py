"""Words and sentences: tokens with their places, plain forms of chat spelling, content words, sentence splitting.

Everything here is linear in the length of the text. This module must not know decks or debates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"#\d+|[^\W_]+(?:['’.-][^\W_]+)*(?:\.(?=[a-z]\.))?%?|w/")
_SENTENCE_END = re.compile(r"(?:[.!?…]+[\"'”’)\]]*)(?=\s)|\n+")


def word_set(words: str) -> frozenset[str]:
    """The words of a string, as a set."""
    return frozenset(words.split())


_SHORT_FORMS = word_set(
    "u.s u.k e.g i.e mr mrs ms dr prof st vs etc no gen sen u.n e.u sgt fig cf approx dept col lt jr sr"
)
MOST_SENTENCES = 80
"""More sentences than that are read as one last sentence."""

_CHAT = {
    "u": "you", "ur": "your", "r": "are", "ppl": "people", "w/": "with", "n": "and", "cuz": "because",
    "bc": "because",
    "bcs": "because",
    "bcz": "because",
    "coz": "because",
    "cos": "because",
    "ofc": "of course",
    "gonna": "going to", "wanna": "want to", "gotta": "have to", "thru": "through", "dont": "don't",
    "doesnt": "doesn't",
    "cant": "can't",
    "wont": "won't",
    "isnt": "isn't",
    "arent": "aren't",
    "didnt": "didn't",
    "wouldnt": "wouldn't",
    "couldnt": "couldn't",
    "cudnt": "couldn't",
    "shouldnt": "shouldn't",
    "wasnt": "wasn't",
    "havent": "haven't",
    "hasnt": "hasn't",
    "aint": "isn't",
    "thats": "that's",
    "wld": "would",
    "cld": "could",
    "shd": "should", "govt": "government", "prez": "president", "yrs": "years", "yr": "year", "tho": "though",
    "b4": "before",
    "smth": "something",
    "sth": "something",
    "abt": "about",
    "rly": "really",
    "outta": "out of",
    "kinda": "kind of", "sorta": "sort of", "idk": "I don't know", "rn": "right now", "tmrw": "tomorrow",
    "im": "I'm", "ive": "I've", "youre": "you're", "theyre": "they're", "whats": "what's", "teh": "the",
    "becuase": "because", "becasue": "because", "thier": "their", "alot": "a lot", "gov": "government",
    "bro": "", "dude": "", "lol": "", "lmao": "", "rofl": "", "tbh": "", "ngl": "", "imo": "", "imho": "",
    "bruh": "", "smh": "", "haha": "", "hahaha": "", "omg": "", "lmfao": "",
    "hm": "", "hmm": "", "hmmm": "", "uh": "", "um": "", "er": "",
}  # fmt: skip

GLUE = word_set("""a an the this that these those some any no every each all both much many more most few less least such other
    another same own i you he she it we they me him her us them my your his its our their mine yours who whom whose
    which what when where why how is am are was were be been being do does did done has have had having will would
    shall should can could may might must ought of to in on at by for with from into onto over under up down out off
    about against between among through during before after above below within without across behind beyond near
    and or but nor so yet if then than as because since while although though unless until whether not n't never
    there here too very just only even also still again ever always often really quite rather almost let lets
    don't doesn't didn't isn't aren't wasn't weren't won't wouldn't can't cannot couldn't shouldn't hasn't haven't
    it's that's there's he's she's they're we're you're i'm i've you've they've we've i'd you'd he'd they'd i'll
    you'll he'll she'll they'll we'll it'll what's who's let's one ones nobody nothing anybody anything somebody
    something everybody everything someone anyone everyone none""")
"""Function words: what holds English sentences together and carries no topic."""

CUES = word_set("""because therefore thus hence example instance outweigh outweighs outweighed turn turns undercut undercuts mitigate
    mitigates deny denies concede concedes impact warrant claim evidence according experts expert studies study research
    conclusion furthermore moreover however additionally consequently firstly secondly thirdly finally first second
    third point points argument arguments counterpoint rebuttal rebut refute refutes source sources statistics
    proves proven fact facts reason reasons logic logical important matters matter means result say says said think
    believe agree disagree true false wrong right yes ok okay sure well maybe probably actually basically honestly
    clearly obviously simply good bad better worse great thing things way lot kind side debate motion essay card
    cards magnitude probability timeframe framework contention link internal uniqueness burden weigh weighing
    extend extension clash flow opponent opponents judge judges ballot win wins""")
"""Words of debating itself; whoever says only these has said nothing about the motion."""

COMMON_VERBS = word_set("""make makes made take takes took get gets got give gives gave go goes went come comes came see sees saw know knows
    knew want wants wanted need needs needed keep keeps kept hold holds held lose loses lost win wins won bring brings
    brought break breaks broke build builds built pay pays paid stop stops stopped start starts started end ends ended
    help helps helped hurt hurts work works worked fail fails failed lie lies lied sign signs signed trust trusts show
    shows showed shown lead leads led leave leaves left mean means meant use uses used try tries tried put puts let lets
    find finds found tell tells told ask asks asked talk talks talked learn learns learned teach teaches taught buy buys
    sell sells sold cost costs change changes changed open opens opened close closes die dies died kill kills killed
    fight fights fought attack attacks attacked invade invaded agree agrees agreed refuse refuses refused accept accepts
    save saves saved ruin ruins rearm rearms freeze freezes froze force forces forced push pushes pushed beat beats
    stay stays stayed become becomes became remain remains turn turns turned cheat cheats cheated look looks looked
    feel feels felt happen happens happened prove proves proved care cares trade trades win support supports cut cuts
    ignore ignores""")


@dataclass(frozen=True)
class Token:
    """A word of a text: its lower-case form and where it stands."""

    word: str
    start: int
    end: int


@lru_cache(maxsize=256)
def tokens(text: str) -> tuple[Token, ...]:
    """The words of ``text`` with their places; typographic apostrophes read as plain ones."""
    return tuple(
        Token(m.group().lower().replace("’", "'"), m.start(), m.end()) for m in _TOKEN.finditer(text)
    )


@lru_cache(maxsize=1024)
def words(text: str) -> tuple[str, ...]:
    """The words of ``text`` in lower case, chat spellings written out."""
    out: list[str] = []
    for found in _TOKEN.findall(text):
        word = found.lower().replace("’", "'")
        if word in _CHAT:
            out.extend(_CHAT[word].lower().split())
        else:
            out.append(word)
    return tuple(out)


@lru_cache(maxsize=1 << 14)
def plain(text: str) -> str:
    """``text`` as the encoder should see it: chat spellings written out, laughter and fillers gone.

    The texts of decks are asked for again and again at their start: there is room for those of three large ones.
    """
    found = _TOKEN.findall(text.lower().replace("’", "'"))
    as_written = _CHAT.keys().isdisjoint(found)
    written = text if as_written else _TOKEN.sub(lambda m: _written_out(m.group()), text)
    return " ".join(written.split()) or text.strip()


def _written_out(token: str) -> str:
    return _CHAT.get(token.lower().replace("’", "'"), token)


def stem(word: str) -> str:
    """A crude stem, enough to tell whether two texts share a word."""
    word = word.removesuffix("'s")
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)[:7]
    return word[:7]


@lru_cache(maxsize=1024)
def content(text: str) -> tuple[str, ...]:
    """The stems of the words that carry the topic: no function words, no words of debating, no numbers of points."""
    return tuple(kept for word in words(text) if (kept := _kept(word)) is not None)


@lru_cache(maxsize=1 << 13)
def _kept(word: str) -> str | None:
    """The stem of a word that carries the topic; None for any other."""
    return stem(word) if is_content(word) else None


def is_content(word: str) -> bool:
    return len(word) > 1 and word not in GLUE and word not in CUES and not word.startswith("#")


def glue_share(text: str) -> float:
    """The share of function words; running English has about .45, a list of keywords next to none."""
    found = words(text)
    return sum(w in GLUE for w in found) / max(1, len(found))


def has_verb(text: str) -> bool:
    """Whether a common verb stands in ``text`` (auxiliaries included)."""
    return any(
        w in COMMON_VERBS or w in _AUXILIARIES or w.endswith(("n't", "'re", "'ll")) for w in words(text)
    )


LINKS = word_set("for to of in on at by with from into about and or than")
"""What joins an object to its verb, or two objects."""

_NOUNS_TOO = word_set("""trust talk talks end ends support cut cuts work works change changes cost costs fight fights attack attacks help
    use uses show shows trade trades force forces freeze lead leads look looks win wins lie lies hold sign signs pay
    start starts stop stops need needs push beat stay build close open save cares care find finds""")


def has_sure_verb(text: str) -> bool:
    """Whether a verb stands in ``text`` that cannot be a noun."""
    found = set(words(text))
    return (
        bool(found & (COMMON_VERBS - _NOUNS_TOO))
        or bool(found & _AUXILIARIES)
        or any(w.endswith("n't") for w in found)
    )


_AUXILIARIES = word_set("""is am are was were be been do does did has have had will would shall should can could may might must cannot
    it's that's there's he's she's i'm""")


@dataclass(frozen=True)
class Stretch:
    """A verbatim part of a text and where it starts."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def stretch(text: str, start: int, end: int) -> Stretch:
    """The part of ``text`` from ``start`` to ``end`` without the spaces at its edges."""
    piece = text[start:end]
    return Stretch(piece.strip(), start + len(piece) - len(piece.lstrip()))


def sentences(text: str) -> tuple[Stretch, ...]:
    """The sentences of ``text``; a full stop after a known short form does not end one, a new line does."""
    out: list[Stretch] = []
    at = 0
    for found in _SENTENCE_END.finditer(text):
        if len(out) >= MOST_SENTENCES:
            break
        if found.group().startswith(".") and _is_short_form(text, at, found.start()):
            continue
        out.append(stretch(text, at, found.end()))
        at = found.end()
    out.append(stretch(text, at, len(text)))
    return tuple(s for s in out if s.text)


def _is_short_form(text: str, start: int, stop: int) -> bool:
    before = text[max(start, stop - 12) : stop].split()
    if not before:
        return False
    last = before[-1].lower().lstrip("(\"'“‘")
    return last in _SHORT_FORMS or (len(last) == 1 and last.isalpha() and last != "i")
