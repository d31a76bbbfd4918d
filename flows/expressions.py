"""Conditions and computations in a script: a small allow-listed grammar, never `eval`."""
