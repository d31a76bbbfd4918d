"""What a Rasa action server is asked and what its answer means, apart from how the bytes travel.

The shapes are those of rasa-sdk 3.21 (`rasa_sdk.executor`, `rasa_sdk.interfaces`, `rasa_sdk.events`), tried against a
running server. docs/actions.md tells a designer what becomes of what.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from huashu.core.actions import RunAction
from huashu.core.errors import RemoteError
from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.flows.script import Script, Variable

PROTOCOL = "3.21.1"
"""The rasa-sdk release these shapes were tried with. A server of another release warns in its own log, no more."""

REPLY = ("回复", "reply")
"""Text variables, if the script has them, that receive what the action had the bot say."""
REPLY_NAME = ("回复名", "reply_name")
"""… the name of a response that the server left for the bot to word (`utter_…`)."""
FOLLOWUP = ("后续动作", "followup")
"""… the action that the server wants run next."""

MAX_REPLY = 2000
"""Characters of a reply: those of the longest line a script may hold."""
MAX_EVENTS = 1000
"""Events and responses of one answer, each."""

_SLOT_TYPES = {"yes_no": "bool", "integer": "float", "number": "float", "percent": "float", "money": "float"}
_STOPS = "。！？；…，：.!?;,:~～"


# --- asking -----------------------------------------------------------------------------------------------------------


def domain(script: Script) -> dict[str, Any]:
    """The script as a Rasa domain: what an action may look up there. Wording is not part of it."""
    steps = [step for flow in script.flows.values() for step in flow.steps]
    return {
        "intents": sorted(
            {name for example in script.nlu.examples for name in example.intents} | set(script.nlu.regulars)
        ),
        "entities": [],
        "slots": {name: _slot(variable) for name, variable in script.variables.items()},
        "responses": {},
        "actions": sorted({step.do.action for step in steps if step.do is not None}),
        "forms": {},
    }


def request(call: str, action: RunAction, key: str, domain: Mapping[str, Any], *, wall: float) -> dict[str, Any]:
    """The body of one call. wall: Unix seconds, the timestamp of its events.

    The arguments are the tracker's slots, and once more its last `slot` events, where `slots_to_validate` looks. What
    the caller said is not passed: it may hold what the script keeps private.
    """
    slots = {name: plain(value) for name, value in action.args.items()}
    return {
        "next_action": action.name,
        "sender_id": call,
        "tracker": {
            "sender_id": call,
            "slots": slots,
            "latest_message": {
                "text": "",
                "intent": {"name": None, "confidence": 0.0},
                "intent_ranking": [],
                "entities": [],
                "message_id": key,
                # headers do not reach an action's code; this does
                "metadata": {"idempotency_key": key},
            },
            "events": [
                {"event": "slot", "timestamp": wall, "name": name, "value": value} for name, value in slots.items()
            ],
            "paused": False,
            "followup_action": None,
            "active_loop": {},
            "latest_action_name": None,
            "stack": [],
        },
        "domain": domain,
        "version": PROTOCOL,
    }


def plain(value: Scalar) -> str | int | float | bool | None:
    """As JSON: decimals are numbers, as Rasa's float slots are, or text where a float would not keep every digit."""
    if not isinstance(value, Decimal):
        return value
    number = float(value)
    return number if Decimal(repr(number)) == value else str(value)


def _slot(variable: Variable) -> dict[str, Any]:
    slot: dict[str, Any] = {"type": _SLOT_TYPES.get(variable.type, "text"), "mappings": [{"type": "custom"}]}
    if variable.values:
        slot |= {"type": "categorical", "values": [plain(value) for value in variable.values]}
    return slot


# --- answered ---------------------------------------------------------------------------------------------------------


class Answer:
    """The answer of an action that ran, taken apart.

    Raises RemoteError (code "bad_values") when it is not what rasa-sdk answers, or (code "too_large") when it holds
    more than the bounds above.
    """

    def __init__(self, data: object, variables: Mapping[str, Variable], language: str) -> None:
        if not isinstance(data, Mapping):
            raise malformed("the answer is no JSON object")
        self._variables = variables
        self._chinese = is_chinese(language)
        self.ignored = 0
        """Events and parts of responses that have no meaning here."""
        self._values: dict[str, object] = {}
        self._lines: list[str] = []
        self._names: list[str] = []
        self._followup: str | None = None
        for event in _mappings(data, "events"):
            self._event(event)
        for response in _mappings(data, "responses"):
            self._response(response)

    def values(self) -> Mapping[str, object]:
        """Values for variables of the script, not yet canonical. The conventional ones are always among them, so that
        no reply of an earlier action is left over; a slot set under their name wins."""
        spoken = self._spoken()
        if len(spoken) > MAX_REPLY:
            what = f"the reply has {len(spoken)} characters, not at most {MAX_REPLY}"
            raise RemoteError(what, code="too_large", retryable=False)
        told: dict[str, str | None] = {}
        for names, value in ((REPLY, spoken), (REPLY_NAME, "，".join(self._names)), (FOLLOWUP, self._followup)):
            taken = [name for name in names if self._is_text(name)]
            told |= dict.fromkeys(taken, value or None)
            if value and not taken:
                self.ignored += 1
        return {**told, **self._values}

    def _event(self, event: Mapping[str, Any]) -> None:
        name, value = event.get("name"), event.get("value")
        match event.get("event"):
            case "slot" if isinstance(name, str):
                if name in self._variables:
                    # every number of the gRPC service is a float
                    self._values[name] = int(value) if isinstance(value, float) and value.is_integer() else value
                else:
                    self.ignored += 1
            case "reset_slots":
                # what this answer says stays said
                kept = {*REPLY, *REPLY_NAME, *FOLLOWUP}
                self._values = {
                    name: variable.default
                    for name, variable in self._variables.items()
                    if not variable.given and name not in kept
                }
            case "followup" if isinstance(name, str):
                self._followup = name
            case "bot":
                extra = event.get("data")
                self._response({**(extra if isinstance(extra, Mapping) else {}), "text": event.get("text")})
            case str():
                self.ignored += 1
            case _:
                raise malformed("an event has no name")

    def _response(self, response: Mapping[str, Any]) -> None:
        text = response.get("text")
        if text is not None and not isinstance(text, str):
            raise malformed("the text of a response is no text")
        named = response.get("response") or response.get("template")
        if isinstance(named, str):
            self._names.append(named)
        titles = [title for button in _mappings(response, "buttons") if (title := _title(button))]
        line = " ".join((text or "").split())
        self._lines += [part for part in (line, self._choices(titles)) if part]
        self.ignored += sum(1 for part in ("elements", "custom", "image", "attachment") if response.get(part))

    def _choices(self, titles: Sequence[str]) -> str:
        if not titles:
            return ""
        if self._chinese:
            return f"您可以说：{'、'.join(titles)}。"
        if len(titles) == 1:
            return f"You can say: {titles[0]}."
        return f"You can say: {', '.join(titles[:-1])} or {titles[-1]}."

    def _spoken(self) -> str:
        """The lines as one text; all but the last end in a stop, so that they are not read in one breath."""
        stop, joint = ("。", "") if self._chinese else (".", " ")
        closed = [line if line[-1] in _STOPS else line + stop for line in self._lines[:-1]]
        return joint.join([*closed, *self._lines[-1:]])

    def _is_text(self, name: str) -> bool:
        variable = self._variables.get(name)
        return variable is not None and variable.type == "text"


def malformed(what: str) -> RemoteError:
    return RemoteError(what, code="bad_values", retryable=False)


def _mappings(data: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    items = data.get(key)
    if items is None:
        return
    if not isinstance(items, Sequence) or isinstance(items, str):
        raise malformed(f"{key!r} is no list")
    if len(items) > MAX_EVENTS:
        raise RemoteError(f"{len(items)} {key}, not at most {MAX_EVENTS}", code="too_large", retryable=False)
    for item in items:
        if not isinstance(item, Mapping):
            raise malformed(f"one of {key!r} is no object")
        yield item


def _title(button: Mapping[str, Any]) -> str:
    title = button.get("title")
    return " ".join(title.split()) if isinstance(title, str) else ""
