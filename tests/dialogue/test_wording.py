"""What the bot says: variants of a line, long lines in pieces."""

import wave
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from huashu.core.actions import Say
from huashu.core.events import Answered, PlaybackEnded, Started
from huashu.dialogue.engine import Conversation
from huashu.flows.script import Script
from huashu.flows.sentences import text_in_pieces
from tests.dialogue.talk import HEAD, Talk, said, script
from tests.flows.folders import check_files

pytestmark = pytest.mark.engine

GREETING = """
flow: 主
steps:
- 开场: {say: {any_of: [早上好。, 您好。, 你好。]}}
- 问: {ask: [{any_of: [行吗？, 可以吗？]}, {any_of: [甲？, 乙？, 丙？, 丁？]}], answers: {肯定: {}, 再问: {then: back}}}
anytime: {再问: {then: back, times: 50}}
"""
NLU = "intents: {再问: [再问一遍吧]}\n"


def greet(compiled: Script, seed: int) -> Conversation:
    engine = Conversation(compiled)
    engine.receive(Started("c", seed=seed, marks="none"), now=0.0)
    return engine


def test_variants_come_in_written_order_without_a_seed() -> None:
    talk = Talk(script(GREETING, nlu__a=NLU))
    assert said(talk.actions) == ["早上好。", "行吗？"]
    again = [said(talk.intent("再问"))[0] for _ in range(3)]
    assert again == ["甲？", "乙？", "丙？"]


def test_every_variant_opens_equally_often_over_many_calls() -> None:
    compiled = script(GREETING, nlu__a=NLU)
    counts = Counter(said(greet(compiled, seed).receive(Answered(), now=0.0))[0] for seed in range(1, 3001))
    assert counts.keys() == {"您好。", "你好。", "早上好。"}
    assert all(900 < count < 1100 for count in counts.values()), counts  # 1000 each; sigma is 26


def test_no_variant_comes_twice_in_a_row_and_all_come_before_one_returns() -> None:
    flow = GREETING.replace("再问: {then: back}}}", "}}").replace("times: 50", "times: 90")
    compiled = script(flow, nlu__a=NLU)
    orders = set()
    for seed in range(1, 40):
        talk = Talk(compiled, answer=False)
        talk.engine = greet(compiled, seed)
        talk.do(Answered())
        told = [said(talk.intent("再问"))[0] for _ in range(12)]
        assert all(one != two for one, two in pairwise(told)), told
        assert all(len(set(told[at : at + 4])) == 4 for at in range(0, 12, 4)), told
        orders.add(tuple(told[:4]))
    assert len(orders) == 8  # four beginnings, two ways round


def test_a_replay_says_the_same_variants() -> None:
    compiled = script(GREETING, nlu__a=NLU)
    runs = [said(greet(compiled, 77).receive(Answered(), now=0.0)) for _ in range(2)]
    assert runs[0] == runs[1]


def test_a_recorded_variant_is_said_from_its_recording(tmp_path: Path) -> None:
    (tmp_path / "rec").mkdir()
    with wave.open(str(tmp_path / "rec" / "a.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(1600))
    flow = (
        "flow: 主流程\nsteps:\n"
        "- 开场: {say: {any_of: [{text: 您好。, audio: rec/a.wav}, 早。]}, must_hear: {replays: 2}}\n"
        "- 完: {end: completed}\n"
    )
    report = check_files(tmp_path, {"flows/a.yaml": flow})
    assert report.script is not None, report.findings
    talk = Talk(report.script, voice=True, 姓名="李雷")
    heard = []
    for _ in range(3):  # cut off twice: said again, the next variant each time
        [say] = [action for action in talk.actions if isinstance(action, Say)]
        heard.append((say.text, say.audio))
        talk.actions = talk.heard(0.5)
    assert heard == [("您好。", "rec/a.wav"), ("早。", None), ("您好。", "rec/a.wav")]


def test_a_line_of_recordings_tells_what_each_part_says(tmp_path: Path) -> None:
    (tmp_path / "rec").mkdir()
    for name in ("可以分", "期"):
        with wave.open(str(tmp_path / "rec" / f"{name}.wav"), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes(bytes(1600))
    flow = (
        "flow: 主流程\nsteps:\n- 开场: {set: {期数: 12}}\n"
        "- 分期:\n    ask: {text: 可以分【期数】期，好吗？, audio: [rec/可以分.wav, 【期数】, rec/期.wav]}\n"
        "    answers: {肯定: {}}\n"
    )
    report = check_files(tmp_path, {"flows/a.yaml": flow})
    assert report.script is not None, report.findings
    talk = Talk(report.script, voice=True, 姓名="李雷")
    [say] = [action for action in talk.actions if isinstance(action, Say)]
    assert say.expects_reply
    assert [(part.text, part.audio) for part in say.parts] == [
        ("可以分", "rec/可以分.wav"), ("十二", None), ("期，好吗？", "rec/期.wav"),
    ]  # fmt: skip
    assert "".join(part.text for part in say.parts) == say.spoken == "可以分十二期，好吗？"
    assert not say.fixed


LONG = (
    "我们的办公时间是每天早上九点到晚上六点。周末只有上午有人。节假日按国家规定休息，具体安排请看门口的通知。"
    "有急事请打夜间电话，号码写在您的合同第一页上。"
)


def flow_of(line: str) -> str:
    return f"flow: 主\nsteps:\n- 说: {{say: {line}}}\n- 问: {{ask: 行吗？, answers: {{肯定: {{}}}}}}\n"


def test_a_long_line_is_spoken_in_pieces_of_whole_sentences() -> None:
    talk = Talk(script(flow_of(LONG)), voice=True)
    pieces = said(talk.actions)[:-1]
    assert len(pieces) == 2
    assert "".join(pieces) == LONG
    assert all(piece.endswith("。") for piece in pieces)
    says = [action for action in talk.actions if isinstance(action, Say)]
    assert len({say.id for say in says}) == 3
    assert all(say.fixed for say in says)


def test_what_was_heard_is_told_sentence_by_sentence() -> None:
    talk = Talk(script(flow_of(LONG)), voice=True)
    first, second, _ = [action for action in talk.actions if isinstance(action, Say)]
    talk.do(PlaybackEnded(first.id), after=5.0)
    talk.do(PlaybackEnded(second.id, 0.25), after=1.0)
    entries = {entry.say: entry for entry in talk.engine.ledger}
    assert entries[first.id].heard == len(first.text)
    assert 0 < entries[second.id].heard < len(second.text)


def test_a_text_chat_and_a_line_that_must_be_heard_stay_whole() -> None:
    assert said(Talk(script(flow_of(LONG))).actions)[0] == LONG
    must = flow_of(LONG).replace("}\n- 问", ", must_hear: true}\n- 问")
    assert said(Talk(script(must), voice=True).actions) == [LONG]


def test_the_breath_is_a_setting() -> None:
    def pieces(breath: int) -> int:
        head = HEAD + f"defaults: {{breath: {breath}}}\n"
        return len(said(Talk(script(flow_of(LONG), bot=head), voice=True).actions)) - 1

    assert [pieces(breath) for breath in (0, 200, 45, 10)] == [1, 1, 2, 4]


def test_only_the_first_piece_is_protected() -> None:
    line = f"{{text: {LONG}, barge_in: {{kind: speech, protected: 2s}}}}"
    talk = Talk(script(flow_of(line)), voice=True)
    says = [action for action in talk.actions if isinstance(action, Say)]
    assert [say.barge_in.protected for say in says] == [2.0, 0.0, 0.0]


def test_pieces_of_a_text_are_about_equal_and_join_to_it() -> None:
    assert text_in_pieces("您好。", 45, chinese=True) == ("您好。",)
    text = "".join(f"这是第{n}句话而已。" for n in "一二三四五六七八九十")
    pieces = text_in_pieces(text, 60, chinese=True)
    assert "".join(pieces) == text
    assert [len(piece) for piece in pieces] == [45, 45]


def test_english_sentences_are_not_cut_at_titles_and_numbers() -> None:
    text = "Mr. Smith paid 3.50 dollars. Then he left. See No. 5 for more."
    assert text_in_pieces(text, 5, chinese=False) == (
        "Mr. Smith paid 3.50 dollars.", "Then he left. See No. 5 for more.",
    )  # fmt: skip
