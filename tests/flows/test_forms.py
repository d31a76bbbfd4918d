"""Forms of bot.yaml: what they may hold, and which is for which handoff."""

from pathlib import Path

import pytest

from huashu.flows.captions import Words
from huashu.flows.check import Report, check
from huashu.flows.forms import Form, form_of
from huashu.lab.facts import facts
from tests.flows.folders import BOT, GOOD, write

pytestmark = pytest.mark.engine

DOCS = Path(__file__).resolve().parents[2] / "docs"
FORMS = """\
forms:
  投诉: {handoff: 客服, reasons: [anger, no_match], fields: {诉求: {required: true}}}
  意向:
    title: 意向登记
    steps: [主流程.提问]
    fields:
      期数: {required: true}
      回电: {type: phone, default: =电话}
      意向: {values: [高, 低]}
      总额: {type: money, default: =金额}
  其他: {fields: {备注: text}}
"""


def checked(folder: Path, forms: str) -> Report:
    return check(write(folder, {**GOOD, "bot.yaml": BOT + forms}))


def codes(report: Report) -> list[str]:
    return [found.code for found in report.findings if found.code not in ("default_ladder", "no_ai_disclosure")]


def test_the_first_form_that_fits_is_taken(tmp_path: Path) -> None:
    script = checked(tmp_path, FORMS).script
    assert script is not None

    def chosen(queue: str, reason: str, step: str) -> str:
        form = form_of(script.forms, queue, reason, step)
        return form.name if form is not None else ""

    assert chosen("客服", "anger", "主流程.提问") == "投诉"
    assert chosen("专家", "anger", "主流程.提问") == "意向"
    assert chosen("客服", "requested", "主流程.提问") == "意向"
    assert chosen("客服", "requested", "主流程.开场") == "其他"


def test_a_field_that_is_a_variable_is_that_variable(tmp_path: Path) -> None:
    script = checked(tmp_path, FORMS).script
    assert script is not None
    fields = {item.name: item for item in script.forms[1].fields}
    assert (fields["期数"].type, fields["期数"].required) == ("integer", True)
    assert (fields["意向"].type, fields["意向"].choices) == ("choice", ("高", "低"))
    assert fields["总额"].private, "computed from a private variable"
    assert not fields["意向"].private


def test_both_spellings_say_the_same(tmp_path: Path) -> None:
    chinese = """\
forms: {投诉: {handoff: 客服, reasons: [情绪激动, 没听懂], fields: {诉求: {type: 文本, required: 是}}}}
"""
    one = checked(tmp_path / "a", FORMS).script
    two = checked(tmp_path / "b", chinese).script
    assert one is not None
    assert two is not None
    assert one.forms[0] == two.forms[0]


@pytest.mark.parametrize("manual", ["flow-language.md", "flow-language.zh-CN.md"])
def test_the_example_of_the_manual_is_right(tmp_path: Path, manual: str) -> None:
    text = (DOCS / manual).read_text(encoding="utf-8")
    begin = "forms:\n  complaint" if manual == "flow-language.md" else "表单:\n  投诉登记"
    block = text[text.index(begin) :].split("```")[0]
    if manual == "flow-language.md":
        bot = "bot: b\nlanguage: zh-CN\nvariables: {期数: integer, 产品: {type: text, values: [分期]}, 手机号: phone}\n"
        flow = "flow: 账单分期\nsteps:\n- 一: {collect: 期数, prompt: 几期？}\n- 二: {say: 好。, handoff: 客服}\n"
    else:
        bot = "机器人: b\n语言: zh-CN\n变量: {期数: 整数, 产品: {类型: 文本, 取值: [分期]}, 手机号: 电话}\n"
        flow = "流程: 账单分期\n步骤:\n- 一: {收集: 期数, 提示: 几期？}\n- 二: {说: 好。, 转人工: 客服}\n"
    report = check(write(tmp_path, {"bot.yaml": bot + block, "flows/a.yaml": flow}))
    assert codes(report) == [], "\n".join(map(str, report.findings))
    assert report.script is not None
    assert [len(form.fields) for form in report.script.forms] == [1, 5]


@pytest.mark.parametrize(
    ("forms", "code"),
    [
        ("forms: {甲: {fields: {}}}", "form_empty"),
        ("forms: {甲: {title: 乙}}", "missing_key"),
        ("forms: {甲: {fields: {期数: money}}}", "form_variable"),
        ("forms: {甲: {fields: {回电: {type: phone, default: =手机}}}}", "unknown_name"),
        ("forms: {甲: {fields: {几点: {type: integer, default: =now.hour}}}}", "form_default"),
        ("forms: {甲: {fields: {意向: {values: [高, 低], default: 中}}}}", "value_not_declared"),
        ("forms: {甲: {fields: {日子: {type: date, default: 明天}}}}", "not_canonical"),
        ("forms: {甲: {fields: {a.b: text}}}", "name_with_dot"),
        ("forms: {甲: {fields: {日子: 日历}}}", "unknown_type"),
        ("forms: {甲: {steps: 主流程.没有, fields: {诉求: text}}}", "unknown_step"),
        ("forms: {甲: {steps: 没有, fields: {诉求: text}}}", "unknown_flow"),
        ("forms: {甲: {reasons: 生气, fields: {诉求: text}}}", "unknown_word"),
        ("forms: {甲: {fields: {诉求: text}}, 乙: {handoff: 客服, fields: {诉求: text}}}", "form_hidden"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, forms: str, code: str) -> None:
    report = checked(tmp_path, forms + "\n")
    assert codes(report) == [code], "\n".join(map(str, report.findings))
    (finding,) = [found for found in report.findings if found.code == code]
    assert finding.file == "bot.yaml"


def test_what_covers_what() -> None:
    whole, flow = Form("a", "", (), queues=("q",)), Form("b", "", (), steps=("f",))
    assert Form("x", "", ()).covers(whole)
    assert not whole.covers(Form("x", "", ()))
    assert flow.covers(Form("c", "", (), steps=("f.one", "f.two")))
    assert not flow.covers(Form("c", "", (), steps=("g.f",)))
    assert whole.covers(Form("c", "", (), queues=("q",), reasons=("anger",)))
    assert not Form("r", "", (), reasons=("anger",)).covers(whole)


def test_a_change_of_a_form_is_no_change_of_the_flow(tmp_path: Path) -> None:
    """A log replays the same; the bytes are another version all the same."""
    one, two = checked(tmp_path / "a", FORMS).script, checked(tmp_path / "b", FORMS.replace("备注", "说明")).script
    assert one is not None
    assert two is not None
    assert one.flow_digest == two.flow_digest
    assert one.digest != two.digest
    words = Words(chinese=True)
    (changed, *_) = facts(one, words).items() ^ facts(two, words).items()
    assert changed[0].owner == "其他", "`huashu diff` names the form"
