"""Figures, not verdicts: run by hand."""
