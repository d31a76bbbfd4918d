"""What many simulated calls have shown, added up: as data, and as lines in the bot's language."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from huashu.flows.script import Script
from huashu.lab.arms import ByArm, difference
from huashu.lab.coverage import Part, Watch
from huashu.lab.one_call import CallResult, Plan
from huashu.lab.places import Place
from huashu.lab.telling import Telling
from huashu.lab.virtual_call import Sighting

SHOWN = 10
"""Rows of each list for a person."""
EXAMPLES = 3
"""Utterances shown with a row."""

Group = tuple[str, str, str]


class Tally:
    def __init__(self, script: Script, plan: Plan, places: Mapping[str, Place]) -> None:
        self.jobs = 1
        self.failed: list[CallResult] = []
        """Calls that missed their goal, in order."""
        self._script = script
        self._plan = plan
        self.titles = {p.name: p.named(script.language) for p in plan.personas}
        self._watch = Watch(script, places)
        self._hash = hashlib.sha256()
        self._calls: list[tuple[str, bool, int, float]] = []
        self._endings: Counter[tuple[str, str, str]] = Counter()
        self._paths: Counter[Part] = Counter()
        self._waits: list[tuple[float, str, int]] = []
        self._why: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
        self._arms = ByArm({name: tuple(arms) for name, arms in script.experiments.items()})
        self._right = 0
        self._unclear: dict[Group, list[Sighting]] = {}
        self._wrong: dict[Group, list[Sighting]] = {}

    def add(self, call: CallResult) -> None:
        """Calls are added in the order of their numbers."""
        self._hash.update(call.digest.encode())
        self._calls.append((call.persona, call.reached, call.turns, call.seconds))
        self._endings[call.ending, call.label, call.result] += 1
        self._watch.saw(call.path)
        for identity, count in call.path.items():
            part = self._watch.part(identity)
            if part is not None:
                self._paths[part] += count
        self._waits = sorted([*self._waits, *((s, step, call.number) for s, step in call.waits)], key=_longest)[:200]
        for code, words in call.why:
            self._why[code, tuple(sorted((k, v) for k, v in words.items() if k not in ("found", "wanted")))] += 1
        self._arms.add(call.arms, reached=call.reached, result=call.result)
        self._right += call.right
        for group, sightings in ((self._unclear, call.unclear), (self._wrong, call.wrong)):
            for one in sightings:
                group.setdefault((one.step, one.meant, one.taken), []).append(one)
        if not call.reached:
            self.failed.append(call)

    # --- figures ----------------------------------------------------------------------------------------------------

    @property
    def language(self) -> str:
        """The bot's."""
        return self._script.language

    @property
    def calls(self) -> int:
        return len(self._calls)

    @property
    def reached(self) -> int:
        return sum(reached for _, reached, _, _ in self._calls)

    @property
    def seconds(self) -> float:
        """Virtual, of all calls."""
        return sum(seconds for *_, seconds in self._calls)

    @property
    def digest(self) -> str:
        """SHA-256 of everything that happened, the same for the same seed on the same bot."""
        return self._hash.hexdigest()

    @property
    def utterances(self) -> tuple[int, int, int]:
        """(understood, not understood, taken for something else)."""
        return self._right, _total(self._unclear), _total(self._wrong)

    def data(self) -> dict[str, Any]:
        right, unclear, wrong = self.utterances
        turns, seconds = self._spread()
        coverage = self._watch.coverage
        return {
            "bot": self._script.name,
            "seed": self._plan.seed,
            "calls": self.calls,
            "error_rate": self._plan.rate,
            "log_sha256": self.digest,
            "seconds": round(self.seconds, 1),
            "goals_reached": self.reached,
            "personas": [{"persona": n, "calls": c, "reached": r} for n, c, r, _, _ in self._by_persona()],
            "endings": [
                {"ending": ending, "label": label, "result": result, "calls": count}
                for (ending, label, result), count in self._endings.most_common()
            ],
            "arms": self._arms.data(),
            "turns": {"median": turns[0], "p90": turns[1], "most": turns[2]},
            "call_seconds": {"median": seconds[0], "p90": seconds[1], "most": seconds[2]},
            "utterances": {"understood": right, "not_understood": unclear, "taken_for_something_else": wrong},
            "waits": [{"seconds": s, "step": step, "call": number} for s, step, number in self._waits[:SHOWN]],
            "not_understood": _rows(self._unclear),
            "taken_for_something_else": _rows(self._wrong),
            "paths": [{"kind": part.kind, "name": part.name, "count": self._paths[part]} for part in coverage.parts],
            "missed_because": [
                {"code": code.removeprefix("why_"), **dict(words), "calls": count}
                for (code, words), count in self._why.most_common()
            ],
        }

    def _by_persona(self) -> list[tuple[str, int, int, float, float]]:
        rows = []
        for name in self.titles:
            calls = [call for call in self._calls if call[0] == name]
            if calls:
                count = len(calls)
                turns, seconds = sum(c[2] for c in calls) / count, sum(c[3] for c in calls) / count
                rows.append((name, count, sum(c[1] for c in calls), turns, seconds))
        return rows

    def _spread(self) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
        return _quantiles(c[2] for c in self._calls), _quantiles(c[3] for c in self._calls)

    # --- words ------------------------------------------------------------------------------------------------------

    def lines(self, *, verbose: bool = False) -> list[str]:
        """`verbose`: every part with its count, not only those never reached."""
        tell = Telling(self._script.language)
        hours, plan = self.seconds / 3600, self._plan
        right, unclear, wrong = self.utterances
        every = max(1, right + unclear + wrong)
        turns, seconds = self._spread()
        out = [tell("head", bot=self._script.name, calls=self.calls, seed=plan.seed, cer=plan.rate, hours=hours)]
        out.append(tell("goals", share=self.reached / max(1, self.calls), reached=self.reached, of=self.calls))
        out.append(tell("by_persona"))
        for name, count, got, mean_turns, mean_seconds in self._by_persona():
            words = {"name": self.titles[name], "calls": count, "share": got / count}
            out.append(tell("persona_row", **words, turns=mean_turns, seconds=mean_seconds))
        out.append(tell("by_ending"))
        for (ending, label, result), count in self._endings.most_common():
            out.append(tell("ending_row", count=count, name=ending or "-", label=label or "-", result=result or "-"))
        out += self._arm_lines(tell)
        out.append(tell("spread", turns=turns, seconds=seconds))
        shares = {"right": right / every, "unclear": unclear / every, "wrong": wrong / every}
        out.append(tell("understanding", turns=right + unclear + wrong, **shares))
        out += self._groups("misses", "miss_row", self._unclear, tell)
        out += self._groups("mistaken", "taken_row", self._wrong, tell)
        if self._waits:
            out.append(tell("waits"))
            out += [tell("wait_row", seconds=s, step=step, call=number) for s, step, number in self._waits[:SHOWN]]
        if self._why:
            out.append(tell("failures"))
            for (code, named), count in self._why.most_common(SHOWN):
                out.append(tell("failure_row", count=count, reason=reason(code, dict(named), tell)))
        out += self._path_lines(tell, verbose)
        out.append(tell("hash", digest=self.digest))
        return out

    def _arm_lines(self, tell: Telling) -> list[str]:
        out = []
        for name, arms in self._arms.experiments():
            out.append(tell("by_arm", name=name))
            for arm in arms:
                shares = {"share": arm.reached / max(1, arm.calls), "won": arm.succeeded / max(1, arm.calls)}
                counts = {"calls": arm.calls, "reached": arm.reached, "count": arm.succeeded}
                row = tell("arm_row", name=arm.name, **counts, **shares)
                if arm is not arms[0] and arm.calls and arms[0].calls:
                    low, high = difference(arm.reached, arm.calls, arms[0].reached, arms[0].calls)
                    row += tell("arm_apart", name=arms[0].name, low=low * 100, high=high * 100)
                out.append(row)
        return out

    def _groups(self, head: str, row: str, groups: Mapping[Group, list[Sighting]], tell: Telling) -> list[str]:
        out = [tell(head)] if groups else []
        for (step, meant, taken), sightings in _ranked(groups)[:SHOWN]:
            examples = (tell("quoted", text=text) for text in _examples(sightings))
            words = {"meant": _meant(meant, tell), "taken": taken.rsplit(".", 1)[-1]}
            out.append(tell(row, count=len(sightings), step=step, **words, examples=" ".join(examples)))
        return out

    def _path_lines(self, tell: Telling, verbose: bool) -> list[str]:
        coverage = self._watch.coverage
        got, of = coverage.share()
        out = [tell("paths", reached=got, of=of)]
        if verbose:
            parts = [part for part in coverage.parts if self._paths[part]]
            out += [tell("path_row", count=self._paths[part], part=part.told(tell)) for part in parts]
        return out + ["  " + tell("never", part=part.told(tell)) for part in coverage.missed]


def reason(code: str, words: Mapping[str, str], tell: Telling) -> str:
    """Why a call has failed, in words."""
    told = dict(words)
    if "wants" in told:
        told["wants"] = tell(told["wants"])
    if code == "why_slot" and "found" not in told:
        code = "why_slots"
    return tell(code, **told)


def _meant(meant: str, tell: Telling) -> str:
    kind, _, name = meant.partition(":")
    if kind == "value":
        return tell("value_of", name=name)
    return tell(name) if kind == "noise" else name


def _ranked(groups: Mapping[Group, list[Sighting]]) -> list[tuple[Group, list[Sighting]]]:
    merged: dict[Group, list[Sighting]] = {}
    for (step, meant, taken), sightings in groups.items():
        plain = meant.split("=")[0]  # the value asked for is no matter here
        merged.setdefault((step, plain, taken), []).extend(sightings)
    return sorted(merged.items(), key=lambda item: (-len(item[1]), item[0]))


def _rows(groups: Mapping[Group, list[Sighting]]) -> list[dict[str, Any]]:
    return [
        {
            "step": step,
            "meant": meant,
            "taken": taken,
            "count": len(sightings),
            "recogniser_erred": sum(one.said != one.heard for one in sightings),
            "examples": _examples(sightings),
        }
        for (step, meant, taken), sightings in _ranked(groups)[:50]
    ]


def _examples(sightings: Iterable[Sighting]) -> list[str]:
    """The most frequent words; those that were recognised as said stand first, for those the script can mend."""
    counts = Counter((one.said != one.heard, one.heard) for one in sightings)
    ranked = sorted(counts.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))
    return [text for (_, text), _ in ranked[:EXAMPLES]]


def _total(groups: Mapping[Group, list[Sighting]]) -> int:
    return sum(map(len, groups.values()))


def _quantiles(numbers: Iterable[float]) -> tuple[float, float, float]:
    """(median, nine in ten within, greatest)."""
    ranked = sorted(numbers) or [0.0]
    return ranked[len(ranked) // 2], ranked[min(len(ranked) - 1, len(ranked) * 9 // 10)], ranked[-1]


def _longest(wait: tuple[float, str, int]) -> tuple[float, int]:
    return -wait[0], wait[2]
