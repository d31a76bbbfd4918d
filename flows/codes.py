"""What kinds of findings there are, by their codes: warnings, causes and what only follows from them.

Every code that is no warning is an error. Their words are in huashu.flows.messages.
"""

from typing import Final

WARNINGS: Final = frozenset(
    {
        "actions_elsewhere", "call_link_loop", "dead_answer", "default_ladder", "disclosure_skipped",
        "experiment_unused", "flow_unused", "form_hidden", "given_unused", "hours_unused", "identity_open",
        "keep_unset", "lines_unlisted", "long_line", "needs_unmet", "no_ai_disclosure", "no_lines_file",
        "no_translation", "not_read", "rung_unreachable", "same_examples", "shadowed_anytime", "unbounded_loop",
        "unknown_language", "unknown_result", "unset_variable", "unused_translation",
    }
)  # fmt: skip
"""Codes that do not keep a bot from running."""
STRICT: Final = frozenset({"unbounded_loop"})
"""Warnings that are errors for `huashu check --strict`."""

CAUSES: Final = frozenset(
    {"unknown_key", "wrong_type", "unknown_variable", "duplicate_key", "mixed_spelling", "colon_full", "colon_space"}
)
"""Something of a step is lost, and with it what the step leads to …"""
IDLE: Final = frozenset({"given_unused", "flow_unused"})
CONSEQUENCES: Final = IDLE | frozenset(
    {
        "ask_without_answers",
        "collect_without_prompt",
        "key_without_answer",
        "part_alone",
        "rung_after",
        "unreachable_step",
    }
)
"""… so these may be true of what was read and not of what was meant. They are told when their causes are mended."""
KEYED: Final = frozenset(
    {"any_of_alone", "identity_open", "part_alone", "two_moves", "default_ladder", "not_canonical"}
)
"""Their words are keys or types."""
