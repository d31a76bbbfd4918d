"""What conditions may ask beside variables: arms of experiments (`arm.x`) and opening hours (`open.x`), compiled."""

from huashu.flows.findings import Findings
from huashu.flows.hours import Hours, HoursError, parse_hours
from huashu.flows.names import Names
from huashu.flows.shapes import At, Fields


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
