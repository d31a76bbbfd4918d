"""What does not fit between a centre and the bots it serves: names that only one of them knows, queues for which nobody
has the skills. None of it is an error: a queue that is not in the plan has the defaults, and people of other systems
bring skills of their own. But a call that waits for nobody looks the same from outside.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from huashu.flows.findings import nearest
from huashu.flows.graph import all_moves
from huashu.flows.script import HandOff, Script
from huashu.handoff.plan import Plan
from huashu.handoff.routing import qualified
from huashu.handoff.wording import ADVICE, SUMMARY, words


def queues_of(script: Script) -> list[str]:
    """The queues that a script hands over to, in order of their place in it."""
    return list(dict.fromkeys(move.queue for move in all_moves(script) if isinstance(move, HandOff)))


def advice(plan: Plan, scripts: Iterable[Script]) -> list[str]:
    """A sentence for each, in the language of the centre."""
    return [words(ADVICE, code, plan.language, **values) for code, values in _found(plan, scripts)]


def _found(plan: Plan, scripts: Iterable[Script]) -> Iterator[tuple[str, dict[str, str]]]:
    for script in scripts:
        for name in queues_of(script):
            if plan.queues and name not in plan.queues:
                like = nearest(name, plan.queues)
                yield ("like" if like else "unnamed"), {"bot": script.name, "queue": name, "like": like}
    for queue in plan.queues.values() if plan.agents else ():
        if not any(qualified(agent, queue.name, queue.skills) for agent in plan.agents.values()):
            asked = "、".join(f"{skill} {level}" for skill, level in queue.skills) or "-"
            yield "nobody", {"queue": queue.name, "skills": asked}


def summary(plan: Plan, at: float) -> list[str]:
    """A line for each queue: whether it is open at an instant (Unix seconds), or when it will be, and who serves it."""
    lines = []
    for queue in plan.queues.values():
        opens = plan.opening(queue, at)
        shown = datetime.fromtimestamp(opens, UTC).astimezone(ZoneInfo(plan.zone)).strftime("%Y-%m-%d %H:%M")
        state = words(SUMMARY, "open" if opens <= at else "opens", plan.language, at=shown)
        able = [agent.name or id_ for id_, agent in plan.agents.items() if qualified(agent, queue.name, queue.skills)]
        people = words(SUMMARY, "serve" if able else "anybody", plan.language, people="、".join(able))
        lines.append(f"{queue.name}: {state}; {people}")
    return lines
