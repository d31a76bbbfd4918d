"""`huashu check --fix`: every slip that has one reading is mended in place, and nothing else is touched."""

# ruff: noqa: E501 - a bot stands on one line, beside what becomes of it

import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from huashu.cli import app
from huashu.flows.check import check, check_sources
from huashu.flows.findings import Findings
from huashu.flows.fixers import BY_CODE, distance, only_near
from huashu.flows.fixing import fix_sources
from huashu.flows.folder import Sources
from tests.flows.folders import BOT, FLOW, GOOD, STEPS, write
from tests.flows.mutations import BY_NAME, RARE, spoiled
from tests.flows.random_flows import Maker

pytestmark = pytest.mark.engine

Files = dict[str, str]
MANUAL = (Path(__file__).resolve().parents[2] / "docs" / "checks.md").read_text(encoding="utf-8")


def steps(text: str) -> Files:
    return {"flows/a.yaml": STEPS + text}


def zh(text: str) -> Files:
    return {"flows/a.yaml": "流程: 主流程\n步骤:\n" + text}


def bot(old: str, new: str) -> Files:
    assert old in BOT
    return {"bot.yaml": BOT.replace(old, new, 1)}


ASK = "ask: 可以吗？, answers: {肯定: {}}"

CASES: list[tuple[str, Files, str, str]] = [
    # code, files, what stands there, what it becomes
    ("unknown_key", steps("- 开场: {sayy: 您好}  # 招呼\n"), "sayy:", "say:"),
    ("unknown_key", steps("- 开场: {say: 您好}\n- 问:\n    # 先问\n    aks: 好吗？\n    anwsers: {肯定: {}}\n"), "aks:", "ask:"),
    ("unknown_key", bot("variables:", "varaibles:"), "varaibles:", "variables:"),
    ("unknown_key", zh("- 开场: {说: 您好, 必须听完了: 是}\n"), "必须听完了:", "必须听完:"),
    ("mixed_spelling", zh("- 开场: {say: 您好}  # 招呼\n- 问: {问: 好吗？, 回答: {肯定: {}}}\n"), "say:", "说:"),
    ("mixed_spelling", {"flows/a.yaml": "流程: 主流程\nsteps:\n- 开场: {say: 您好}\n"}, "流程:", "flow:"),
    ("unknown_step", steps("- 开场: {say: 好, go: 核实身分}  # 去核实\n- 核实身份: {say: 好}\n"), "核实身分", "核实身份"),
    ("unknown_flow", {**steps("- 开场: {link: 旁支流呈}\n"), "flows/b.yaml": "flow: 旁支流程\nsteps: [说: {say: 好}]\n"}, "旁支流呈", "旁支流程"),
    ("unknown_ending", steps("- 开场: {say: 您好, end: 礼貌结东}\nendings: {礼貌结束: {}}\n"), "礼貌结东", "礼貌结束"),
    ("unknown_target", steps("- 开场: {say: 您好, must_hear: {else: 结朿语句}}\n- 结束语句: {}\n"), "结朿语句", "结束语句"),
    ("unknown_intent", steps("- 开场: {ask: 好吗？, answers: {stop_caling: {}}}\n"), "stop_caling", "stop_calling"),
    ("unknown_variable", {"bot.yaml": BOT.replace("姓名:", "姓名人员:"), "flows/a.yaml": STEPS + "- 开场: {say: 您好【姓名人】}\n"}, "【姓名人】", "【姓名人员】"),
    ("unknown_variable", {"bot.yaml": BOT.replace("期数", "months"), "flows/a.yaml": STEPS + "- 问: {collect: monhts, prompt: 几期？}\n"}, "monhts", "months"),
    ("unknown_name", {"bot.yaml": BOT.replace("期数", "months"), **steps("- 问: {collect: months, prompt: 几期？, if: [{when: mnths > 6, end: completed}]}\n")}, "mnths", "months"),
    ("unknown_base", {"flows/a.yaml": FLOW + "anytime: {知识: {knowledge: 常见间题}}\n"}, "常见间题", "常见问题"),
    ("unknown_action", {**steps("- 开场: {do: cretae_order}\n"), "actions.py": "@action\ndef create_order(): ...\n"}, "cretae_order", "create_order"),
    ("unknown_type", bot("type: money", "type: mony"), "mony", "money"),
    ("unknown_word", {"bot.yaml": BOT + "direction: outbond\n"}, "outbond", "outbound"),
    ("unknown_result", {"flows/a.yaml": FLOW.replace("declined", "declind")}, "declind", "declined"),
    ("unknown_line", {"bot.yaml": BOT + "languages: [en-US]\n", "lines/en-US.yaml": "主流程.开厂: {say: Hello}\n主流程.提问: {ask: May I?}\n"}, "主流程.开厂:", "主流程.开场:"),
    ("colon_full", zh("- 开场:\n    说：您好\n    结束: 无应答\n"), "说：您好", "说: 您好"),
    ("colon_full", zh("- 开场：\n    说: 您好\n"), "开场：", "开场:"),
    ("colon_space", zh("- 开场:\n    说:您好\n    结束: 无应答\n"), "说:您好", "说: 您好"),
    ("colon_space", {"bot.yaml": BOT.replace("{after: 5s, end", "{after:5s, end", 1)}, "after:5s", "after: 5s"),
    ("bracket_full", {"flows/a.yaml": FLOW.replace("{end: 拒绝}", "｛end: 拒绝｝")}, "｛end: 拒绝｝", "{end: 拒绝}"),
    ("smart_quotes", bot("unit: 期", "default: “6”"), "“6”", '"6"'),
    ("leading_zero", steps("- 开场: {say: 0571}\n"), "0571", '"0571"'),
    ("leading_zero", steps("- 开场: {set: {电话: 057112345678}}\n"), "057112345678", '"057112345678"'),
    ("phone_number", steps("- 开场: {set: {电话: 13800138000}}\n"), "13800138000", '"13800138000"'),
    ("text_star", steps("- 开场:\n    say: *重要* 通知\n    # 完\n    end: 无应答\n"), "*重要* 通知", '"*重要* 通知"'),
    ("text_sign", steps("- 开场:\n    say: @您好\n"), "@您好", '"@您好"'),
    ("text_sign", steps('- 开场:\n    say: %您"好"\n'), '%您"好"', "'%您\"好\"'"),
    ("text_colon", steps("- 开场:\n    say: 注意: 您好\n    end: 无应答\n"), "注意: 您好", '"注意: 您好"'),
    ("text_colon", steps("- 开场: {say: [注意: 您好, 好的]}\n"), "注意: 您好", '"注意: 您好"'),
    ("text_comment", steps("- 开场:\n    say: 您的房间是 #302\n"), "您的房间是 #302", '"您的房间是 #302"'),
    ("text_comment", {"nlu/a.yaml": "intents:\n  太贵:\n  - 太贵了 # 常见\n  - 贵\n"}, "  - 太贵了 # 常见\n", "  # 常见\n  - 太贵了\n"),
    ("text_brace", steps("- 开场:\n    say: {姓名}您好\n"), "{姓名}您好", "【姓名】您好"),
    ("text_brace", steps("- 开场:\n    say: {{姓名}}您好\n"), "{{姓名}}您好", "【姓名】您好"),
    ("tab", steps("- 开场:\n\tsay: 您好\n\tend: 无应答\n"), "\tsay: 您好\n\tend", "    say: 您好\n    end"),
    ("control_character", {"flows/a.yaml": STEPS + "- 开场: {say: 您\x07好}\n"}, "您\x07好", "您好"),
    ("expression_equals", steps("- 甲: {if: [{when: 期数 = 3, go: 乙}]}\n- 乙: {}\n"), "期数 = 3", "期数 == 3"),
    ("wrong_type", bot("after: 5s, say", "after: 5 secs, say"), "5 secs", "5s"),
    ("wrong_type", bot("after: 5s, say", "after: ５秒钟, say"), "５秒钟", "5秒"),
    ("wrong_type", steps("- 做: {do: act, timeout: 1m30s}\n"), "1m30s", "90s"),
    ("wrong_type", bot("given: true", "given: on"), "given: on", "given: true"),
    ("value_not_declared", {"bot.yaml": BOT.replace("身份: text", "身份: {type: text, values: [verified, unknown], default: verifed}")}, "verifed", "verified"),
    ("spoken_not_a_value", {"bot.yaml": BOT.replace("身份: text", "身份: {type: text, values: [verified, unknown]}"), **steps("- 甲: {collect: 身份, prompt: 哪个？, one_of: {values: [verified, unknown], spoken: {verifed: 有}}}\n")}, "verifed", "verified"),
    ("key_without_answer", {**steps("- 开场: {ask: 好吗？, answers: {not_interested: {}}, dtmf: {keys: {1: not_intersted}}}\n")}, "not_intersted", "not_interested"),
]  # fmt: skip


def sources(files: Files) -> Sources:
    return Sources({name: text.encode() for name, text in {**GOOD, **files}.items()})


@pytest.mark.parametrize(("code", "files", "old", "new"), CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)])
def test_a_slip_is_mended_where_it_is(code: str, files: Files, old: str, new: str) -> None:
    before = Findings()
    check_sources(sources(files), before)
    assert code in {entry.code for entry in before.told()}
    fixed = fix_sources(sources(files))
    after = {**files} | {item.file: item.after.decode() for item in fixed}
    (file,) = [name for name, text in files.items() if old in text]
    wanted = files[file].replace(old, new)
    others = [item for item in fixed if item.file == file and item.codes != (code,)]
    if not others:
        assert after[file] == wanted
    assert new in after[file]
    left = Findings()
    check_sources(sources(after), left)
    assert code not in {entry.code for entry in left.told()}


def test_every_fixable_code_has_a_case_and_stands_in_the_manual() -> None:
    listed = set(
        re.findall(
            r"^\| ((?:`\w+`(?:, )?)+) \|",
            MANUAL.partition("## What `--fix` mends")[2].partition("## ")[0],
            re.MULTILINE,
        )
    )
    named = {code for row in listed for code in re.findall(r"\w+", row)}
    assert named == set(BY_CODE)
    assert {case[0] for case in CASES} | {"text_bracket"} == set(BY_CODE)


LEFT: list[Files] = [
    steps("- 确认1: {say: 好, go: 确认2}\n- 确认3: {say: 好}\n"),  # another number is another name
    bot("姓名:", "发货人:") | steps("- 开场: {say: 您好，【收货人】。}\n"),  # one word of three is another person
    steps("- 开场: {then: 3, say: 好}\n"),
    steps("- 甲: {say: 好, go: 拒绝}\nendings: {拒绝: {}}\n"),  # an ending, not a step
    steps(f"- 开场: {{{ASK}}}\n- 选日期A: {{say: 好, go: 选日期}}\n- 选日期B: {{say: 好}}\n"),  # two are as near
    steps('- 开场: {say: "您好}\n'),
    steps("- 开场: {say: {您好}再见}\n"),
    bot("after: 5s, say", "after: soon, say"),
]


@pytest.mark.parametrize("files", LEFT)
def test_what_could_be_meant_otherwise_is_left(files: Files) -> None:
    assert [item.codes for item in fix_sources(sources(files))] == []


def test_one_run_mends_all_and_keeps_comments_order_marks_and_line_ends() -> None:
    text = (
        "\ufeff# 顶上\r\nflow: 主流程\r\nsteps:\r\n- 开场:   # 一\r\n    say： 您好   \r\n\r\n    # 二\r\n    edn: 无应答\r\n"
        "- 又:\r\n    say: *好*\r\n    go: 开场白白\r\n- 开场白:\r\n    say: 注意: 好 \r\n"
    )
    (fixed,) = fix_sources(sources({"flows/a.yaml": text}))
    wanted = text.replace("say： ", "say: ").replace("edn", "end").replace("*好*", '"*好*"').replace("白白", "白")
    assert fixed.after.decode() == wanted.replace("注意: 好 \r", '"注意: 好" \r')
    assert sorted(fixed.codes) == ["colon_full", "text_colon", "text_star", "unknown_key", "unknown_step"]


def test_a_sound_bot_is_left_alone() -> None:
    assert fix_sources(sources({})) == []


def test_names() -> None:
    assert distance("abcd", "abdc") == 1
    assert distance("答案", "答安") == 1
    assert only_near("客户姓明", ["客户姓名", "客户电话"]) == "客户姓名"
    assert only_near("ＳＡＹ", ["say", "set"]) == "say"
    assert only_near("收货人", ["发货人"]) == ""
    assert only_near("step1", ["step2"]) == ""
    assert only_near("then", ["when"], ["then"]) == ""


# --- nothing else -----------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_a_bot_that_loads_stays_the_same_bot(seed: int) -> None:
    choices = random.Random(seed)
    files = {name: text.encode() for name, text in (Maker(choices).files() if choices.random() < 0.3 else GOOD).items()}
    made = spoiled(files, choices, choices.choice([name for name in BY_NAME if name not in RARE]))
    before = check_sources(Sources(made), Findings())
    fixed = fix_sources(Sources(made))
    after = check_sources(Sources({**made, **{item.file: item.after for item in fixed}}), Findings())
    if before.script is not None:
        assert after.script is not None
        asked = {code for item in fixed for code in item.codes}
        assert asked <= {"unknown_result"}, asked
        assert asked or after.script == before.script
    assert all(item.before != item.after and item.diff() for item in fixed)


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_shows_a_diff_and_writes_only_when_asked(tmp_path: Path) -> None:
    folder = write(tmp_path, {**GOOD, **steps("- 开场: {sayy: 您好}  # 招呼\n")})
    path = folder / "flows" / "a.yaml"
    dry = CliRunner().invoke(app, ["check", str(folder), "--fix", "--dry-run"])
    assert "-- 开场: {sayy: 您好}  # 招呼" in dry.output
    assert "+- 开场: {say: 您好}  # 招呼" in dry.output
    assert "sayy" in path.read_text(encoding="utf-8")
    assert dry.exit_code == 1
    done = CliRunner().invoke(app, ["check", str(folder), "--fix"])
    assert done.exit_code == 0, done.output
    assert path.read_text(encoding="utf-8") == STEPS + "- 开场: {say: 您好}  # 招呼\n"
    assert check(folder).script is not None
    assert "sayy" not in CliRunner().invoke(app, ["check", str(folder), "--fix"]).output
