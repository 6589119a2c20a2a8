"""Every sentence a person sees that is not a deck's: from entries and values to blocks of a ``Reply``.

    telling   the debate told: what the bot says in each speech, and what it heard
    ballot    score, ballot, redo
    desk      answers to the other commands: help, motions, cards, why, contest, leaderboard ...
    errors    refusals and errors in plain words

Pure. This package must not know platforms, SQL, or how anything is decided.
"""
