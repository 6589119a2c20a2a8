"""Turns of phrase that show a move, as patterns; each is a hint that a head weighs, never a verdict.

This module must not know decks, debates or vectors.
"""

from __future__ import annotations

import re

from content.deck import Move

Pattern = re.Pattern[str]


def _any(*patterns: str) -> Pattern:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


CONCEDES = _any(
    r"\b(?:fair|good|valid|strong) (?:point|enough|argument)\b(?! but not)",
    r"\bi(?:'ll| will)? (?:concede|grant you|give you (?:that|"
    r"this))\b",
    r"\bi(?:(?:'?ll| will| must| have to| do) (?:give|grant|hand) (?:you|u) (?:that|this|#?\d)|"
    r" (?:give|grant|hand) (?:you|u) (?:that one|this one|#\d))",
    r"#\d+ is (?:(?:a|quite|really|probably|actually|very) )*(?:fair|true|right|correct|good point|fair point|solid)\b"
    r"(?! (?:but|only if|for))",
    r"\byou(?:'re| are) (?:(?:absolutely|totally|completely|probably|quite) )?right\b(?! now)",
    r"\bi (?:(?:fully|totally|completely|have to|must|"
    r"do) )?(?:agree|admit|accept)\b",
    r"\bcan(?:'t|not) (?:argue|disagree) with\b",
    r"\bno (?:answer|reply|response|counter) to (?:that|"
    r"this|it|#)",
    r"\bpoint taken\b",
    r"\byou (?:got|have) me\b",
    r"\bi was wrong\b",
    r"\bi stand corrected\b",
    r"\byou(?:'ve| have)? convinced me\b",
    r"\byou (?:win|won|take) (?:on )?(?:that (?:one|point)|this (?:one|point)|(?:point |number )?#\d)",
    r"\bthat'?s (?:(?:a|really|actually|very|quite) )?(?:fair|"
    r"true|right|correct|a fact)\b(?! (?:but|only if|for))",
    r"^(?:(?:ok|okay|yes|yeah|well|hm+|alright|fine),? )*(?:true|"
    r"fair|granted|agreed|conceded|correct|touch[eé])\b(?=[.,!]|"
    r"$)",
    r"\byou(?:'ve| have)? (?:do )?(?:got|have|made|make) a (?:(?:very|"
    r"really|pretty) )?(?:point|good|fair|strong|valid|"
    r"solid)",
    r"\b(?:hard|difficult|tough|impossible) to (?:argue|"
    r"disagree|deny|dispute|answer)\b",
    r"\bcan(?:'t|not) (?:deny|dispute|refute|contradict|"
    r"answer) (?:that|this|it|#)",
    r"\b(?:i|we) (?:won't|will not|wouldn't|don't) (?:deny|"
    r"dispute|argue|fight|contest|disagree)\b",
    r"\bi(?:'d| would)? (?:have to |must |can only )?(?:agree|"
    r"admit|accept|grant)\b",
    r"\b(?:i|we) (?:don't|do not) have (?:an? |any )?(?:good )?(?:answer|"
    r"reply|response|counter)",
    r"\bi(?:'m| am) (?:convinced|persuaded)\b",
    r"\byou(?:'re| are) not wrong\b",
    r"\bi take (?:back|that back|your point)\b",
)  # fmt: skip

GOES_ON = _any(
    r"\b(?:but|however|yet|still|though|although|even so|nevertheless|nonetheless|that said|only not|except)\b"
)
"""After a polite nod, these words take it back."""

MOVES: dict[Move, Pattern] = {
    Move.DENY: _any(
        r"\b(?:not|isn't|wasn't|aren't|isnt|never) (?:even )?(?:true|"
        r"so|the case|correct|accurate)\b",
        r"\b(?:is|are|was|that's) (?:simply |just |plain )?(?:false|"
        r"wrong|untrue|a myth|a lie|nonsense)\b",
        r"\bnever (?:happened|did|was|were|had)\b",
        r"\bno (?:evidence|proof|sign)\b",
        r"\bin fact,? (?:it|they|he|she|the)\b.*\b(?:not|"
        r"never|no|n't)\b",
        r"\b(?:i|we) (?:deny|dispute|reject|disagree)\b",
        r"\bthe (?:facts|record|numbers|opposite is true)\b",
        r"^(?:no|nope|wrong|false)\b[,. !]",
        r"^(?:lol|haha|ha|ugh|pff|meh)?,? ?(?:no|nope|nah|wrong|false)\W*$",
        r"\bdid(?:n't| not)\b.*\bat all\b",
        r"\bthe record (?:shows|says)\b",
        r"\bnot what happened\b",
        r"n't\b[^.!?]{0,30}\bat all\b",
        r"\bstill (?:has|have|had|demands?|wants?|says?|needs?|does|do|is|are)\b",
    ),
    Move.MITIGATE: _any(
        r"\b(?:only|just) (?:a )?(?:few|part|partly|some|"
        r"small|minor|little|temporar)",
        r"\bnot (?:as|so|that|nearly as) (?:bad|big|much|"
        r"strong|serious|many|often|simple|severe|great|"
        r"large)\b",
        r"\b(?:less|fewer|smaller|weaker) (?:\w+ )?(?:than|of)\b",
        r"\b(?:exaggerat|overstat|overblown)",
        r"\b(?:can|could|may) be (?:reduced|limited|managed|"
        r"handled|solved|softened|dealt)",
        r"\b(?:small|minor|limited|rare|manageable|temporary)\b",
        r"\bto some (?:extent|degree)\b",
        r"\bin part\b|\bpartly\b",
        r"\bsafeguards?\b|\bexceptions?\b",
        r"\bnot (?:all|every|always|entirely|completely)\b",
        r"\bstops? short\b",
        r"\bsome(?:what)?\b.*\bbut\b",
        r"\ba bit\b",
        r"\bnot impossible\b",
    ),
    Move.UNDERCUT: _any(
        r"\bdo(?:es)?(?:n't| not) (?:follow|mean|prove|show|"
        r"make|tell|establish|imply)\b",
        r"\b(?:prove|proves|says|tells us|shows?) (?:nothing|"
        r"little|very little)\b",
        r"\bjust because\b",
        r"\bcorrelation\b",
        r"\bnot (?:a |the )?(?:reason|proof|evidence|same)\b",
        r"\b(?:different|another|other) (?:thing|matter|"
        r"question|situation|case|time|era)s?\b",
        r"\byou(?:'re| are)? (?:assum|confus|mix|conflat|"
        r"jump)",
        r"\bassum(?:es|ption|ing)\b",
        r"\bcan(?:'t|not) (?:prove|show|compare|conclude|"
        r"tell)\b",
        r"\bno(?:t)? (?:link|connection|related|comparable)\b",
        r"\bone (?:example|case|study|summit|meeting)\b",
        r"\b(?:do|does)(?:n't| not) exist\b",
        r"\banalogy\b|\bcomparison\b",
        r"\bwhy should (?:that|this|it)\b",
        r"\bhow does (?:that|this|it)\b",
    ),
    Move.TURN: _any(
        r"\b(?:exactly|precisely|that's|that is|the very reason|"
        r"this is|and that is|which is) (?:exactly |precisely )?why\b",
        r"\bon the contrary\b",
        r"\bother way (?:a?round|about)\b",
        r"\bbackwards?\b",
        r"\b(?:proves|supports|makes|helps|strengthens) (?:my|"
        r"our|us|me)\b",
        r"\b(?:my|our) (?:case|side)\b",
        r"\bis (?:actually |exactly |precisely )?(?:a|the|"
        r"an argument) (?:reason|argument)?\s*(?:for|to)\b",
        r"\bthe opposite (?:happens|effect|result)\b|\bopposite\b",
        r"\b(?:precisely|exactly) because\b",
        r"\bmore reason\b|\ball the more\b|\beven more (?:need|"
        r"likely|important|necessary)\b",
        r"\b(?:actually|really) (?:helps?|makes?|good|increases?|"
        r"means?)\b",
        r"\bbackfir",
        r"\bworks? against you\b",
        r"\b(?:they|it|he|she|that|this) (?:don't|doesn't|didn't|won't|do not|does not|did not|will not) "
        r"[^.!?,;]{2,30}[,;] (?:they|it|he|she|that|this)(?: \w+)? \w+s?\b",
        r"\b(?:bigger|worse|weaker|stronger|more|less|harder|longer|closer|smaller|better|\w{3,}er),? (?:and )?not "
        r"(?:bigger|worse|weaker|stronger|more|less|harder|easier|longer|closer|smaller|better|shorter|\w{3,}er)\b",
        r"\b(?:takes?|took) (?:that|the|this|any|every) (?:chance|hope|trust|incentive|reason) away\b",
        r"\bagainst (?:your|you)\b",
        r"\b(?:cuts|works|counts) (?:the other|in (?:my|"
        r"our)|for (?:my|our|us))",
    ),
    Move.OUTWEIGH: _any(
        r"\bmatters? (?:far |much |a lot )?(?:more|less|"
        r"most)\b",
        r"\boutweigh",
        r"\bmore important\b|\bmost important\b",
        r"\beven if\b(?!.*(?:follow|prove))",
        r"\beven so\b",
        r"\b(?:bigger|greater|larger|worse|heavier|higher) (?:than|"
        r"problem|harm|danger|risk|good|issue|question|picture|"
        r"price|stake)",
        r"\b(?:far|much) (?:worse|greater|bigger|more)\b",
        r"\bsmall price\b|\bworth (?:it|the|more|that)\b",
        r"\bcompared (?:to|with)\b",
        r"\bcounts? (?:far |much )?more\b",
        r"\b(?:suppose|grant(?:ed)?|say|assume) (?:that |"
        r"all that|you)",
        r"\bpriorit",
        r"\bcomes? first\b",
        r"\bat stake\b|\bstakes\b",
        r"\brather\b.*\bthan\b",
        r"\bbetter than (?:nothing|none|no)\b",
        r"\blives\b",
    ),
    Move.CONCEDE: CONCEDES,
    Move.DODGE: _any(
        r"\b(?:let's|lets) (?:talk|move|not|change|focus|"
        r"look)\b",
        r"^\W*(?:anyway|whatever|moving on)\b|\b(?:anyway|whatever),|\bnext (?:point|topic)\b",
        r"\bwho cares\b",
        r"\bas i (?:said|already)\b",
        r"\bnot (?:going to|gonna) (?:answer|respond|go)\b",
        r"\bwhat about\b",
        r"\bdon't (?:care|want to)\b",
        r"\bno comment\b",
        r"\bbeside the point\b",
        r"\bthe real (?:issue|question)\b",
    ),
}  # fmt: skip

TURNS_IMPACT = _any(
    r"\b(?:that|this|which|it)(?:'s| is| would be| are)? "
    r"(?:actually |exactly |only |really )?(?:a )?(?:good|welcome|healthy|useful|desirable)\b",
    r"\b(?:a good thing|no bad thing|not a bad thing|nothing bad|to be welcomed|a benefit|an advantage|a blessing)\b",
)
TURNS_LINK = _any(
    r"\bopposite\b|\bon the contrary\b|\bother way (?:a?round|about)\b|\bbackwards?\b|\bbackfir",
    r"\b(?:leads?|led|brings?|causes?|drives?|pushes|makes?|helps?|forces?|creates?)\b.*\b(?:instead|more|closer|less|likely)\b",
    r"\b(?:more|less) likely\b|\b(?:exactly|precisely) (?:why|because)\b|\bthat(?:'s| is) why\b",
)
