"""tests/*.yaml: conversations a bot must hold, read into values with their positions. Nothing here runs a bot.

A file holds one test, or several separated by `---`. A file uses one spelling of its keys (huashu.lab.keys).
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, cast, get_args

from huashu.core.errors import ScriptError
from huashu.core.events import AnsweredBy, Cause, HandoffFailed, HandoffQueued, HumanJoined, HumanLeft, HungUp, Medium
from huashu.core.values import Scalar
from huashu.flows.findings import Finding
from huashu.flows.keys import ENGLISH_WORDS
from huashu.lab.keys import (
    ANSWER_KEYS,
    EXPECT_KEYS,
    EXTRA_KEYS,
    INTERRUPT_KEYS,
    OWNERS,
    TEST_KEYS,
    TURN_KEYS,
)
from huashu.lab.reading import Reading
from huashu.lab.script import (
    Answer,
    AnsweredByWhom,
    BotSays,
    CallerSays,
    Deed,
    Expected,
    Greeting,
    HangsUp,
    Interrupt,
    Keys,
    Mock,
    NobodyAnswered,
    Noise,
    Person,
    Silence,
    Spot,
    TestTurn,
    Transcript,
    What,
)
from huashu.lab.source import NOWHERE, Mistakes, Node, bot_language, documents, documents_of

SUFFIXES: Final = (".yaml", ".yml")

KEYS: Final = frozenset(
    word
    for spellings in (TEST_KEYS, TURN_KEYS, EXTRA_KEYS, INTERRUPT_KEYS, ANSWER_KEYS, EXPECT_KEYS)
    for pair in spellings.items()
    for word in pair
)

MAX_TIMES = 1000
"""Of `repeat`."""
MAX_POSITION = 10_000
"""In a queue."""

# --- reading ------------------------------------------------------------------------------------------------------


def load_tests(folder: Path) -> tuple[Transcript, ...]:
    """All tests of a bot's folder, files by name.

    Raises:
        ScriptError: every mistake in every file, one `file:line:column: message` a line.
    """
    tests, findings = read_tests(folder)
    if findings:
        raise ScriptError("\n".join(map(str, findings)))
    return tests


def read_tests(folder: Path) -> tuple[tuple[Transcript, ...], tuple[Finding, ...]]:
    """The tests of a bot's folder that can be read, and every mistake in the language of the bot."""
    mistakes = Mistakes(bot_language(folder))
    tests: list[Transcript] = []
    for path in sorted(path for path in (folder / "tests").glob("*") if path.suffix in SUFFIXES):
        file = path.relative_to(folder).as_posix()
        tests += read_file(path, file, mistakes)
    return tuple(tests), tuple(sorted(mistakes.found, key=lambda found: (found.file, found.line, found.column)))


def read_file(path: Path, file: str, mistakes: Mistakes) -> list[Transcript]:
    """The tests of one file that can be read."""
    return _tests(documents(path, file, mistakes, KEYS), file, mistakes)


def read_text(text: str, file: str, mistakes: Mistakes) -> list[Transcript]:
    """The same of the text of a file, with plain line ends and no byte-order mark."""
    return _tests(documents_of(text, file, mistakes, KEYS), file, mistakes)


def _tests(nodes: list[Node], file: str, mistakes: Mistakes) -> list[Transcript]:
    reader = Reader(file, mistakes)
    return [test for node in nodes if (test := reader.test(node)) is not None]


class Reader(Reading):
    """Of one file."""

    def test(self, node: Node) -> Transcript | None:
        found = len(self._mistakes.found)
        keys = self._mapping(node, TEST_KEYS, "a test")
        if not isinstance(node.value, dict):
            return None
        name = self._text(keys["test"]) if "test" in keys else ""
        if "test" not in keys:
            self.error(node, "no_name")
        turns: list[TestTurn] = []
        if "turns" not in keys:
            self.error(node, "no_turns")
        elif not isinstance(keys["turns"].value, list) or not keys["turns"].value:
            self.error(keys["turns"], "turns_shape")
        else:
            for item in keys["turns"].items():
                turn = self._turn(item)
                if turn is not None:
                    turns.append(turn)
        medium = self._word(keys["medium"], get_args(Medium)) if "medium" in keys else "voice"
        test = Transcript(
            name=name,
            file=self._file,
            line=node.line,
            turns=tuple(turns),
            set=self._scalars(keys["set"]) if "set" in keys else {},
            medium=cast(Medium, medium),
            at=self._moment(keys["at"]) if "at" in keys else None,
            language=self._text(keys["language"]) if "language" in keys else None,
            arms=self._arms(keys["arms"]) if "arms" in keys else {},
            seed=self._seed(keys["seed"]) if "seed" in keys else 0,
            limits=self._flag(keys["limits"]) if "limits" in keys else True,
        )
        return test if len(self._mistakes.found) == found else None

    def _arms(self, node: Node) -> dict[str, str]:
        if not isinstance(node.value, dict):
            self.error(node, "arms_shape")
            return {}
        return {str(name): self._text(item) for name, item in node.pairs()}

    def _seed(self, node: Node) -> int:
        if isinstance(node.value, int) and not isinstance(node.value, bool) and 0 <= node.value < 2**31:
            return node.value
        self.error(node, "seed_range")
        return 0

    # --- one turn ---

    def _turn(self, node: Node) -> TestTurn | None:
        keys = self._mapping(node, TURN_KEYS | EXTRA_KEYS, "a turn")
        kinds = [key for key in keys if key in TURN_KEYS]
        if len(kinds) != 1:
            if isinstance(node.value, dict) and (kinds or len(keys) == len(node.value)):  # else told already
                self.error(node, "one_turn", names=self.names(TURN_KEYS))
            return None
        kind = kinds[0]
        self._beside(keys, kind)
        value = keys[kind]
        readers: dict[str, Callable[[Node], What | None]] = {
            "bot": lambda node: BotSays(self._texts(node), self._within(keys)),
            "caller": lambda node: self._says(node, keys),
            "silence": lambda node: Silence(self._seconds(node)),
            "noise": lambda node: Noise(self._seconds(node), self._partial(keys)),
            "dtmf": lambda node: Keys(self._digits(node), self._gap(keys)),
            "interrupt": self._interrupt,
            "action": self._mock,
            "expect": self._expected,
            "answered_by": lambda node: AnsweredByWhom(
                cast(AnsweredBy, self._word(node, get_args(AnsweredBy))), self._cause(keys)
            ),
            "beep": lambda node: Greeting(self._seconds(node)),
            "not_answered": lambda node: NobodyAnswered(cast(Cause, self._word(node, get_args(Cause)))),
            "hangs_up": lambda node: HangsUp(),
            "human": lambda node: self._person(node, keys),
        }
        what = readers[kind](value)
        times = keys["repeat"].value if "repeat" in keys else 1
        if isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= MAX_TIMES:
            self.error(keys["repeat"], "repeat_range", most=MAX_TIMES)
            return None
        if what is None:
            return None
        return TestTurn(node.line, what, times, self._spots(kind, keys))

    def _beside(self, keys: Mapping[str, Node], kind: str) -> None:
        """What stands beside a turn belongs to it."""
        for extra, owners in OWNERS.items():
            if extra in keys and kind not in owners:
                owner = self.names({one: TURN_KEYS[one] for one in owners})
                self.error(keys[extra], "belongs", name=self.names({extra: EXTRA_KEYS[extra]}), owner=owner)

    def _spots(self, kind: str, keys: Mapping[str, Node]) -> dict[str, Spot]:
        """Where the expectations of a turn are written."""
        found: dict[str, Node] = {}
        if kind == "bot":
            found = {name: keys[name] for name in ("bot", "within") if name in keys}
            if isinstance(keys["bot"].value, list):
                found |= {f"bot.{number}": item for number, item in enumerate(keys["bot"].items())}
        elif kind == "expect" and isinstance(keys["expect"].value, dict):
            for key, item in keys["expect"].pairs():
                name = self._key(key, EXPECT_KEYS) or key
                if name == "slots" and isinstance(item.value, dict):
                    found |= {f"slots.{slot}": value for slot, value in item.pairs()}
                else:
                    found[name] = item
        return {name: node.span for name, node in found.items() if node.span != NOWHERE}

    def _says(self, node: Node, keys: Mapping[str, Node]) -> CallerSays:
        return CallerSays(self._text(node), self._confidence(keys), self._alternatives(keys), self._partial(keys))

    def _person(self, node: Node, keys: Mapping[str, Node]) -> Person:
        does = cast(Deed, self._word(node, get_args(Deed)))
        match does:
            case "queued":
                position = keys["position"].value if "position" in keys else 1
                if isinstance(position, bool) or not isinstance(position, int) or not 1 <= position <= MAX_POSITION:
                    self.error(keys["position"], "position_range", most=MAX_POSITION)
                    position = 1
                wait = self._seconds(keys["wait"]) if "wait" in keys else 0.0
                return Person(does, HandoffQueued(position, wait))
            case "joins":
                return Person(does, HumanJoined())
            case "leaves":
                return Person(does, HumanLeft(self._text(keys["step"]) if "step" in keys else None))
            case "ends":
                return Person(does, HungUp("human"))
            case "fails":
                return Person(does, HandoffFailed(self._text(keys["cause"]) if "cause" in keys else "failed"))
            case _:  # told already
                return Person("fails", HandoffFailed())

    def _cause(self, keys: Mapping[str, Node]) -> Cause | None:
        return cast(Cause, self._word(keys["cause"], get_args(Cause))) if "cause" in keys else None

    def _interrupt(self, node: Node) -> Interrupt | None:
        keys = self._mapping(node, INTERRUPT_KEYS, "interrupt")
        what: CallerSays | Keys | Noise
        kind = next((kind for kind in ("caller", "noise", "dtmf") if kind in keys), "")
        match kind:
            case "caller":
                what = self._says(keys["caller"], keys)
            case "noise":
                what = Noise(self._seconds(keys["noise"]), self._partial(keys))
            case "dtmf":
                what = Keys(self._digits(keys["dtmf"]), self._gap(keys))
            case _:
                self.error(node, "interrupt_shape")
                return None
        self._beside(keys, kind)
        return Interrupt(self._seconds(keys["after"]) if "after" in keys else 0.5, what)

    def _mock(self, node: Node) -> Mock | None:
        if not isinstance(node.value, dict):
            self.error(node, "action_shape")
            return None
        return Mock(
            {
                str(name): tuple(self._answer(item) for item in (one.items() if isinstance(one.value, list) else [one]))
                for name, one in node.pairs()
            }
        )

    def _answer(self, node: Node) -> Answer:
        if not isinstance(node.value, dict):
            self.error(node, "answer_shape")
            return Answer()
        known: dict[str, Node] = {}
        values: dict[str, Scalar] = {}
        for key, item in node.pairs():
            plain = self._key(str(key), ANSWER_KEYS)
            if plain is None:
                values[str(key)] = self._scalar(item)
            else:
                known[plain] = item
                self.keys.append((*item.key, plain, ANSWER_KEYS[plain]))
        ok = self._flag(known["ok"]) if "ok" in known else "error" not in known
        error = self._text(known["error"]) if "error" in known else ("" if ok else "failed")
        after = self._seconds(known["after"]) if "after" in known else Answer().after
        return Answer(ok, values, error, after)

    def _expected(self, node: Node) -> Expected:
        keys = self._mapping(node, EXPECT_KEYS, "expect")
        asked: dict[str, Any] = {}
        for key, item in keys.items():
            if key == "slots":
                asked[key] = self._scalars(item)
            elif key in ("opt_out", "callback", "closed"):
                asked[key] = self._flag(item)
            elif key == "result":
                word = self._text(item)
                asked[key] = ENGLISH_WORDS.get(word, word)
            else:
                asked[key] = self._text(item)
        return Expected(**asked)
