"""The scripts of the market are whole: they check clean, hold their conversations, and leave no answer untested."""

import re
from pathlib import Path

import pytest

from huashu import scripts_market
from huashu.flows.check import check
from huashu.flows.script import Back, Prompt, Script
from huashu.knowledge.items import KnowledgeBase
from huashu.lab.runner import run_tests
from huashu.runtime.bot import load_bot

pytestmark = pytest.mark.cli

MARKET = Path(str(scripts_market.__file__)).parent
BOTS = sorted(path.parent for path in MARKET.glob("*/bot.yaml"))
HERE = Path(__file__).resolve().parent.parent
ALL = [*BOTS, HERE / "bots" / "coffee_en", HERE / "bots" / "home_zh"]
LONGEST_ANSWER = 40
"""Characters of an answer that a caller can take in by ear."""


def ids(folder: Path) -> str:
    return folder.name


def script(folder: Path) -> Script:
    found = check(folder).script
    assert found is not None
    return found


def test_the_market_has_its_bots() -> None:
    stock = {
        "maintenance_appointment",
        "repair_booking",
        "satisfaction_nps",
        "appointment_en",
        "bank_service",
        "card_instalment",
        "loan_reminder",
        "birthday_care",
        "survey_nps_en",
    }
    stock |= {"payment_reminder_en", "delivery_confirmation"}
    assert stock <= {folder.name for folder in BOTS}


@pytest.mark.parametrize("folder", ALL, ids=ids)
def test_it_checks_clean(folder: Path) -> None:
    assert [str(finding) for finding in check(folder).findings] == []


@pytest.mark.parametrize("folder", ALL, ids=ids)
def test_it_holds_its_conversations_and_every_answer_is_tested(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bot = load_bot(folder, trust=True, cache=tmp_path_factory.getbasetemp() / "models")
    report = run_tests(folder, bot=bot)
    assert report.ok, "\n".join(report.lines())
    assert [str(part) for part in report.coverage.unanswered] == []
    assert report.coverage.share(("step", "branch"))[0] == report.coverage.share(("step", "branch"))[1]


@pytest.mark.parametrize("folder", BOTS, ids=ids)
def test_every_ending_it_writes_has_a_label(folder: Path) -> None:
    labelled = {end.name for flow in script(folder).flows.values() for end in flow.endings.values() if end.label}
    written = re.findall(r"^  (\S+): \{.*(?:result|结果): ", (folder / "bot.yaml").read_text(encoding="utf-8"), re.M)
    assert labelled == set(written)
    assert len(written) >= 6


@pytest.mark.parametrize(
    "name", ["card_instalment", "maintenance_appointment", "repair_booking", "satisfaction_nps", "loan_reminder"]
)
def test_endings_are_labelled_a_to_f(name: str) -> None:
    flows = script(MARKET / name).flows.values()
    assert {ending.label for flow in flows for ending in flow.endings.values() if ending.label} == set("ABCDEF")


def test_instalment_answers_objections_twice_and_no_more() -> None:
    flow = script(MARKET / "card_instalment").flows["账单分期"]
    answered = {
        name: entry
        for name, entry in flow.anytime.items()
        if isinstance(entry.reaction.then, Back) and entry.reaction.say is not None and not entry.built_in
    }
    assert len(answered) >= 12
    for name, entry in answered.items():
        assert entry.reaction.say is not None
        assert len(entry.reaction.say.lines) == 2, name
        assert entry.times <= 2, name
        assert entry.after is not None, name


@pytest.mark.parametrize("folder", BOTS, ids=ids)
def test_answers_are_short_enough_for_the_ear(folder: Path) -> None:
    found = script(folder)
    english = found.language.startswith("en")
    prompts: list[tuple[str, Prompt]] = []
    for flow in found.flows.values():
        prompts += [
            (name, entry.reaction.say) for name, entry in flow.anytime.items() if entry.reaction.say is not None
        ]
    spoken = [(name, "".join(map(str, line.parts))) for name, prompt in prompts for line in prompt.lines]
    spoken += [(item.id, item.voice) for base in found.knowledge.values() for item in base.items]
    for name, text in spoken:
        length = len(text.split()) * 2.5 if english else len(text)
        assert 0 < length <= LONGEST_ANSWER, name


def test_the_banks_knowledge_is_wide() -> None:
    (base,) = script(MARKET / "bank_service").knowledge.values()
    assert isinstance(base, KnowledgeBase)
    assert len(base.items) >= 30
    assert all(len(item.variants) >= 3 for item in base.items)


@pytest.mark.parametrize("name", ["loan_reminder", "maintenance_appointment", "repair_booking", "satisfaction_nps"])
def test_knowledge_has_ten_items_said_in_three_ways(name: str) -> None:
    (base,) = script(MARKET / name).knowledge.values()
    assert isinstance(base, KnowledgeBase)
    assert len(base.items) >= 10
    assert all(len(item.variants) >= 3 for item in base.items)


@pytest.mark.parametrize("folder", BOTS, ids=ids)
def test_every_intent_of_its_own_has_eight_different_examples(folder: Path) -> None:
    examples: dict[str, set[str]] = {}
    for example in script(folder).nlu.examples:
        examples.setdefault(example.intent, set()).add(example.text)
    assert {name: len(texts) for name, texts in examples.items() if len(texts) < 8} == {}


@pytest.mark.parametrize(("name", "flow"), [("card_instalment", "账单分期"), ("loan_reminder", "提醒")])
def test_private_amounts_wait_for_identity(name: str, flow: str) -> None:
    found = script(MARKET / name)
    private = {name for name, variable in found.variables.items() if variable.private}
    for step in found.flows[flow].steps:
        prompts = [step.say, step.question.prompt if step.question else None]
        names = {
            getattr(part, "name", "") for prompt in prompts if prompt for line in prompt.lines for part in line.parts
        }
        if names & private:
            assert ("身份", "已核实") in step.needs, step.id


def test_nobody_but_the_debtor_hears_of_a_debt() -> None:
    found = script(MARKET / "loan_reminder")
    words = ("还款", "欠", "借", "贷", "逾期", "账", "钱")
    for name in ("核实", "约时间"):
        flow = found.flows[name]
        prompts: list[Prompt | None] = [entry.reaction.say for entry in flow.anytime.values()]
        assert all(entry.reaction.knowledge is None for entry in flow.anytime.values())
        for step in flow.steps:
            prompts.append(step.say)
            if step.question is not None:
                prompts += [step.question.prompt, *(answer.say for answer in step.question.answers.values())]
                prompts += [rung.reaction.say for rung in (*step.question.silence, *step.question.unclear)]
        said = "".join(str(part) for prompt in prompts if prompt for line in prompt.lines for part in line.parts)
        assert said
        assert [word for word in words if word in said.replace("转账", "")] == []
