"""The names of one bot, and the checks that what a script refers to exists. Filled before anything is compiled."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from huashu.core.actions import BargeIn
from huashu.core.errors import UsageError
from huashu.core.values import Scalar
from huashu.flows.expressions import Expression, ExpressionError, is_variable, literal, parse_expression
from huashu.flows.findings import Findings
from huashu.flows.grammar import WRITTEN_TYPES
from huashu.flows.keys import BUILT_IN_ENDINGS
from huashu.flows.script import Variable
from huashu.flows.shapes import At
from huashu.values.registry import canonical


@dataclass(frozen=True, slots=True)
class Where:
    """The part of a script being compiled."""

    flow: str = ""
    """Empty: the bot's own file."""
    step: str = ""
    guarded: bool = False
    """The step has `needs`: private values may be spoken."""
    own: str = ""
    """The variable this step collects: its private value may be said back."""
    barge_in: BargeIn = BargeIn()
    stands: Mapping[str, str] = field(default_factory=dict)
    """Placeholders that are no variables here → the reference they stand for."""

    @property
    def owner(self) -> str:
        """The key in lines/<language>.yaml."""
        return f"{self.flow}.{self.step}" if self.step else self.flow or "bot"


@dataclass(slots=True)
class Names:
    findings: Findings
    language: str = "zh-CN"
    languages: tuple[str, ...] = ()
    """The others the bot speaks."""
    variables: dict[str, Variable] = field(default_factory=dict)
    steps: dict[str, list[str]] = field(default_factory=dict)
    """Flow → its steps in order."""
    bot_endings: set[str] = field(default_factory=set)
    flow_endings: dict[str, set[str]] = field(default_factory=dict)
    intents: set[str] = field(default_factory=set)
    """With examples in the script."""
    regulars: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Built in for the bot's language."""
    bases: set[str] = field(default_factory=set)
    actions: frozenset[str] | None = None
    """None: not known (a server, a file that does not parse, or given by the program that embeds the bot)."""
    actions_given: bool = True
    """The bot says itself where its actions are."""
    functions: frozenset[str] = frozenset()
    """All functions of actions.py, marked or not."""
    experiments: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Experiment → its arms."""
    hours: list[str] = field(default_factory=list)
    """Names of opening hours."""
    asked: set[str] = field(default_factory=set)
    """arm.x and open.x that some condition asks for."""
    used_variables: set[str] = field(default_factory=set)
    used_intents: set[str] = field(default_factory=set)
    used_flows: set[str] = field(default_factory=set)
    locals: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Flow → the variables of its own."""

    def _known(self, code: str, at: At, known: list[str], *, broken: tuple[str, ...] = ()) -> bool:
        if at.value in known:
            return True
        if not (broken and self.findings.is_broken(*broken)):
            self.findings.add(code, at.place, name=at.value, known=known)
        return False

    def variable(self, at: At) -> Variable | None:
        if self._known("unknown_variable", at, list(self.variables), broken=("bot.yaml",)):
            self.used_variables.add(at.value)
            return self.variables[at.value]
        return None

    def step(self, at: At, where: Where) -> bool:
        if not where.flow:
            self.findings.add("go_outside_flow", at.place, name=at.value)
            return False
        return self._known("unknown_step", at, self.steps.get(where.flow, []))

    def flow(self, at: At) -> bool:
        self.used_flows.add(at.value)
        return self._known("unknown_flow", at, list(self.steps), broken=("flows/",))

    def endings(self, where: Where) -> list[str]:
        own = self.flow_endings.get(where.flow, set()) | self.bot_endings
        return [*sorted(own), *BUILT_IN_ENDINGS, *BUILT_IN_ENDINGS.values()]

    def ending(self, at: At, where: Where) -> bool:
        return self._known("unknown_ending", at, self.endings(where), broken=("bot.yaml",))

    def intent(self, at: At, *, anytime: bool = False) -> bool:
        known = [*sorted(self.intents), *self.regulars]
        if self._known("unknown_intent", at, known, broken=("nlu/",)):
            self.used_intents.add(at.value)
            return True
        return False

    def tongue(self, at: At | None) -> str | None:
        """A language to go on in: one that the bot speaks."""
        if at is None:
            return None
        known = [self.language, *self.languages]
        return str(at.value) if self._known("language_not_spoken", at, known, broken=("bot.yaml",)) else None

    def base(self, at: At) -> bool:
        return self._known("unknown_base", at, sorted(self.bases), broken=("knowledge/",))

    def action(self, at: At) -> bool:
        if self.actions is None:
            if not self.actions_given:
                self.findings.add("actions_elsewhere", at.place, name=at.value)
            return True
        if at.value not in self.actions and at.value in self.functions:
            self.findings.add("action_unmarked", at.place, name=at.value)
            return False
        return self._known("unknown_action", at, sorted(self.actions))

    def expression(self, at: At, *, offset: int = 0) -> Expression | None:
        """The condition or computation written at `at`, from character `offset` of it on."""
        try:
            found = parse_expression(at.value[offset:])
        except ExpressionError as error:
            place = at.inside(offset + error.offset)
            self.findings.add(f"expression_{error.reason}", place, name=error.detail or at.value[offset:][:30])
            return None
        for name in sorted(found.names):
            if not is_variable(name):
                self._around(name, found, at)
            elif name not in self.variables:
                if not self.findings.is_broken("bot.yaml"):
                    place = at.inside(max(0, at.value.find(name)))
                    self.findings.add("unknown_name", place, name=name, known=self.variables)
            else:
                self.used_variables.add(name)
        return found

    def _around(self, name: str, found: Expression, at: At) -> None:
        """An experiment with the arms it is compared with, opening hours, the clock, or the caller's mood."""
        head, _, rest = name.partition(".")
        place = at.inside(max(0, at.value.find(rest)))
        self.asked.add(name)
        if head == "arm" and rest not in self.experiments:
            if not self.findings.is_broken("bot.yaml"):
                self.findings.add("unknown_experiment", place, name=rest, known=list(self.experiments))
        elif head == "arm":
            for arm in sorted(text for asked, text in found.compared if asked == name):
                if arm not in self.experiments[rest]:
                    there = at.inside(max(0, at.value.rfind(arm)))
                    known = list(self.experiments[rest])
                    self.findings.add("unknown_arm", there, name=arm, experiment=rest, known=known)
        elif head == "open" and rest not in self.hours and not self.findings.is_broken("bot.yaml"):
            self.findings.add("unknown_hours", place, name=rest, known=self.hours)

    def assigned(self, at: At, variable: Variable | None) -> Expression | None:
        """What `set` or `args` gives a variable: `=expression`, or a plain value made canonical for its type."""
        if isinstance(at.value, str) and at.value.startswith("="):
            return self.expression(at, offset=1)
        if variable is None:
            return literal(at.value)
        value = self.typed(at, variable.type)
        return None if value is None and at.value is not None else literal(value)

    def typed(self, at: At, kind: str) -> Scalar:
        """The canonical value of a type, or None with a finding when it is none."""
        if at.value is None:
            return None
        number = isinstance(at.value, int) and not isinstance(at.value, bool)
        if kind in WRITTEN_TYPES and number:
            if at.raw.startswith("0"):
                return None  # told already, as a lost leading zero
            self.findings.add("phone_number", at.place, name=at.raw)
            return None
        # Text is what was written, so that a label 1.0 or a name `true` stays itself.
        value = at.raw if kind == "text" else at.value
        try:
            return canonical(kind, value)
        except UsageError:
            quoted = at.raw[:1] in "“”‘’" and bool(at.raw)
            self.findings.add("smart_quotes" if quoted else "not_canonical", at.place, name=at.raw, type=kind)
            return None
