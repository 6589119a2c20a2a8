"""The coach: the one door of the core, on a real store."""
