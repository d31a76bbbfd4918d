"""Questions and answers from outside become items of a bot's knowledge base; what is there stays as it is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huashu.core.errors import ScriptError, UsageError
from huashu.core.language import is_chinese
from huashu.flows.document import MAX_BYTES
from huashu.flows.findings import Findings
from huashu.flows.folder import read_folder
from huashu.flows.parse import Parsed, parse
from huashu.flows.patching import add_to_list, rewrite, spelling_of
from huashu.flows.writing import yaml
from huashu.knowledge.reading import Draft


@dataclass(frozen=True, slots=True)
class Imported:
    file: Path
    base: str
    added: int
    known: int
    """Questions that the base had already; their items have not been touched."""
    language: str
    """The bot's."""


def import_faq(folder: Path, drafts: Iterable[Draft], *, base: str = "", fallback: str = "faq") -> Imported:
    """Adds what the base does not have yet to its file, comments and order kept.

    base: its name; one that is not there is made. Empty: the bot's only base, or a new one named `fallback`.

    Raises:
        ScriptError: a file of the bot is no YAML.
        UsageError: the bot has several bases and none is named, or the file would grow past what a file may hold;
            nothing is written then.
    """
    findings = Findings()
    parsed = parse(read_folder(folder, findings), findings)
    if any(findings.is_broken(name) for name in ("bot.yaml", "knowledge/")):
        raise ScriptError("\n".join(map(str, findings.worded(parsed.language))))
    name = base or _only(parsed, fallback)
    fields = parsed.knowledge.get(name)
    there = set() if fields is None else {item.get("question").value for item in fields.get("items") or ()}
    drafts = list(drafts)
    new = [draft for draft in drafts if draft.question not in there]
    path = folder / "knowledge" / f"{_file_name(name)}.yaml" if fields is None else folder / fields.place.file
    if path.exists():
        text = path.read_text(encoding="utf-8-sig")
        spelling = spelling_of(text)
    else:
        spelling = spelling_of((folder / "bot.yaml").read_text(encoding="utf-8-sig"))
        text = yaml({"知识库" if spelling == "zh" else "base": name})
    text = add_to_list(text, ("items",), [_item(draft) for draft in new], spelling=spelling)
    if len(text.encode()) > MAX_BYTES:
        raise UsageError(
            f"{path.name} 会超过 {MAX_BYTES} 字节：把一部分放到另一个知识库里"
            if is_chinese(parsed.language)
            else f"{path.name} would have more than {MAX_BYTES} bytes: put part of it into another base"
        )
    rewrite(path, text)
    return Imported(path, name, len(new), len(drafts) - len(new), parsed.language)


def _only(parsed: Parsed, fallback: str) -> str:
    if len(parsed.knowledge) > 1:
        names = ", ".join(parsed.knowledge)
        zh = is_chinese(parsed.language)
        raise UsageError(
            f"放进哪个知识库？用 --base 指定一个：{names}" if zh else f"which base? --base with one of: {names}"
        )
    return next(iter(parsed.knowledge), fallback)


def _file_name(base: str) -> str:
    return re.sub(r"[\\/:*?\"<>|\s]+", "-", base).strip("-.") or "faq"


def _item(draft: Draft) -> dict[str, Any]:
    """Empty parts left out."""
    parts = {
        "question": draft.question,
        "variants": draft.variants,
        "answer": draft.answer,
        "voice": draft.voice,
        "from": draft.starts.isoformat() if draft.starts else "",
        "until": draft.ends.isoformat() if draft.ends else "",
    }
    return {key: value for key, value in parts.items() if value}
