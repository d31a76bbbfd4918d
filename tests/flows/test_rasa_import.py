"""A Rasa project becomes a bot that is checked; what has no counterpart is told with file and line."""

from pathlib import Path

import pytest

from huashu.core.errors import UsageError
from huashu.flows.check import check
from huashu.flows.loader import load
from huashu.flows.rasa_import import Imported, import_rasa
from huashu.flows.script import End, Go, Link, Script
from tests.flows.rasa_bot import write

pytestmark = pytest.mark.unit


@pytest.fixture
def imported(tmp_path: Path) -> tuple[Imported, Script]:
    found = import_rasa(write(tmp_path / "rasa"), bot="hotel")
    found.files.write(tmp_path / "bot")
    report = check(tmp_path / "bot")
    assert report.errors == ()
    return found, load(tmp_path / "bot")


def test_stories_become_steps_and_answers(imported: tuple[Imported, Script]) -> None:
    main = imported[1].flows["main"]
    start = main.steps[0].question
    assert start is not None
    assert start.prompt.lines[0].parts == ("Hello from the Harbour Hotel, how are you today?",)
    assert start.answers["mood_bad"].then == Go("mood_bad")
    sad = main.steps[main.index["mood_bad"]]
    assert sad.say is not None
    assert sad.question is not None
    assert set(sad.question.answers) == {"affirm", "deny"}
    assert main.steps[main.index["mood_bad_deny"]].then == End("goodbye")


def test_a_form_becomes_a_flow_that_collects(imported: tuple[Imported, Script]) -> None:
    script = imported[1]
    form = script.flows["room_form"]
    slots = [step.question.slot for step in form.steps if step.question]
    assert slots == ["city", "room", "guests", "breakfast"]
    room = form.steps[1].question
    assert room is not None
    assert room.prompt.lines[0].parts == ("A single or a double room?",)
    assert [choice.spoken for choice in room.expect.choices] == [("single",), ("double", "twin", "for two people")]
    assert [step.do.action for step in form.steps if step.do] == ["action_store_booking"]
    assert script.variables["breakfast"].type == "yes_no"
    assert script.flows["main"].anytime["book_room"].reaction.then == Link("room_form")


def test_rules_faq_and_flows(imported: tuple[Imported, Script]) -> None:
    script = imported[1]
    assert script.flows["main"].anytime["ask_hours"].reaction.say is not None
    assert script.knowledge["faq"].items[0].answer == "Parking is free for guests."
    assert script.flows["main"].anytime["cancel_stay"].reaction.then == Link("cancel_stay")
    branches = script.flows["cancel_stay"].steps[0].branches
    assert [branch.then for branch in branches] == [Go("cancelled"), Go("kept")]
    spans = {example.text: example.spans for example in script.nlu.examples}
    assert spans["book me a room in Lisbon"][0].slot == "city"


def test_what_has_no_counterpart_is_told_with_its_line(imported: tuple[Imported, Script], tmp_path: Path) -> None:
    told = [str(note) for note in imported[0].notes]
    for file, word in (
        ("data/nlu.yml", "regex room_number"), ("data/stories.yml", "checkpoint"), ("domain.yml", "image"),
        ("domain.yml", "buttons"), ("domain.yml", "history"), ("data/rules.yml", "action_store_booking"),
        ("data/nlu.yml", "unused_thing"), ("data/flows.yml", "nlu_trigger"),
    ):  # fmt: skip
        line = next((line for line in told if line.startswith(f"{file}:") and word in line), "")
        assert line, word
        number = int(line.split(":")[1])
        source = (tmp_path / "rasa" / file).read_text(encoding="utf-8").splitlines()
        near = " ".join(source[max(number - 2, 0) : number + 4])
        assert word.split()[-1].removeprefix("nlu_trigger") in near


def test_a_folder_that_is_no_rasa_project(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="domain"):
        import_rasa(tmp_path, bot="x")
