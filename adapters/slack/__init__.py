"""Gadfly in Slack: slash command, threads, forms, buttons, App Home. What it shares with Discord is in ``adapters.chat``.

    inbound    a message, command, press or form -> ``Request``          (pure)
    render     ``Reply`` -> messages within Slack's limits               (pure)
    views      the forms and the App Home, and what forms say            (pure)
    text       text that is safe to show in Slack, and what was typed    (standard library)
    limits     Slack's limits                                            (constants)
    words      the sentences that only Slack needs                       (constants)
    manifest   what the bot is to Slack, pasted there                    (standard library)
    pace       one message a second in a channel                         (standard library)
    client     the events of Slack and what is done with each
    showing    an answer into Slack
    web        Slack's Web API, as far as it is used
    transport  Socket Mode, and signed requests
    run        starts, stops and checks it

This package imports nothing, so that ``gadfly`` starts without Bolt.
"""
