"""What changes for callers between two versions of a script, in words, the weightiest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from huashu.core.errors import UsageError
from huashu.core.language import is_chinese
from huashu.flows.captions import Words
from huashu.flows.keys import CHINESE
from huashu.flows.loader import load, load_bundle
from huashu.flows.script import Script
from huashu.lab.facts import KINDS, Content, Key, facts, steps

How = Literal["removed", "added", "moved", "changed"]
_HOWS: tuple[How, ...] = ("removed", "added", "moved", "changed")

_TITLES = {
    "bot": ("机器人", "bot"), "flow": ("流程", "flow"), "ending": ("结局", "ending"), "step": ("步骤", "step"),
    "answer": ("回答", "answer"), "anytime": ("随时", "anytime"), "pattern": ("兜底", "pattern"),
    "move": ("走向", "where it goes"), "action": ("动作", "action"), "value": ("取值", "value"),
    "wording": ("话术", "wording"), "ladder": ("沉默与没听懂", "silence and not understood"),
    "variable": ("变量", "variable"), "knowledge": ("知识", "knowledge"), "intent": ("意图", "intent"),
    "setting": ("设置", "setting"),
}  # fmt: skip
_VERBS = {
    "removed": ("删去", "removed"), "added": ("新增", "added"), "moved": ("换了位置", "moved"),
    "changed": ("改为", "changed to"), "was": ("原来", "was"), "now": ("现在", "now"),
    "same": ("对来电的人没有变化。", "Nothing changes for callers."), "places": ("{0}等{1}处", "{0} and {1} others"),
    "count": ("共{0}处变化", "{0} changes"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    kind: str
    """One of huashu.lab.facts.KINDS."""
    how: How
    owners: tuple[str, ...]
    """"flow.step", an ending's name …; several when one change shows in many places (an inherited ladder)."""
    part: str
    """What of it, in the key words of the flow language; "" for the whole."""
    old: str = ""
    new: str = ""
    less: tuple[str, ...] = ()
    """Of something with pieces (examples, values): those that are gone."""
    more: tuple[str, ...] = ()

    def data(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "how": self.how,
            "owners": list(self.owners),
            "part": self.part,
            "old": self.old,
            "new": self.new,
            "removed": list(self.less),
            "added": list(self.more),
        }


@dataclass(frozen=True, slots=True)
class Difference:
    changes: tuple[Change, ...]
    words: Words

    @property
    def same(self) -> bool:
        return not self.changes

    def lines(self) -> list[str]:
        """For a person: one change after the other under the title of its kind."""
        side = 0 if self.words.chinese else 1
        if self.same:
            return [_VERBS["same"][side]]
        out: list[str] = []
        for number, change in enumerate(self.changes):
            if not number or self.changes[number - 1].kind != change.kind:
                out.append(f"{_TITLES[change.kind][side]}:")
            out += [f"  {line}" for line in _told(change, side)]
        return [*out, _VERBS["count"][side].format(len(self.changes))]

    def data(self) -> dict[str, Any]:
        return {"same": self.same, "changes": [change.data() for change in self.changes]}


def open_script(path: Path) -> Script:
    """The script in a bot's folder, or in an archive of one made by `huashu.flows.loader.bundle`.

    Raises:
        UsageError: there is nothing of that name.
        ScriptError: it is no bot, or has errors.
    """
    if path.is_dir():
        return load(path)
    if not path.is_file():
        raise UsageError(f"{path} is neither a bot's folder nor an archive of one")
    return load_bundle(path.read_bytes())


def compare(old: Script, new: Script) -> Difference:
    """Everything that is not the same, in the language of the new script."""
    words = Words(is_chinese(new.language))
    before, after = facts(old, words), facts(new, words)
    changes = [*_wholes(before, after), *_parts(before, after), *_moved(old, new)]
    order = {kind: index for index, kind in enumerate(KINDS)}
    merged = _merged(changes)
    merged.sort(key=lambda change: (order[change.kind], _HOWS.index(change.how)))
    return Difference(tuple(merged), words)


def _wholes(before: Mapping[Key, Content], after: Mapping[Key, Content]) -> list[Change]:
    """Steps, endings, flows … that are in one script only; told once, without their parts."""
    gone = [
        Change(key.kind, "removed", (key.owner,), "", old=_text(before[key])) for key in before if _is_whole(key, after)
    ]
    come = [
        Change(key.kind, "added", (key.owner,), "", new=_text(after[key])) for key in after if _is_whole(key, before)
    ]
    return [_with_words(change, before, after) for change in (*gone, *come)]


def _is_whole(key: Key, other: Mapping[Key, Content]) -> bool:
    return not key.part and key not in other


def _with_words(change: Change, before: Mapping[Key, Content], after: Mapping[Key, Content]) -> Change:
    """A step with what it says, an item with its answer, an intent with its examples: a name alone tells little."""
    table = before if change.how == "removed" else after
    said = [
        _text(content)
        for key, content in table.items()
        if key.owner == change.owners[0] and (key.kind, key.part) in _TELLING
    ]
    told = " | ".join(said) or (change.old + change.new if change.kind in ("variable", "pattern") else "")
    if change.how == "removed":
        return Change(change.kind, change.how, change.owners, "", old=told)
    return Change(change.kind, change.how, change.owners, "", new=told)


_TELLING = {
    ("wording", "say"), ("wording", "ask"), ("wording", "prompt"), ("action", "do"), ("knowledge", "answer"),
    ("intent", "examples"),
}  # fmt: skip


def _parts(before: Mapping[Key, Content], after: Mapping[Key, Content]) -> list[Change]:
    found = []
    gone = {_owner(key) for key in before if _is_whole(key, after)}
    come = {_owner(key) for key in after if _is_whole(key, before)}
    for key in (*before, *(key for key in after if key not in before)):
        old, new = before.get(key, ""), after.get(key, "")
        if old == new or _is_whole(key, after if key in before else before) or _owner(key) in gone | come:
            continue
        if isinstance(old, tuple) or isinstance(new, tuple):
            less, more = (tuple(x for x in a if x not in b) for a, b in ((old, new), (new, old)))
            if less or more:
                found.append(Change(key.kind, "changed", (key.owner,), key.part, less=less, more=more))
        else:
            how: How = "changed" if old and new else "removed" if old else "added"
            found.append(Change(key.kind, how, (key.owner,), key.part, old, new))
    return found


def _owner(key: Key) -> tuple[str, str]:
    """Whose part it is. Wording, moves and the like belong to the step or the ending of their name."""
    inside = {"knowledge": "knowledge", "intent": "intent", "ending": "ending", "variable": "variable", "flow": "flow"}
    return (inside.get(key.kind, ""), key.owner)


def _moved(old: Script, new: Script) -> list[Change]:
    """Steps of a flow in another order: as few as explain it (those outside the longest common subsequence)."""
    orders = dict(steps(new))
    found = []
    for flow, before in steps(old):
        after = [name for name in orders.get(flow, ()) if name in before]
        before = [name for name in before if name in after]
        kept = _common(before, after)
        for name in after:
            if name not in kept:
                at = orders[flow].index(name)
                behind = orders[flow][at - 1] if at else ""
                found.append(Change("step", "moved", (f"{flow}.{name}",), "", new=behind))
    return found


def _common(a: list[str], b: list[str]) -> set[str]:
    best: list[list[list[str]]] = [[[] for _ in range(len(b) + 1)] for _ in range(len(a) + 1)]
    for i, left in enumerate(a, 1):
        for j, right in enumerate(b, 1):
            if left == right:
                best[i][j] = [*best[i - 1][j - 1], left]
            else:
                best[i][j] = max(best[i - 1][j], best[i][j - 1], key=len)
    return set(best[-1][-1])


def _merged(changes: list[Change]) -> list[Change]:
    """The same change in many places is one: a ladder or a detour inherited from the bot."""
    groups: dict[tuple[object, ...], list[Change]] = {}
    for change in changes:
        alone = change.owners if change.how == "moved" or not change.part else ()
        groups.setdefault(
            (change.kind, change.how, change.part, change.old, change.new, change.less, change.more, alone), []
        ).append(change)
    return [
        Change(first.kind, first.how, tuple(owner for change in group for owner in change.owners), first.part,
               first.old, first.new, first.less, first.more)
        for group in groups.values()
        for first in group[:1]
    ]  # fmt: skip


def _text(content: Content) -> str:
    return content if isinstance(content, str) else " | ".join(content[:3]) + (" …" if len(content) > 3 else "")


def _told(change: Change, side: int) -> list[str]:
    verb = {name: pair[side] for name, pair in _VERBS.items()}
    where = change.owners[0]
    if len(change.owners) > 2:
        where = verb["places"].format(where, len(change.owners) if side == 0 else len(change.owners) - 1)
    elif len(change.owners) == 2:
        where = ("、" if side == 0 else " and ").join(change.owners)
    part = _part(change.part, side)
    head = f"{where} · {part}" if part else where
    match change.how:
        case "removed" | "added":
            told = change.old or change.new
            return [f"{verb[change.how]} {head}" + (f": {told}" if told else "")]
        case "moved":
            return [
                f"{verb['moved']} {head}"
                + (
                    f" ({'在' if side == 0 else 'after '}{change.new}{'之后' if side == 0 else ''})"
                    if change.new
                    else ""
                )
            ]
        case "changed":
            lines = [head]
            if change.old or change.new:
                lines += [f"    {verb['was']}: {change.old}", f"    {verb['now']}: {change.new}"]
            lines += [f"    {verb['removed']}: {text}" for text in change.less]
            return lines + [f"    {verb['added']}: {text}" for text in change.more]


def _part(part: str, side: int) -> str:
    """A key of the language in the script's own."""
    if side == 1:
        return part.replace("_", " ")
    word, _, rest = part.partition(" ")
    word, dot, number = word.partition(".")
    return f"{CHINESE.get(word, _OWN.get(word, word))}{dot}{number}{' ' + rest if rest else ''}"


_OWN = {"name": "标识", "list": "词表", "max_seconds": "最长时间", "threshold": "门槛"}
