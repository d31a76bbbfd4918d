"""Every slip of a designer is told with its code, exactly where it is, with the nearest valid name.

The mark ▲ in a text is where the finding must point; it is taken out before the folder is written.
"""

from pathlib import Path

import pytest

from tests.flows.folders import BOT, FLOW, GOOD, KNOWLEDGE, NLU, STEPS, check_files, marked

pytestmark = pytest.mark.engine

Files = dict[str, str]


def steps(text: str) -> Files:
    return {"flows/a.yaml": STEPS + text}


def bot(text: str) -> Files:
    return {"bot.yaml": BOT + text}


ASK = "ask: 可以吗？, answers: {肯定: {}}"

CASES: list[tuple[str, Files, str]] = [
    # --- YAML itself ---
    ("tab", steps("- 开场:\n▲\tsay: 您好\n"), ""),
    ("indent", {"flows/a.yaml": "flow: 主流程\nsteps:\n- 开场: {say: 您好}\n ▲结尾: {say: 再见}\n"}, ""),
    ("bracket_open", steps("- 开场: {say: ▲[您好, 再见}\n"), ""),
    ("quote_open", steps('- 开场: {say: ▲"您好}\n'), ""),
    ("duplicate_key", steps("- 开场:\n    say: 您好\n    ▲say: 再见\n"), "第 4 行"),
    ("two_documents", steps("- 开场: {say: 您好}\n▲---\nflow: 又一个\n"), ""),
    ("tag", steps("- 开场: {say: ▲!run 您好}\n"), ""),
    ("empty_file", {"flows/a.yaml": "▲# 什么都没有\n"}, ""),
    ("file_shape", {"flows/a.yaml": "▲- 开场\n- 结尾\n"}, ""),
    ("control_character", {"flows/a.yaml": STEPS + "- 开场: {say: 您▲\x07好}\n"}, ""),
    # --- slips in spoken text ---
    ("text_brace", steps("- 开场:\n    say: ▲{姓名}您好\n"), "【"),
    ("text_brace", steps("- 开场:\n    say: ▲{姓名}\n"), "【"),
    ("text_brace", steps("- 开场:\n    say: ▲{{姓名}}您好\n"), "【"),
    ("text_star", steps("- 开场:\n    say: ▲*重要* 通知\n"), "引号"),
    ("text_colon", steps("- 开场:\n    say: 注意▲: 您好\n"), "引号"),
    ("text_colon", steps("- 开场: {say: ▲{注意: 您好}}\n"), "引号"),
    ("text_colon", steps("- 开场: {say: [▲注意: 您好]}\n"), "引号"),
    ("text_comment", steps("- 开场:\n    say: ▲您的房间是 #302\n"), "引号"),
    ("text_comment", {"nlu/a.yaml": "intents:\n  太贵:\n  - ▲太贵了 # 常见\n"}, ""),
    ("text_sign", steps("- 开场:\n    say: ▲@您好\n"), "引号"),
    ("text_sign", steps("- 开场:\n    say: ▲%您好\n"), "引号"),
    ("leading_zero", steps("- 开场: {say: ▲0571}\n"), '"0571"'),
    ("leading_zero", steps("- 开场: {set: {电话: ▲057112345678}}\n"), '"057112345678"'),
    ("phone_number", steps("- 开场: {set: {电话: ▲13800138000}}\n"), '"13800138000"'),
    ("wrong_type", steps("- 开场:\n    ▲say:\n    end: 无应答\n"), "要说的话"),
    # --- what a word processor or a Chinese keyboard makes of it ---
    ("colon_full", {"flows/a.yaml": "流程: 主流程\n步骤:\n- 开场:\n    说▲：您好\n    结束: 无应答\n"}, "英文冒号"),
    ("colon_full", {"flows/a.yaml": "流程: 主流程\n步骤:\n- 开场▲：\n    说: 您好\n"}, "开场"),
    ("colon_full", {"flows/a.yaml": "flow▲：主流程\nsteps:\n- 开场: {say: 您好}\n"}, "flow"),
    ("colon_full", steps("- 开场: {ask: 好吗？, answers: {肯定: {}}, dtmf: {digits▲：1}}\n"), "digits"),
    ("colon_space", {"flows/a.yaml": "流程: 主流程\n步骤:\n- 开场:\n    说▲:您好\n    结束: 无应答\n"}, "空格"),
    ("colon_space", {"bot.yaml": BOT.replace("{after: 5s, end", "{after▲:5s, end", 1)}, "after"),
    ("bracket_full", {"flows/a.yaml": FLOW.replace("{end: 拒绝}", "▲｛end: 拒绝｝")}, "{ }"),
    ("smart_quotes", {"bot.yaml": BOT.replace("unit: 期", "default: ▲“6”")}, '"…"'),
    ("action_unmarked", steps("- 开场: {do: ▲create}\n") | {"actions.py": "def create(): ...\n"}, "@action"),
    ("actions_elsewhere", steps("- 开场: {do: ▲create}\n"), "“actions”"),
    ("empty_text", steps("- 开场: {say: ▲''}\n"), ""),
    ("template_close", steps("- 开场: {say: 您好▲【姓名}\n"), "】"),
    ("template_close", steps('- 开场: {say: "您好▲{{姓名"}\n'), "}}"),
    ("template_open", steps("- 开场: {say: 您好▲】姓名}\n"), ""),
    ("template_name", steps("- 开场: {say: 您好▲【1 2】}\n"), "1 2"),
    # --- keys and types ---
    ("unknown_key", steps("- 开场: {▲sayy: 您好}\n"), "say"),
    ("unknown_key", {"flows/a.yaml": "流程: 主流程\n步骤:\n- 开场: {▲说话: 您好}\n"}, "说"),
    ("unknown_key", bot("▲varaibles: {}\n"), "variables"),
    ("unknown_key", {"knowledge/a.yaml": "base: 问\nitems:\n- {question: 甲, ▲anser: 乙, answer: 丙}\n"}, "answer"),
    ("mixed_spelling", {"flows/a.yaml": "流程: 主流程\n步骤:\n- 开场: {▲say: 您好}\n"}, "说"),
    ("mixed_spelling", steps("- 开场: {▲说: 您好}\n"), "say"),
    ("missing_key", {"flows/a.yaml": "▲flow: 主流程\n"}, "steps"),
    ("missing_key", {"bot.yaml": BOT.replace("bot: demo", "▲title: 甲")}, "bot"),
    ("wrong_type", steps("- 开场: {say: ▲[]}\n"), ""),
    ("wrong_type", bot("voice: ▲[甲]\n"), "文字"),
    ("wrong_type", {"bot.yaml": BOT.replace("5s, say", "▲soon, say", 1)}, "4s"),
    ("wrong_type", {"bot.yaml": BOT.replace("bot: demo", "bot: ▲My Bot")}, "小写"),
    ("wrong_type", {"bot.yaml": BOT.replace("given: true", "given: ▲maybe")}, "true"),
    ("out_of_range", {"bot.yaml": BOT + "  confidence: ▲1.5\n"}, "1.5"),
    ("unknown_word", bot("direction: ▲outbond\n"), "outbound"),
    ("unknown_word", {"bot.yaml": BOT + "  barge_in: ▲speach\n"}, "speech"),
    ("unknown_type", {"bot.yaml": BOT.replace("身份: text", "身份: ▲txt")}, "text"),
    ("step_name", {"flows/a.yaml": STEPS + "- ▲say 您好\n"}, ""),
    ("step_shape", steps("- ▲开场: {say: 您好}\n  结尾: {say: 再见}\n"), ""),
    ("variable_name", {"bot.yaml": BOT.replace("身份:", "▲客户-身份:")}, ""),
    # --- names ---
    ("unknown_step", steps(f"- 开场: {{{ASK}}}\n- 核实身份: {{say: 好, go: ▲核实身分}}\n"), "核实身份"),
    ("unknown_flow", steps("- 开场: {link: ▲主流城}\n"), "主流程"),
    ("unknown_ending", steps("- 开场: {say: 您好, end: ▲礼貌结东}\n") | bot("endings: {礼貌结束: {}}\n"), "礼貌结束"),
    ("unknown_target", steps("- 开场: {say: 您好, must_hear: {else: ▲结朿}}\n- 结束语: {}\n"), "结束语"),
    ("unknown_intent", steps("- 开场: {ask: 好吗？, answers: {▲太贵了: {}}}\n"), "太贵"),
    ("unknown_intent", {"flows/a.yaml": FLOW + "anytime: {▲转人: {handoff: 客服}}\n"}, "转人工"),
    ("unknown_variable", steps("- 开场: {say: 您好▲【客户姓名】}\n"), "姓名"),
    ("unknown_variable", steps("- 开场: {collect: ▲期, prompt: 几期？}\n"), "期数"),
    ("unknown_variable", steps("- 开场: {set: {▲身分: 甲}}\n"), "身份"),
    ("unknown_base", {"flows/a.yaml": FLOW + "anytime: {知识: {knowledge: ▲常见间题}}\n"}, "常见问题"),
    ("unknown_action", steps("- 开场: {do: ▲cretae}\n") | {"actions.py": "@action\ndef create(): ...\n"}, "create"),
    ("unknown_result", {"flows/a.yaml": FLOW.replace("declined", "▲declind")}, "declined"),
    ("duplicate_step", steps("- 开场: {}\n- ▲开场: {}\n"), "开场"),
    ("duplicate_flow", {"flows/b.yaml": "flow: ▲主流程\nsteps: [开场: {}]\n"}, "flows/a.yaml"),
    ("go_outside_flow", {"bot.yaml": BOT + "anytime: {太贵: {go: ▲结尾}}\n"}, ""),
    ("name_with_dot", steps("- ▲开.场: {}\n"), ""),
    # --- values ---
    ("not_canonical", steps("- 开场: {set: {期数: ▲很多}}\n"), "integer"),
    ("not_canonical", {"bot.yaml": BOT.replace("unit: 期", "default: ▲半年")}, "半年"),
    ("not_canonical", steps("- 开场: {collect: 期数, prompt: 几期？, one_of: [3, ▲六点五]}\n"), "六点五"),
    (
        "spoken_not_a_value",
        steps("- 甲: {collect: 期数, prompt: 几期？, one_of: {values: [3], spoken: {▲6: 半年}}}\n"),
        "",
    ),
    ("key_without_answer", steps("- 开场: {ask: 好吗？, answers: {肯定: {}}, dtmf: {keys: {1: ▲肯}}}\n"), "肯定"),
    ("not_a_key", steps("- 开场: {ask: 好吗？, answers: {肯定: {}}, dtmf: {keys: {▲x: 肯定}}}\n"), "0-9"),
    # --- steps ---
    ("two_questions", steps("- 开场: {ask: 好吗？, answers: {肯定: {}}, ▲collect: 期数, prompt: 几期？}\n"), ""),
    (
        "question_and_do",
        steps("- 开场: {ask: 好吗？, answers: {肯定: {}}, ▲do: x}\n") | bot("actions: http://a/\n"),
        "",
    ),
    ("ask_without_answers", steps("- 开场: {▲ask: 好吗？}\n"), ""),
    ("collect_without_prompt", steps("- 开场: {▲collect: 期数}\n"), ""),
    ("part_alone", steps("- 开场: {say: 您好, ▲answers: {肯定: {}}}\n"), ""),
    ("part_alone", steps("- 开场: {say: 您好, ▲timeout: 3s}\n"), ""),
    ("two_moves", steps("- 开场: {go: 结尾, ▲end: 无应答}\n- 结尾: {}\n"), ""),
    ("clarify_choices", {"bot.yaml": BOT + "patterns: {clarify: ▲是【甲】吗？}\n"}, ""),
    ("send_one", steps("- 开场: {send: ▲{sms: 甲, email: 乙}}\n"), ""),
    ("arm_shape", steps("- 开场: {if: [▲{go: 结尾}]}\n- 结尾: {}\n"), ""),
    ("else_not_last", steps("- 开场: {if: [{▲else: 结尾}, {when: 期数 > 1, go: 结尾}]}\n- 结尾: {}\n"), ""),
    ("private_spoken", steps("- 开场: {say: 您欠▲【金额】}\n"), "needs"),
    ("private_spoken", bot("endings: {无应答: {say: ▲【金额】}}\n"), "金额"),
    ("audio_missing", steps("- 开场: {say: 您好, audio: ▲rec/a.wav}\n"), "rec/a.wav"),
    ("audio_outside", steps("- 开场: {say: 您好, audio: ▲../a.wav}\n"), ""),
    ("audio_with_placeholder", steps("- 开场: {say: 您好【姓名】, audio: ▲rec/a.wav}\n"), ""),
    ("audio_of_many", steps("- 开场: {say: [您好, 您好啊], audio: ▲rec/a.wav}\n"), ""),
    # --- ladders ---
    ("ladder_open", steps(f"- 开场: {{{ASK}, silence: [▲{{after: 5s, say: 在吗？}}]}}\n"), "end"),
    ("ladder_open", steps(f"- 开场: {{{ASK}, unclear: [▲{{say: 在吗？, then: back}}]}}\n"), ""),
    ("rung_after", steps(f"- 开场: {{{ASK}, silence: [▲{{end: 无应答}}]}}\n"), "after"),
    ("rung_no_after", steps(f"- 开场: {{{ASK}, unclear: [{{▲after: 3s, end: 无应答}}]}}\n"), ""),
    ("rung_empty", steps(f"- 开场: {{{ASK}, unclear: [▲{{}}, {{end: 无应答}}]}}\n"), ""),
    ("rung_unreachable", steps(f"- 开场: {{{ASK}, unclear: [{{end: 无应答}}, ▲{{end: 无应答}}]}}\n"), ""),
    ("default_ladder", {"bot.yaml": "▲▲bot: demo\nvariables: {姓名: text}\n"}, "silence"),
    # --- the graph ---
    ("unreachable_step", steps("- 开场: {end: 无应答}\n- ▲孤岛: {say: 喂}\n"), "孤岛"),
    ("silent_loop", steps("- ▲甲: {say: 喂}\n- 乙: {go: 甲}\n"), "甲 → 乙 → 甲"),
    ("silent_loop", steps("- ▲甲: {collect: 期数, prompt: 几期？}\n- 乙: {go: 甲}\n"), "甲"),
    ("call_recursion", steps("- ▲甲: {call: 主流程}\n- 乙: {ask: 好吗？, answers: {肯定: {}}}\n"), "主流程"),
    ("flow_unused", {"flows/b.yaml": "flow: ▲旁支\nsteps: [开场: {}]\n"}, "旁支"),
    ("no_steps", {"flows/a.yaml": "flow: 主流程\nsteps: ▲[]\n"}, ""),
    ("given_unused", steps("- 开场: {say: 您好}\n") | {"bot.yaml": BOT.replace("姓名", "▲姓名")}, "姓名"),
    # --- expressions ---
    ("expression_equals", steps("- 甲: {if: [{when: 期数 ▲= 3, go: 乙}]}\n- 乙: {}\n"), "=="),
    ("expression_operand", steps("- 甲: {if: [{when: 期数 >▲, go: 乙}]}\n- 乙: {}\n"), ""),
    ("expression_close", steps("- 甲: {if: [{when: (期数 > 3▲, go: 乙}]}\n- 乙: {}\n"), ")"),
    ("expression_quote", steps('- 甲: {if: [{when: 身份 == ▲"甲, go: 乙}]}\n- 乙: {}\n'), ""),
    ("expression_chain", steps("- 甲: {if: [{when: 1 < 期数 ▲< 3, go: 乙}]}\n- 乙: {}\n"), "且"),
    ("expression_time", steps('- 甲: {if: [{when: now.time > ▲"9点", go: 乙}]}\n- 乙: {}\n'), "9:00"),
    ("expression_machine", steps('- 甲: {if: [{when: machine.by == ▲"语音邮箱", go: 乙}]}\n- 乙: {}\n'), "语音信箱"),
    ("beep_nothing", bot("patterns: {machine: {▲after_beep: 20s, end: machine}}\n"), "留言"),
    ("beep_quiet", bot("patterns: {machine: {▲after_beep: {within: 2s, quiet: 3s}, say: 请回电。}}\n"), "2s"),
    ("expression_clock", steps("- 甲: {if: [{when: ▲now.minute > 3, go: 乙}]}\n- 乙: {}\n"), "now.hour"),
    ("expression_character", steps("- 甲: {set: {期数: '=期数 ▲; 3'}}\n"), ";"),
    ("expression_extra", steps("- 甲: {set: {期数: =期数 ▲3}}\n"), "3"),
    ("unknown_name", steps("- 甲: {if: [{when: 身份 == ▲已核实, go: 乙}]}\n- 乙: {}\n"), "引号"),
    ("unknown_name", steps("- 甲: {set: {期数: =▲期数数 + 1}}\n"), "期数"),
    # --- other files ---
    ("intent_empty", {"nlu/a.yaml": "intents:\n  ▲太贵: []\n"}, ""),
    ("unknown_variable", {"nlu/a.yaml": 'intents:\n  改期: ["改到[后天](▲期书)"]\n'}, "期数"),
    ("annotation_quote", {"nlu/a.yaml": "intents:\n  改期: [改到[后天▲](期数), 甲]\n"}, "引号"),
    ("annotation", {"nlu/a.yaml": 'intents:\n  改期: ["改到[后天▲](期数"]\n'}, "[词](变量)"),
    ("placeholder_in_answer", {"knowledge/a.yaml": KNOWLEDGE + "- {question: 甲, answer: 您的▲【期数】}\n"}, ""),
    (
        "unknown_question",
        {"knowledge/a.yaml": KNOWLEDGE + "- {question: 丙, answer: 无, related: [▲手续费怎么手]}\n"},
        "手续费怎么收",
    ),
    (
        "never_valid",
        {"knowledge/a.yaml": KNOWLEDGE + "- {question: 丙, answer: 无, from: 2026-10-02, ▲until: 2026-10-01}\n"},
        "",
    ),
    ("duplicate_question", {"knowledge/a.yaml": KNOWLEDGE + "- {question: ▲手续费怎么收, answer: 无}\n"}, ""),
    ("no_lines_file", bot("languages: [▲en-US]\n"), "lines/en-US.yaml"),
    ("unknown_line", bot("languages: [en-US]\n") | {"lines/en-US.yaml": "主流程.开厂: {▲say: Hello}\n"}, "主流程.开场"),
    ("unused_translation", bot("languages: [en-US]\n") | {"lines/en-US.yaml": "主流程.开场: {▲ask: Hello}\n"}, "ask"),
    ("actions_syntax", {"actions.py": "def ▲(:\n"}, ""),
]


@pytest.mark.parametrize(("code", "files", "said"), CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)])
def test_a_slip_is_told_where_it_is(tmp_path: Path, code: str, files: Files, said: str) -> None:
    report = check_files(tmp_path, files)
    shown = "\n".join(map(str, report.findings))
    found = [item for item in report.findings if item.code == code]
    assert sorted((item.file, item.line, item.column) for item in found) == marked(files), shown
    assert said in str(found[0]), shown
    assert {item.code for item in report.errors} <= {code}, shown


def test_the_cases_cover_the_language() -> None:
    assert len(CASES) >= 40
    assert len({code for code, _, _ in CASES}) >= 70


def test_the_good_bot_is_good(tmp_path: Path) -> None:
    assert check_files(tmp_path, {}).findings == ()


def test_several_slips_in_several_files_in_one_run(tmp_path: Path) -> None:
    files = {
        "bot.yaml": BOT + "colour: 红\n",
        "flows/a.yaml": STEPS
        + "- 开场: {say: 您好【姓明】, go: 结位}\n- 结尾: {ask: 好吗？, answers: {不认识: {end: 没有}}}\n",
        "flows/b.yaml": "flow: 乙\nsteps:\n- 甲: {say: *x}\n",
        "nlu/a.yaml": NLU + "  贵 # 漏了冒号\n",
    }
    report = check_files(tmp_path, files)
    assert report.script is None
    codes = [(item.file, item.code) for item in report.errors]
    assert codes == [
        ("bot.yaml", "unknown_key"),
        ("flows/a.yaml", "unknown_variable"),
        ("flows/a.yaml", "unknown_step"),
        ("flows/a.yaml", "unknown_ending"),
        ("flows/b.yaml", "text_star"),
        ("nlu/a.yaml", "syntax"),
    ]


def test_unquoted_text_does_not_hide_the_rest_of_the_file(tmp_path: Path) -> None:
    text = "- 开场:\n    say: *好* 您\n- 二:\n    say: 注意: 好\n    go: 三\n"
    text += "- 四:\n    say: {姓名}您好\n- 五: {sayy: 好}\n"
    found = [(item.line, item.code) for item in check_files(tmp_path, steps(text)).errors]
    assert found == [(4, "text_star"), (6, "text_colon"), (7, "unknown_step"), (9, "text_brace"), (10, "unknown_key")]


def test_an_unreadable_file_makes_no_echoes(tmp_path: Path) -> None:
    # Intents, variables and bases of a broken file are unknown, not wrong.
    files = {"flows/a.yaml": FLOW + "anytime: {太贵: {say: 是的}}\n", "nlu/a.yaml": "intents: {太贵: [甲\n"}
    assert [item.code for item in check_files(tmp_path, files).errors] == ["bracket_open"]
    files = {"bot.yaml": "bot: {\n"}
    assert [item.file for item in check_files(tmp_path, files).errors] == ["bot.yaml"]


def test_messages_speak_the_language_of_the_bot(tmp_path: Path) -> None:
    chinese = check_files(tmp_path / "zh", steps("- 开场: {sayy: 您好}\n"))
    english = check_files(
        tmp_path / "en", {**steps("- 开场: {sayy: 您好}\n"), "bot.yaml": BOT.replace("zh-CN", "en-US")}
    )
    assert str(chinese.errors[0]) == "flows/a.yaml:3:8: 不认识“sayy” (是不是“say”？)"
    assert str(english.errors[0]) == "flows/a.yaml:3:8: unknown key 'sayy' (did you mean 'say'?)"


def test_warnings_do_not_keep_a_bot_from_running(tmp_path: Path) -> None:
    report = check_files(tmp_path, {"flows/a.yaml": FLOW.replace("declined", "refused")})
    assert [item.severity for item in report.findings] == ["warning"]
    assert report.script is not None


def test_good_names_stay_known() -> None:
    assert set(GOOD) == {"bot.yaml", "flows/a.yaml", "nlu/a.yaml", "knowledge/a.yaml"}


def test_a_file_with_another_ending_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    report = check_files(tmp_path, {"nlu/b.yaml.txt": "intents: {}\n", "nlu/~b.yaml.tmp": ""})
    assert [(found.file, found.code) for found in report.findings] == [("nlu/b.yaml.txt", "not_read")]
    assert report.script is not None


def test_a_language_without_built_in_intents_is_told(tmp_path: Path) -> None:
    report = check_files(tmp_path, {"bot.yaml": BOT.replace("zh-CN", "fr-FR")})
    assert ("unknown_language", 2) in [(found.code, found.line) for found in report.warnings]


@pytest.mark.parametrize(
    "files",
    [
        steps("- 开场: {ask: 可以吗？, ▲anwsers: {肯定: {go: 结尾}, 否定: {end: 无应答}}}\n- 中间: {}\n- 结尾: {}\n"),
        steps("- 开场: {▲colect: 期数, prompt: 几期？, confirm: true, silence: [{after: 5s, end: 无应答}]}\n"),
        steps("- 开场: {collect: ▲期限, prompt: 几期？, dtmf: {keys: {1: 三}}}\n- 结尾: {}\n"),
        {"bot.yaml": BOT.replace("{type: integer, unit: 期}", "▲integr")},
        {"bot.yaml": ""},
    ],
)
def test_what_follows_from_a_mistake_is_not_told_beside_it(tmp_path: Path, files: Files) -> None:
    report = check_files(tmp_path, files)
    assert len(report.findings) == 1, "\n".join(map(str, report.findings))
    assert marked(files) in ([(found.file, found.line, found.column) for found in report.findings], [])


def test_a_language_that_the_bot_does_not_speak(tmp_path: Path) -> None:
    flow = STEPS + "- 问: {ask: 好吗？, answers: {肯定: {language: en-US}, 否定: {language: en-GB}}}\n"
    bot = BOT.replace("language: zh-CN", "language: zh-CN\nlanguages: [en-GB]")
    report = check_files(tmp_path, {"bot.yaml": bot, "flows/a.yaml": flow, "lines/en-GB.yaml": "bot: {}\n"})
    (found,) = [item for item in report.findings if item.code == "language_not_spoken"]
    assert "en-GB" in str(found), "the nearest is told"


def test_a_value_without_a_name_in_another_language_is_told(tmp_path: Path) -> None:
    bot = "bot: b\nlanguage: zh-CN\nlanguages: [en-GB]\nvariables: {方式: {type: text, values: [快递柜, 家门口]}}\n"
    lines = "主流程.问: {prompt: Where to?, spoken.快递柜: locker}\n"
    flow = STEPS + "- 问: {collect: 方式, prompt: 放哪？}\n"
    report = check_files(tmp_path, {"bot.yaml": bot, "flows/a.yaml": flow, "lines/en-GB.yaml": lines})
    (found,) = [item for item in report.findings if item.code == "no_translation"]
    assert "spoken.家门口" in str(found)
    assert "快递柜" not in str(found)
