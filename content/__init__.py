"""Essays as structured debate cards: what a deck is, and how one is loaded, checked and drafted.

Knows no database, no chat platform and no debate in progress.
"""
