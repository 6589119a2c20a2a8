"""Slack's limits, as its documentation and its client have them (2026-11). Lengths are in UTF-16 units where we measure
them: whether Slack counts these or code points is not documented, and there are never fewer of them.
"""

BLOCKS = 50
"""Blocks of one message."""

VIEW_BLOCKS = 100
"""Blocks of a form or of the App Home."""

TEXTS = 9_000
"""All texts of one message together; ours. Slack documents none, and has refused messages with 11,300."""

TEXT = 3_900
"""The plain text of a message; ours. Slack advises 4,000 and cuts at 40,000."""

SECTION = 3_000
"""The text of a section, or of any text object without a limit of its own."""

RICH = 3_000
"""All words of one rich text; ours, Slack's only limit is that of the message."""

HEADER = 150

CONTEXT = 10
"""Elements of a context."""

ACTIONS = 25
"""Buttons or selects of one actions block."""

LABEL = 75
"""The label of a button."""


OPTIONS = 100
OPTION_LABEL = 75
OPTION_VALUE = 150
OPTION_DESCRIPTION = 75
PLACEHOLDER = 150

CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30

ID = 255
"""The id of a block, an action or a form."""

TABLE_ROWS = 100
"""Rows of a table, the head too. A message holds one table."""

TABLE_COLUMNS = 20

TABLE_TEXTS = 8_000
"""All cells of a table together; Slack takes 10,000."""

CELL = 1_000
"""One cell of a table; ours: what is longer reads better in a list."""

MODAL_TITLE = 24
"""The title of a form."""

PRIVATE_METADATA = 3_000
"""What a form carries along."""

INPUT = 3_000
"""The words of one field of a form."""

MARGIN = 8
"""Units kept free under every limit of text."""

MESSAGES = 8
"""The most messages one reply is split into; ours, not Slack's. What is left over is cut with a mark."""

FILE_BYTES = 8 << 20
"""A file; ours, Slack takes 1 GB."""
