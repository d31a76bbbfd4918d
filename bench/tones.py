"""Keys as tones against ITU-T Q.24, and how much speech is taken for keys or network tones (talk-off).

    python bench/tones.py [--data ../shared/data]

Keys of 40 ms with pauses of 40 ms at every phase of the frame, with the deviations, twists and noise of Q.24; then all
recordings of people in the speech sets, 8 kHz. Costs are those of one core.
"""

import argparse
import os
import time
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huashu.voice.dtmf import HIGH, KEYS, LOW, DtmfDetector
from huashu.voice.progress import Progress
from huashu.voice.render import read_wav

RATE, FRAME = 8000, 160
SETS = ("speech_zh", "speech_en/speechocean762", "speech_en/coffee_commands", "speech_en/fsdd_digits", "voice_bench")


def pressed(row: int, column: int, seconds: float, off: float, twist: float, phase: float) -> NDArray[np.float64]:
    t = np.arange(round(seconds * RATE)) / RATE
    high = 10 ** (twist / 20) * np.sin(2 * np.pi * HIGH[column] * (1 + off) * t + phase)
    return 3000 * (np.sin(2 * np.pi * LOW[row] * (1 + off) * t) + high)


def read(sound: NDArray[np.float64]) -> str:
    detector = DtmfDetector(RATE)
    pcm = np.clip(np.concatenate([sound, np.zeros(5 * FRAME)]), -32768, 32767).astype("<i2")
    return "".join(detector.feed(pcm[at : at + FRAME]) for at in range(0, len(pcm) - FRAME + 1, FRAME))


def trial(seconds: float, *, off: float = 0.0, twist: float = 0.0, noise: float | None = None) -> str:
    rng = np.random.default_rng(1)
    right = pairs = 0
    for row in range(4):
        for column in range(4):
            for late in range(0, FRAME, 16):
                parts = [np.zeros(late)]
                for _ in range(2):
                    parts += [pressed(row, column, seconds, off, twist, rng.uniform(0, 6)), np.zeros(320)]
                sound = np.concatenate(parts)
                if noise is not None:
                    sound += rng.normal(0, 3000 / np.sqrt(2) * 10 ** (-noise / 20), len(sound))
                right += read(sound) == KEYS[row][column] * 2
                pairs += 1
    return f"{right} of {pairs} pairs read"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("HUASHU_TEST_DATA", "../shared/data")))
    data = parser.parse_args().data
    print("40 ms on, 40 ms off:", trial(0.04))
    print("15 dB above noise:", trial(0.04, noise=15))
    for off in (0.015, -0.015, 0.035, -0.035):
        print(f"frequencies {off:+.1%}:", trial(0.04, off=off))
    for twist in (-7.0, 4.0, 7.0, 12.0):
        print(f"high tone {twist:+g} dB:", trial(0.04, twist=twist))
    print("22 ms on:", trial(0.022))
    keys: Counter[str] = Counter()
    tones: Counter[str] = Counter()
    samples = 0
    took = [0.0, 0.0]
    for path in sorted(path for name in SETS for path in (data / name).rglob("*.wav") if "keys_" not in path.name):
        pcm = np.frombuffer(read_wav(path, RATE), "<i2")
        frames = [pcm[at : at + FRAME] for at in range(0, len(pcm) - FRAME + 1, FRAME)]
        samples += len(pcm)
        dtmf, progress = DtmfDetector(RATE), Progress(RATE)
        began = time.process_time()
        keys.update(key for frame in frames for key in dtmf.feed(frame))
        between = time.process_time()
        tones.update(signal for frame in frames if (signal := progress.feed(frame)) is not None)
        took = [took[0] + between - began, took[1] + time.process_time() - between]
    count = max(1, samples // FRAME)
    print(f"{samples / RATE / 60:.0f} min of speech: {keys.total()} keys, {tones.total()} tones {dict(tones)}")
    print(f"per frame of speech: keys {1e6 * took[0] / count:.0f} µs, network tones {1e6 * took[1] / count:.0f} µs")


if __name__ == "__main__":
    main()
