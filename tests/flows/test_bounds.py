"""Silence and length of a call are bounded for every script that is accepted, and the bounds hold."""

import math
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huashu.flows import speech
from huashu.flows.bounds import Bounds
from huashu.flows.check import check, check_sources
from huashu.flows.findings import Findings
from huashu.flows.folder import Sources
from huashu.flows.grammar import TYPES
from huashu.flows.limits import CALLER_TURN
from huashu.lab import loudspeaker
from tests.flows.adversary import MOODS, Adversary, Measured
from tests.flows.folders import BOT, STEPS, check_files
from tests.flows.random_features import MOODS as ALL_MOODS
from tests.flows.random_features import Richer, Wilder
from tests.flows.random_flows import Maker

pytestmark = pytest.mark.engine

MARKET = Path(__file__).parents[2] / "scripts_market"
STOCK = ["appointment_en", "bank_service", "card_instalment"]


def bounds(folder: Path, steps: str, **files: str) -> Bounds:
    extra = {f"flows/{name}.yaml": text for name, text in files.items()}
    report = check_files(folder, {"flows/a.yaml": STEPS + steps, **extra})
    assert report.bounds is not None, [str(finding) for finding in report.findings]
    return report.bounds


# --- figures --------------------------------------------------------------------------------------------------------


def test_the_longest_rung_is_the_dead_air(tmp_path: Path) -> None:
    found = bounds(
        tmp_path,
        "- 问: {ask: 好吗？, answers: {肯定: {}}, silence: [{after: 3s, say: 喂。}, {after: 7s, end: no_input}]}\n",
    )
    assert found.dead_air == 7
    assert (found.worst.kind, found.worst.step, found.worst.rung) == ("silence", "问", 2)


def test_an_action_is_silent_between_its_late_lines(tmp_path: Path) -> None:
    # 2 s, then 4.5 characters a second for nine of them, then on to 20 s
    late = "late: [{after: 2s, say: 一二三四五六七八九}]"
    found = bounds(tmp_path, f"- 做: {{do: act, timeout: 20s, {late}, failed: {{end: error}}}}\n")
    assert found.dead_air == pytest.approx(20 - 2 - 2)


def test_quiet_waits_add_up_until_somebody_speaks(tmp_path: Path) -> None:
    steps = "- 一: {do: act, timeout: 4s}\n- 二: {do: act, timeout: 5s}\n- 三: {handoff: 客服, failed: {end: error}}\n"
    assert bounds(tmp_path, steps).dead_air == pytest.approx(4 + 5 + 60)


def test_a_line_before_a_wait_takes_its_length_off_it(tmp_path: Path) -> None:
    steps = "- 转: {say: 一二三四五六七八九, handoff: 客服, failed: {end: error}}\n"
    assert bounds(tmp_path, steps).dead_air == pytest.approx(60 - 2)
    heard = steps.replace("handoff", "must_hear: true, handoff")
    assert bounds(tmp_path, heard).dead_air == pytest.approx(60)  # the handoff begins when the line is over


def test_a_greeting_without_a_beep_is_silent_for_as_long_as_the_script_says(tmp_path: Path) -> None:
    steps = STEPS + "- 问: {ask: 好吗？, answers: {肯定: {}}, silence: [{after: 3s, end: no_input}]}\n"
    found = []
    for quiet, within in (("4s", "30s"), ("4s", "130s")):
        (tmp_path / within).mkdir()
        pattern = f"patterns: {{machine: {{after_beep: {{quiet: {quiet}, within: {within}}}, say: 请您回电。}}}}\n"
        found.append(check_files(tmp_path / within, {"bot.yaml": BOT + pattern, "flows/a.yaml": steps}).bounds)
    short, long = found
    assert short is not None
    assert long is not None
    assert (short.dead_air, short.worst.kind) == (4, "beep")
    assert long.call - short.call == pytest.approx(100)


def test_keys_that_may_still_come_are_waited_for(tmp_path: Path) -> None:
    steps = "- 问: {collect: 期数, prompt: 几期？, dtmf: {digits: %d, inter_digit: 9s}}\n"
    assert bounds(tmp_path, steps % 2).dead_air == 9
    assert bounds(tmp_path, steps % 1).dead_air == 5


def test_a_longer_ladder_makes_a_longer_call(tmp_path: Path) -> None:
    short = bounds(tmp_path, "- 问: {ask: 好吗？, answers: {肯定: {}}}\n")
    rungs = "[{say: 一。}, {say: 二。}, {say: 三。}, {end: no_match}]"
    more = bounds(tmp_path, f"- 问: {{ask: 好吗？, answers: {{肯定: {{}}}}, unclear: {rungs}}}\n")
    assert more.call >= short.call + 2 * CALLER_TURN
    assert more.turns >= short.turns + 2


def test_times_bounds_a_loop_and_after_leaves_it(tmp_path: Path) -> None:
    loop = "- 问: {%s ask: 还要吗？, answers: {肯定: {go: 问}, 否定: {}}}\n"
    assert math.isinf(bounds(tmp_path, loop % "").call)
    three, five = (bounds(tmp_path, loop % f"times: {n}, after: {{end: completed}},").call for n in (3, 5))
    assert three < five < math.inf


def test_a_variable_that_counts_bounds_a_loop(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    steps = (
        "- 问: {ask: 还要吗？, answers: {肯定: {}, 否定: {end: completed}}}\n"
        "- 数: {set: {轮: %s}, if: [{when: 轮 >= 3, end: completed}, {else: 问}]}\n"
    )
    bot = BOT.replace("variables:\n", "variables:\n  轮: {type: integer, default: 0}\n")
    found = [
        check_files(tmp_path / "x", {"bot.yaml": bot, "flows/a.yaml": STEPS + steps % value}).bounds
        for value in ('"=轮 + 1"', "0")
    ]
    assert found[0] is not None
    assert not math.isinf(found[0].call)
    assert found[1] is not None
    assert math.isinf(found[1].call)


@pytest.mark.parametrize("name", STOCK)
def test_the_stock_scripts_are_bounded(name: str) -> None:
    report = check(MARKET / name, strict=True)
    assert report.bounds is not None
    assert report.bounds.dead_air <= 60
    assert not math.isinf(report.bounds.call)


# --- the bounds hold --------------------------------------------------------------------------------------------------


def holds(found: Bounds, measured: Measured) -> bool:
    quiet = measured.dead_air <= found.dead_air + 0.01 and measured.hold <= found.hold + 0.01
    if math.isinf(found.call):
        return quiet
    return quiet and measured.closed and measured.call <= found.call + 0.01 and measured.turns <= found.turns


@given(st.integers(0, 2**32), st.sampled_from(MOODS))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_caller_exceeds_the_bounds_of_an_accepted_script(seed: int, mood: str) -> None:
    files = Maker(random.Random(seed)).files()
    report = check_sources(Sources({name: text.encode() for name, text in files.items()}), Findings())
    if report.script is not None and report.bounds is not None:
        assert holds(report.bounds, Adversary(report.script, seed, mood).run())


@given(st.integers(0, 2**32), st.sampled_from(ALL_MOODS))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_caller_exceeds_the_bounds_of_a_script_that_says_and_asks_all_there_is(seed: int, mood: str) -> None:
    files = Richer(random.Random(seed)).files()
    report = check_sources(Sources({name: text.encode() for name, text in files.items()}), Findings())
    if report.script is not None and report.bounds is not None:
        assert holds(report.bounds, Wilder(report.script, seed, mood).run())


@pytest.mark.parametrize("name", STOCK)
@pytest.mark.parametrize("mood", MOODS)
def test_no_caller_exceeds_the_bounds_of_a_stock_script(name: str, mood: str) -> None:
    report = check(MARKET / name)
    assert report.script is not None
    assert report.bounds is not None
    for seed in range(3):
        assert holds(report.bounds, Adversary(report.script, seed, mood).run())


@pytest.mark.parametrize("text", ["您好", "分6期，每期2,000.00元", "One moment please.", "Hello 您好 42", "", "…"])
def test_lines_are_as_long_as_the_lab_plays_them(text: str) -> None:
    assert speech.seconds_of(text) == loudspeaker.seconds_of(text)


def test_every_type_of_value_has_a_longest_reading() -> None:
    assert set(speech.LONGEST_VALUE) == set(TYPES)


def test_a_step_that_counts_only_a_few_times_bounds_no_loop(tmp_path: Path) -> None:
    """Entered once too often it raises nothing any more, and the loop goes on past it."""
    steps = (
        "- 问: {ask: 还要吗？, answers: {肯定: {}, 否定: {end: completed}}, if: [{when: 轮 >= 3, end: completed}]}\n"
        '- 数: {%sset: {轮: "=轮 + 1"}}\n'
        "- 回: {go: 问}\n"
    )
    bot = BOT.replace("variables:\n", "variables:\n  轮: {type: integer, default: 0}\n")
    found = [
        check_files(tmp_path, {"bot.yaml": bot, "flows/a.yaml": STEPS + steps % times}).bounds
        for times in ("", "times: 1, after: {go: 回}, ")
    ]
    assert [math.isinf(one.call) for one in found if one is not None] == [False, True]
