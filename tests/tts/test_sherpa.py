"""sherpa-onnx's voices on weights made in the VITS format: clause by clause, and refused by file and field."""

from pathlib import Path

import numpy as np
import pytest

from huashu.core.errors import EngineError, UsageError
from huashu.tts.engine import Utterance
from huashu.tts.lexicon import Lexicon
from huashu.tts.registry import open_voice
from huashu.tts.sherpa import SherpaVoice, clauses, look_at
from tests.tts.tiny_vits import LEXICON, RATE, SAMPLES, build

pytest.importorskip("sherpa_onnx", reason="the extra `sherpa` (sherpa-onnx) is not installed")
pytest.importorskip("onnx", reason="onnx, with which the weights are made, is not installed")
pytestmark = pytest.mark.audio


def seconds(engine: SherpaVoice, text: str, *, voice: str | None = None) -> float:
    return sum(audio.seconds for audio in engine.synthesise(Utterance(text, "zh-CN", voice)))


def test_words_become_sound_by_the_lexicon(tmp_path: Path) -> None:
    voice = SherpaVoice(build(tmp_path))
    symbols = sum(len(LEXICON[char].split()) for char in "你好再见")
    assert seconds(voice, "你好再见") == pytest.approx(symbols * SAMPLES / RATE)
    audio = next(voice.synthesise(Utterance("你好", "zh-CN")))
    assert audio.rate == RATE == voice.capabilities.rate
    assert 3000 < np.abs(np.frombuffer(audio.pcm, np.int16)).max() < 32767
    assert voice.capabilities.neural
    assert list(voice.synthesise(Utterance("……", "zh-CN"))) == []


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("你好，张三！", "你好"),  # characters that no lexicon of four words has
        ("《你好》（再见）", "你好再见"),
        ("你好VIP", "你好"),
        ("拟好", "你好"),  # one of the same sound is said in its place
        ("尾号1702", ""),
        ("\u200b你好😀", "你好"),
    ],
)
def test_nothing_of_a_text_is_written_to_standard_error(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], text: str, symbols: str
) -> None:
    """sherpa-onnx writes there what its lexicon lacks: names and numbers of callers."""
    voice = SherpaVoice(build(tmp_path))
    made = list(voice.synthesise(Utterance(text, "zh-CN")))
    assert capfd.readouterr().err == ""
    voiced = sum(audio.seconds for audio in made)
    assert voiced >= sum(len(LEXICON[char].split()) for char in symbols) * SAMPLES / RATE
    assert bool(made) == bool(symbols)


def test_figures_are_read_where_the_weights_have_no_rules_for_them(tmp_path: Path) -> None:
    words = "零一幺二三四五六七八九十百千点年月号共元分之"
    (tmp_path / "lexicon.txt").write_text("".join(f"{word} a\n" for word in words), "utf-8")
    lexicon = Lexicon(tmp_path, spells=False, counts=False)
    assert lexicon.readable("2026年3月8号共9600.5元", "zh") == "二零二六年三月八号共九千六百点五元"
    assert lexicon.readable("13800138000", "zh") == "幺三八零零幺三八零零零"
    assert lexicon.readable("15%", "zh") == "百分之十五"
    assert Lexicon(tmp_path, spells=False, counts=True).readable("15%", "zh") == "15%"


def test_the_first_clause_is_there_before_the_rest_is_made(tmp_path: Path) -> None:
    voice = SherpaVoice(build(tmp_path))
    made: list[str] = []
    real = voice._tts.generate

    class Watched:
        def generate(self, text: str, **options: object) -> object:
            made.append(text)
            return real(text, **options)

    voice._tts = Watched()
    sound = voice.synthesise(Utterance("你好你好你好，再见再见再见。", "zh-CN"))
    next(sound)
    assert made == ["你好你好你好，"]
    list(sound)
    assert made == ["你好你好你好，", "再见再见再见。"]


def test_clauses_are_long_enough_to_be_spoken() -> None:
    assert clauses("您好，我是小艾，请问您是张先生本人吗？是的。") == [
        "您好，我是小艾，",
        "请问您是张先生本人吗？是的。",
    ]
    assert clauses("好。") == ["好。"]
    assert clauses("……") == []


def test_speakers_by_number(tmp_path: Path) -> None:
    voice = SherpaVoice(build(tmp_path, speakers=3), speaker=2)
    assert seconds(voice, "你好", voice="1") > 0
    with pytest.raises(UsageError, match="0 to 2"):
        list(voice.synthesise(Utterance("你好", "zh-CN", voice="3")))
    with pytest.raises(UsageError, match="number of a speaker"):
        voice.synthesise(Utterance("你好", "zh-CN", voice="小艾"))
    with pytest.raises(EngineError, match="reads zh, not 'en-US'"):
        voice.synthesise(Utterance("hello", "en-US"))


def test_it_is_found_by_name(tmp_path: Path) -> None:
    assert open_voice("sherpa", model=build(tmp_path)).capabilities.name == "sherpa"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "tokens.txt").unlink(), "tokens.txt is missing"),
        (lambda folder: (folder / "lexicon.txt").unlink(), r"neither lexicon\*\.txt nor espeak-ng-data"),
        (lambda folder: (folder / "model.onnx").write_bytes(b"RIFF"), "is no ONNX model"),
        (lambda folder: (folder / "model.onnx").unlink(), "holds 0 acoustic models"),
        (lambda folder: build(folder, metadata={"comment": "x"}), "lacks sample_rate, n_speakers, language"),
        (
            lambda folder: build(
                folder, metadata={"sample_rate": "fast", "n_speakers": "1", "language": "zh", "comment": "x"}
            ),
            "sample_rate is a whole number, not 'fast'",
        ),
    ],
)
def test_weights_of_another_kind_are_refused(tmp_path: Path, spoil: object, message: str) -> None:
    build(tmp_path)
    spoil(tmp_path)  # type: ignore[operator]
    with pytest.raises(EngineError, match=message):
        look_at(tmp_path)
