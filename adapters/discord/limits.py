"""Discord's limits, as its documentation has them (2026-11). Lengths are in UTF-16 units where we measure them:
whether Discord counts these or code points is not documented, and there are never fewer of them.
"""

CONTENT = 2_000
"""A message's plain text."""

TEXTS = 4_000
"""All texts of one message in components together."""

COMPONENTS = 40
"""All components of one message, nested ones too."""

ROW = 5
"""Buttons in one row."""

LABEL = 80
OPTIONS = 25
OPTION_LABEL = 100
CUSTOM_ID = 100
PLACEHOLDER = 150

FILES = 10
THREAD_NAME = 100

MODAL_TITLE = 45
INPUT_LABEL = 45
INPUT = 4_000

CHOICES = 25
"""Suggestions for an option of a slash command."""

CHOICE = 100
DESCRIPTION = 100

MARGIN = 8
"""Units kept free under every limit of text."""

MESSAGES = 8
"""The most messages one reply is split into; ours, not Discord's. What is left over is cut with a mark."""

FILE_BYTES = 8 << 20
"""An attachment; Discord takes 10 MiB."""
