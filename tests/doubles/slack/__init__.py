"""A double of Slack that the real, unpatched slack-bolt and slack_sdk talk to over loopback.

It speaks what platforms speak: the Web API, Socket Mode (tickets, hello, envelopes, acknowledgements, refreshes) and
signed deliveries to a URL, checks every message and view against slack_sdk's models and the documented rules that they
lack, and gives a driver for the people on the other side. It knows nothing of any bot, and shares no number with one.

    async with Slack(manifest, ack_window=1.0) as slack:    # scopes, events, commands: only what is declared there
        channel = slack.channel("debates")                  # member=True: the app is in it; private=False
        ann = slack.user("ann", channels=[channel])         # looks at ann.place, the first of them; ann.dm
        # AsyncWebClient(slack.bot_token, base_url=slack.api), slack.app_token, slack.signing_secret
        await slack.connected()                             # a socket is open
        done = await ann.command("/debate", "start phones", at=channel)      # acknowledged, or Unanswered is raised
        done.acknowledged, done.text, done.messages, done.modal, done.error
        await ann.says(channel, "Phones distract, because ...", thread=done.message)
        reply = await ann.hears(channel, "What I heard", thread=done.message)
        form = (await ann.clicks(reply, "Reply")).modal     # by label or action_id
        await ann.submits(form, {"speech": "..."})          # by action_id or block_id; .errors, .modal

`slack.deliver_by_http(url)` sends the same payloads, signed, to a URL instead; `slack.connected()` then waits until the
URL answers Slack's challenge, and `slack.verify_url()` asks it once. `slack.deliver_raw(payload, secret=, timestamp=,
headers=)` sends anything, signed as a test likes, and gives the status.

Places and people (made before or while an app is connected; events go out for what is in the second line):
    slack.channel(name, member=True, private=False)   .user(name, admin=False, channels=(), owner=False)   .group_dm(*p)
    slack.invite(channel)  .kick(channel)  .archive(channel)  .revoke_token()
    slack.bot (User with id, bot_id, app_id, name, mention), slack.team

What a person does; each is awaited, and AssertionError is raised where Slack's client would not let him:
    command("/name", text, at=channel)   clicks(message_or_view, label_or_action_id, block=None)
    selects(message_or_view, action_id, value, block=None)   submits(view, values)   closes(view, everything=False)
    says(channel, text, thread=None, broadcast=False)   tells(text)   edits(message, text)   deletes(message)
    reacts(message, name)   joins(channel)   leaves(channel)   opens_home() -> View or None   opens_messages_tab()
    hears(channel, text="", thread=None, within=5.0, seen=None) -> Message
and at once: sees(channel, thread=None), home, modal, place, dm, id, name, mention. `thread` is any message of it or
the ts of its first. What is typed is turned into what Slack makes of it: "@ann", "@channel" and "#debates" into
mentions, addresses into links, & < > escaped, with rich_text blocks beside it.

A `Message` or `View` shows: text_shown (all words in its blocks, line by line), buttons (label: action_id), selects;
a message also text, words (both), blocks, ts, thread_ts, ephemeral_for, metadata, files, edited, deleted, versions,
pings (whom it calls), links (addresses it makes links of), unfurls; a view also title, submit, inputs, hash,
callback_id, private_metadata, errors, open. Both are live: edits show in them.

Time and waiting: `slack.pass_time(seconds)` moves Slack's clock (triggers die after 3 s, response_urls after 30
minutes, pace and redelivery go by it); `await slack.until(lambda: ..., within=5.0)` looks again at every change;
`await slack.settled()` waits until nothing is on its way to the app. No test has to sleep.

Delivery: an event that is not acknowledged within `slack.ack_window` comes again, with retry_attempt 1 to 3 after
`slack.retry_delays` (0, 60 and 300 s). While no socket is open events wait for the next one, as failed attempts, until
those times are over. `slack.duplicate = 0.2` delivers that share of the events twice (`slack.seed(n)` decides which),
`await slack.again()` the latest one once more. `slack.sockets` has refresh(), warn(), drop(), disable(), close(), and
.live, .opened, .received, .silent. `slack.events` is all that went to the app (each with payload, event, attempts,
acknowledged, over), `slack.acks` what was acknowledged, as (kind, seconds).

Faults and rates:
    slack.fail.append(("chat.postMessage", 500))          once; an int is an HTTP status (429 with a third item
                                                          retry_after, 0 cuts the connection), a str an error of
                                                          Slack's; a fourth item True lets the request have its effect
                                                          first. response_url and upload can be named as well.
    slack.pace = Pace(burst=8, per_second=1.0) or None    chat.postMessage per channel; slack.refused_for_pace
Everything asked is in `slack.requests` (`slack.asked("chat.")`): method, args, token, at, status, answer, error.

Raised as AssertionError when the double is left (`slack.problems`): methods and arguments that Slack does not have,
blocks without text, threads named by a reply, acknowledgements that Slack could not use, answers to presses that do not
say whether they replace. Lengths are counted in UTF-16 units, the stricter of the two ways that Slack may count.

What it does not do: it does not turn the app's text into other text or blocks as Slack does (bare & and addresses stay
as they are), does not split long messages, parses no formatting that people type (*bold*, lists, code), and has no
shortcuts, options for external selects, assistant threads, scheduled or streamed messages, OAuth, or tiers of rates.
"""

from .delivery import Ack, Attempt, Delivery, Unanswered
from .interactions import Interaction
from .people import Person
from .server import Slack
from .state import Bot, Channel, File, Message, User, View
from .webapi import Request
from .world import Pace

__all__ = [
    "Ack",
    "Attempt",
    "Bot",
    "Channel",
    "Delivery",
    "File",
    "Interaction",
    "Message",
    "Pace",
    "Person",
    "Request",
    "Slack",
    "Unanswered",
    "User",
    "View",
]
