"""Opening hours: what can be written, and when they are open."""

from datetime import datetime
from pathlib import Path

import pytest

from huashu.flows.hours import HoursError, parse_hours
from tests.flows.folders import BOT, STEPS, check_files, marked

pytestmark = pytest.mark.unit

MONDAY = "2026-03-02"
"""And 03-07 is a Saturday, 03-08 a Sunday."""


def opened(rules: list[str], at: str, exceptions: dict[str, list[str]] | None = None) -> bool:
    return parse_hours(rules, (exceptions or {}).items()).open_at(datetime.fromisoformat(at))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (f"{MONDAY}T08:59", False), (f"{MONDAY}T09:00", True), (f"{MONDAY}T17:59:59", True),
        (f"{MONDAY}T18:00", False), ("2026-03-06T12:00", True), ("2026-03-07T11:59", True),
        ("2026-03-07T12:00", False), ("2026-03-08T10:00", False),
    ],
)  # fmt: skip
def test_a_week_of_office_hours(at: str, expected: bool) -> None:
    for rules in (
        ["周一至周五 9:00-18:00", "周六 9:00-12:00"],
        ["星期一到星期五 9:00至18:00", "礼拜六 09:00-12:00"],
        ["工作日 9：00－18：00".replace("－", "-"), "周六 9:00-12:00"],
        ["Mon-Fri 9:00-18:00", "Saturday 9:00-12:00"],
        ["Monday to Friday 9:00-18:00", "sat 9:00 to 12:00"],
        ["周一、周二、周三、周四、周五 9:00-12:00、12:00-18:00", "周六 9:00-12:00"],
        ["weekdays 9:00-12:00 12:00-18:00", "Sat 9:00-12:00"],
    ):
        assert opened(rules, at) is expected, rules


@pytest.mark.parametrize(
    ("at", "expected"), [(f"{MONDAY}T21:59", False), (f"{MONDAY}T22:00", True), ("2026-03-03T05:59", True),
                         ("2026-03-03T06:00", False), (f"{MONDAY}T03:00", False)]
)  # fmt: skip
def test_a_night_belongs_to_the_day_it_begins(at: str, expected: bool) -> None:
    assert opened(["周一 22:00-6:00"], at) is expected


def test_without_days_every_day_and_round_the_clock() -> None:
    assert all(opened(["0:00-24:00"], f"2026-03-0{day}T{hour:02}:30") for day in range(1, 9) for hour in (0, 12, 23))
    assert opened(["周六至周一 9:00-10:00"], "2026-03-08T09:30")
    assert not opened(["周六至周一 9:00-10:00"], "2026-03-03T09:30")


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-03-02 08:00", "2026-03-02 09:00"),
        ("2026-03-02 10:30", "2026-03-02 10:30"),
        ("2026-03-02 12:30", "2026-03-02 13:00"),
        ("2026-03-06 18:00", "2026-03-09 09:00"),
        ("2026-09-30 23:00", "2026-10-08 09:00"),
    ],
)
def test_the_next_opening(at: str, opens: str) -> None:
    hours = parse_hours(["周一至周五 9:00-12:00 13:00-18:00"], [("10-01 至 10-07", ["休息"])])
    assert hours.opens(datetime.fromisoformat(at)) == datetime.fromisoformat(opens)


def test_a_night_is_open_until_its_morning_and_what_never_opens_is_told() -> None:
    night = parse_hours(["周五 22:00-6:00"])
    assert night.opens(datetime(2026, 3, 7, 5, 59)) == datetime(2026, 3, 7, 5, 59)
    assert night.opens(datetime(2026, 3, 7, 6, 0)) == datetime(2026, 3, 13, 22, 0)
    assert parse_hours([], [("2020-01-01", ["9:00-10:00"])]).opens(datetime(2026, 3, 7)) is None


def test_exceptions_replace_the_day_and_the_last_counts() -> None:
    rules = ["周一至周五 9:00-18:00"]
    days = {
        "2026-10-01 至 2026-10-07": ["休息"],
        "2026-10-10": ["9:00-12:00"],
        "2026-10-05": ["20:00-22:00"],
        "12-31": ["closed"],
    }
    assert not opened(rules, "2026-10-02T10:00", days)
    assert opened(rules, "2026-10-08T10:00", days)
    assert opened(rules, "2026-10-10T10:00", days)  # a Saturday worked
    assert opened(rules, "2026-10-05T21:00", days)
    assert not opened(rules, "2026-12-31T10:00", days)
    assert not opened(rules, "2027-12-31T10:00", days)
    assert not opened(rules, "2027-01-01T10:00", {"12-30 to 01-02": ["closed"]})


@pytest.mark.parametrize(
    "text",
    ["", "周一", "9点到18点", "周八 9:00-18:00", "周一 9:00-18:60", "周一 25:00-26:00", "周一 9:00", "9:00-18:00 周一"],
)
def test_what_is_no_hours_is_refused(text: str) -> None:
    with pytest.raises(HoursError):
        parse_hours([text])


@pytest.mark.parametrize("days", ["10月1日", "2026-02-30", "2026-10-07 至 2026-10-01", "2026-10-01 至 10-07", ""])
def test_what_is_no_day_is_refused(days: str) -> None:
    with pytest.raises(HoursError):
        parse_hours([], [(days, ["closed"])])


def test_the_checker_names_the_rule_and_the_hours_nearest(tmp_path: Path) -> None:
    days = "  值班: {open: 0:00-24:00, except: {▲十月一日: closed}}\n"
    bot = BOT + "hours:\n  上班: [周一至周五 9:00-18:00, ▲周六上午]\n" + days
    steps = "- 一: {if: [{when: open.上班, go: 三}, {else: 三}]}\n- 三: {if: [{when: 营业.▲值夜班, end: completed}]}\n"
    files = {"bot.yaml": bot, "flows/a.yaml": STEPS + steps}
    report = check_files(tmp_path, files)
    errors = [found for found in report.findings if found.severity == "error"]
    assert [(found.file, found.line, found.column) for found in errors] == marked(files)
    assert [found.code for found in errors] == ["hours_text", "hours_text", "unknown_hours"]
    assert "值班" in errors[2].hint
    assert "hours_unused" not in [found.code for found in report.findings]


def test_hours_that_nothing_asks_for_are_told(tmp_path: Path) -> None:
    report = check_files(tmp_path, {"bot.yaml": BOT + "hours: {上班: 9:00-18:00}\n"})
    assert [finding.code for finding in report.findings if finding.code.startswith("hours")] == ["hours_unused"]
