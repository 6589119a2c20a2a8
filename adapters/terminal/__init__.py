"""Gadfly in a terminal and in a pipe.

    start    what is shown and understood before the bot is loaded   (standard library)
    text     text that is safe to show in a terminal                 (standard library, wcwidth)
    inbound  a line -> ``Request``                                   (pure)
    render   ``Reply`` -> lines of text or JSON                      (pure)
    run      the only input and output

This package imports nothing, so that the first words are on the screen before anything heavy is loaded.
"""
