"""WAV files as crashed and streaming writers leave them."""

import pytest

from huashu.voice.wav import decode, header

pytestmark = pytest.mark.unit


def test_a_file_whose_writer_never_told_its_length_gives_what_it_holds() -> None:
    pcm = bytes(range(256)) * 20
    written = header(len(pcm), rate=8000) + pcm
    place = written.find(b"data") + 4
    for told in (bytes(4), b"\xff" * 4):
        assert len(decode(written[:place] + told + written[place + 4 :]).sound) == len(pcm) // 2
    empty = header(0, rate=8000)
    assert not len(decode(empty).sound)
    assert not len(decode(empty + b"LIST\x04\0\0\0INFO").sound)
