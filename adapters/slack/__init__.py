"""Gadfly in Slack: slash command, threads, forms, buttons, App Home. What it shares with Discord is in ``adapters.chat``.

This package imports nothing, so that ``gadfly`` starts without Bolt.
"""
