"""What the loader makes of a good bot: inheritance, expectations, defaults, spellings, digests, the archive."""

import dataclasses
import json
import re
import shutil
import struct
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from huashu.core.actions import BargeIn
from huashu.core.errors import ScriptError, UsageError
from huashu.core.expect import DtmfRule
from huashu.core.values import Scalar
from huashu.flows.check import check
from huashu.flows.codes import WARNINGS
from huashu.flows.json_schema import json_schema
from huashu.flows.keys import CHINESE, CHINESE_WORDS, ENGLISH
from huashu.flows.loader import bundle, load, load_bundle
from huashu.flows.messages import HINTS, MESSAGES, WANTS
from huashu.flows.respell import respell
from huashu.flows.script import (
    Back,
    CallFlow,
    Continue,
    End,
    Go,
    HandOff,
    Line,
    Question,
    Reference,
    Script,
    Stay,
    Step,
)
from tests.flows.folders import BOT, FLOW, GOOD, NLU, STEPS, check_files, write

pytestmark = pytest.mark.engine

CARD = Path(__file__).parent / "bots" / "card"


@pytest.fixture(scope="module")
def card() -> Script:
    return load(CARD)


def step(script: Script, flow: str, name: str) -> Step:
    found = script.flows[flow]
    return found.steps[found.index[name]]


def question(script: Script, flow: str, name: str) -> Question:
    found = step(script, flow, name).question
    assert found is not None
    return found


def compiled(folder: Path, **files: str) -> Script:
    """The good bot with files replaced, named by `flow`, `bot`, `nlu`."""
    names = {"flow": "flows/a.yaml", "bot": "bot.yaml", "nlu": "nlu/a.yaml"}
    report = check_files(folder, {names[key]: text for key, text in files.items()})
    assert report.script is not None, "\n".join(map(str, report.findings))
    return report.script


# --- the example ----


def test_variables_and_settings(card: Script) -> None:
    assert (card.name, card.language, card.start, card.direction) == (
        "card-instalment",
        "zh-CN",
        "账单分期",
        "outbound",
    )
    amount = card.variables["账单金额"]
    assert (amount.type, amount.private, amount.given, amount.example) == ("money", True, True, Decimal("12000.00"))
    assert card.variables["手续费"].default == Decimal("0.7")
    assert card.variables["身份"].values == ("已核实", "未核实")
    assert card.settings.max_seconds == 600.0
    assert card.actions == "actions.py"
    assert card.languages == ("en-US",)


def test_a_question_inherits_what_it_does_not_say(card: Script) -> None:
    own, inherited = question(card, "账单分期", "核实身份"), question(card, "账单分期", "选期数")
    assert [rung.after for rung in own.silence] == [4.0, 3.0, 3.0]
    assert [rung.after for rung in inherited.silence] == [5.0, 5.0, 4.0]
    assert inherited.silence[-1].reaction.then == End("无应答")
    assert isinstance(inherited.silence[0].reaction.then, Stay)
    assert inherited.unclear[-1].reaction.then == HandOff("信用卡")
    assert inherited.prompt.barge_in == BargeIn("words", 2)
    assert own.prompt.barge_in == BargeIn("speech")


def test_expectations(card: Script) -> None:
    identity = question(card, "账单分期", "核实身份").expect
    assert identity.kind == "yes_no"
    assert identity.step == "账单分期.核实身份"
    assert identity.intents == ("肯定", "否定", "在忙")
    switches, requests = ("说英语", "说中文"), ("请重复", "说慢点", "等一下", "跳过")
    assert identity.anytime == ("转人工", "别再打", "打错了", "太贵", *switches, *requests)
    assert identity.knowledge == ("信用卡",)
    assert identity.dtmf == DtmfRule(1)
    terms = question(card, "账单分期", "选期数").expect
    assert (terms.kind, terms.slot, terms.type, terms.unit) == ("choice", "期数", "integer", "期")
    assert [choice.value for choice in terms.choices] == [3, 6, 12]
    assert terms.choices[1].spoken == ("6期", "六期", "6", "六", "半年")
    assert terms.phrases[:2] == ("3期", "三期")
    assert "太贵了" in terms.phrases
    callback = question(card, "约时间", "问号码").expect
    assert (callback.kind, callback.dtmf) == ("value", DtmfRule(11))
    assert callback.slots == (("回电时间", "time"), ("回电号码", "phone"))
    assert question(card, "约时间", "问时间").confirm is not None


def test_steps(card: Script) -> None:
    opening = step(card, "账单分期", "开场")
    assert opening.say is not None
    assert opening.say.lines == (Line(("您好，我是", Reference("银行"), "的智能客服小艾，本次通话会录音。")),)
    assert opening.must_hear is not None
    assert opening.must_hear.otherwise == End("礼貌结束")
    answers = question(card, "账单分期", "核实身份").answers
    assert answers["肯定"].then == Go("选期数")
    assert answers["在忙"].then == CallFlow("约时间")
    assert answers["肯定"].set[0].value.evaluate(lambda name: None) == "已核实"
    terms = question(card, "账单分期", "选期数")
    assert terms.check is not None
    scope: dict[str, Scalar] = {"账单金额": Decimal(600), "期数": 3}
    assert terms.check.evaluate(scope.__getitem__) is True
    assert step(card, "账单分期", "选期数").needs == (("身份", "已核实"),)
    do = step(card, "账单分期", "办理").do
    assert do is not None
    assert (do.timeout, do.late[0].after) == (8.0, 1.5)
    assert do.args["手续费"].evaluate(lambda name: None) == Decimal("0.7")
    assert isinstance(do.failed.then, HandOff)
    arms = step(card, "账单分期", "大额").branches
    assert [arm.then for arm in arms] == [Go("成功"), Go("成功")]
    assert arms[1].when is None


def test_anytime_endings_and_patterns(card: Script) -> None:
    main, callback = card.flows["账单分期"], card.flows["约时间"]
    assert set(main.anytime) == {"转人工", "别再打", "打错了", "太贵", "知识", "说英语", "说中文"}
    assert set(callback.anytime) == {"转人工", "别再打", "打错了", "说英语", "说中文"}
    price = main.anytime["太贵"]
    assert (price.times, price.reaction.then) == (2, Back())
    assert price.after is not None
    assert main.ending == "礼貌结束"
    assert callback.ending == "completed"
    assert callback.endings["非本人"].result == "wrong_person"
    assert "办理成功" not in callback.endings
    # 无应答 is the script's own: the built-in English name means the same ending.
    assert callback.endings["no_input"] == callback.endings["无应答"]
    assert callback.endings["无应答"].label == "F"
    for name in ("completed", "no_input", "no_match", "error", "too_long", "machine", "not_answered", "handoff"):
        assert name in callback.endings
    assert card.patterns.error.then == HandOff("信用卡")
    assert card.patterns.too_long.then == End("超时")


def test_training_data_and_knowledge(card: Script) -> None:
    changed = next(item for item in card.nlu.examples if item.text == "改成六期")
    assert [(span.start, span.end, span.slot) for span in changed.spans] == [(2, 4, "期数")]
    used = {"肯定", "否定", "在忙", "转人工", "别再打", "打错了", "没兴趣"}
    assert set(card.nlu.regulars) == used | {"请重复", "说慢点", "等一下", "跳过", "说英语", "说中文"}
    assert card.nlu.lists["分行"]["城南支行"] == ("南城", "城南的")
    assert card.nlu.slots["期数"] == "integer"
    base = card.knowledge["信用卡"]
    assert base.item("手续费怎么收").voice == "每期手续费不到百分之一。"


# --- defaults and shorthand ----


def test_a_bot_that_says_almost_nothing_still_has_its_ladders(tmp_path: Path) -> None:
    script = compiled(tmp_path, bot="bot: demo\n", flow=STEPS + "- 甲: {ask: 好吗？, answers: {肯定: {}, 否定: {}}}\n")
    asked = question(script, "主流程", "甲")
    assert [rung.after for rung in asked.silence] == [5.0, 5.0, 5.0]
    assert asked.silence[-1].reaction.then == End("no_input")
    assert asked.unclear[-1].reaction.then == End("no_match")
    assert asked.answers["肯定"].then == Continue()
    assert script.patterns.machine.then == End("machine")
    assert script.language == "zh-CN"
    assert script.title == "demo"


def test_english_defaults_are_english(tmp_path: Path) -> None:
    text = "bot: demo\nlanguage: en-GB\nlanguages: [zh-CN]\n"
    script = compiled(
        tmp_path, bot=text, flow=STEPS + "- a: {ask: Is that all right?, answers: {affirm: {}}}\n", nlu="intents: {}\n"
    )
    asked = question(script, "主流程", "a")
    say = asked.silence[0].reaction.say
    assert say is not None
    assert say.lines[0].parts == ("Are you still there?",)
    assert say.translations["zh-CN"][0].parts == ("您还在听吗？",)
    assert script.patterns.repeat == "repeat"
    named = {"affirm", "deny", "repeat", "slower", "wait", "skip"}
    assert set(script.nlu.regulars) == named | {"speak_english", "speak_chinese"}


def test_shared_answers(tmp_path: Path) -> None:
    for written in (
        "{肯定, 太贵: {go: 乙}}",
        "{'肯定, 太贵': {go: 乙}}",
        "{肯定、太贵: 乙}",
        "{肯定: 乙, 太贵: {go: 乙}}",
    ):
        script = compiled(tmp_path, flow=f"{STEPS}- 甲: {{ask: 好吗？, answers: {written}}}\n- 乙: {{}}\n")
        assert {name: item.then for name, item in question(script, "主流程", "甲").answers.items()} == {
            "肯定": Go("乙"),
            "太贵": Go("乙"),
        }


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("4s", 4.0), ("1.5s", 1.5), ("300ms", 0.3), ("2m", 120.0), ("3", 3.0), ("0.5", 0.5), ("4秒", 4.0)],
)
def test_durations(tmp_path: Path, written: str, seconds: float) -> None:
    script = compiled(
        tmp_path,
        flow=f"{STEPS}- 甲: {{ask: 好吗？, answers: {{肯定: {{}}}}, silence: {{after: {written}, end: 无应答}}}}\n",
    )
    assert question(script, "主流程", "甲").silence[0].after == seconds


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("off", BargeIn("off")),
        ("不可", BargeIn("off")),
        ("words>=2", BargeIn("words", 2)),
        ("dtmf", BargeIn("dtmf")),
        ("{kind: words, words: 3, protected: 500ms}", BargeIn("words", 3, 0.5)),
    ],
)
def test_barge_in(tmp_path: Path, written: str, expected: BargeIn) -> None:
    script = compiled(tmp_path, flow=f"{STEPS}- 甲: {{say: 您好, barge_in: {written}}}\n")
    say = step(script, "主流程", "甲").say
    assert say is not None
    assert say.barge_in == expected


def test_confirm_and_one_of_in_short(tmp_path: Path) -> None:
    flow = STEPS + "- 甲: {collect: 期数, prompt: 几期？, one_of: [3, 6], confirm: true}\n"
    asked = question(compiled(tmp_path, flow=flow), "主流程", "甲")
    assert asked.confirm is not None
    assert asked.confirm.below == 1.01
    assert asked.confirm.say.lines[0].parts == (Reference("期数"), "，对吗？")
    assert asked.one_of is not None
    assert asked.one_of.values == (3, 6)
    assert asked.expect.dtmf == DtmfRule(1)


def test_values_of_a_variable_are_its_choices(tmp_path: Path) -> None:
    bot = BOT.replace("身份: text", "身份: {type: text, values: [本人, 家属]}")
    asked = question(
        compiled(tmp_path, bot=bot, flow=STEPS + "- 甲: {collect: 身份, prompt: 您是？}\n"), "主流程", "甲"
    )
    assert [choice.value for choice in asked.expect.choices] == ["本人", "家属"]
    assert asked.expect.kind == "choice"


def test_translations(tmp_path: Path) -> None:
    files = {
        "bot.yaml": BOT + "languages: [en-US]\n",
        "lines/en-US.yaml": (
            "主流程.开场: {say: 'Hello, 【姓名】.'}\n"
            "主流程.提问: {ask: [Is that all right?, All right?]}\n"
            "主流程.结尾: {说: Goodbye.}\n"
            "bot: {silence.1: Hello?, 没听懂.1: Pardon?}\n"
        ),
    }
    report = check_files(tmp_path, files)
    assert report.findings == ()
    assert report.script is not None
    asked = question(report.script, "主流程", "提问")
    assert len(asked.prompt.translations["en-US"]) == 2
    assert asked.silence[0].reaction.say is not None
    assert asked.silence[0].reaction.say.translations["en-US"] == (Line(("Hello?",)),)
    (tmp_path / "lines" / "en-US.yaml").write_text("主流程.开场: {say: Hello}\n")
    lacking = [item for item in check(tmp_path).findings if item.code == "no_translation"]
    assert [(item.file, item.line) for item in lacking] == [("bot.yaml", 10), ("flows/a.yaml", 4), ("flows/a.yaml", 5)]


def test_a_recording_beside_a_line(tmp_path: Path) -> None:
    sound = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36, b"WAVE", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16)
    write(tmp_path, {"rec/a.wav": sound + b"data\0\0\0\0"})
    flow = STEPS + "- 甲: {say: 您好, audio: rec/a.wav}\n- 乙: {say: [{text: 再见, audio: rec/a.wav}, 回见]}\n"
    script = compiled(tmp_path, flow=flow)
    for name in ("甲", "乙"):
        say = step(script, "主流程", name).say
        assert say is not None
        assert say.lines[0].audio == "rec/a.wav"
    assert load_bundle(bundle(tmp_path)) == script


# --- spellings --------------------------------------------------------------------------------------------------------


def respelled(source: Path, target: Path, spelling: str) -> Path:
    shutil.copytree(source, target)
    for path in target.rglob("*.yaml"):
        name = path.relative_to(target).as_posix()
        if not name.startswith("tests/"):
            path.write_text(respell(name, path.read_text(), spelling))
    return target


def test_both_spellings_give_the_same_script(tmp_path: Path, card: Script) -> None:
    chinese, english = (respelled(CARD, tmp_path / side, side) for side in ("zh", "en"))
    assert "步骤:" in (chinese / "flows/10-main.yaml").read_text()
    assert "steps:" in (english / "flows/20-callback.yaml").read_text()
    assert load(chinese) == load(english) == card
    assert (
        respelled(chinese, tmp_path / "back", "en").joinpath("flows/10-main.yaml").read_text()
        == (english / "flows/10-main.yaml").read_text()
    )


def test_respelling_keeps_everything_else() -> None:
    text = "flow: 甲  # say: here\nsteps:\n- say: {say: 'say: 您好', \"ask\": say}\n"
    assert (
        respell("flows/a.yaml", text, "zh") == "流程: 甲  # say: here\n步骤:\n- say: {说: 'say: 您好', \"问\": say}\n"
    )
    with pytest.raises(UsageError):
        respell("tests/a.yaml", text, "zh")
    with pytest.raises(ScriptError):
        respell("flows/a.yaml", "a: {", "zh")


def test_every_key_has_two_spellings_of_its_own() -> None:
    assert len(ENGLISH) == len(CHINESE)
    assert all(key.isascii() for key in CHINESE)
    assert not any(key.isascii() for key in ENGLISH)
    assert len(set(CHINESE_WORDS.values())) == len(CHINESE_WORDS)


def test_the_language_reference_lists_the_same_spellings() -> None:
    reference = (Path(__file__).parents[2] / "docs" / "flow-language.md").read_text()
    missing = [f"{en} {zh}" for en, zh in CHINESE.items() if f"| {en} | {zh} |" not in reference]
    assert missing == []


def test_messages_are_complete_in_both_languages() -> None:
    for pair in (*MESSAGES.values(), *HINTS.values(), *WANTS.values()):
        assert len(pair) == 2
        assert all(pair)
    assert set(HINTS) | WARNINGS <= set(MESSAGES)


# --- digests and the archive ----


EDITS = {
    "a line": ("flows/a.yaml", "您好，【姓名】。", "早上好，【姓名】！", "w"),
    "another line of a ladder": ("bot.yaml", "请再说一遍。", "麻烦再说一遍。", "w"),
    "a tapered wording more": ("flows/a.yaml", "ask: 可以吗？", "ask: [可以吗？, 行吗？]", "w"),
    "an answer of the knowledge": ("knowledge/a.yaml", "按期收取。", "按月收取。", "w"),
    "the title": ("bot.yaml", "bot: demo", "bot: demo\ntitle: 演示", "w"),
    "a move": ("flows/a.yaml", "end: 拒绝", "end: 无应答", "f"),
    "a pause": ("bot.yaml", "after: 5s, say", "after: 6s, say", "f"),
    "the name of a step": ("flows/a.yaml", "- 开场:", "- 问候:", "f"),
    "an example": ("nlu/a.yaml", "太贵了", "实在太贵", "m"),
    "a variable": ("bot.yaml", "身份: text", "身分: text", "fm"),
    "spelling": ("bot.yaml", "", "", ""),
    "a comment": ("flows/a.yaml", "steps:", "# 一句说明\nsteps:", ""),
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_an_edit_changes(tmp_path: Path, edit: str) -> None:
    before = compiled(tmp_path)
    name, old, new, expected = EDITS[edit]
    assert old in GOOD[name]
    after = check_files(tmp_path, {name: GOOD[name].replace(old, new, 1)}).script
    assert after is not None
    changed = ""
    for letter, field in (("f", "flow_digest"), ("w", "wording_digest"), ("m", "model_digest")):
        changed += letter if getattr(before, field) != getattr(after, field) else ""
    assert changed == expected
    assert (before.digest == after.digest) == ("f" not in expected and "w" not in expected)


def test_the_archive_is_the_bot(tmp_path: Path, card: Script) -> None:
    shutil.copytree(CARD, tmp_path / "copy")
    data = bundle(CARD)
    assert bundle(tmp_path / "copy") == data
    assert load_bundle(data) == card
    assert load_bundle(data).digest == card.digest
    with pytest.raises(ScriptError):
        bundle(tmp_path / "nowhere")


# --- the schema ----


def test_good_bots_pass_the_schema(tmp_path: Path) -> None:
    folders = [CARD, respelled(CARD, tmp_path / "zh", "zh"), write(tmp_path / "small", GOOD)]
    validator = jsonschema.Draft202012Validator(json_schema())
    for folder in folders:
        for path in sorted(folder.rglob("*.yaml")):
            if path.parent.name != "tests":
                data = YAML(typ="safe", pure=True).load(path.read_text())
                errors = list(validator.iter_errors(json.loads(json.dumps(data, default=str))))
                assert errors == [], f"{path}: {errors[0].message}"


def test_everything_that_the_schema_refers_to_is_in_it() -> None:
    whole = json_schema()
    named = set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(whole)))
    assert named - set(whole["$defs"]) == set()


def test_the_schema_refuses_slips() -> None:
    validator = jsonschema.Draft202012Validator(json_schema("flow"))
    good = {"flow": "甲", "steps": [{"开场": {"say": "您好"}}]}
    assert validator.is_valid(good)
    assert not validator.is_valid({**good, "stepps": []})
    assert not validator.is_valid({"flow": "甲", "steps": [{"开场": {"sayy": "您好"}}]})
    assert not validator.is_valid({"flow": "甲"})


# --- the compiled form stays light ----


def test_the_compiled_form_needs_no_yaml_library() -> None:
    heavy = ("ruamel", "ruamel.yaml", "pydantic", "sklearn")
    code = f"import sys, huashu.flows.script; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_script_is_frozen(card: Script) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        card.name = "other"  # type: ignore[misc]


def test_names_of_the_flow_file_do_not_matter(tmp_path: Path) -> None:
    script = compiled(tmp_path, flow=FLOW, nlu=NLU)
    assert list(script.flows) == ["主流程"]
    assert script.start == "主流程"


@pytest.mark.parametrize(("word", "replays"), [("是", 1), ("yes", 1), ("true", 1), ("2", 2)])
def test_must_hear_in_short_takes_every_spelling_of_true(tmp_path: Path, word: str, replays: int) -> None:
    flow = f"流程: 主流程\n步骤:\n- 甲: {{说: 您好。, 必须听完: {word}}}\n"
    script = load(write(tmp_path, {**GOOD, "flows/a.yaml": flow}))
    heard = step(script, "主流程", "甲").must_hear
    assert heard is not None
    assert heard.replays == replays


def test_confirm_takes_every_spelling_of_true(tmp_path: Path) -> None:
    flow = "流程: 主流程\n步骤:\n- 甲: {收集: 期数, 提示: 几期？, 确认: 是}\n"
    confirm = question(load(write(tmp_path, {**GOOD, "flows/a.yaml": flow})), "主流程", "甲").confirm
    assert confirm is not None
    assert confirm.below == 1.01


def test_sentences_under_two_names_mean_both(tmp_path: Path) -> None:
    files = {
        "bot.yaml": "bot: two\nlanguage: zh-CN\n",
        "flows/a.yaml": "flow: a\nsteps:\n- 问: {ask: 好吗？, answers: {肯定: {}, 问费用: {}, 嫌贵: {}}}\n",
        "nlu/a.yaml": "intents:\n  问费用: [要多少钱]\n  肯定, 问费用: [好的多少钱啊]\n  问费用、嫌贵: [怎么这么贵]\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    script = load(tmp_path)
    assert {example.text: example.intents for example in script.nlu.examples} == {
        "要多少钱": ("问费用",),
        "好的多少钱啊": ("肯定", "问费用"),
        "怎么这么贵": ("问费用", "嫌贵"),
    }
    assert "得嘞" in script.nlu.regulars["肯定"], "its built-in sentences stay"
    assert "same_examples" not in {finding.code for finding in check(tmp_path).findings}
