"""The core: debates as transcripts, the reading of messages, the words, and the store. Knows no platform."""
