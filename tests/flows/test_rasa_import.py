"""A Rasa project becomes a bot that is checked; what has no counterpart is told with file and line."""

from pathlib import Path

import pytest

from huashu.core.errors import UsageError
from huashu.flows.check import check
from huashu.flows.loader import load
from huashu.flows.rasa_import import Imported, import_rasa
from huashu.flows.script import CallFlow, End, Go, Link, Script
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


def test_a_form_in_the_middle_of_a_story_comes_back_to_it(tmp_path: Path) -> None:
    folder = write(tmp_path / "rasa")
    (folder / "data" / "more.yml").write_text(
        "stories:\n- story: room for the sad\n  steps:\n  - intent: greet\n  - action: utter_greet\n"
        "  - intent: holiday\n  - action: room_form\n  - active_loop: room_form\n  - active_loop: null\n"
        "  - action: utter_glad\n"
        "nlu:\n- intent: holiday\n  examples: |\n    - I need a holiday\n    - holidays please\n    - a vacation\n",
        encoding="utf-8",
    )
    import_rasa(folder, bot="hotel").files.write(tmp_path / "bot")
    report = check(tmp_path / "bot")
    assert report.errors == ()
    main = load(tmp_path / "bot").flows["main"]
    assert main.steps[main.index["holiday"]].then == CallFlow("room_form")
    assert main.steps[main.index["holiday"] + 1].say is not None
    assert main.anytime["book_room"].reaction.then == Link("begin_room_form")


def test_a_chinese_project(tmp_path: Path) -> None:
    files = {
        "domain.yml": "intents: [打招呼, 查天气, 再见]\nresponses:\n  utter_hi: [{text: 您好，请问有什么可以帮您？}]\n"
        "  utter_weather: [{text: 今天晴。}]\n  utter_bye: [{text: 再见，祝您愉快。}]\n",
        "data/nlu.yml": "nlu:\n- intent: 打招呼\n  examples: |\n    - 你好\n    - 您好\n- intent: 查天气\n"
        "  examples: |\n    - 今天天气怎么样\n    - 会下雨吗\n    - 天气如何\n"
        "- intent: 再见\n  examples: |\n    - 拜拜\n    - 再见\n",
        "data/rules.yml": "rules:\n- rule: a\n  steps: [{intent: 打招呼}, {action: utter_hi}]\n- rule: b\n"
        "  steps: [{intent: 查天气}, {action: utter_weather}]\n- rule: c\n"
        "  steps: [{intent: 再见}, {action: utter_bye}]\n",
    }
    for name, text in files.items():
        (tmp_path / "rasa" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "rasa" / name).write_text(text, encoding="utf-8")
    found = import_rasa(tmp_path / "rasa", bot="tq")
    found.files.write(tmp_path / "bot", spelling=found.language)
    assert (found.language, check(tmp_path / "bot").errors) == ("zh", ())
    script = load(tmp_path / "bot")
    start = script.flows["main"].steps[0].question
    assert start is not None
    assert start.prompt.lines[0].parts == ("您好，请问有什么可以帮您？",)
    assert script.flows["main"].anytime["再见"].reaction.then == End("goodbye")
