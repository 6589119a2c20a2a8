"""The pure rules of a debate: entries, replay, commands, flow, judging, the opponent.

No I/O, no clock, no chance: ``now`` and ``seed`` are arguments.
"""
