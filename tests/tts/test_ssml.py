"""SSML: what is said in which manner, on any voice; and what a stranger's document cannot do."""

from pathlib import Path

import numpy as np
import pytest

from huashu.core.errors import EngineError, UsageError
from huashu.tts.engine import Utterance, Voice
from huashu.tts.registry import open_voice
from huashu.tts.ssml import Piece, louder, pieces, speak
from huashu.tts.text_only import NullVoice, reading_seconds
from tests.tts import test_coqui, tiny_piper, tiny_vits

pytestmark = pytest.mark.unit


def read(text: str, language: str = "zh-CN", voice: str | None = None) -> list[Piece]:
    return pieces(Utterance(f"<speak>{text}</speak>", language, voice, ssml=True))


def said(text: str, language: str = "zh-CN") -> str:
    return "".join(piece.text or f"[{piece.pause:g}]" for piece in read(text, language))


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("您好，<break time='500ms'/>请稍等", "您好，[0.5]请稍等"),
        ("好<break strength='none'/>的<break/>", "好[0]的[0.4]"),
        ("好<break time='99s'/>", "好[10]"),
        ("<s>一句。</s><s>两句。</s>", "一句。[0.3]两句。[0.3]"),
        ("<p>一段。</p>又", "一段。[0.5]又"),
        ("<sub alias='话术'>Huashu</sub>很好", "话术很好"),
        ("<phoneme alphabet='pinyin' ph='háng zhǎng'>行长</phoneme>好", "航掌好"),
        ("<phoneme alphabet='ipa' ph='xɑŋ'>行长</phoneme>好", "行长好"),
        ("<phoneme alphabet='pinyin' ph='xzǎng'>行长</phoneme>", "行长"),
        ("<mark name='x'/>您<emphasis level='strong'>好</emphasis>", "您好"),
        ("<audio src='http://127.0.0.1/x.wav'>铃声</audio>", "铃声"),
        ("A &amp; B &#x597d;", "A & B 好"),
        ("一\n   二", "一 二"),
        ("<sub alias='外'><say-as interpret-as='digits'>1</say-as></sub>", "外"),
    ],
)
def test_marks_become_pieces_and_pauses(text: str, spoken: str) -> None:
    assert said(text) == spoken


@pytest.mark.parametrize(
    ("kind", "text", "spoken"),
    [
        ("money", "1234.50", "一千二百三十四元五角"),
        ("telephone", "13800138000", "幺三八，零零幺三，八零零零"),
        ("digits", "110", "幺幺零"),
        ("cardinal", "110", "一百一十"),
        ("date", "2026-03-08", "三月八号"),
        ("date", "今天", "今天"),
        ("wine", "红", "红"),
    ],
)
def test_values_are_read_by_their_type(kind: str, text: str, spoken: str) -> None:
    heard = said(f"<say-as interpret-as='{kind}'>{text}</say-as>")
    assert spoken in heard


def test_manners_add_up_and_end_with_their_mark() -> None:
    found = read("一<prosody rate='50%' volume='-6dB'>二<prosody rate='+20%' volume='loud'>三</prosody></prosody>四")
    assert [(piece.text, round(piece.rate, 2), piece.gain) for piece in found] == [
        ("一", 1.0, 0.0),
        ("二", 0.5, -6.0),
        ("三", 0.6, -2.0),
        ("四", 1.0, 0.0),
    ]


def test_another_language_has_a_voice_of_its_own() -> None:
    found = read("请说<lang xml:lang='en-US'>hello</lang><voice name='cmn+f2'>好</voice>", voice="cmn")
    assert [(piece.text, piece.language, piece.voice) for piece in found] == [
        ("请说", "zh-CN", "cmn"),
        ("hello", "en-US", None),
        ("好", "zh-CN", "cmn+f2"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("您好", "line 1, column 1"),
        ("<speak>您好", "no element found"),
        ("<speak>a & b</speak>", "not well-formed"),
        ("<p>您好</p>", "outermost mark is <speak>"),
        ('<!DOCTYPE speak [<!ENTITY a "aaaa">]><speak>&a;</speak>', "a document type is not read"),
        ('<!DOCTYPE speak SYSTEM "file:///etc/passwd"><speak/>', "a document type is not read"),
        ("<speak>&a;</speak>", "undefined entity"),
        ("<speak><break time='soon'/></speak>", "expected such as 500ms"),
        ("<speak><break strength='huge'/></speak>", "expected none"),
        ("<speak><prosody rate='quick'>a</prosody></speak>", "prosody rate='quick'"),
        ("<speak><prosody volume='11'>a</prosody></speak>", "prosody volume='11'"),
        ("<speak>" + "<break time='10s'/>" * 7 + "</speak>", "more than 60 s"),
        ("<speak>" + "<s>" * 20 + "</s>" * 20 + "</speak>", "more than 20 marks"),
    ],
)
def test_what_is_no_ssml_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        pieces(Utterance(text, ssml=True))


def test_without_the_flag_marks_are_text() -> None:
    assert [piece.text for piece in pieces(Utterance("<speak>好</speak>"))] == ["<speak>好</speak>"]


def test_any_voice_obeys_the_marks() -> None:
    text = "<speak>您好您好<break time='1s'/><prosody rate='200%'>您好您好</prosody></speak>"
    sound = list(speak(NullVoice(8000), Utterance(text, ssml=True)))
    whole = reading_seconds("您好您好")
    assert sum(audio.seconds for audio in sound) == pytest.approx(whole + 1 + whole / 2, abs=0.03)


def test_espeak_obeys_them_too() -> None:
    pytest.importorskip("espeakng_loader", reason="espeak is not installed (extra espeak)")
    voice = open_voice("espeak")

    def level(text: str) -> tuple[float, int]:
        pcm = b"".join(audio.pcm for audio in speak(voice, Utterance(f"<speak>{text}</speak>", ssml=True)))
        return len(pcm) / 2 / voice.capabilities.rate, int(np.abs(np.frombuffer(pcm, "<i2")).max())

    plain, loud = level("您好")
    paused, _ = level("您好<break time='1s'/>")
    _, soft = level("<prosody volume='-12dB'>您好</prosody>")
    assert paused - plain == pytest.approx(1.0, abs=0.02)
    assert 0.2 < soft / loud < 0.3


@pytest.fixture(params=["none", "espeak", "sherpa", "piper", "coqui"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Voice:
    """Every engine, the neural ones on weights made in their formats."""
    name = request.param
    if name == "none":
        return open_voice(name)
    if name == "coqui":
        return open_voice(name, model=test_coqui.build(tmp_path))
    pytest.importorskip({"sherpa": "sherpa_onnx"}.get(name, "espeakng_loader"), reason=f"{name} is not installed")
    if name == "espeak":
        return open_voice(name)
    pytest.importorskip("onnx", reason="onnx, with which the weights are made, is not installed")
    folder = tiny_vits.build(tmp_path) if name == "sherpa" else tiny_piper.build(tmp_path, espeak={"voice": "cmn"})
    return open_voice(name, model=folder)


def lasts(voice: Voice, text: str) -> float:
    return sum(audio.seconds for audio in speak(voice, Utterance(f"<speak>{text}</speak>", ssml=True)))


def test_every_engine_obeys_every_mark(engine: Voice) -> None:
    word = lasts(engine, "你好")
    assert word > 0.1
    assert lasts(engine, "你好<break time='1s'/>") == pytest.approx(word + 1, abs=0.02)
    assert lasts(engine, "<s>你好</s>") == pytest.approx(word + 0.3, abs=0.02)
    assert lasts(engine, "<sub alias='你好'>hello</sub>") == pytest.approx(word, abs=0.02)
    assert lasts(engine, "<phoneme alphabet='ipa' ph='x'>你好</phoneme>") == pytest.approx(word, abs=0.02)
    assert lasts(engine, "<emphasis>你好</emphasis>") == pytest.approx(word, abs=0.02)
    if engine.capabilities.name != "sherpa":  # its tiny weights have one speed
        assert lasts(engine, "<prosody rate='50%'>你好</prosody>") > 1.4 * word
    if engine.capabilities.name != "none":
        pcm = [b"".join(audio.pcm for audio in speak(engine, Utterance(f"<speak>{text}</speak>", ssml=True)))
               for text in ("你好", "<prosody volume='-12dB'>你好</prosody>")]  # fmt: skip
        loud, soft = (np.abs(np.frombuffer(one, "<i2").astype(int)).max() for one in pcm)
        assert 0.2 < soft / loud < 0.3


def test_a_language_that_is_not_read_is_told_before_the_first_sound(engine: Voice) -> None:
    text = "<speak>你好<lang xml:lang='fr-FR'>bonjour</lang></speak>"
    with pytest.raises(EngineError, match="not 'fr-FR'") as refused:
        next(speak(engine, Utterance(text, ssml=True)))
    assert refused.value.code == "language"


def test_gain_is_clipped_at_full_scale() -> None:
    assert louder(b"\xff\x7f\x01\x80", 6.0) == b"\xff\x7f\x00\x80"
    assert louder(b"\x00\x10", 0.0) == b"\x00\x10"
