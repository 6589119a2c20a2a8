"""Databases of every released schema, as SQL. Never edited: they must open for ever.

``python -m tests.store.museum`` prints the present schema's, for the day its successor is begun.
"""
