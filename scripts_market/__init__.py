"""话术市场: the scripts that ship with Huashu, one folder each."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def is_stock(folder: Path) -> bool:
    """Is this one of our own scripts? Its actions.py is part of Huashu and may run without being asked for."""
    return folder.resolve().is_relative_to(FOLDER)
