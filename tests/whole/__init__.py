"""Whole debates with the real reader: what no part can show alone."""
