"""`huashu new`: a bot to start from. In a terminal it asks what matters, from a program it asks nothing."""

import re
import shlex
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from huashu.core.errors import UsageError

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"


@dataclass(frozen=True, slots=True)
class Starter:
    """A complete bot that a new one is copied from."""

    about: tuple[str, str]
    """In Chinese and English."""
    language: str
    direction: str
    folder: str
    """Of `templates`, or of the stock scripts."""
    organisation: str
    """As it stands in the starter's files."""
    queue: str


STARTERS: Mapping[str, Starter] = {
    "快递改派": Starter(("通知并约定时间", "notify and agree a day"), "zh", "outbound", "zh", "速达快递", "人工"),
    "账单分期": Starter(
        ("介绍业务并办理", "offer and sign up"), "zh", "outbound", "card_instalment", "江城银行", "信用卡"
    ),
    "银行客服": Starter(
        ("按来意分流、查询、挂失", "service desk"), "zh", "inbound", "bank_service", "江城银行", "客服"
    ),
    "redelivery": Starter(
        ("通知并约定时间", "notify and agree a day"), "en", "outbound", "en", "Swift Parcels", "agents"
    ),
    "appointments": Starter(
        ("预约、改期、取消", "book, move, cancel"), "en", "inbound", "appointment_en", "Riverside Clinic", "front_desk"
    ),
}
_QUESTIONS = {
    "direction": ("呼入还是呼出 (inbound/outbound)", "Inbound or outbound"),
    "purpose": ("做什么用", "What for"),
    "organisation": ("公司或银行的名称", "Name of the company or bank"),
    "queue": ("转人工转到哪个队列", "Queue that callers are handed to"),
}


def new(
    folder: Annotated[Path, typer.Argument(help="Folder to make.", show_default=False)],
    language: Annotated[str | None, typer.Option(help="zh or en.")] = None,
    direction: Annotated[str | None, typer.Option(help="inbound or outbound.")] = None,
    purpose: Annotated[str | None, typer.Option(help=f"One of: {', '.join(STARTERS)}.")] = None,
    organisation: Annotated[str | None, typer.Option(help="Name of the bank or company that speaks.")] = None,
    queue: Annotated[str | None, typer.Option(help="Queue that callers are handed to.")] = None,
) -> None:
    """Make a small complete bot to start from: flow, intents, knowledge, tests. Asks when in a terminal."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} exists and is not empty; choose another folder")
    given = (language, direction, purpose, organisation, queue)
    if given == (None,) * len(given) and sys.stdin.isatty() and sys.stdout.isatty():
        language, direction, purpose, organisation, queue = _ask()
    starter = _starter(language, direction, purpose)
    words = {"organisation": organisation, "queue": queue}
    for name, value in words.items():
        if value is not None and (not value.strip() or re.search(r"[{}\[\],:#\"'【】\n]|^[-?!&*|>%@`]", value.strip())):
            raise UsageError(f"--{name} {value!r}: a name without brackets, quotes, commas, colons and #")
    _copy(starter, folder, direction or starter.direction, organisation, queue)
    chinese = starter.language == "zh"
    print(f"{folder} 建好了，试试：" if chinese else f"{folder} is ready. Try:")
    for command in ("check", "test", "chat"):
        print(f"  huashu {command} {shlex.quote(str(folder))}")


def _starter(language: str | None, direction: str | None, purpose: str | None) -> Starter:
    if direction not in (None, "inbound", "outbound"):
        raise UsageError(f"--direction {direction}: inbound or outbound")
    if purpose is not None and purpose not in STARTERS:
        raise UsageError(f"--purpose {purpose}: there is {', '.join(STARTERS)}")
    if purpose is not None:
        starter = STARTERS[purpose]
        if language not in (None, starter.language):
            raise UsageError(f"{purpose!r} is in {starter.language}; --language {language} does not go with it")
        return starter
    language = language or "zh"
    fitting = [s for s in STARTERS.values() if s.language == language]
    if not fitting:
        raise UsageError(f"no template for language {language!r}; there is zh and en")
    return next((s for s in fitting if direction in (None, s.direction)), fitting[0])


def _ask() -> tuple[str, str, str, str, str]:
    language = _choice("语言 / Language", {"zh": "中文", "en": "English"}, "zh")
    side = 0 if language == "zh" else 1
    asked = {name: pair[side] for name, pair in _QUESTIONS.items()}
    ways = {"outbound": ("机器人打出去", "the bot calls"), "inbound": ("客户打进来", "customers call")}
    direction = _choice(asked["direction"], {way: pair[side] for way, pair in ways.items()}, "outbound")
    fitting = {n: s for n, s in STARTERS.items() if s.language == language}
    first = next((n for n, s in fitting.items() if s.direction == direction), next(iter(fitting)))
    purpose = _choice(asked["purpose"], {name: s.about[side] for name, s in fitting.items()}, first)
    starter = STARTERS[purpose]
    organisation = typer.prompt(asked["organisation"], default=starter.organisation)
    return language, direction, purpose, organisation, typer.prompt(asked["queue"], default=starter.queue)


def _choice(question: str, choices: Mapping[str, str], default: str) -> str:
    for number, (name, about) in enumerate(choices.items(), 1):
        print(f"  {number}. {name} - {about}")
    names = list(choices)
    while True:
        answer = str(typer.prompt(question, default=default)).strip()
        if answer in choices:
            return answer
        if answer.isdigit() and 0 < int(answer) <= len(names):
            return names[int(answer) - 1]


def _copy(starter: Starter, folder: Path, direction: str, organisation: str | None, queue: str | None) -> None:
    source = TEMPLATES / starter.folder
    if not source.is_dir():
        import huashu.scripts_market

        source = Path(next(iter(huashu.scripts_market.__path__))) / starter.folder
    shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    name = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "my-bot"
    for path in sorted(folder.rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        if organisation is not None:
            text = text.replace(starter.organisation, organisation.strip())
        if queue is not None:
            text = re.sub(rf"\b(handoff|转人工): {re.escape(starter.queue)}(?=[,}}\s])", rf"\1: {queue.strip()}", text)
        if path.name == "bot.yaml" and path.parent == folder:
            text = re.sub(r"^(bot|机器人): .*", rf"\1: {name}", text, count=1, flags=re.MULTILINE)
            text = _directed(text, direction)
        path.write_text(text, encoding="utf-8")


def _directed(text: str, direction: str) -> str:
    found, count = re.subn(r"^(direction|方向): .*", rf"\1: {direction}", text, count=1, flags=re.MULTILINE)
    if count:
        return found
    key = {"language": "direction", "语言": "方向"}
    return re.sub(
        r"^(language|语言): .*$", lambda m: f"{m[0]}\n{key[m[1]]}: {direction}", text, count=1, flags=re.MULTILINE
    )
