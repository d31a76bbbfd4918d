"""A page to choose a voice by: every voice that is here reads the same sentence, values by their types included.

The page needs nothing from outside: sound stands in it as WAV, labelled as synthetic (huashu.voice.wav.ai_label).
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final

import numpy as np

from huashu.core.errors import EngineError
from huashu.core.language import is_chinese
from huashu.insight.page import heading, page
from huashu.tts.engine import Utterance
from huashu.tts.ssml import speak
from huashu.tts.voices import Listed
from huashu.values.registry import canonical, display, read_aloud
from huashu.voice.resample import Resampler
from huashu.voice.splicing import loudness
from huashu.voice.wav import ai_label, header

RATE: Final = 16000
_VALUES: Final = (
    ("money", "1234.50", "CNY"), ("date", "2026-03-08", ""), ("time", "15:30", ""),
    ("digits", "1702", ""), ("phone", "13800138000", ""),
)  # fmt: skip
_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "zh": (
        "zh-CN",
        "您好，我是智能客服小艾。您尾号{digits}的信用卡，{date}要还{money}，请在{time}以前回电{phone}，好吗？",
    ),
    "en": (
        "en-US",
        "Hello, this is the automated assistant. For your card ending in {digits}, {money} is due on {date}. "
        "Please call {phone} before {time}, all right?",
    ),
}
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("声音样本", "Voices, to listen to"),
    "note": (
        "每个声音念同一段话，金额、日期、时间、号码都按类型念。全部是合成的声音。",
        "Every voice reads the same text; amounts, dates, times and numbers by their types. All of it is "
        "synthetic.",
    ),
    "zh": ("中文", "Chinese"), "en": ("英文", "English"),
    "shown": ("文字", "as written"), "read": ("念法", "as read"),
    "female": ("女声", "female"), "male": ("男声", "male"), "both": ("男女声", "female and male"), "": ("", ""),
    "licence": ("许可", "licence"), "source": ("来源", "source"), "checksum": ("校验和", "SHA-256"),
    "unstated": ("未注明", "not stated"), "seconds": ("秒", "s"), "to_be_had": ("可以另外取得", "To be had"),
    "to_be_had_note": (
        "这里没有权重，要自己下载（docs/running.md）。", "The weights are not here; docs/running.md says how.",
    ),
    "failed": ("念不了：", "cannot read it: "),
}  # fmt: skip
_STYLE: Final = """<style>.voice{background:var(--card);border-radius:8px;padding:.8rem 1rem;margin:.6rem 0;
display:grid;grid-template-columns:minmax(12rem,1fr) minmax(16rem,2fr);gap:.2rem 1rem;align-items:center}
.voice b{font-size:1.05rem}.voice span{color:var(--soft);font-size:.85rem;overflow-wrap:anywhere}
.voice audio{width:100%;grid-row:span 2}@media(max-width:40rem){.voice{grid-template-columns:1fr}}</style>"""


@dataclass(frozen=True, slots=True)
class Sample:
    voice: Listed
    language: str
    """zh or en."""
    wav: bytes
    seconds: float
    level: float | None
    """Loudness, LKFS."""
    problem: str = ""
    """Why there is no sound."""


def sentence(language: str) -> tuple[str, str]:
    """The text as written and as read. language: zh or en."""
    tag, text = _TEXTS[language]
    shown, read = {}, {}
    for kind, value, unit in _VALUES:
        right = canonical(kind, date.fromisoformat(value) if kind == "date" else value)
        own = unit if unit and language == "zh" else "USD" if unit else None
        shown[kind] = display(kind, right, language=tag, unit=own)
        read[kind] = read_aloud(kind, right, language=tag, unit=own)
    return text.format(**shown), text.format(**read)


def samples(voices: Iterable[Listed]) -> list[Sample]:
    """Of every voice that is here, in each of its languages that a text is there for."""
    return [
        _sample(voice, language) for voice in voices if voice.here for language in voice.languages if language in _TEXTS
    ]


def samples_page(voices: Iterable[Listed], *, language: str = "zh-CN") -> str:
    """One HTML page without scripts."""
    listed = list(voices)
    column = 0 if is_chinese(language) else 1
    found = samples(listed)
    parts = [_STYLE, f"<p>{escape(_WORDS['note'][column])}</p>"]
    for tongue in _TEXTS:
        of_it = [sample for sample in found if sample.language == tongue]
        if of_it:
            shown, read = sentence(tongue)
            told = ((_WORDS["shown"][column], shown), (_WORDS["read"][column], read))
            lines = "".join(f"<p><b>{escape(what)}</b> {escape(text)}</p>" for what, text in told)
            parts += [heading(_WORDS[tongue][column]) + lines, *(_card(sample, column) for sample in of_it)]
    others = [voice for voice in listed if not voice.here]
    if others:
        parts.append(heading(_WORDS["to_be_had"][column], _WORDS["to_be_had_note"][column]))
        parts += [_entry(voice, column) for voice in others]
    return page(_WORDS["title"][column], parts, language=language)


def _sample(voice: Listed, language: str) -> Sample:
    tag, read = _TEXTS[language][0], sentence(language)[1]
    try:
        made = list(speak(voice.open(), Utterance(read, tag)))
    except EngineError as error:
        return Sample(voice, language, b"", 0.0, None, str(error))
    resampler = Resampler(made[0].rate if made else RATE, RATE)
    pcm = b"".join(resampler.feed(audio.pcm) for audio in made) + resampler.feed(b"", last=True)
    level = loudness(np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768), RATE)
    wav = header(len(pcm), rate=RATE, comment=ai_label(f"sample {voice.name}")) + pcm
    return Sample(voice, language, wav, len(pcm) / (2 * RATE), level)


def _card(sample: Sample, column: int) -> str:
    facts = [f"{sample.seconds:.1f} {_WORDS['seconds'][column]}"]
    if sample.level is not None:
        facts.append(f"{sample.level:.0f} LKFS")
    sound = base64.b64encode(sample.wav).decode()
    player = (
        f'<audio controls preload="metadata" src="data:audio/wav;base64,{sound}"></audio>'
        if sample.wav
        else f"<span>{escape(_WORDS['failed'][column] + sample.problem)}</span>"
    )
    return (
        f'<div class="voice"><b>{_title(sample.voice, column)}</b>{player}{_facts(sample.voice, column, facts)}</div>'
    )


def _entry(voice: Listed, column: int) -> str:
    return f'<div class="voice"><b>{_title(voice, column)}</b>{_facts(voice, column, list(voice.languages))}</div>'


def _title(voice: Listed, column: int) -> str:
    return escape(" · ".join(filter(None, (voice.name, voice.engine, _WORDS[voice.sex][column]))))


def _facts(voice: Listed, column: int, more: list[str]) -> str:
    facts = [
        *more,
        f"{voice.rate / 1000:g} kHz",
        f"{_WORDS['licence'][column]} {voice.licence or _WORDS['unstated'][column]}",
        f"{_WORDS['source'][column]} {voice.source}",
    ]
    if voice.checksum:
        facts.append(f"{_WORDS['checksum'][column]} {voice.checksum[:16]}…")
    return f"<span>{escape(' · '.join(facts))}</span>"
