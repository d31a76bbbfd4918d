"""`huashu.speak`: a voice by itself, as a program uses it."""

import pytest

from huashu import speak
from huashu.core.errors import UsageError

pytestmark = pytest.mark.audio


def test_sound_words_and_shapes_of_the_mouth() -> None:
    pytest.importorskip("espeakng_loader", reason="espeak is not installed (extra espeak)")
    pieces = list(speak("您好，请问是张先生吗？", rate=8000))
    assert sum(len(piece.pcm) for piece in pieces) / 16000 > 1.5
    assert "".join(word.value for piece in pieces for word in piece.words) == "您好请问是张先生吗"
    assert any(viseme.name == "sil" for piece in pieces for viseme in piece.visemes)


def test_weights_are_named_by_folder_or_by_the_catalogue() -> None:
    with pytest.raises(UsageError, match="'no-such-voice' is neither a folder nor a model"):
        speak("您好", engine="piper", model="no-such-voice")
    with pytest.raises(UsageError, match="'piper' needs weights"):
        speak("您好", engine="piper")
