"""Parsed files → the compiled Script: names first, then every part with what it inherits."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from huashu.core.actions import BargeIn
from huashu.core.language import is_chinese
from huashu.flows import builtins, faq, form_reading, surroundings, training
from huashu.flows.choices import Choices
from huashu.flows.digests import with_digests
from huashu.flows.findings import Findings
from huashu.flows.folder import Sources, action_names, function_names
from huashu.flows.grammar import PRIVATE_TYPES, RESULTS, WORDED
from huashu.flows.graph import check_graph
from huashu.flows.keys import BUILT_IN_ENDINGS, CHINESE_WORDS, ENGLISH_WORDS
from huashu.flows.lint import LONGEST_BREATH
from huashu.flows.names import Names, Where
from huashu.flows.parse import Parsed
from huashu.flows.passing import Passing
from huashu.flows.questions import FlowContext, Questions, with_elsewhere
from huashu.flows.reactions import Reactions
from huashu.flows.script import (
    FIRST,
    MINUTES,
    POSITION,
    SECOND,
    AfterBeep,
    Anytime,
    Clarify,
    End,
    Ending,
    Flow,
    Hold,
    Patterns,
    Prompt,
    Reference,
    Rung,
    Script,
    Settings,
    Variable,
)
from huashu.flows.settings import barge_in
from huashu.flows.shapes import At, Fields
from huashu.flows.steps import StepCompiler
from huashu.flows.wording import Wording

CHOICES = {"甲": FIRST, "乙": SECOND, "first": FIRST, "second": SECOND}
"""Placeholders of the clarify pattern."""
PLACES = {"位数": POSITION, "分钟": MINUTES, "position": POSITION, "minutes": MINUTES}
"""Placeholders of the queued pattern."""


def compile_script(parsed: Parsed, sources: Sources, findings: Findings) -> Script:
    """The script; only to be used when `findings` holds no error afterwards."""
    names = _names(parsed, sources, findings)
    bot, languages = parsed.bot, names.languages
    experiments, hours = surroundings.experiments(bot, names), surroundings.hours(bot, names)
    examples = training.intents(parsed, names)
    tongues = builtins.Tongues(names.language, languages)
    settings = _settings(bot.get("defaults"), names.language)
    translations = {tag: found for tag, found in parsed.translations.items() if tag in languages}
    wording = Wording(names, sources, translations, settings.breath)
    pronounce = surroundings.pronounce(bot, translations, names)
    passing = Passing(names)
    for name, fields in parsed.flows.items():
        passing.local(name, fields.get("local"))
    reactions = Reactions(names, wording, passing)
    sentences = training.by_intent(examples, names)
    questions = Questions(names, wording, reactions, tongues, Choices(names, wording), sentences)
    compiler = _Compiler(parsed, names, tongues, reactions, StepCompiler(names, wording, reactions, questions))
    bases = faq.knowledge(parsed, names)
    flows, titles = compiler.flows(), compiler.titles()
    script = Script(
        name=bot.plain("bot", "bot"),
        title=bot.plain("title", bot.plain("bot", "bot")),
        language=names.language,
        flows=flows,
        start=compiler.start(),
        variables=names.variables,
        patterns=compiler.patterns(),
        settings=settings,
        nlu=training.training(parsed, names, examples),
        knowledge=bases,
        titles=titles,
        direction=bot.plain("direction", "inbound"),
        voice=bot.plain("voice"),
        actions=_actions(bot, sources),
        languages=languages,
        pronounce=pronounce,
        experiments=experiments,
        hours=hours,
        forms=form_reading.forms(bot, names),
        satisfaction=surroundings.satisfaction(bot, names, flows),
    )
    _languages(parsed, languages, names)
    _unused(parsed, names, script)
    surroundings.report_unused(bot, names)
    compiler.default_ladders(script)
    wording.report()
    passing.unset(script)
    check_graph(script, parsed, findings)
    return with_digests(script)


# --- names ------------------------------------------------------------------------------------------------------------


def _names(parsed: Parsed, sources: Sources, findings: Findings) -> Names:
    others = (at.value for at in parsed.bot.get("languages") or () if at.value != parsed.language)
    names = Names(findings, parsed.language, tuple(dict.fromkeys(others)))
    names.regulars = training.built_in(names.language, *names.languages)
    for name, fields in parsed.bot.get("variables") or ():
        names.variables[name.value] = _variable(name, fields, names)
    for flow, fields in parsed.flows.items():
        names.steps[flow] = []
        for step, _ in fields.get("steps") or ():
            if "." in step.value:
                findings.add("name_with_dot", step.place, name=step.value)
            if step.value in names.steps[flow]:
                findings.add("duplicate_step", step.place, name=step.value)
            names.steps[flow].append(step.value)
        names.flow_endings[flow] = {name.value for name, _ in fields.get("endings") or ()}
    names.bot_endings = {name.value for name, _ in parsed.bot.get("endings") or ()}
    names.bases = set(parsed.knowledge)
    names.actions = _known_actions(parsed.bot, sources, findings)
    names.actions_given = _actions(parsed.bot, sources) is not None
    names.functions = function_names(sources.files.get("actions.py", b""))
    if parsed.language[:2].lower() not in ("zh", "en"):
        findings.add("unknown_language", parsed.bot.at("language"), name=parsed.language)
    return names


def _variable(name: At, fields: Fields, names: Names) -> Variable:
    kind = fields.plain("type", "text")
    if not name.value.isidentifier() or name.value in (
        "and",
        "or",
        "not",
        "in",
        "true",
        "false",
        "none",
        *"且或非真假空",
    ):
        names.findings.add("variable_name", name.place, name=name.value)
    if kind in PRIVATE_TYPES and fields.plain("private") is False:
        names.findings.add("identity_open", fields.at("private"), name=name.value, type=kind)
    default, example = (fields.get(key) for key in ("default", "example"))
    values = tuple(names.typed(at, kind) for at in fields.get("values") or ())
    variable = Variable(
        name=name.value,
        type=kind,
        private=fields.plain("private", kind in PRIVATE_TYPES),
        default=names.typed(default, kind) if default is not None else None,
        unit=fields.plain("unit"),
        values=tuple(value for value in values if value is not None),
        given=fields.plain("given", False),
        example=names.typed(example, kind) if example is not None else None,
    )
    for at, value in ((default, variable.default), (example, variable.example)):
        if at is not None and variable.values and value is not None and value not in variable.values:
            names.findings.add(
                "value_not_declared", at.place, name=at.raw, known=[str(item) for item in variable.values]
            )
    return variable


def _actions(bot: Fields, sources: Sources) -> str | None:
    address: str | None = bot.plain("actions")
    return address or ("actions.py" if "actions.py" in sources.files else None)


def _known_actions(bot: Fields, sources: Sources, findings: Findings) -> frozenset[str] | None:
    where = _actions(bot, sources)
    if where != "actions.py" or where not in sources.files:
        return None
    return action_names(sources.files[where], findings)


LONG_ANSWER = {True: 120, False: 60}
"""Chinese characters, English words, that a caller listens to before being asked: some 25 seconds."""


def _settings(defaults: Fields | None, language: str) -> Settings:
    chinese = is_chinese(language)
    own = Settings(breath=LONGEST_BREATH[chinese], long_answer=LONG_ANSWER[chinese])
    if defaults is None:
        return own
    return Settings(
        max_seconds=defaults.plain("max_length", own.max_seconds),
        max_turns=defaults.plain("max_turns", own.max_turns),
        confidence=defaults.plain("confidence", own.confidence),
        words_within=defaults.plain("words_within", own.words_within),
        text_patience=defaults.plain("text_patience", own.text_patience),
        human_within=defaults.plain("human_within", own.human_within),
        clarify=_clarify(defaults.get("clarify")),
        breath=defaults.plain("breath", own.breath),
        long_answer=defaults.plain("long_answer", own.long_answer),
        switch_language=defaults.plain("switch_language", own.switch_language),
    )


def _clarify(fields: Fields | None) -> Clarify | None:
    own = Clarify()
    if fields is None or fields.plain("always") is True:
        return own
    if fields.plain("always") is False:
        return None
    return Clarify(fields.plain("margin", own.margin), fields.plain("below", own.below))


def _languages(parsed: Parsed, languages: tuple[str, ...], names: Names) -> None:
    for at in parsed.bot.get("languages") or ():
        if at.value != names.language and at.value not in parsed.translations:
            names.findings.add("no_lines_file", at.place, name=at.value)
    for tag, translation in parsed.translations.items():
        if tag not in languages and "languages" in parsed.bot.places:
            names.findings.add(
                "lines_unlisted",
                parsed.bot.at("languages")._replace(file=translation.file, line=1, column=1),
                name=tag,
                known=languages,
            )
        elif tag not in languages and not names.findings.is_broken("bot.yaml"):
            names.findings.add(
                "lines_unlisted", parsed.bot.place._replace(file=translation.file, line=1, column=1), name=tag
            )


def _unused(parsed: Parsed, names: Names, script: Script) -> None:
    # An action without `args` is passed every variable that is not private: then none of those is idle.
    passed = any(step.do is not None and not step.do.args for flow in script.flows.values() for step in flow.steps)
    for name, _ in parsed.bot.get("variables") or ():
        variable = names.variables[name.value]
        idle = variable.given and name.value not in names.used_variables and not (passed and not variable.private)
        if idle and not names.findings.is_broken("flows/"):
            names.findings.add("given_unused", name.place, name=name.value)


# --- parts ------------------------------------------------------------------------------------------------------------


class _Compiler:
    def __init__(
        self, parsed: Parsed, names: Names, tongues: builtins.Tongues, reactions: Reactions, steps: StepCompiler
    ) -> None:
        self._parsed, self._names, self._tongues, self._reactions, self._steps = (
            parsed,
            names,
            tongues,
            reactions,
            steps,
        )
        self._defaults: Fields = parsed.bot.get("defaults") or Fields(parsed.bot.place)
        self._where = Where(barge_in=barge_in(self._defaults, BargeIn()))
        self._builtin_silence, self._builtin_unclear = builtins.silence(tongues), builtins.unclear(tongues)
        self._silence = self._ladder(self._defaults, self._where, "silence", self._builtin_silence)
        self._unclear = self._ladder(self._defaults, self._where, "unclear", self._builtin_unclear)
        self._hold = self._holding(self._defaults, self._where, builtins.hold(tongues))
        self._resume = self._resuming(self._defaults, self._where, builtins.words("resume", tongues))
        self._anytime = self._with_switches(reactions.anytime(parsed.bot.get("anytime"), self._where))
        self._unasked = {name: self._taken_unasked(fields) for name, fields in parsed.flows.items()}
        self._endings = builtins.with_aliases(self._own_endings(parsed.bot, self._where), builtins.endings(tongues))

    def _taken_unasked(self, fields: Fields) -> tuple[tuple[str, str], ...]:
        """(variable, type) of what a flow asks for and would take when it was said before."""
        steps = [step for _, step in fields.get("steps") or () if not step.plain("ask_before_filling", False)]
        names = dict.fromkeys(step.plain("collect") for step in steps if "collect" in step)
        return tuple((name, self._names.variables[name].type) for name in names if name in self._names.variables)

    def start(self) -> str:
        start: At | None = self._parsed.bot.get("start")
        if start is not None and self._names.flow(start):
            return str(start.value)
        first = next(iter(self._parsed.flows), "")
        self._names.used_flows.add(first)
        return first

    def flows(self) -> dict[str, Flow]:
        return {name: self._flow(name, fields) for name, fields in self._parsed.flows.items()}

    def _flow(self, name: str, fields: Fields) -> Flow:
        where = Where(flow=name, barge_in=barge_in(fields, self._where.barge_in))
        ending: At | None = fields.get("ending")
        anytime = self._with_switches(self._reactions.anytime(fields.get("anytime"), where), self._anytime)
        read = fields.get("steps") or []
        collected = dict.fromkeys(step.plain("collect") for _, step in read if "collect" in step)
        variables = self._names.variables
        context = FlowContext(
            silence=self._ladder(fields, where, "silence", self._silence),
            unclear=self._ladder(fields, where, "unclear", self._unclear),
            hold=self._holding(fields, where, self._hold),
            resume=self._resuming(fields, where, self._resume),
            anytime=anytime,
            slots=tuple((slot, variables[slot].type) for slot in collected if slot in variables),
            next=self._unasked,
            ending=ending.value if ending is not None and self._names.ending(ending, where) else "completed",
        )
        steps = with_elsewhere(tuple(self._steps.build(at, step, where, context) for at, step in read))
        return Flow(
            name=name,
            steps=steps,
            index={step.id: number for number, step in reversed(list(enumerate(steps)))},
            anytime=anytime,
            endings=builtins.with_aliases(self._own_endings(fields, where), self._endings),
            ending=context.ending,
            local=self._names.locals.get(name, ()),
        )

    def _with_switches(
        self, own: dict[str, Anytime], base: Mapping[str, Anytime] = MappingProxyType({})
    ) -> dict[str, Anytime]:
        """`own` laid over `base` and over the built-in detours, which give way to either spelling of their names."""
        merged = {name: entry for name, entry in {**base, **own}.items() if not entry.built_in}
        if self._defaults.plain("switch_language") == "off":
            return merged
        for name, entry in builtins.switches(self._tongues).items():
            if builtins.OTHER_SPELLING[name] not in merged:
                merged.setdefault(name, entry)
                self._names.used_intents.add(name)
        return merged

    def _ladder(self, fields: Fields, where: Where, part: str, inherited: tuple[Rung, ...]) -> tuple[Rung, ...]:
        return self._reactions.ladder(fields.get(part), where, part) or inherited

    def _holding(self, fields: Fields, where: Where, inherited: Hold | None) -> Hold | None:
        return self._reactions.hold(fields, where, inherited)

    def _resuming(self, fields: Fields, where: Where, inherited: Prompt | None) -> Prompt | None:
        return self._reactions.resume(fields, where, inherited)

    def _own_endings(self, fields: Fields, where: Where) -> dict[str, Ending]:
        found = {}
        for name, ending in fields.get("endings") or ():
            key = name.value
            result: At | None = ending.get("result")
            found[key] = Ending(
                name=key,
                say=self._reactions.wording.prompt(ending.get("say"), where, f"endings.{key}"),
                label=ending.plain("label", ""),
                result=result_word(result, key, self._names.findings),
                send=self._reactions.wording.message(ending.get("send"), where),
            )
        return found

    def default_ladders(self, script: Script) -> None:
        """Tells which ladders nobody wrote, where questions use them."""
        questions = [step.question for flow in script.flows.values() for step in flow.steps if step.question]
        unwritten = {
            "silence": any(question.silence is self._builtin_silence for question in questions),
            "unclear": any(question.unclear is self._builtin_unclear for question in questions),
        }
        for part, used in unwritten.items():
            if used and not self._names.findings.is_broken("bot.yaml"):
                self._names.findings.add("default_ladder", self._parsed.bot.at("bot"), name=part)

    def patterns(self) -> Patterns:
        given: Fields = self._parsed.bot.get("patterns") or Fields(self._parsed.bot.place)
        own: dict[str, Any] = {}
        for key, fields in given.values.items():
            part = f"patterns.{key}"
            if key in WORDED:
                own[key] = self._worded(key, fields, part)
            else:
                own[key] = self._reactions.reaction(fields, self._where, part, End(key))
        if "machine" in given:
            own["after_beep"] = self._after_beep(given.get("machine"))
        return replace(builtins.patterns(self._tongues), **own)

    def _after_beep(self, machine: Fields) -> AfterBeep | None:
        given: Fields | None = machine.get("after_beep")
        if given is None or given.plain("always") is False:
            return None
        usual = AfterBeep()
        found = AfterBeep(given.plain("within", usual.within), given.plain("quiet", usual.quiet))
        if "say" not in machine:
            self._names.findings.add("beep_nothing", machine.at("after_beep"))
        if found.quiet > found.within:
            self._names.findings.add("beep_quiet", machine.at("after_beep"))
        return found

    def _worded(self, key: str, fields: Fields, part: str) -> Prompt | None:
        where = replace(self._where, stands={"clarify": CHOICES, "queued": PLACES}.get(key, {}))
        prompt = self._reactions.wording.prompt(fields.get("say"), where, part)
        for line in prompt.lines if prompt is not None and key == "clarify" else ():
            if not {Reference(FIRST), Reference(SECOND)} <= {*line.parts}:
                self._names.findings.add("clarify_choices", fields.at("say"))
        return prompt

    def titles(self) -> dict[str, Prompt]:
        """The words for an intent in a question which of two was meant."""
        found: dict[str, Prompt] = {}
        for file in self._parsed.nlu:
            for name, at in file.get("titles") or ():
                if self._names.intent(name):
                    line = Fields(at.place, {"text": at})
                    prompt = self._reactions.wording.prompt([line], self._where, f"titles.{name.value}")
                    found |= {name.value: prompt} if prompt is not None else {}
        return found


def result_word(at: At | None, ending: str, findings: Findings) -> str:
    """The stable result of an ending: its own, else that of the built-in ending of this name, else completed."""
    english = {chinese: name for name, chinese in BUILT_IN_ENDINGS.items()}
    if at is None:
        name = english.get(ending, ending)
        return name if name in RESULTS else "completed"
    word = at.value if at.value in RESULTS else ENGLISH_WORDS.get(at.value, at.value)
    if word not in RESULTS:
        findings.add("unknown_result", at.place, name=at.value, known=[*RESULTS, *(CHINESE_WORDS[w] for w in RESULTS)])
    return str(word)
