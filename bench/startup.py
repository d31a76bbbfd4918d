"""How soon Huashu is there and how much room it takes: import, first answer of `huashu chat`, memory, install size.

Usage: python bench/startup.py [--bot scripts_market/card_instalment] [--runs 5]
"""

import argparse
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEAVY = ("torch", "transformers", "faster_whisper", "ctranslate2", "TTS", "nvidia")


def timed(command: list[str], *, env: dict[str, str] | None = None, feed: str = "") -> float:
    """Seconds until the first line of output."""
    began = time.perf_counter()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        process.stdin.write(feed)
        process.stdin.flush()
        line = process.stdout.readline()
        took = time.perf_counter() - began
        process.stdin.close()
        process.stdout.read()
        if not line:
            raise SystemExit(f"no output from {' '.join(command)}")
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bot", default=str(ROOT / "scripts_market" / "card_instalment"))
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    python = sys.executable
    huashu = str(pathlib.Path(python).with_name("huashu"))

    bare = [timed([python, "-c", "print(1)"]) for _ in range(options.runs)]
    light = [timed([python, "-c", "import huashu; print(1)"]) for _ in range(options.runs)]
    print(f"import huashu            {statistics.median(light) - statistics.median(bare):6.3f} s over bare Python")

    with tempfile.TemporaryDirectory() as cache:
        env = {**os.environ, "HUASHU_HOME": cache, "XDG_CACHE_HOME": cache}
        first = timed([huashu, "chat", options.bot], env=env, feed="你好\n")
        later = [timed([huashu, "chat", options.bot], env=env, feed="你好\n") for _ in range(options.runs)]
        print(f"chat, first line, cold   {first:6.2f} s (training included)")
        print(f"chat, first line, warm   {statistics.median(later):6.2f} s")
        probe = (
            "import asyncio, resource, sys; from huashu.channels.console import chat; "
            "from huashu.runtime.bot import load_bot; from huashu.cli_talk import given; "
            f"bot = load_bot({options.bot!r}, trust=True); "
            "asyncio.run(chat(bot, variables=given(bot.script, []), json_mode=True)); "
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)"
        )
        done = subprocess.run(
            [python, "-c", probe], env=env, input="你好\n", capture_output=True, text=True, check=True
        )
        print(f"text-only process        {done.stderr.split()[-1]:>6} MB resident at most")

    site = pathlib.Path(sysconfig.get_paths()["purelib"])
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file() and not path.is_symlink())
    present = [name for name in HEAVY if (site / name).exists()]
    note = f" (holds also: {', '.join(present)})" if present else ""
    print(f"this environment         {size / 1e6:6.0f} MB in site-packages{note}")
    print(f"peak of this script      {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
