"""A small bot for the lab's own tests, written into a folder."""

from pathlib import Path

BOT = """\
bot: small
language: zh-CN
direction: outbound
variables:
  期数: {type: integer, unit: 期}
  每期: {type: money}
  客户: {type: text, given: true, example: 李雷}
defaults:
  silence: [{after: 4s, say: 还在吗？}, {after: 3s, end: 没人}]
  unclear: [{say: 再说一遍？}, {handoff: 客服, failed: {end: 没人}}]
endings:
  成了: {say: 再见。, label: A, result: success}
  不要: {label: D, result: declined}
  没人: {label: F, result: no_input}
"""
FLOW = """\
flow: 分期
steps:
- 开场: {say: 您好这里是江城银行信用卡中心通话会录音, must_hear: {replays: 1, else: 不要}}
- 本人: {ask: 您是【客户】吗？, answers: {肯定: {}, 否定: {end: 不要}}, dtmf: {keys: {1: 肯定, 2: 否定}}}
- 期数: {collect: 期数, prompt: [分几期？, 三期还是六期？], one_of: {values: [3, 6], otherwise: 只有3期和6期。}}
- 办: {do: make, timeout: 8s, late: [{after: 1s, say: 请稍等。}], failed: {end: 不要}}
- 完: {say: 分【期数】每期【每期】。, end: 成了}
anytime:
  转人工: {say: 请稍等。, handoff: 客服, failed: {end: 没人}}
"""
ACTIONS = """\
from decimal import Decimal

from huashu import action


@action
def make(期数: int) -> dict[str, Decimal]:
    return {"每期": Decimal(100) / 期数}
"""


def write_bot(folder: Path, tests: str) -> Path:
    (folder / "flows").mkdir()
    (folder / "tests").mkdir()
    (folder / "bot.yaml").write_text(BOT, encoding="utf-8")
    (folder / "flows" / "分期.yaml").write_text(FLOW, encoding="utf-8")
    (folder / "actions.py").write_text(ACTIONS, encoding="utf-8")
    (folder / "tests" / "a.yaml").write_text(tests, encoding="utf-8")
    return folder
