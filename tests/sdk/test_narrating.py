"""What `huashu call` prints of a call as it goes: in the bot's language, all that matters, and nothing else."""

from typing import get_args, get_type_hints

import pytest

from huashu.cli_talk import _WORDS, narrate
from huashu.core.actions import Action, Disposition, Handoff, Hangup, RunAction, Say, Send
from huashu.core.events import Dtmf, Event, Heard, PlaybackEnded
from huashu.insight.telling import Telling

pytestmark = pytest.mark.unit

HAPPENED: tuple[Event | Action, ...] = (
    Say("1", "您好"),
    Heard("喂", confidence=0.5),
    Heard(""),
    Heard("还没完", final=False),
    Dtmf("5"),
    PlaybackEnded("1", 0.5),
    PlaybackEnded("1"),
    RunAction("2", "查单"),
    Handoff("3", "客服"),
    Send("4", "sms", "密码"),
    Disposition("5", "办好", "success"),
    Hangup("6"),
)
ZH = [
    "机器人  您好",
    "客户    喂  (0.50)",
    "客户    （没听出话）",
    "客户    [按键 5]",
    "（播到 50% 被打断）",
    "（执行 查单）",
    "（转人工：客服）",
    "（已发短信）",
    "（结束：办好）",
]


@pytest.mark.parametrize(("language", "first", "count"), [("zh-CN", ZH, 9), ("en-US", ["bot     您好"], 9)])
def test_a_call_is_told_in_the_language_of_the_bot(
    language: str, first: list[str], count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    said: dict[str, str] = {}
    for at, what in enumerate(HAPPENED):
        narrate(Telling(language, _WORDS), said, float(at), what)
    told = [line[9:].strip() for line in capsys.readouterr().out.splitlines()]
    assert told[: len(first)] == first
    assert len(told) == count


def test_every_way_of_sending_has_its_words() -> None:
    assert set(get_args(get_type_hints(Send)["medium"])) <= set(_WORDS)


def test_a_line_that_was_cut_is_named_where_another_stands_between(capsys: pytest.CaptureFixture[str]) -> None:
    tell, said = Telling("zh-CN", _WORDS), {}  # type: Telling, dict[str, str]
    lines = (Say("1", "您好，我是江城银行的智能客服小艾。"), Say("2", "请问是您本人吗？"), Say("3", "抱歉，没听清。"))
    for what in (*lines, PlaybackEnded("1", 0.3), PlaybackEnded("2", 0.0), PlaybackEnded("3", 0.5)):
        narrate(tell, said, 0.0, what)
    told = [line[9:].strip() for line in capsys.readouterr().out.splitlines()][3:]
    assert told == [
        "（“您好，我是江城银行的智能…”播到 30% 被打断）",
        "（“请问是您本人吗？”没有播出）",
        "（播到 50% 被打断）",
    ]
