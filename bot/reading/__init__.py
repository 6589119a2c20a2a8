"""What a message says: the encoder and the heads on top of it. Knows no debate, no SQL, no platform."""
