"""Bots for the tests, written as text: a small good one, and how to break it at a marked place."""

from collections.abc import Mapping
from pathlib import Path

from huashu.flows.check import Report, check

MARK = "▲"

BOT = """\
bot: demo
language: zh-CN
variables:
  姓名: {type: text, given: true}
  期数: {type: integer, unit: 期}
  金额: {type: money, private: true}
  身份: text
  电话: phone
defaults:
  silence: [{after: 5s, say: 您好？}, {after: 5s, end: 无应答}]
  unclear: [{say: 请再说一遍。}, {end: no_match}]
"""
FLOW = """\
flow: 主流程
steps:
- 开场: {say: 您好，【姓名】。}
- 提问: {ask: 可以吗？, answers: {肯定: {go: 结尾}, 否定: {end: 拒绝}}}
- 结尾: {say: 再见。}
endings: {拒绝: {result: declined}}
"""
NLU = """\
intents:
  太贵: [太贵了, 手续费有点高]
"""
KNOWLEDGE = """\
base: 常见问题
items:
- {question: 手续费怎么收, answer: 按期收取。}
"""
GOOD = {"bot.yaml": BOT, "flows/a.yaml": FLOW, "nlu/a.yaml": NLU, "knowledge/a.yaml": KNOWLEDGE}
STEPS = "flow: 主流程\nsteps:\n"


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.replace(MARK, "").encode())
    return folder


def check_files(folder: Path, files: Mapping[str, str | bytes]) -> Report:
    """The report on the good bot with some of its files replaced."""
    return check(write(folder, {**GOOD, **files}))


def marked(files: Mapping[str, str | bytes]) -> list[tuple[str, int, int]]:
    """Where the marks stand, as (file, line, column) in the text without marks."""
    found = []
    for name, text in files.items():
        if isinstance(text, bytes):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            pieces = line.split(MARK)
            column = 1
            for piece in pieces[:-1]:
                column += len(piece)
                found.append((name, number, column))
    return sorted(found)
