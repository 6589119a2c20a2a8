"""``python -m tests.readme``: record the README's debate anew and write the README's made parts."""

from tests.readme import write

write()
