"""Slips that keep no bot from running, read off the files: answers nobody can give, sentences that two intents share,
detours that an answer hides, lines too long for one breath. Every finding is a warning with a code of its own.
"""

import re
from collections.abc import Iterator
from typing import Any

from huashu.core.language import is_chinese
from huashu.flows.expressions import ExpressionError, parse_expression
from huashu.flows.findings import Findings, Place
from huashu.flows.parse import Parsed
from huashu.flows.script import Back, CallFlow, End, Flow, HandOff, Link, Question, Script, Stay
from huashu.flows.shapes import At, Fields
from huashu.flows.training import built_in

LONGEST_BREATH = {True: 45, False: 30}
"""Chinese characters, English words, that a listener takes in without a pause: some ten seconds of speech."""
PLACEHOLDER = {True: "值值值", False: "value value"}
"""What a placeholder counts for."""
YES_NO = frozenset({"肯定", "否定", "affirm", "deny"})

_PAUSE = re.compile(r"[，。！？；：、,.!?;:…—\n]+")
_HAN = re.compile(r"[㐀-鿿]|\d")
_WORD = re.compile(r"[A-Za-z0-9']+")
_PLACEHOLDER = re.compile(r"【[^【】]*】|\{\{[^{}]*\}\}")
_MACHINE = re.compile(
    r"智能|机器人|虚拟|数字人|数字员工|语音助[手理]|自动语音|自动外呼|电脑|(?<![A-Za-z])AI(?![A-Za-z])"
    r"|\b(?:automated|automatic|robot|bot|virtual|artificial|computer|digital assistant|voice assistant)\b",
    re.IGNORECASE,
)
"""Words by which a caller knows that no person speaks."""
_NO_SPEECH = re.compile(r"[\W_]+")


def lint(script: Script, parsed: Parsed, findings: Findings) -> None:
    _long_lines(script, parsed, findings)
    _disclosure(script, parsed, findings)
    _same_examples(script, parsed, findings)
    for name, fields in parsed.flows.items():
        flow = script.flows[name]
        for at, (_, step) in enumerate(fields.get("steps")):
            question = flow.steps[at].question
            if question is not None:
                _answers(script, flow, question, step, findings)


# --- lines ------------------------------------------------------------------------------------------------------------


def _long_lines(script: Script, parsed: Parsed, findings: Findings) -> None:
    chinese = is_chinese(script.language)
    for fields in (parsed.bot, *parsed.flows.values()):
        for at in spoken(fields):
            longest = max(breaths(at.value, chinese=chinese), default=0)
            if longest > LONGEST_BREATH[chinese]:
                findings.add("long_line", at.place, name=at.raw[:20], count=longest, limit=LONGEST_BREATH[chinese])


def breaths(text: str, *, chinese: bool) -> Iterator[int]:
    """Characters (Chinese) or words between two pauses."""
    for part in _PAUSE.split(_PLACEHOLDER.sub(PLACEHOLDER[chinese], text)):
        yield len(_HAN.findall(part)) if chinese else len(_WORD.findall(part))


def spoken(node: Any) -> Iterator[At]:
    """The text of every line in a part of a file."""
    if isinstance(node, Fields):
        text = node.values.get("text")
        if isinstance(text, At):
            yield text
        for value in node.values.values():
            yield from spoken(value)
    elif isinstance(node, (list, tuple)):
        for item in node:
            yield from spoken(item)


# --- who is speaking --------------------------------------------------------------------------------------------------


def _disclosure(script: Script, parsed: Parsed, findings: Findings) -> None:
    """An outbound bot says that it is one before it asks anything: what 《人工智能生成合成内容标识办法》 (in force
    since 1 September 2025) wants of synthetic voices at their beginning, and the laws of many places of robots that
    call."""
    if script.direction != "outbound" or any(_MACHINE.search(text) for text in _opening(script, script.start, set())):
        return
    findings.add("no_ai_disclosure", parsed.bot.at("direction"))


def _opening(script: Script, name: str, seen: set[str]) -> Iterator[str]:
    """Every wording that may be said before the first question is answered; a flow called on the way included."""
    if name in seen:
        return
    seen.add(name)
    for step in script.flows[name].steps:
        prompts = [step.say, step.question.prompt if step.question is not None else None]
        for prompt in filter(None, prompts):
            for line in prompt.lines:
                for variant in line.variants:
                    yield "".join(part for part in variant.parts if isinstance(part, str))
        for move in (step.then, *(branch.then for branch in step.branches)):
            if isinstance(move, CallFlow | Link):
                yield from _opening(script, move.flow, seen)
        if step.question is not None:
            return


# --- intents ----------------------------------------------------------------------------------------------------------


def _same_examples(script: Script, parsed: Parsed, findings: Findings) -> None:
    """One sentence of two intents: which of them is meant cannot be learned. What built-in ones share is theirs."""
    known = built_in(script.language, *script.languages)
    seen: dict[str, tuple[str, Place]] = {}
    for file in parsed.nlu:
        for name, fields in file.get("intents") or ():
            for at in fields.get("examples") or ():
                sentence = re.sub(r"\[([^\[\]]+)\]\([^()]+\)", r"\1", at.value)
                other, place = seen.setdefault(bare(sentence), (name.value, at.place))
                shared = all(sentence in known.get(intent, ()) for intent in (other, name.value))
                said_together = place == at.place  # under "one, other"
                if other == name.value or shared or said_together:
                    continue
                if _told_apart(script, other, name.value):
                    findings.add("same_examples", at.place, name=name.value, other=other, text=sentence[:20])


def _told_apart(script: Script, one: str, other: str) -> bool:
    """Whether it matters anywhere which of two intents was meant."""
    for flow in script.flows.values():
        general = {name: item.reaction for name, item in flow.anytime.items()}
        if general.get(one) != general.get(other):
            return True
        questions = (step.question for step in flow.steps if step.question is not None)
        if any(question.answers.get(one) != question.answers.get(other) for question in questions):
            return True
    return False


def bare(sentence: str) -> str:
    """A sentence without what cannot be heard."""
    return _NO_SPEECH.sub("", sentence).lower()


def _answers(script: Script, flow: Flow, question: Question, step: Fields, findings: Findings) -> None:
    for name, _ in step.get("answers") or ():
        reaction = question.answers.get(name.value)
        if reaction is None:
            continue
        reason = _dead(script, question, name.value)
        if reason:
            findings.add("dead_answer", name.place, name=name.value, reason=reason)
        general = flow.anytime.get(name.value)
        leaves = (End, HandOff, Link)
        if general is not None and isinstance(general.reaction.then, leaves) and isinstance(reaction.then, Back | Stay):
            findings.add("shadowed_anytime", name.place, name=name.value)


def _dead(script: Script, question: Question, intent: str) -> str:
    """Why an answer can never be given: a key of messages.WANTS, or empty."""
    if question.answers[intent].knowledge is not None:
        return "dead_knowledge"  # the engine looks for knowledge among the detours only
    if question.expect.type == "yes_no" and intent in YES_NO:
        return "dead_yes_no"
    if intent in question.keys.values():
        return ""
    sentences = [example.text for example in script.nlu.examples if intent in example.intents]
    sentences = sentences or list(script.nlu.regulars.get(intent, ()))
    heard = {bare(sentence) for sentence in sentences}
    if not heard:
        return "dead_examples"
    if heard <= {bare(way) for choice in question.expect.choices for way in choice.spoken}:
        return "dead_value"
    if heard <= {bare(sentence) for sentence in script.nlu.out_of_scope}:
        return "dead_outside"
    return ""


def place_of(fields: Fields, name: str) -> Place:
    """Where a step speaks or computes with a variable: the first text that names it, else the step."""
    spoken_name = re.compile(rf"(?:【|{{{{)\s*{re.escape(name)}\s*(?:】|}}}})")
    bare_name = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    for at in _texts(fields):
        found = spoken_name.search(at.value) or (bare_name.search(at.value) if _computes(at.value, name) else None)
        if found:
            return at.place if at.value.startswith("=") else at.inside(found.start())
    return fields.place


def _computes(text: str, name: str) -> bool:
    if text == name:
        return False  # a name, as in `set` and `collect`
    try:
        return name in parse_expression(text.removeprefix("=")).names
    except ExpressionError:
        return False


def _texts(node: Any) -> Iterator[At]:
    if isinstance(node, At):
        if isinstance(node.value, str):
            yield node
    elif isinstance(node, Fields):
        for value in node.values.values():
            yield from _texts(value)
    elif isinstance(node, (list, tuple)):
        for item in node:
            yield from _texts(item)
