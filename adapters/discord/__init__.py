"""Gadfly in Discord: slash commands, threads, buttons. What it shares with Slack is in ``adapters.chat``.

    inbound   a message, command, press or form -> ``Request``        (pure)
    render    ``Reply`` -> messages within Discord's limits           (pure)
    text      text that is safe to show in Discord                    (standard library)
    limits    Discord's limits                                        (constants)
    words     the sentences that only Discord needs                   (constants)
    layout    rendered messages -> discord.py's views                 (no input or output)
    tree      the slash commands, built from the command table
    client    the events of Discord and what is done with each
    showing   an answer into Discord
    run       starts, stops and checks it

This package imports nothing, so that ``gadfly`` starts without discord.py.
"""
