"""What bot.yaml says of the world around the flows, compiled: arms of experiments (`arm.x`), opening hours (`open.x`),
how words are said (`pronounce`), how callers are asked how it was (`satisfaction`)."""

from collections.abc import Mapping

from huashu.core.errors import UsageError
from huashu.flows.findings import Findings
from huashu.flows.hours import Hours, HoursError, parse_hours
from huashu.flows.names import Names
from huashu.flows.script import SCORES, Flow, Satisfaction
from huashu.flows.shapes import At, Fields
from huashu.flows.wording import Translation
from huashu.values.pronouncing import is_pinyin, lacks_tones, respelt, syllables


def experiments(bot: Fields, names: Names) -> dict[str, dict[str, float]]:
    """Experiment → arm → share, as written; fills `names.experiments`."""
    found: dict[str, dict[str, float]] = {}
    for name, arms in bot.get("experiments") or ():
        shares = {arm.value: share.value for arm, share in arms}
        if not _askable(name, names.findings):
            continue
        if len(shares) < 2 or len(shares) < len(arms) or not sum(shares.values()):
            names.findings.add("experiment_arms", name.place, name=name.value)
            continue
        found[name.value] = shares
    names.experiments = {name: tuple(shares) for name, shares in found.items()}
    return found


def hours(bot: Fields, names: Names) -> dict[str, Hours]:
    """Name → hours; fills `names.hours`."""
    found: dict[str, Hours] = {}
    for name, fields in bot.get("hours") or ():
        if not _askable(name, names.findings):
            continue
        names.hours.append(name.value)
        rules: list[At] = fields.get("open") or []
        exceptions: list[tuple[At, list[At]]] = fields.get("except") or []
        for rule in rules:
            _tried(names.findings, rule, [rule.value], [])
        for days, times in exceptions:
            _tried(names.findings, days, [], [(days.value, [time.value for time in times])])
        if not names.findings.is_broken("bot.yaml"):
            pairs = [(days.value, [time.value for time in times]) for days, times in exceptions]
            try:
                found[name.value] = parse_hours([rule.value for rule in rules], pairs)
            except HoursError:
                continue  # told where it stands
    return found


def _tried(findings: Findings, at: At, rules: list[str], exceptions: list[tuple[str, list[str]]]) -> None:
    try:
        parse_hours(rules, exceptions)
    except HoursError as error:
        findings.add("hours_text", at.place, name=str(error))


def _askable(name: At, findings: Findings) -> bool:
    """A name that can stand behind a dot in a condition."""
    if name.value.isidentifier():
        return True
    findings.add("name_in_condition", name.place, name=name.value)
    return False


def satisfaction(bot: Fields, names: Names, flows: Mapping[str, Flow]) -> Satisfaction | None:
    """Which flow asks how it was. Its question must take nothing but the scores of its kind."""
    fields: Fields | None = bot.get("satisfaction")
    if fields is None or not {"flow", "collect", "kind"} <= fields.values.keys():
        return None
    flow, slot, kind = fields.get("flow"), fields.get("collect"), fields.plain("kind")
    variable = names.variable(slot)
    if not names.flow(flow) or variable is None or flow.value not in flows:
        return None
    asked = [step.question for step in flows[flow.value].steps if step.question and step.question.slot == slot.value]
    if variable.default is not None or variable.given:
        names.findings.add("satisfaction_default", slot.place, name=slot.value)
    low, high = SCORES[kind]
    if not asked:
        names.findings.add("satisfaction_unasked", slot.place, name=slot.value, flow=flow.value)
    for question in asked:
        values = [choice.value for choice in question.expect.choices]
        whole = variable.type == "integer" and all(isinstance(value, int) for value in values)
        if not (whole and values and all(isinstance(value, int) and low <= value <= high for value in values)):
            names.findings.add("satisfaction_scores", slot.place, name=slot.value, kind=kind, low=low, high=high)
            break
    return Satisfaction(flow.value, slot.value, kind, fields.plain("human_only", False))


def pronounce(bot: Fields, translations: Mapping[str, Translation], names: Names) -> dict[str, dict[str, str]]:
    """Language → word → reading: the bot's own from bot.yaml, others from `pronounce.<word>` of their lines file."""
    found: dict[str, dict[str, str]] = {}
    for word, reading in bot.get("pronounce") or ():
        if _sayable(names.findings, word.value, reading):
            found.setdefault(names.language, {})[word.value] = reading.value
    for tag, translation in translations.items():
        for (owner, part), (_, lines) in translation.parts.items():
            head, _, word = part.partition(".")
            if (owner, head) != ("bot", "pronounce") or not word or not lines:
                continue
            translation.used.add((owner, part))
            reading = lines[0].get("text")
            if reading is not None and _sayable(names.findings, word, reading):
                found.setdefault(tag, {})[word] = reading.value
    return found


def _sayable(findings: Findings, word: str, reading: At) -> bool:
    """Whether there is such a sound; if not, it is told."""
    try:
        said = respelt(reading.value)
    except UsageError as error:
        findings.add("pronounce_syllable", reading.place, name=str(error), word=word)
        return False
    if not said:
        findings.add("empty_text", reading.place)
        return False
    if lacks_tones(reading.value) and all("\u3400" <= letter <= "\u9fff" for letter in word):
        findings.add("pronounce_syllable", reading.place, name=reading.value.split()[0], word=word)
        return False
    characters = sum("\u3400" <= letter <= "\u9fff" for letter in word)
    given = len(syllables(reading.value))
    if is_pinyin(reading.value) and characters == len(word) != given:
        findings.add("pronounce_count", reading.place, name=word, count=len(word), given=given)
        return False
    return True


def report_unused(bot: Fields, names: Names) -> None:
    """Experiments and hours that no condition asks for."""
    parts = (
        ("experiments", "arm", "experiment_unused", "unknown_experiment"),
        ("hours", "open", "hours_unused", "unknown_hours"),
    )
    for part, head, code, misspelt in parts:
        if names.findings.is_broken("flows/", "bot.yaml") or any(names.findings.of(misspelt)):
            continue  # what is not asked for may be what was meant
        for name, _ in bot.get(part) or ():
            if f"{head}.{name.value}" not in names.asked:
                names.findings.add(code, name.place, name=name.value)
