"""Simulated callers: the same seed gives the same calls, goals are judged, failures are kept as tests that pass."""

import json
from datetime import datetime
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from huashu.cli import app
from huashu.core.errors import UsageError
from huashu.lab.campaign import simulate
from huashu.lab.keeping import keep
from huashu.lab.persona import load_personas
from huashu.lab.runner import run_tests
from huashu.lab.tally import Tally
from huashu.lab.virtual_call import World
from huashu.lab.wishes import Wishes
from huashu.runtime.bot import Bot, load_bot
from tests.lab.folders import write_bot

pytestmark = pytest.mark.cli

STOCK = Path(__file__).parents[2] / "scripts_market"
EXACT = World(delay=0.2, failing=0, hanging=0)
YES = """\
persona: yes
wants: service
agrees: 1
errors: 0
fillers: 0
turn: {answer: 1}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_bot(tmp_path, "test: x\nturns: [bot: 您好]\n")


def persona(folder: Path, text: str) -> Path:
    path = folder / "persona.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def held(folder: Path, bot: Bot, text: str, *, callers: int = 20, seed: int = 1, world: World = EXACT) -> Tally:
    return simulate(
        folder, callers=callers, seed=seed, personas=[persona(folder, text)], rate=0.05, world=world, bot=bot
    )


def test_callers_know_what_the_call_came_with_and_the_question_checks() -> None:
    folder = STOCK / "payment_reminder_en"
    script = load_bot(folder).script
    question = next(step.question for step in script.flows["reaching"].steps if step.id == "verify")
    assert question is not None
    who = load_personas()[0]
    wishes = Wishes(script, who, {}, Random(1))
    assert wishes.of(question, "zip", ("Ann",), datetime(2026, 3, 2, 10)) == script.variables["zip_on_file"].example


# --- determinism ----------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_log_whatever_the_number_of_processes(tmp_path: Path) -> None:
    folder = STOCK / "card_instalment"
    logs = [tmp_path / "one.log", tmp_path / "two.log"]
    tallies = [
        simulate(folder, callers=60, seed=5, trust=True, jobs=n, log=log) for n, log in zip((1, 2), logs, strict=True)
    ]
    assert tallies[0].digest == tallies[1].digest
    assert tallies[0].data() == tallies[1].data()
    assert tallies[0].lines(verbose=True) == tallies[1].lines(verbose=True)
    assert logs[0].read_bytes() == logs[1].read_bytes()
    assert "Understood" in logs[0].read_text(encoding="utf-8")
    assert simulate(folder, callers=60, seed=6, trust=True, jobs=1).digest != tallies[0].digest


def test_a_thousand_calls_twice_are_byte_identical() -> None:
    folder = STOCK / "card_instalment"
    bot = load_bot(folder, trust=True)
    first, again = (simulate(folder, callers=1000, seed=1, bot=bot) for _ in range(2))
    assert first.calls == 1000
    assert first.digest == again.digest


def test_actions_that_remember_do_not_tie_calls_together(folder: Path, small: Bot, tmp_path: Path) -> None:
    """A counter in actions.py begins anew in every call: else calls would depend on those before them."""
    (folder / "actions.py").write_text(
        "from itertools import count\nfrom huashu import action\nnumbers = count(7)\n\n\n"
        "@action\ndef make() -> dict[str, int]:\n    return {'每期': next(numbers)}\n",
        encoding="utf-8",
    )
    bot = load_bot(folder, trust=True, understander=small.understander)
    path = persona(folder, YES)
    simulate(folder, callers=8, seed=1, personas=[path], rate=0, world=EXACT, bot=bot, log=tmp_path / "log")
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert log.count("ActionResult") >= 6
    assert log.count("ActionResult") == log.count("Decimal('7')")


# --- goals ----------------------------------------------------------------------------------------------------------


def test_a_willing_caller_gets_what_they_came_for(folder: Path, small: Bot) -> None:
    tally = held(folder, small, YES)
    data = tally.data()
    assert tally.reached >= 15  # what is not understood is no matter of the caller
    assert data["endings"][0] == {"ending": "成了", "label": "A", "result": "success", "calls": tally.reached}
    assert data["personas"] == [{"persona": "yes", "calls": 20, "reached": tally.reached}]


def test_a_value_taken_wrongly_is_no_success() -> None:
    """A telephone number with a digit misheard books, and yet the caller has not got what they wanted."""
    bot = load_bot(STOCK / "appointment_en", trust=True)
    tally = simulate(STOCK / "appointment_en", callers=60, seed=3, rate=0.1, bot=bot)
    wrong = [call for call in tally.failed if any(code == "why_slot" for code, _ in call.why)]
    assert wrong
    for call in wrong:
        words = dict(next(words for code, words in call.why if code == "why_slot"))
        assert words["found"] != words["wanted"]


def test_wishes_decide_what_counts(folder: Path, small: Bot) -> None:
    refusing = "persona: no\nwants: refusal\nagrees: 0\nerrors: 0\nturn: {answer: 1}\n"
    assert held(folder, small, refusing).reached >= 17
    silent = "persona: nobody\nwants: nothing\nturn: {silence: 1}\nsilence: [20s, 30s]\n"
    tally = held(folder, small, silent)
    assert tally.reached == 20
    assert tally.data()["endings"][0]["result"] == "no_input"


def test_a_goal_of_the_persona_is_what_the_caller_says(folder: Path, small: Bot) -> None:
    tally = held(folder, small, YES + "goal: {期数: '6'}\n")
    assert tally.reached >= 15
    with pytest.raises(UsageError, match="期数"):
        held(folder, small, YES + "goal: {期限: '6'}\n")


def test_goals_for_all_callers(folder: Path, small: Bot) -> None:
    tally = simulate(
        folder,
        callers=10,
        seed=1,
        personas=[persona(folder, YES)],
        rate=0,
        world=EXACT,
        bot=small,
        goals={"每期": ["3"]},
    )
    assert tally.calls == 10
    with pytest.raises(UsageError, match="no variable '期限' in small"):
        simulate(folder, callers=1, bot=small, goals={"期限": [6]})


def test_hanging_up_and_losing_patience_are_told(folder: Path, small: Bot) -> None:
    tally = held(folder, small, "persona: gone\nturn: {hang_up: 1}\n", callers=5)
    assert [(why["code"], why["calls"]) for why in tally.data()["missed_because"]] == [("hung_up_self", 5)]
    tally = held(folder, small, "persona: short\npatience: 1\nturn: {noise: 1}\n", callers=5)
    assert tally.data()["missed_because"][0]["code"] == "hung_up"


def test_some_callers_speak_over_the_bot(folder: Path, small: Bot, tmp_path: Path) -> None:
    logs = []
    for chance in (0, 1):
        path = persona(folder, YES + f"barge_in: {{chance: {chance}, after: [600ms, 900ms]}}\n")
        simulate(folder, callers=10, seed=1, personas=[path], bot=small, log=tmp_path / "log")
        logs.append((tmp_path / "log").read_text(encoding="utf-8"))
    assert "played=0." not in logs[0]
    assert logs[1].count("played=0.") >= 10


def test_keys_are_pressed_where_the_bot_takes_them(folder: Path, small: Bot, tmp_path: Path) -> None:
    path = persona(folder, "persona: keys\nagrees: 1\nturn: {keys: 1}\ngoal: {期数: '3'}\n")
    tally = simulate(folder, callers=10, seed=1, personas=[path], rate=0, world=EXACT, bot=small, log=tmp_path / "log")
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert tally.reached == 10
    assert log.count("Dtmf(digit='1')") == log.count("Dtmf(digit='3')") == 10


# --- the world behind the bot ---------------------------------------------------------------------------------------


def test_failing_and_hanging_actions_reach_their_branches(folder: Path, small: Bot) -> None:
    failing = held(folder, small, YES, world=World(failing=1, hanging=0))
    assert failing.reached == 0
    assert {
        key: row[key] for row in failing.data()["paths"] if row["kind"] == "failed" for key in ("kind", "name")
    } == {"kind": "failed", "name": "分期.办"}
    hanging = held(folder, small, YES, world=World(failing=0, hanging=1))
    assert hanging.data()["waits"][0]["seconds"] >= 1.0
    assert hanging.data()["waits"][0]["step"] == "分期.办"
    assert hanging.reached == 0


def test_a_handoff_may_be_taken_or_not(folder: Path, small: Bot) -> None:
    angry = "persona: angry\nwants: person\nturn: {human: 1}\n"
    taken = held(folder, small, angry, world=World(joined=1))
    refused = held(folder, small, angry, world=World(joined=0))
    assert taken.reached >= 18
    assert taken.data()["endings"][0]["result"] == "handoff"
    assert refused.data()["endings"][0]["ending"] == "没人"


def test_an_answering_machine_is_met_by_bots_that_call(folder: Path, small: Bot) -> None:
    machine = "persona: box\ndirection: outbound\nwants: nothing\nmachine: voicemail\nturn: {silence: 1}\n"
    tally = held(folder, small, machine, callers=3)
    assert tally.data()["endings"][0]["result"] == "machine"
    inbound = machine.replace("outbound", "inbound")
    with pytest.raises(UsageError, match="outbound"):
        held(folder, small, inbound)


# --- the report -----------------------------------------------------------------------------------------------------


def test_what_was_not_understood_is_told_with_examples(folder: Path, small: Bot) -> None:
    chatty = "persona: chatty\nturn: {chat: 5, answer: 1}\nsays: {zh: {chat: 楼上又在装修了}}\n"
    tally = held(folder, small, chatty)
    right, unclear, wrong = tally.utterances
    assert right + unclear + wrong > 20
    busy = held(
        folder, small, "persona: busy\nturn: {busy: 1}\nsays: {zh: {busy: 我在开飞机呢}}\nerrors: 0\nfillers: 0\n"
    )
    rows = busy.data()["not_understood"] + busy.data()["taken_for_something_else"]
    assert any(row["meant"] == "intent:在忙" and row["examples"] for row in rows)


def test_the_report_speaks_the_language_of_the_bot(folder: Path, small: Bot) -> None:
    lines = held(folder, small, YES).lines()
    assert lines[0].startswith("small：20 通模拟来电，种子 1")
    assert any("办理成功" in line or "成了" in line for line in lines)
    assert any(line.startswith("通话记录 SHA-256 ") for line in lines)
    english = simulate(STOCK / "appointment_en", callers=5, seed=1, trust=True, jobs=1).lines()
    assert english[0].startswith("appointment-en: 5 simulated calls, seed 1")


# --- failed calls as tests ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["card_instalment", "appointment_en"])
def test_failed_calls_are_kept_as_tests_that_pass(name: str, tmp_path: Path) -> None:
    bot = load_bot(STOCK / name, trust=True)
    tally = simulate(STOCK / name, callers=60, seed=3, bot=bot)
    assert tally.failed
    files, lost = keep(bot, tally.failed, tmp_path / "tests", seed=3, titles=tally.titles, most=8)
    assert len(files) >= 6
    assert lost <= 2
    text = files[0].read_text(encoding="utf-8")
    assert text.startswith(("# 模拟来电记录", "# A simulated call"))
    (tmp_path / "bot.yaml").write_bytes((STOCK / name / "bot.yaml").read_bytes())
    report = run_tests(tmp_path, bot=bot)
    assert report.ok, report.lines()
    assert len(report.results) == len(files)


# --- the command ----------------------------------------------------------------------------------------------------


def test_the_command_tells_and_keeps(tmp_path: Path) -> None:
    runner = CliRunner()
    keeping = tmp_path / "kept"
    folder = str(STOCK / "card_instalment")
    options = ["simulate", folder, "--callers", "30", "--seed", "4", "--jobs", "1", "--keep", str(keeping)]
    told = runner.invoke(app, options)
    assert told.exit_code == 0, told.output
    assert "目标达成" in told.output
    assert "SHA-256" in told.output
    data = json.loads(runner.invoke(app, [*options, "--json"]).output)
    assert data["calls"] == 30
    assert data["kept"] == sorted(path.name for path in keeping.iterdir())
    assert data["log_sha256"] in told.output


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"callers": 0}, "at least 1"),
        ({"rate": 0.9}, "0 to 0.5"),
        ({"jobs": 0}, "at least 1"),
        ({"personas": [Path("nowhere.yaml")]}, "no persona file nowhere.yaml"),
    ],
)
def test_impossible_wishes_are_refused(folder: Path, options: dict[str, object], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        simulate(folder, **{"callers": 1, **options})  # type: ignore[arg-type]
