"""The briefing: all that is known of a conversation, as the person who takes it over reads it. Nothing that stands in
it needs to be asked again. Private values are masked by type; `Unmask` fetches the whole, on record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.flows.script import Script, Variable
from huashu.handoff import forms, views
from huashu.handoff.line import Line
from huashu.handoff.masking import MASKED, masked, masked_words
from huashu.handoff.plan import Plan, Queue
from huashu.handoff.state import Case
from huashu.handoff.transcript import Transcript
from huashu.handoff.wording import QUOTED, REASONS, words
from huashu.knowledge.retrieval import Retriever
from huashu.values.registry import display

VERSION = 1
"""Of the packet: raised when a field changes its meaning; new fields do not raise it."""
SUGGESTED = 3
"""Answers of the bot's knowledge beside the canned phrases."""
LIKELY = 0.2
"""Confidence from which an item is worth a person's glance; the bot's own threshold is higher."""


@dataclass(slots=True)
class Stages:
    """What the case has been through, and what its agents have added."""

    lines: list[str] = field(default_factory=list)
    note: str = ""
    asked: str = ""
    """What the caller said last before a person was wanted, long numbers masked."""
    filled: dict[str, Scalar] = field(default_factory=dict)
    """Form fields and variables that agents have put right."""


def brief(
    line: Line,
    transcript: Transcript,
    case: Case,
    plan: Plan,
    stages: Stages,
    *,
    suggest: bool = True,
    quote: bool = True,
) -> views.Conversation:
    """The packet of a live conversation. suggest: with what one might say. quote: with the caller's own words."""
    script, started = line.script, line.started
    queue = plan.queue(case.queue)
    known: Mapping[str, Scalar] = {**line.slots, **stages.filled}
    number = started.caller if started.direction == "inbound" else started.callee
    title, fields = forms.form(script, queue, case.reason, line.step, known)
    return views.Conversation(
        id=line.call,
        state=case.state,
        bot=script.title or script.name,
        medium=started.medium,
        direction=started.direction,
        language=started.language or script.language,
        queue=case.queue,
        reason=case.reason,
        wanted=wanted(case, stages.asked if quote else "", plan.language),
        caller=masked("phone", number),
        since=case.since,
        began=started.wall or case.began,
        agent=case.agent if case.state in ("accepted", "bridged") else "",
        step=line.step.rpartition(".")[2] or line.step,
        steps=steps(script, line.step),
        question=masked_words(transcript.question),
        slots=slots(script, known, transcript, stages.filled, plan.language),
        promised=tuple(transcript.promised.values()),
        refused=tuple(transcript.refused),
        mood=tuple(transcript.mood),
        suggestions=suggestions(script, transcript.last, plan, queue) if suggest else (),
        form=forms.shown(fields),
        form_title=title,
        dispositions=queue.dispositions or plan.dispositions,
        note=stages.note,
        history=tuple(stages.lines),
        on_hold=case.on_hold,
        with_=tuple(id_ for id_, part in case.parties.items() if part != "listen"),
        version=VERSION,
        listening=tuple(id_ for id_, part in case.parties.items() if part == "listen"),
        joined=tuple(id_ for id_, part in case.parties.items() if part == "conference"),
    )


def wanted(case: Case, asked: str, language: str) -> str:
    """Why a person is wanted, and the words that came before it where it was they that called for one."""
    if not case.number:
        return ""
    why = words(REASONS, case.reason, language)
    if not asked or case.reason not in ("requested", "script", "anger", "no_match", "rule"):
        return why
    return QUOTED[0 if is_chinese(language) else 1].format(why=why, words=asked)


def steps(script: Script, step: str) -> tuple[tuple[str, str], ...]:
    """(id, title) of those of the flow it stands in, where it may be given back."""
    flow = script.flows.get(step.rpartition(".")[0] or script.start) or script.flows[script.start]
    return tuple((f"{flow.name}.{item.id}", item.id) for item in flow.steps)


def slots(
    script: Script, known: Mapping[str, Scalar], transcript: Transcript, filled: Mapping[str, Scalar], language: str
) -> tuple[views.Slot, ...]:
    """Every value the bot has, where it comes from, and how sure it is."""
    found = []
    for name, variable in script.variables.items():
        value = known.get(name)
        if value is None:
            continue
        source, confidence = ("agent", 1.0) if name in filled else transcript.sources.get(name, ("script", 1.0))
        if source == "script" and value == variable.default:
            continue  # a counter of the script's that has not moved: nobody has said anything
        hidden = is_private(variable)
        shown = masked(variable.type, value) if hidden else shown_value(variable, value, language)
        found.append(views.Slot(name, name, shown, source, confidence, hidden))  # type: ignore[arg-type]
    return tuple(found)


def is_private(variable: Variable) -> bool:
    return variable.private or variable.type in MASKED


def shown_value(variable: Variable, value: Scalar, language: str) -> str:
    """As written in a text, in the language of the desk."""
    return display(variable.type, value, language="zh-CN" if is_chinese(language) else "en", unit=variable.unit)


# --- what one might say ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def _retriever(bot: "_ByDigest") -> Retriever:
    return Retriever(bot.script.knowledge)


@dataclass(frozen=True, slots=True)
class _ByDigest:
    """Scripts hold mappings and cannot be keys; their digest can."""

    digest: str
    script: Script = field(compare=False, hash=False)


def find(script: Script, text: str, *, most: int = SUGGESTED) -> Sequence[views.Suggestion]:
    """Items of the bot's knowledge that answer the words, best first."""
    if not text or not script.knowledge:
        return ()
    retriever = _retriever(_ByDigest(script.digest, script))
    found = []
    for hit in retriever.candidates(text, script.knowledge)[:most]:
        if hit.confidence < LIKELY:
            break
        item = script.knowledge[hit.base].item(hit.item)
        found.append(views.Suggestion(item.answer or item.voice, item.question))
    return found


def suggestions(script: Script, text: str, plan: Plan, queue: Queue) -> tuple[views.Suggestion, ...]:
    canned = {**plan.phrases, **queue.phrases}
    return (*find(script, text), *(views.Suggestion(said, name, "canned") for name, said in canned.items()))
