"""centre.yaml → Plan. Every mistake is told at once, each with file, line and column, the field, and what would be
right, in the language that the file is written in.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from huashu.core.errors import ScriptError
from huashu.flows.document import Table, read
from huashu.flows.findings import Findings
from huashu.flows.hours import Hours, HoursError, parse_hours
from huashu.flows.shapes import At, Fields
from huashu.handoff.keys import CHINESE
from huashu.handoff.plan import Demand, Fallback, Plan, Profile, Queue, Rule, Skills
from huashu.handoff.sheet import CENTRE, SheetReading
from huashu.handoff.views import Field, Medium

FILE = "centre.yaml"
_SCALARS = ("title", "level", "escalate", "priority", "strategy", "wait", "ring", "sticky", "wrap_up", "announce",
            "opening", "target", "due", "callback")  # fmt: skip
"""Fields of a queue that are read as they stand."""
_PLAN = ("title", "language", "zone", "mixed", "missed", "again", "briefing", "bridge", "agent_grace", "line_grace",
         "hold", "consult", "tell_listening", "priority_step", "tries")  # fmt: skip
_VALUES = ("wrong_type", "unknown_word", "out_of_range", "hours_text")
"""Findings about a value: its field is told."""
_RULES: tuple[Literal["words", "missing", "anger", "silence", "hold"], ...] = (
    "words", "missing", "anger", "silence", "hold",
)  # fmt: skip
_DEMANDS: tuple[Literal["anger", "no_match", "variable", "words"], ...] = ("anger", "no_match", "variable", "words")


def load_plan(path: Path) -> Plan:
    """The plan in a file, or in `centre.yaml` of a folder.

    Raises:
        ScriptError: the message holds every error, one `file:line:column: message` a line.
    """
    path = Path(path)
    if path.is_dir():
        path = path / FILE
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ScriptError(f"{path}: cannot be read ({error.strerror})") from error
    return read_plan(data, path.name)


def read_plan(data: bytes, file: str = FILE) -> Plan:
    """The plan in the bytes of a file. Raises ScriptError as `load_plan` does."""
    findings = Findings()
    reading = SheetReading(findings)
    node = read(file, data, findings)
    fields = None
    if isinstance(node, Table):
        fields = CENTRE.read(node, reading)
    elif node is not None:
        findings.add("file_shape", node.place)
    plan = _Compiling(findings, reading).plan(fields) if fields is not None else Plan()
    if findings.errors:
        raise ScriptError(_worded(findings, reading))
    return plan


def _worded(findings: Findings, reading: SheetReading) -> str:
    language = "en" if reading.spelling == "en" else "zh"
    lines = []
    for (place, *_), finding in zip(findings.told(), findings.worded(language), strict=True):
        field = reading.field(place) if finding.code in _VALUES else ""
        named = f"{field}{'：' if language == 'zh' else ': '}" if field else ""
        lines.append(str(replace(finding, message=f"{named}{finding.message}")))
    return "\n".join(lines)


class _Compiling:
    """From what was read to values; what refers to something is looked up."""

    def __init__(self, findings: Findings, reading: SheetReading) -> None:
        self._findings = findings
        self._reading = reading
        self._queues: list[str] = []

    def plan(self, fields: Fields) -> Plan:
        named: list[tuple[At, Fields]] = fields.get("queues") or []
        self._queues = [name.value for name, _ in named]
        usual = self._queue(Queue(""), fields.get("defaults")) if "defaults" in fields else Queue("")
        queues = {name.value: self._queue(replace(usual, name=name.value, title=name.value), given)
                  for name, given in named}  # fmt: skip
        self._zone(fields)
        self._rising(queues, named)
        capacity = {**Plan().capacity, **_capacity(fields)}
        plan = Plan(
            capacity=capacity,
            queues=queues,
            other=usual,
            agents={name.value: self._agent(name.value, given, capacity) for name, given in fields.get("agents") or ()},
            dispositions=_texts(fields, "dispositions"),
            phrases=_pairs(fields, "phrases"),
            breaks=_texts(fields, "breaks"),
            rules=tuple(rule for name, given in fields.get("rules") or () if (rule := self._rule(name, given))),
            demands=tuple(item for name, given in fields.get("demands") or () if (item := self._demand(name, given))),
        )
        given = {key: fields.plain(key) for key in _PLAN if key in fields}
        if "levels" in fields:
            given["levels"] = _texts(fields, "levels")
        return replace(plan, **given)

    def _zone(self, fields: Fields) -> None:
        zone = fields.get("zone")
        if zone is None:
            return
        try:
            ZoneInfo(zone.value)
        except (ZoneInfoNotFoundError, ValueError):
            self._unknown(zone, ["Asia/Shanghai", "Asia/Hong_Kong", "Europe/London", "America/New_York", "UTC"])

    # --- queues ---------------------------------------------------------------------------------------------------

    def _queue(self, queue: Queue, fields: Fields) -> Queue:
        given: dict[str, Any] = {key: fields.plain(key) for key in _SCALARS if key in fields}
        if "escalate" in fields:
            above = fields.get("escalate")
            self._known(above, but=queue.name)
        if "skills" in fields:
            given["skills"] = _skills(fields)
        if "most" in fields:
            given["capacity"] = fields.plain("most")
        if "hours" in fields:
            given["hours"] = self._hours(fields.get("hours"))
        for key in ("fallback", "closed"):
            if key in fields:
                given[key] = tuple(self._fallback(queue.name, how, at) for how, at in fields.get(key))
        for key in ("dispositions", "area"):
            if key in fields:
                given[key] = _texts(fields, key)
        if "form" in fields:
            given["form"] = tuple(self._field(name, form) for name, form in fields.get("form"))
        if "phrases" in fields:
            given["phrases"] = {**queue.phrases, **_pairs(fields, "phrases")}
        made = replace(queue, **given)
        for area in fields.get("area") or ():
            names = [item.name for item in made.form]
            if area.value not in names:
                self._unknown(area, names)
        return made

    def _rising(self, queues: Mapping[str, Queue], named: list[tuple[At, Fields]]) -> None:
        """Levels rise: a case that comes back to where it was would be escalated for ever."""
        for name, given in named:
            above, seen = queues[name.value].escalate, [name.value]
            while above in queues and above not in seen:
                seen.append(above)
                above = queues[above].escalate
            if above == name.value and len(seen) > 1 and "escalate" in given:
                others = [other for other in self._queues if other not in seen]
                self._unknown(given.get("escalate"), others)

    def _fallback(self, queue: str, how: Any, at: At) -> Fallback:
        if how != "queue":
            return Fallback(how)
        self._known(at, but=queue)
        return Fallback("queue", at.value)

    def _hours(self, fields: Fields) -> Hours | None:
        rules: list[At] = fields.get("open") or []
        exceptions: list[tuple[At, list[At]]] = fields.get("except") or []
        for rule in rules:
            self._tried(rule, [rule.value], [])
        for days, times in exceptions:
            self._tried(days, [], [(days.value, [time.value for time in times])])
        try:
            pairs = [(days.value, [time.value for time in times]) for days, times in exceptions]
            return parse_hours([rule.value for rule in rules], pairs)
        except HoursError:
            return None  # told where it stands

    def _tried(self, at: At, rules: list[str], exceptions: list[tuple[str, list[str]]]) -> None:
        try:
            parse_hours(rules, exceptions)
        except HoursError as error:
            self._findings.add("hours_text", at.place, name=str(error))

    def _field(self, name: At, fields: Fields) -> Field:
        kind = fields.plain("type", "choice" if "choices" in fields else "text")
        choices = _texts(fields, "choices")
        if kind == "choice" and not choices:
            self._findings.add("missing_key", fields.place, name=self._spelled("choices"))
        return Field(name.value, fields.plain("title", name.value), kind, fields.plain("required", False), choices)

    # --- people and rules -----------------------------------------------------------------------------------------

    def _agent(self, id_: str, fields: Fields, usual: Mapping[Medium, int]) -> Profile:
        """usual: the centre's capacity, for the medium that theirs leaves out."""
        capacity = _capacity(fields)
        for queue in fields.get("queues") or ():
            self._known(queue)
        return Profile(
            id_,
            fields.plain("name", id_),
            fields.plain("role", "agent"),
            fields.plain("language", "zh-CN"),
            _texts(fields, "queues"),
            dict(_skills(fields)),
            {**usual, **capacity} if capacity else {},
            _texts(fields, "areas"),
            fields.plain("number", ""),
        )

    def _rule(self, name: At, fields: Fields) -> Rule | None:
        kinds = [kind for kind in _RULES if kind in fields]
        if len(kinds) != 1:
            self._one(name, kinds, _RULES)
            return None
        kind = kinds[0]
        for queue in fields.get("queues") or ():
            self._known(queue)
        seconds = fields.plain(kind) if kind in ("silence", "hold") else fields.plain("within", 60.0)
        return Rule(
            name.value,
            kind,
            _texts(fields, kind) if kind in ("words", "missing") else (),
            fields.plain("by", "agent"),
            seconds,
            fields.plain("anger", 0.6),
            fields.plain("say", name.value),
            fields.plain("alarm", "warn"),
            _texts(fields, "queues"),
        )

    def _demand(self, name: At, fields: Fields) -> Demand | None:
        kinds = [kind for kind in _DEMANDS if kind in fields]
        if len(kinds) != 1:
            self._one(name, kinds, _DEMANDS)
            return None
        kind = kinds[0]
        if "queue" in fields:
            self._known(fields.get("queue"))
        elif kind != "variable":
            self._findings.add("missing_key", fields.place, name=self._spelled("queue"))
        if kind == "variable" and "values" not in fields:
            self._findings.add("missing_key", fields.place, name=self._spelled("values"))
        return Demand(
            name.value,
            kind,
            fields.plain("queue", ""),
            float(fields.plain(kind)) if kind in ("anger", "no_match") else 0.8,
            fields.plain("variable", ""),
            _texts(fields, "values"),
            _texts(fields, "words"),
            fields.plain("priority", 0),
        )

    # --- telling --------------------------------------------------------------------------------------------------

    def _known(self, queue: At, *, but: str = "") -> None:
        known = [name for name in self._queues if name != but]
        if queue.value not in known:
            self._unknown(queue, known)

    def _unknown(self, at: At, known: list[str]) -> None:
        self._findings.add("unknown_word", at.place, name=at.value, known=known, words=", ".join(known))

    def _one(self, name: At, found: list[Any], kinds: tuple[str, ...]) -> None:
        """A rule needs exactly one key that says what it looks at."""
        spelled = [self._spelled(kind) for kind in kinds]
        if found:
            self._findings.add("one_of_these", name.place, name=", ".join(map(self._spelled, found)))
        else:
            self._findings.add("missing_key", name.place, name=" | ".join(spelled))

    def _spelled(self, key: str) -> str:
        return CHINESE[key] if self._reading.spelling == "zh" else key


def _texts(fields: Fields, key: str) -> tuple[str, ...]:
    return tuple(item.value for item in fields.get(key) or ())


def _pairs(fields: Fields, key: str) -> dict[str, str]:
    return {name.value: item.value for name, item in fields.get(key) or ()}


def _skills(fields: Fields) -> Skills:
    return tuple(sorted((name.value, level.value) for name, level in fields.get("skills") or ()))


def _capacity(fields: Fields) -> Mapping[Medium, int]:
    given = fields.get("capacity")
    media: tuple[Medium, ...] = ("voice", "text")
    return {medium: given.plain(medium) for medium in media if medium in given} if given is not None else {}
