"""What holds for every test."""

from __future__ import annotations

import signal

# A shell that starts the tests in the background leaves SIGINT ignored, and what they start would inherit that:
# then no Ctrl-C could be tested.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
