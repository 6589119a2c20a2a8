"""The sentences that only Slack needs: forms, App Home, places, starting and stopping.

What is said about a debate is the bot's (``bot.voice``).
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.slack.text import line

# --- forms and the App Home ---

START_TITLE = "A new debate"
START = "Start"
SEND = "Send"
CANCEL = "Cancel"
SAVE = "Save"
MOTION = "Motion"
SIDE = "Your side"
LEVEL = "Level"
MORE = "And"
FIRST = "I open the debate"
ANEW = "Leave the debate that is open here"
LEVELS = {
    "novice": "one point a turn, and hints",
    "intermediate": "two points a turn",
    "advanced": "presses every open point",
}

HOME_TITLE = "Gadfly"
HOME_ABOUT = "Practise debating: pick a motion and a side, and I argue the other one from my cards."
HOME_OPEN = "Your open debates"
HOME_NONE = "None. Pick a motion below, or type /debate anywhere."
HOME_RESULTS = "Your last results"
HOME_NO_RESULTS = "No finished debate yet."
HOME_MOTIONS = "Motions"
HOME_DATA = "Your data"
HOME_STORED = "I keep your words, what I read in them and your scores, until you delete them. Nothing of it leaves the computer I run on."
HOME_SETTINGS = "Settings of this workspace"
DEBATE_IT = "Debate this"
GO_THERE = "Go there"
CHANGE = "Change"
DELETE = "Delete my data"

SURE = "Sure?"
SURE_ABOUT = "This cannot be undone."
YES = "Yes"
NO = "No"

SETTINGS_TITLE = "Settings"
OFFERED = "Motions offered here (none chosen: all)"
STARTERS = "Who may start debates (nobody chosen: everyone)"
PRIVATE = "Where debates take place"
IN_MESSAGES = "In direct messages with me, not in channels"
NOT_MANAGER = "Only admins of the workspace can change the settings."

# --- places ---

NOT_ALLOWED = (
    "In this workspace only some people may start debates. An admin chooses who, in Gadfly's App Home."
)
GO_ON_HERE = "Your debate is here, in direct messages: {why}"
NO_MEMBER = "I am no member of the channel you wrote in. To debate there, invite me: /invite @Gadfly"
ALWAYS_PRIVATE = "in this workspace debates are private."
NOT_OPENED = "I could not open a thread here ({code}). Invite me with `/invite @Gadfly`, or write to me directly; the debate waits for you."
FILE_SENT = "The file is in our direct messages."
FILE_NOT_SENT = "The file could not be sent ({code}). Ask for it again in a moment."
NOT_HEARD_IN_FORM = (
    "This form belongs to an earlier debate. Copy your words, close it, and use the newest message."
)

SLOW = "Slack itself does not answer me just now, and I took nothing. Type it again in a moment."
NOT_TAKEN = "My store does not take anything just now, and I did not keep this. Send it again later:"
ONLY_WORDS = "I read only words: a picture, a file or a voice message says nothing to me."
NO_DEBATE = (
    "You have no debate here. `/debate` begins one; in direct messages with me you can simply type `!start`."
)
REMOVED = "I am no member of the channel of your debate any more, so I cannot answer there. After `/invite @Gadfly` I say what I owe you."
GONE = "The place of your debate is gone, so I cannot answer there. `/debate` begins a new one."

FOREIGN = "mute"
"""The reaction to words that are not heard: the debate is somebody else's."""


def moved(link: str, why: str = "") -> str:
    """Where a debate goes on, as mrkdwn; ``link`` is an address of Slack's."""
    return f"<{link}|Your debate is here>{'; ' + why if why else '.'}"


def which(many: int) -> str:
    """That several debates are open here, and the person must choose."""
    return f"You have {many} debates open in this channel. Which one do you mean?"


def say_there(debates: Sequence[tuple[str, str]]) -> str:
    """Where somebody can speak, as mrkdwn: the titles of their open debates and the addresses of these."""
    if not debates:
        return NO_DEBATE
    links = ", ".join(f"<{link}|{line(title)}>" for title, link in debates)
    return f"I hear you in your debate's own thread, and in direct messages. Yours: {links}."


def soon(seconds: int) -> str:
    """When a thread opens in a channel where much is said."""
    return f"Much is said here just now: your thread opens in about {seconds} seconds."


# --- on the console ---

NO_BOT_TOKEN = "There is no bot token. Put SLACK_BOT_TOKEN=xoxb-... into the environment or .env; README.md, “Slack”, says where it is."
NO_APP_TOKEN = (
    "There is no app-level token. Put SLACK_APP_TOKEN=xapp-... into the environment or into .env; README.md, “Slack”, says "
    "where to get it. (Without Socket Mode: gadfly slack --http 127.0.0.1:3000.)"
)
NO_SECRET = (
    "There is no signing secret, so requests by HTTP cannot be told from forged ones. Put SLACK_SIGNING_SECRET=... into the "
    "environment or into .env: https://api.slack.com/apps, your app, Basic Information, App Credentials."
)
WRONG_KIND = "{name} begins with {start}, but must be {wanted}."
WANTED = {
    "xoxb-": "the bot token, which begins with xoxb- (your app, OAuth & Permissions)",
    "xapp-": "the app-level token, which begins with xapp- (your app, Basic Information)",
}
BAD_BOT_TOKEN = (
    "Slack does not accept the bot token ({code}). Copy it again, whole: https://api.slack.com/apps, your app, OAuth & Permissions, "
    "Bot User OAuth Token; if the app is not installed there, install it first."
)
BAD_APP_TOKEN = (
    "Slack does not accept the app-level token ({code}). Make one with the scope connections:write: https://api.slack.com/apps, "
    "your app, Basic Information, App-Level Tokens; and switch Socket Mode on."
)
OTHER_APP = "The two tokens belong to different apps ({bot} and {app}). Copy both from the same app: https://api.slack.com/apps."
UNREACHABLE = "Slack cannot be reached{at} ({error}). Is there a network? Start it again later; what was said meanwhile is heard then."
NO_SOCKET = (
    "No socket can be opened to Slack, although the token is good. Does a firewall or a proxy keep websockets out? It is tried "
    "again; without sockets: gadfly slack --http 127.0.0.1:3000."
)
REFUSED = "Slack refused {what} ({code})."
PORT_TAKEN = (
    "Nothing can listen at {address} ({error}). Name another address: gadfly slack --http 127.0.0.1:3001."
)
BAD_HTTP = "--http and GADFLY_SLACK_HTTP want HOST:PORT, like 127.0.0.1:3000, not {value!r}."
NO_CHANNEL = "the bot is in none yet; debates there need /invite @Gadfly. Direct messages work at once."
NOT_TOLD = (
    "Slack tells nobody by token whether the slash command, the events and interactivity are set up: if /debate or the buttons do "
    "nothing, paste the manifest again (gadfly slack manifest)."
)


def missing_scopes(scopes: Sequence[str]) -> str:
    """Which scopes the bot lacks, and what to do."""
    return (
        f"the bot lacks {', '.join(scopes)}. Paste the manifest again (gadfly slack manifest) and install the app anew: "
        "https://api.slack.com/apps, your app, App Manifest, then Install App."
    )
