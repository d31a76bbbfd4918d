"""The show: bot → queue → an agent takes the call → both talk → back to the bot → the bot closes. And the same with the
server killed while they talk.

A server process, a telephone on gRPC, and two browsers. What is found out is in `Takeover`: when what happened, what
was heard where, what is on record; `faults` says what is not as it should be.
"""

import asyncio
import math
import re
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from huashu.core.actions import Handoff, Listen, Say
from tests.desk.show import record as kept
from tests.desk.show.people import Agent, Person, Supervisor
from tests.desk.show.phone import Phone
from tests.desk.show.record import Record
from tests.desk.show.served import Served
from tests.desk.show.sounds import ABSENT, THERE, Sentences, cut, find, sides, write

BACK_AT = "main.closing"
"""The step at which the agent gives the call back."""
CUT = 0.3
"""Seconds within which a line of the bot has faded once a person has the call."""
AFTER = " after the kill"
TRAILING = 0.3
"""Seconds of silence that a sentence may end with: its words may be there before that is over."""


@dataclass
class Takeover:
    """Instants are those of time.monotonic."""

    sentences: Sentences
    times: dict[str, float] = field(default_factory=dict)
    """What happened, in order → when."""
    likeness: dict[str, float] = field(default_factory=dict)
    """Which sound, where → how like it: 1 the same."""
    record: Record = field(default_factory=Record)
    call: str = ""
    faults: list[str] = field(default_factory=list)

    def mark(self, what: str, at: float | None = None) -> float:
        self.times[what] = at if at is not None else time.monotonic()
        return self.times[what]

    def like(self, what: str, found: float, *, there: bool = True) -> None:
        """Note how like a sound something is; a fault when that is not as wanted."""
        self.likeness[what] = found
        if there and found < THERE:
            self.faults.append(f"{what}: like it by {found:.2f} only, not {THERE}")
        if not there and found > ABSENT:
            self.faults.append(f"{what}: like it by {found:.2f}, over {ABSENT}")

    def check(self, holds: bool, fault: str) -> None:
        if not holds:
            self.faults.append(fault)


async def show(folder: Path, sentences: Sentences, *, kill: bool = False) -> Takeover:
    """folder: gets the record, the recordings and the pictures. kill: the server, while the agent has the call."""
    told = Takeover(sentences)
    served = Served(folder)
    served.people()
    async with AsyncExitStack() as stack:
        await served.start()
        stack.push_async_callback(served.stop)
        agent, supervisor = await asyncio.gather(
            stack.enter_async_context(Agent.with_microphone(served.url, folder, sentences)),
            stack.enter_async_context(Supervisor.at(served.url, "chen", folder)),
        )
        await agent.pause(True)
        phone = await Phone.call(served.grpc)
        stack.push_async_callback(phone.close)
        told.call = phone.talk.call
        await to_an_agent(told, phone, agent, supervisor)
        await talk(told, phone, agent, supervisor, sentences.caller[0], since=told.times["accepted"])
        if kill:
            await killed(told, served, phone, agent, supervisor)
            await talk(told, phone, agent, supervisor, sentences.caller[1], since=told.times["killed"], when=AFTER)
        await supervisor.picture("3-wall")
        await agent.picture("3-talking")
        await back(told, phone, agent)
        for who, person in (("agent", agent), ("supervisor", supervisor)):
            write(folder / f"{who}-heard.wav", b"".join(sound for _, sound in await person.heard()))
        write(folder / "caller-heard.wav", phone.sound(0.0))
        told.check(await served.stop() == 0, "the server did not end well")
    told.record = kept.read(served.store, told.call, served.recordings)
    examine(told)
    return told


async def to_an_agent(told: Takeover, phone: Phone, agent: Agent, supervisor: Supervisor) -> None:
    """The caller says no to the bot, waits in the queue, and is taken by the agent."""
    asked = await phone.action(Listen)
    await phone.silence(after=asked)
    phone.say(told.sentences.yes_or_no)
    told.mark("asked for a person", await phone.action(Handoff))
    told.mark("queued", await supervisor.sees("queued"))
    await supervisor.picture("1-queued")
    await supervisor.listen()
    told.mark("told their place", await phone.action(Say, after=told.times["asked for a person"]))
    await agent.pause(False)
    told.mark("offered", await agent.offered())
    told.mark("accepted", await agent.accept())
    told.mark("on the line", await agent.on_the_line())


async def talk(
    told: Takeover,
    phone: Phone,
    agent: Agent,
    supervisor: Supervisor,
    caller_says: bytes,
    *,
    since: float,
    when: str = "",
) -> None:
    """Both ways: the agent's microphone says its sentence, the caller answers. since: an instant before which nobody
    has spoken."""
    spoken = told.sentences.agent
    turn = 1 if when else 0
    await phone.soon(lambda: find(spoken, phone.sound(since)).score >= THERE, f"the caller hears the agent{when}")
    await agent.reads("me", beside=turn)
    found = find(spoken, phone.sound(since))
    told.mark(f"agent heard by the caller{when}", phone.when(since, found.begins))
    told.like(f"agent → caller{when}", found.score)
    over = phone.say(caller_says)
    await phone.words(after=over - TRAILING)
    await agent.reads("caller", beside=1 + turn)
    for who, person in (("agent", agent), ("supervisor", supervisor)):
        told.like(f"caller → {who}{when}", await heard_by(person, caller_says, since))
    if not when:  # later the supervisor's page may come back behind the agent's words
        told.like("agent → supervisor", await heard_by(supervisor, spoken, since))


async def heard_by(person: Person, known: bytes, after: float) -> float:
    """How like a sound anything is that the page has played since an instant."""
    return max((find(known, cut(sound, after - at, math.inf)).score for at, sound in await person.heard()), default=0.0)


async def killed(told: Takeover, served: Served, phone: Phone, agent: Agent, supervisor: Supervisor) -> None:
    """The server dies and is started again; page and telephone come back. (The recording is written once a second:
    what had been said a second before is in it.)"""
    lines = await agent.lines("me"), await agent.lines("caller")
    path = served.recordings / f"{told.call}.wav"
    await phone.soon(lambda: find(told.sentences.caller[0], sides(path)[0]).score >= THERE, "the caller is on record")
    told.mark("killed")
    await served.kill()
    await phone.until(lambda: phone.broken, "the line breaks off")
    await agent.see(".link")
    await served.start()
    told.mark("server is back")
    await phone.again(served.grpc)
    told.mark("caller is back")
    told.mark("agent's sound is back", await agent.on_the_line())
    told.check(await agent.lines("me") >= lines[0], "the page has lost lines of the agent")
    told.check(await agent.lines("caller") >= lines[1], "the page has lost lines of the caller")
    told.mark("supervisor listens again", await supervisor.listens())


async def back(told: Takeover, phone: Phone, agent: Agent) -> None:
    """The agent gives the call back, the bot says its line and hangs up."""
    returned = told.mark("given back", await agent.give_back(BACK_AT))
    before = told.times["agent heard by the caller"]
    told.mark("bot's line", await phone.action(Say, after=before))
    told.mark("bot is heard", await phone.voice(after=max(returned - 0.3, told.times["bot's line"])))
    await phone.until(lambda: phone.over, "the bot hangs up")
    told.mark("bot has hung up", phone.over)


def examine(told: Takeover) -> None:
    """The record, the ledger and the recordings."""
    record, says = told.record, told.sentences
    killed = "killed" in told.times
    told.check(record.result == "success", f"the call ended as {record.result!r}")
    told.check(len(record.joined) == 1 and len(record.left) == 1, "a person had the call once, and gave it back")
    told.check(not record.unplayed, f"lines without an end in the ledger: {record.unplayed}")
    order = "bcbac" + "ac" * killed + "a?b"  # the microphone may have begun its sentence anew behind the caller's
    told.check(
        re.fullmatch(order, "".join(who[0] for who in record.speakers)) is not None,
        f"speakers in another order: {record.speakers}",
    )
    if not (record.joined and record.left):
        return
    begins, ends = record.joined[0], record.left[0]
    told.check(not record.bot_between(begins + 0.01, ends), "the bot was given lines while a person had the call")
    playing = [1 for start, end in record.spoken.values() if start < ends and end > begins + CUT]
    told.check(not playing, "by the ledger the bot was heard while a person had the call")
    heard = [line for line in record.lines if line.who == "bot" and line.at >= ends]
    told.check(bool(heard) and all(line.heard == 1.0 for line in heard), "what the bot said last was not heard")
    stretches = [(part, part.heard(begins, ends), part.said(begins, ends)) for part in record.parts]
    for (_, given, said), caller, when in zip(stretches, says.caller, ("", AFTER), strict=False):
        told.like(f"agent in the recording{when}", find(says.agent, given).score)
        told.like(f"caller in the recording{when}", find(caller, said).score)
    told.like("bot in the human stretch", kept.bot_in(record, begins + CUT, ends), there=False)
    told.like("bot before it", kept.bot_in(record, 0.0, begins))
    others = kept.beside(record, says.agent, begins, ends)
    told.check(others < 0.3, f"{others:.2f} s of something else than the agent was given to the caller")
