"""Make build/types/: one link a room, so that mypy and pyright see `huashu.*` without the editable import hook.

Usage: python tools/typing_links.py
"""

import os
import pathlib
import shutil
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent


def main() -> None:
    target = ROOT / "build" / "types" / "huashu"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    rooms = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-dir"]
    for package, folder in rooms.items():
        if package == "huashu":  # entry by entry: the rooms must appear as its children
            for item in (ROOT / folder).iterdir():
                os.symlink(item, target / item.name)
        elif package.count(".") == 1:  # what lies deeper comes with its room
            os.symlink(ROOT / folder, target / package.removeprefix("huashu."))


if __name__ == "__main__":
    main()
