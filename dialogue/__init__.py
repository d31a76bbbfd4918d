"""The dialogue engine: a value machine. Events and instants in, actions and one deadline out.

No I/O, clock, randomness, thread or logging in this room; `tests/test_house.py` bans the imports.
"""
