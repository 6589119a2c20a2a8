"""The voice: every sentence a person sees."""
