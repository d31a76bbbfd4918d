"""What every room speaks: events, actions, expectations, audio frames, ids, errors.

Standard library only; nothing here imports another room of Huashu.
"""
