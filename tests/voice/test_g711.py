import numpy as np
import pytest

from huashu.voice import g711

pytestmark = pytest.mark.unit
EVERY = np.arange(-32768, 32768, dtype="<i2")
CODES = bytes(range(256))


def decode_ulaw(code: int) -> int:
    """ITU-T G.711 table 2a, 14-bit values times four, from its formula."""
    code ^= 0xFF
    value = ((2 * (code & 15) + 33) << (code >> 4 & 7)) - 33
    return 4 * (-value if code & 0x80 else value)


def decode_alaw(code: int) -> int:
    """ITU-T G.711 table 1a, 13-bit values times eight."""
    code ^= 0x55
    segment, step = code >> 4 & 7, code & 15
    value = 2 * step + 1 if segment == 0 else (2 * step + 33) << (segment - 1)
    return 8 * (value if code & 0x80 else -value)


def test_decoding_is_the_recommendations_formula() -> None:
    assert np.frombuffer(g711.ulaw_decode(CODES), "<i2").tolist() == [decode_ulaw(code) for code in range(256)]
    assert np.frombuffer(g711.alaw_decode(CODES), "<i2").tolist() == [decode_alaw(code) for code in range(256)]


def test_known_codes() -> None:
    assert g711.ulaw_encode(np.array([0, 32767, -32768], "<i2").tobytes()) == b"\xff\x80\x00"
    assert g711.alaw_encode(np.array([0, 32767, -32768], "<i2").tobytes()) == b"\xd5\xaa\x2a"


@pytest.mark.parametrize(
    ("encode", "decode"), [(g711.ulaw_encode, g711.ulaw_decode), (g711.alaw_encode, g711.alaw_decode)]
)
def test_every_sample_comes_back_within_its_step(encode, decode) -> None:  # type: ignore[no-untyped-def]
    back = np.frombuffer(decode(encode(EVERY.tobytes())), "<i2").astype(int)
    levels = np.unique(np.frombuffer(decode(CODES), "<i2").astype(int))
    step = np.diff(levels).max()
    error = np.abs(back - EVERY.astype(int))
    inside = np.abs(EVERY.astype(int)) <= levels.max()
    # an encoder by thresholds: never further off than half the step at that level (plus rounding of the scale)
    assert (error[inside] <= np.maximum(np.abs(EVERY[inside].astype(int)) / 16, 20)).all()
    assert error.max() <= step
    assert (np.diff(back) >= 0).all()


def test_codes_survive_a_round_trip() -> None:
    ulaw = bytes(code for code in CODES if code != 0x7F)  # negative zero
    assert g711.ulaw_encode(g711.ulaw_decode(ulaw)) == ulaw
    assert g711.alaw_encode(g711.alaw_decode(CODES)) == CODES
