"""The history of the schema. A released revision is never edited; a change is a new file in ``versions``,
its number at the end of ``bot.store.files.REVISIONS``."""
