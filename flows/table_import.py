"""A node table as a bot: nodes become steps, answers become answers, keyword columns become examples of intents.

What cannot be mapped is told with its row, never guessed: a bot that quietly does something else is worse than a gap.
"""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huashu.flows.findings import nearest
from huashu.flows.table_nodes import Branch, Node, Note, is_word, target_text, targets
from huashu.flows.table_reading import Row, Sheet, read_table
from huashu.flows.table_words import (
    END_WORDS,
    HUMAN_WORDS,
    answer_of,
    barge_in,
    example_of,
    keywords,
    placeholders,
    result_of,
    seconds,
)
from huashu.flows.writing import Files, unique
from huashu.nlu.builtin import BUILTIN

QUEUE = {"zh": "人工", "en": "agents"}
NO_ANSWER = {"zh": "无应答", "en": "no_input"}
"""Built-in endings, with words of their own."""
CORE = {"zh": ("肯定", "否定", "请重复"), "en": ("affirm", "deny", "repeat")}


@dataclass(frozen=True, slots=True)
class Imported:
    files: Files
    notes: tuple[Note, ...]
    language: str
    nodes: int
    intents: int
    questions: int


def import_table(path: Path, *, bot: str, title: str = "") -> Imported:
    """The files of a bot from a node table; nothing is written.

    bot: its identity (lower-case letters, digits, hyphens).

    Raises:
        UsageError, MissingExtraError: the table cannot be read (see `read_table`).
    """
    sheets = read_table(path)
    text = "".join(row.get("say") for sheet in sheets for row in sheet.rows)
    language = "zh" if re.search(r"[\u4e00-\u9fff]", text) else "en"
    return _Importer(sheets, language).run(bot, title or path.stem)


class _Importer:
    def __init__(self, sheets: list[Sheet], language: str) -> None:
        self._sheets, self._language, self._zh = sheets, language, language == "zh"
        self._notes: list[Note] = []
        self._nodes: list[Node] = []
        self._general: list[tuple[Row, str, list[str]]] = []
        """Rows that answer something at any time: (row, intent, examples)."""
        self._items: list[dict[str, Any]] = []
        self._intents: dict[str, list[str]] = {}
        self._endings: dict[str, dict[str, Any]] = {}
        self._variables: dict[str, dict[str, Any]] = {}
        self._barge_in = "speech"

    def run(self, bot: str, title: str) -> Imported:
        for sheet in self._sheets:
            for header in sheet.unknown:
                self._note(Row(sheet.name, 0, {}, {}), f"没有用到的列“{header}”", f"column {header!r} is not read")
            self._read(sheet)
        self._names()
        rules = Counter(rule for node in self._nodes if not node.ends and (rule := barge_in(node.row.get("barge_in"))))
        self._barge_in = rules.most_common(1)[0][0] if rules else "speech"
        for node in self._nodes:
            if node.ends:
                self._ending(node)
        steps = self._steps()
        anytime = self._anytime()
        used = {*targets([steps, anytime], "end"), *(node.name for node in self._nodes)}
        self._endings = {name: ending for name, ending in self._endings.items() if name in used}
        self._own_sentences({name for step in steps for name in _answers(step)} | set(anytime))
        files = Files()
        files.add("bot.yaml", self._bot(bot, title))
        name = unique(title, set())
        files.add(f"flows/{name}.yaml", {"flow": name, "steps": steps, "anytime": anytime, "endings": self._endings})
        if self._intents:
            files.add("nlu/intents.yaml", {"intents": self._intents})
        if self._items:
            files.add("knowledge/faq.yaml", {"base": self._base, "items": self._items})
        count = (len(self._nodes), len(self._intents), len(self._items))
        return Imported(files, tuple(sorted(self._notes, key=lambda n: (n.sheet, n.row))), self._language, *count)

    def _note(self, row: Row, zh: str, en: str) -> None:
        self._notes.append(Note(row.sheet, row.number, zh if self._zh else en))

    @property
    def _base(self) -> str:
        return "常见问题" if self._zh else "faq"

    # --- rows → nodes -----------------------------------------------------------------------------------------------

    def _read(self, sheet: Sheet) -> None:
        node: Node | None = None
        for row in sheet.rows:
            key = row.get("node") or row.get("name")
            if self._is_general(sheet, row):
                self._general_row(row)
                continue
            if row.get("say") and not (node and key == node.key and row.get("say") == node.row.get("say")):
                node = Node(row, key or f"{row.number}", row.get("name"), self._spoken(row.get("say"), row))
                self._nodes.append(node)
            elif key and (node is None or key not in (node.key, node.name)):
                self._note(row, "这一行没有话术，略过", "no text in this row, left out")
                continue
            if node is None:
                self._note(row, "第一个节点之前的行，略过", "a row above the first node, left out")
                continue
            self._branch(node, row)

    def _is_general(self, sheet: Sheet, row: Row) -> bool:
        """A row of the knowledge kind: answers a question whenever it comes, and leads nowhere of its own."""
        if not row.get("say"):
            return False
        if re.search(r"知识|问答|qa|faq|通用|全局|异议|常见问题|公共", row.get("kind") or sheet.name, re.IGNORECASE):
            return True
        asked = row.get("question") or (row.get("keywords") and row.get("intent"))
        return bool(asked and not row.get("node") and not row.get("next") and not row.branches)

    def _general_row(self, row: Row) -> None:
        said = self._spoken(row.get("say"), row)
        name = row.get("question") or row.get("intent") or row.get("name") or row.get("node")
        words = self._keywords(row)
        answer = answer_of(name, self._zh)
        if answer.kind == "intent" and not row.get("next") and row.get("question") and "【" not in said:
            self._items.append({"question": name, "variants": [w for w in words if w != name], "answer": said})
        elif answer.kind == "intent":
            self._general.append((row, self._intent(row, answer.intents[0], words, builtin=answer.builtin), [said]))
        else:
            self._note(row, f"“{name}”不能随时触发，略过", f"{name!r} cannot come at any time, left out")

    def _branch(self, node: Node, row: Row) -> None:
        for header, target in row.branches.items():
            node.branches.append(Branch(row, answer_of(header, self._zh), [], target, row.get("label")))
        name, target = row.get("intent"), row.get("next")
        if name or (row.get("keywords") and target):
            answer = answer_of(name or keywords(row.get("keywords"))[0][0], self._zh)
            if not target:
                self._note(row, f"“{name}”没有写下一节点，按继续往下走", f"{name!r} has no next node: goes on")
            node.branches.append(Branch(row, answer, self._keywords(row), target, row.get("label")))
        elif target:
            node.next = target
        elif row.get("keywords"):
            self._note(row, "有关键词，没有意图和下一节点，略过", "keywords without intent or next node, left out")

    def _keywords(self, row: Row) -> list[str]:
        words, strange = keywords(row.get("keywords"))
        for pattern in strange:
            self._note(
                row, f"关键词“{pattern}”是表达式，请改成例句", f"keyword {pattern!r} is a pattern: write sentences"
            )
        return words

    def _spoken(self, text: str, row: Row) -> str:
        text, names = placeholders(text)
        for name in names:
            self._variables.setdefault(name, {"type": "text", "given": True, "example": example_of(name)})
        return text

    def _intent(self, row: Row, name: str, words: list[str], *, builtin: bool) -> str:
        known = BUILTIN[self._language].get(name, ()) if builtin else ()
        own = [word for word in words if word not in known]
        if own or (not builtin and name not in self._intents):
            examples = self._intents.setdefault(name, list(known))
            examples += [word for word in own if word not in examples]
            if not examples:
                examples.append(name)
                self._note(
                    row, f"意图“{name}”没有关键词，先用名称作例句", f"intent {name!r} has no keywords: its name is one"
                )
        return name

    def _own_sentences(self, used: set[str]) -> None:
        """A sentence teaches one intent: what a used built-in intent knows already is not taught to another."""
        known = BUILTIN[self._language]
        for name, examples in self._intents.items():
            others = {
                word for other in used | set(CORE[self._language]) if other != name for word in known.get(other, ())
            }
            kept = [word for word in examples if word not in others or word in known.get(name, ())]
            examples[:] = kept or examples
        for name in [name for name, examples in self._intents.items() if list(known.get(name, ())) == examples]:
            del self._intents[name]

    def _names(self) -> None:
        taken: set[str] = set()
        for node in self._nodes:
            node.name = unique(node.name or node.key, taken)
            taken.add(node.name)

    # --- endings ----------------------------------------------------------------------------------------------------

    def _ending(self, node: Node) -> None:
        label = node.row.get("label")
        self._endings[node.name] = {
            "say": node.say,
            "label": label,
            "result": result_of(node.name, node.say, label),
        }

    def _plain_end(self, branch: Branch | None, row: Row) -> dict[str, Any]:
        """Hanging up without a node of its own: an ending named by its label."""
        label = branch.label if branch else row.get("label")
        name = unique(("结束" if self._zh else "end") + (f"{label}" if label else ""), set())
        about = " ".join(branch.answer.intents) if branch else ""
        self._endings.setdefault(name, {"label": label or None, "result": result_of(about, "", label)})
        return {"end": name}

    # --- steps ------------------------------------------------------------------------------------------------------

    def _steps(self) -> list[dict[str, Any]]:
        nodes = [node for node in self._nodes if not node.ends]
        moves = {node.name: self._parts(node, position, nodes) for position, node in enumerate(nodes)}
        reached = self._reached(nodes, moves)
        steps = []
        for node in nodes:
            if node.name in reached:
                steps.append({node.name: moves[node.name]})
            else:
                self._note(node.row, f"没有节点走到“{node.name}”，略过", f"nothing leads to {node.name!r}, left out")
        for node in self._nodes:
            if node.ends and not any(target == node.name for target in targets([*moves.values()], "end")):
                self._note(node.row, f"没有节点走到结局“{node.name}”", f"nothing leads to the ending {node.name!r}")
        return steps

    def _parts(self, node: Node, position: int, nodes: list[Node]) -> dict[str, Any]:
        parts: dict[str, Any] = {"ask" if node.branches else "say": node.say}
        rule = barge_in(node.row.get("barge_in"))
        if rule and rule != self._barge_in:
            parts["barge_in"] = rule
        answers: dict[str, Any] = {}
        silence: list[dict[str, Any]] = []
        default: dict[str, Any] | None = None
        has = {intent for branch in node.branches for intent in branch.answer.intents}
        for branch in node.branches:
            move = self._move(branch.target, branch.row, branch) if branch.target else {"then": "next"}
            if move is None:
                continue
            if branch.answer.kind == "default":
                default = move
            elif branch.answer.kind == "silence":
                silence = [{"after": "5s", **(move if "then" not in move else {"then": "next"})}]
            else:
                extra = [name for name in branch.answer.also if name not in has]
                for name in (*branch.answer.intents, *extra):
                    self._intent(branch.row, name, branch.words if name == branch.answer.intents[0] else [],
                                 builtin=branch.answer.builtin)  # fmt: skip
                    answers[name] = move
        if node.branches and not answers:
            self._note(node.row, "没有一个回答能用，按播报处理", "no usable answer: only spoken")
            return {"say": node.say, **(default or self._after(node, position, nodes))}
        if answers:
            parts["answers"] = answers
            parts["silence"] = self._silence(node, silence)
            parts["unclear"] = self._unclear(node, default)
            if node.next:
                parts |= self._move(node.next, node.row, None) or {}
        else:
            parts |= self._after(node, position, nodes)
        return {key: value for key, value in parts.items() if value}

    def _after(self, node: Node, position: int, nodes: list[Node]) -> dict[str, Any]:
        if node.next:
            return self._move(node.next, node.row, None) or {}
        if position + 1 == len(nodes):
            return self._plain_end(None, node.row)
        return {}

    def _silence(self, node: Node, branch: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
        text = node.row.get("silence")
        after = seconds(text) or "5s"
        spoken = "" if seconds(text) else text
        last = branch[0] if branch else None
        if text and not seconds(text) and self._find(text) is not None:
            spoken, last = "", {"after": after, **(self._move(text, node.row, None) or {})}
        if not text and last is None:
            return None
        if last is None:
            last = {"after": after, "end": NO_ANSWER[self._language]}
        rungs = [{"after": after, "say": self._spoken(spoken, node.row)}] if spoken else []
        if not rungs and not branch:
            rungs = [{"after": after, "say": "喂，您好，能听到吗？" if self._zh else "Hello, can you hear me?"}]
        return [*rungs, last]

    def _unclear(self, node: Node, default: dict[str, Any] | None) -> list[dict[str, Any]] | None:
        text = node.row.get("unclear")
        if text and self._find(text) is not None:
            return [self._move(text, node.row, None) or {}]
        again = [{"say": self._spoken(text, node.row)}] if text else []
        if default is not None:
            return [*again, default if default.get("then") != "back" else {"handoff": QUEUE[self._language]}]
        return [*again, {"handoff": QUEUE[self._language]}] if again else None

    # --- where things lead ------------------------------------------------------------------------------------------

    def _find(self, text: str) -> Node | None:
        plain = target_text(text)
        for node in self._nodes:
            if plain in (node.key, node.name, node.row.get("name"), target_text(node.key)):
                return node
        head = re.split(r"[\s\-—:：(（]", plain)[0]
        return next((node for node in self._nodes if head and head == node.key), None)

    def _move(self, text: str, row: Row, branch: Branch | None) -> dict[str, Any] | None:
        """The move a cell means; None when it means none (told)."""
        node = self._find(text)
        if node is not None:
            return {"end": node.name} if node.ends else {"go": node.name}
        plain = target_text(text)
        if is_word(plain, END_WORDS):
            return self._plain_end(branch, row)
        if is_word(plain, HUMAN_WORDS):
            return {"handoff": QUEUE[self._language]}
        if re.fullmatch(r"返回.*|回到.*|重复.*|重播.*|原节点|本节点|back|repeat", plain, re.IGNORECASE):
            return {"then": "back"}
        if re.fullmatch(r"继续|顺序|下一个?节点|下一步|next|continue", plain, re.IGNORECASE):
            return {"then": "next"} if branch else {}
        hint = nearest(plain, [name for node in self._nodes for name in (node.key, node.name)])
        self._note(
            row,
            f"不认识下一节点“{text}”" + (f"，是不是“{hint}”？" if hint else ""),
            f"no node {text!r}" + (f": did you mean {hint!r}?" if hint else ""),
        )
        return None

    def _reached(self, nodes: list[Node], moves: dict[str, dict[str, Any]]) -> set[str]:
        order = [node.name for node in nodes]
        todo = [*order[:1], *(targets([self._general_move(row) for row, _, _ in self._general], "go"))]
        seen: set[str] = set()
        while todo:
            name = todo.pop()
            if name in seen or name not in moves:
                continue
            seen.add(name)
            parts = moves[name]
            todo += targets([parts], "go")
            on = not ({"go", "end", "handoff"} & parts.keys())
            if on and ("ask" not in parts or "next" in targets([parts], "then")):
                todo += order[order.index(name) + 1 : order.index(name) + 2]
        return seen

    def _general_move(self, row: Row) -> dict[str, Any]:
        return (self._move(row.get("next"), row, None) or {}) if row.get("next") else {}

    def _anytime(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for row, intent, said in self._general:
            if intent in found:
                line = found[intent].get("say", [])
                found[intent]["say"] = [*(line if isinstance(line, list) else [line]), *said]
                continue
            found[intent] = {"say": said[0], **(self._general_move(row) or {"then": "back"})}
        stop, human = ("别再打", "转人工") if self._zh else ("stop_calling", "human")
        found.setdefault(human, {"handoff": QUEUE[self._language]})
        name = "不再打扰" if self._zh else "do_not_call"
        self._endings.setdefault(name, {"result": "opt_out"})
        words = {"say": found[stop]["say"]} if stop in found else {}
        found[stop] = {**words, "end": name}  # a refusal is recorded, whatever the table says of it
        if self._items:
            found["知识" if self._zh else "faq"] = {"knowledge": self._base, "then": "back"}
        return found

    def _bot(self, bot: str, title: str) -> dict[str, Any]:
        zh = self._zh
        silence = [
            {"after": "5s", "say": "您好，您还在听吗？" if zh else "Hello, are you still there?"},
            {"after": "5s", "end": "no_input"},
        ]
        unclear = [
            {"say": "不好意思，没听清，您再说一遍？" if zh else "Sorry, could you say that again?"},
            {"handoff": QUEUE[self._language]},
        ]
        return {
            "bot": bot,
            "title": title,
            "language": "zh-CN" if zh else "en-US",
            "direction": "outbound",
            "variables": self._variables,
            "defaults": {"silence": silence, "unclear": unclear, "barge_in": self._barge_in},
        }


def _answers(step: dict[str, Any]) -> list[str]:
    return [name for parts in step.values() for name in parts.get("answers", {})]
