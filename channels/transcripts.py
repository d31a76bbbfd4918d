"""Readings as OpenAI's clients expect a transcription: json, text, verbose_json, srt, vtt."""

import math
from typing import Any

from starlette.responses import JSONResponse, PlainTextResponse, Response

from huashu.voice.dictating import Reading


def transcript(readings: list[Reading], form: str, language: str, seconds: float, *, words: bool) -> Response:
    text = _joined([reading.heard.text for reading in readings])
    match form:
        case "text":
            return PlainTextResponse(text + "\n")
        case "srt":
            cues = (
                f"{number}\n{_clock(item.begin, ',')} --> {_clock(item.end, ',')}\n{item.heard.text}\n"
                for number, item in enumerate(readings, 1)
            )
            return PlainTextResponse("\n".join(cues), media_type="application/x-subrip")
        case "vtt":
            cues = (f"{_clock(item.begin, '.')} --> {_clock(item.end, '.')}\n{item.heard.text}\n" for item in readings)
            return PlainTextResponse("\n".join(("WEBVTT\n", *cues)), media_type="text/vtt")
        case "verbose_json":
            segments = [_segment(number, item) for number, item in enumerate(readings)]
            duration = round(seconds, 3)
            body = {
                "task": "transcribe", "language": language, "duration": duration, "text": text, "segments": segments
            }  # fmt: skip
            if words:
                body["words"] = [
                    {"word": word.text, "start": word.begin, "end": word.end}
                    for item in readings for word in item.details.words
                ]  # fmt: skip
            return JSONResponse(body)
        case _:
            return JSONResponse({"text": text})


def _segment(number: int, reading: Reading) -> dict[str, Any]:
    """Those of OpenAI's fields that our recognisers know something of; `confidence`, and what SenseVoice tells besides,
    are ours."""
    sure, more = reading.heard.confidence, reading.details
    return {
        **({"emotion": more.emotion} if more.emotion else {}),
        **({"event": more.event} if more.event else {}),
        "id": number,
        "start": reading.begin,
        "end": reading.end,
        "text": reading.heard.text,
        "avg_logprob": round(math.log(max(sure, 1e-6)), 4),
        "confidence": sure,
    }


def _joined(texts: list[str]) -> str:
    """Chinese stands together, other words apart."""
    whole = ""
    for text in texts:
        apart = whole and not ("\u3000" <= whole[-1] <= "\u9fff" or "\u3000" <= text[0] <= "\u9fff")
        whole += (" " if apart else "") + text
    return whole


def _clock(seconds: float, mark: str) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3600000:02d}:{whole // 60000 % 60:02d}:{whole // 1000 % 60:02d}{mark}{whole % 1000:03d}"
