"""What a trainer accepts, written into the bot's files: examples of an intent, wordings of a knowledge item."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from huashu.core.errors import UsageError
from huashu.flows.findings import Findings
from huashu.flows.folder import read_folder
from huashu.flows.keys import CHINESE
from huashu.flows.parse import parse
from huashu.flows.patching import add_to_list, rewrite, spelling_of
from huashu.flows.script import Script
from huashu.nlu import text as texts

NEW_FILE = "nlu/intents.yaml"


def accept_examples(folder: Path, script: Script, intent: str, sentences: Sequence[str]) -> Path:
    """Adds sentences to an intent, which is made when there is none of that name; the file that changed.

    A built-in intent that has no examples of the script's own gets its built-in ones written beside them, since own
    examples replace those.
    """
    fresh = _fresh(sentences, (example.text for example in script.nlu.examples if example.intents == (intent,)))
    path = folder / _file_of(folder, intent)
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    spelling = spelling_of(text or (folder / "bot.yaml").read_text(encoding="utf-8-sig"))
    if not text:
        text = f"{CHINESE['intents'] if spelling == 'zh' else 'intents'}:\n"
    own = script.nlu.own
    if intent not in own and intent in script.nlu.regulars:
        fresh = [*script.nlu.regulars[intent], *fresh]
    try:
        text = add_to_list(text, ("intents", intent), fresh, spelling=spelling)
    except UsageError:  # written with `examples:`
        text = add_to_list(text, ("intents", intent, "examples"), fresh, spelling=spelling)
    rewrite(path, text)
    return path


def accept_wordings(folder: Path, script: Script, base: str, item: str, sentences: Sequence[str]) -> Path:
    """Adds sentences to the variants of a knowledge item; the file that changed.

    Raises:
        UsageError: the base has no such item, or it is a follow-up (its wordings lean on what was said before).
    """
    known = script.knowledge[base].index.get(item) if base in script.knowledge else None
    if known is None or known.parent:
        raise UsageError(f"no item {item!r} of its own in the knowledge base {base!r}")
    findings = Findings()
    parsed = parse(read_folder(folder, findings), findings)
    path = folder / parsed.knowledge[base].place.file
    text = path.read_text(encoding="utf-8-sig")
    fresh = _fresh(sentences, (known.question, *known.variants))
    where = ("items", ("question", known.question), "variants")
    rewrite(path, add_to_list(text, where, fresh, spelling=spelling_of(text)))
    return path


def _fresh(sentences: Sequence[str], there: Iterable[str]) -> list[str]:
    """Sentences that say something new, each once."""
    seen = {texts.bare(known) for known in there}
    found = []
    for sentence in sentences:
        if texts.bare(sentence) not in seen:
            seen.add(texts.bare(sentence))
            found.append(sentence)
    return found


def _file_of(folder: Path, intent: str) -> str:
    """The file that has the intent, else the first that has any, else a new one."""
    findings = Findings()
    parsed = parse(read_folder(folder, findings), findings)
    having = [(fields.place.file, {name.value for name, _ in fields.get("intents") or ()}) for fields in parsed.nlu]
    named = next((file for file, names in having if intent in names), None)
    return named or next((file for file, names in having if names), NEW_FILE)
