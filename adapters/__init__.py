"""How people reach the bot: one package a platform, and the command line that puts everything together.

An adapter turns a native event into a ``Request`` and a ``Reply`` into a native payload. It must not know rules, SQL or
words; no adapter imports another.
"""

VERSION = "0.1.0"
"""As in ``pyproject.toml`` (a test compares them); asking the installed package costs 30 ms."""
