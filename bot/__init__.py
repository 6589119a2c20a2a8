"""The core: debates as transcripts, the reading of messages, the words, and the store. Knows no platform."""

import os

# Before numpy is first imported: products as small as the reader's take longer on several threads than on one.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
