"""The store: debates, messages, results and settings in one SQLite file, and the only importer of sqlmodel.

    errors   what can go wrong                     (standard library only)
    files    names, schema history, lock           (standard library only)
    peek     a look before anything is loaded      (standard library only)
    archive  one debate read beside a running window
    values   what goes in and comes out            store   the door: ``Store``
    tables   the schema                            migrate, migrations   how it came to be
    changes  what a write does                     queries what a read asks
    writer   the one thread that writes            care    backup, health

Import the module you need; this one imports nothing, so that a terminal can peek within milliseconds.
Must not know rules of debate, words, or platforms.
"""
