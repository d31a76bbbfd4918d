"""Spoiled bots held against what the loader promises, for tests/flows/test_spoiled.py and bench/proof_loader.py."""

from pathlib import Path

from huashu.flows.check import Report, check, check_sources
from huashu.flows.document import MAX_BYTES
from huashu.flows.findings import Findings
from huashu.flows.folder import Sources, pack
from huashu.flows.loader import load_bundle
from huashu.lab.transcript import read_tests
from tests.flows.adversary import Adversary
from tests.flows.folders import FLOW, GOOD
from tests.flows.mutations import Files

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("examples/redelivery_zh", "tests/flows/bots/card", "scripts_market/payment_reminder_en")
SMALL = {
    **GOOD,
    "lines/en-US.yaml": "主流程.提问: {ask: May I?}\n主流程: {endings.拒绝: Bye.}\nbot: {silence.1: Hello?}\n",
    "tests/a.yaml": "test: 拒绝\nturns:\n- bot: 可以吗\n- caller: 不可以\n- expect: {ending: 拒绝, result: declined}\n",
    "actions.py": "from huashu import action\n\n\n@action\ndef create(call):\n    return {}\n",
    "flows/b.yaml": FLOW.replace("主流程", "旁支") + "anytime: {太贵: {link: 主流程}}\n",
}


def bots() -> list[Files]:
    """The bots to spoil, as files; the small one first."""
    found = [{name: text.encode() for name, text in SMALL.items()}]
    for folder in FOLDERS:
        paths = [path for path in sorted((ROOT / folder).rglob("*")) if path.suffix in (".yaml", ".py")]
        found.append({path.relative_to(ROOT / folder).as_posix(): path.read_bytes() for path in paths})
    return found


def recordings() -> list[str]:
    return [path.relative_to(ROOT / folder).as_posix() for folder in FOLDERS for path in (ROOT / folder).rglob("*.wav")]


def case(files: Files, seed: int, folder: Path) -> str:
    """Hold one spoiled folder against what is promised; "accepted" or "refused". Raises what is wrong."""
    on_disk = any(path.startswith("tests/") and data != files.get(path) for path, data in files.items())
    report = _on_disk(files, folder) if on_disk or seed % 100 == 0 else _in_memory(files)
    assert (report.script is None) == bool(report.errors), "a script and errors"
    for finding in report.findings:
        assert finding.message, finding
        assert finding.line >= 1 <= finding.column, finding
    if report.script is None:
        return "refused"
    if seed % 7 == 0:
        kept = {path: data[: MAX_BYTES + 1] for path, data in files.items() if not path.startswith("tests/")}
        again = load_bundle(pack(Sources(kept)))  # the files as `bundle` reads them from a folder
        assert again.flow_digest == report.script.flow_digest, "another script from its archive"
    if seed % 3 == 0:
        assert report.bounds is not None
        silent = Adversary(report.script, seed, "silent").run()
        assert silent.closed, "goes on for ever"
        assert silent.dead_air <= report.bounds.dead_air + 0.01, f"{silent} {report.bounds.dead_air}"
    return "accepted"


def _in_memory(files: Files) -> Report:
    return check_sources(Sources(files), Findings())


def _on_disk(files: Files, folder: Path) -> Report:
    """By way of a folder, tests included."""
    for old in sorted(folder.rglob("*"), reverse=True):
        old.rmdir() if old.is_dir() else old.unlink()
    for path, data in {**files, **dict.fromkeys(recordings(), b"")}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    for finding in read_tests(folder)[1]:
        assert finding.message, finding
    return check(folder)
