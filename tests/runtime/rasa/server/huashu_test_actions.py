# mypy: ignore-errors
"""Actions as people write them for Rasa: run by a real rasa-sdk server (tests/runtime/test_rasa_server.py)."""

import asyncio
import json
import pathlib

from rasa_sdk import Action, ValidationAction
from rasa_sdk.events import ActionExecuted, AllSlotsReset, BotUttered, FollowupAction, SlotSet
from rasa_sdk.interfaces import ActionExecutionRejection


class Named(Action):
    def name(self):
        return f"action_{type(self).__name__.lower()}"


class Quote(Named):
    async def run(self, dispatcher, tracker, domain):
        months = tracker.get_slot("期数")
        amount = tracker.get_slot("账单金额") / months
        dispatcher.utter_message(text=f"分{months:.0f}期，每期{amount:.2f}元", image="https://bank.example/offer.png")
        dispatcher.utter_message(
            text="要办理吗？",
            buttons=[{"title": "办理", "payload": "/affirm"}, {"title": "不用了", "payload": "/deny"}],
        )
        return [SlotSet("每期金额", f"{amount:.2f}"), SlotSet("requested_slot", None), ActionExecuted("action_listen")]


class Create(Named):
    async def run(self, dispatcher, tracker, domain):
        if tracker.get_slot("期数") > 24:
            raise ActionExecutionRejection("action_create", "too long")
        key = tracker.latest_message["metadata"]["idempotency_key"]
        return [SlotSet("单号", key.rpartition("/")[2])]


class Escalate(Named):
    async def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(response="utter_over_limit", limit=5)
        return [FollowupAction("action_human")]


class Tell(Named):
    """What arrived, as text."""

    async def run(self, dispatcher, tracker, domain):
        told = {
            "slots": tracker.slots,
            "sender": tracker.sender_id,
            "text": tracker.latest_message.get("text"),
            "intent": tracker.get_intent_of_latest_message(),
            "last": tracker.slots_to_validate(),
            "domain": sorted(domain["slots"]),
            "state": sorted(tracker.current_state()),
        }
        return [SlotSet("单号", json.dumps(told, ensure_ascii=False))]


class Reset(Named):
    async def run(self, dispatcher, tracker, domain):
        return [SlotSet("期数", 6), AllSlotsReset(), SlotSet("单号", "N1"), BotUttered("都清空了")]


class Crash(Named):
    """Counts its runs, then raises."""

    async def run(self, dispatcher, tracker, domain):
        with pathlib.Path("runs").open("a", encoding="utf-8") as runs:
            runs.write("x")
        raise ValueError("卡号 6222020000001234 不存在")


class Hang(Named):
    async def run(self, dispatcher, tracker, domain):
        await asyncio.sleep(30)


class Chatter(Named):
    async def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="话" * 300_000)


class Odd(Named):
    async def run(self, dispatcher, tracker, domain):
        return [SlotSet("期数", ["不是", "整数"])]


class Validate(ValidationAction):
    def validate_期数(self, value, dispatcher, tracker, domain):  # noqa: N802 - validate_ and the name of the slot
        if value <= 24:
            return {"期数": value}
        dispatcher.utter_message(text="最多二十四期。")
        return {"期数": None}
