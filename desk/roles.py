"""What each role may ask of the centre. That an agent touches only their own conversations is the
centre's to see to.

A designer writes scripts and has no caller in front of them; an admin may do all a supervisor may, and see the audit.
"""

from collections.abc import Mapping
from typing import Literal, get_args

from huashu.handoff import commands
from huashu.handoff.views import Role

_ALL = frozenset(get_args(commands.Command))
_SUPERVISORS = frozenset({commands.Supervise, commands.Pull})

MAY: Mapping[Role, frozenset[type]] = {
    "agent": _ALL - _SUPERVISORS,
    "supervisor": _ALL,
    "admin": _ALL,
    "designer": frozenset(),
}


def may(role: Role | Literal[""], command: commands.Command) -> bool:
    """role: empty for who is not known, and may nothing."""
    return role != "" and type(command) in MAY[role]
