"""The record: what is written is read, survives, is fenced, sealed, erased and swept."""

import asyncio
import dataclasses
import sqlite3
import subprocess
import sys
import textwrap
import threading
import typing
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from huashu.core.errors import StoreError, UsageError
from huashu.core.events import (
    ActionResult,
    Alternative,
    Dtmf,
    Entity,
    Event,
    FaqHit,
    Heard,
    HumanLeft,
    IntentScore,
    Started,
    Ticked,
    Understood,
)
from huashu.store import checkpoints, schema, sealing
from huashu.store.forgetting import DAY, Retention, erase, sweep
from huashu.store.log import Closing, Commit, Entry, Opening, Store

pytestmark = pytest.mark.store

EVENTS: list[Event] = [
    Started("c1", "outbound", "voice", caller="13800138000", variables={"账单金额": Decimal("12000.00"), "期数": 6}),
    Heard("分六期", alternatives=(Alternative("分十期", 0.3),)),
    Understood(
        "分六期",
        (IntentScore("分期", 0.9),),
        (Entity("integer", 6, "六期", 1, 3, slot="期数"), Entity("yes_no", True, "分", 0, 1)),
    ),
    Heard(""),
    Dtmf("6"),
    ActionResult("3.1", values={"每期金额": Decimal("2000.00"), "备注": None}),
    HumanLeft(values={"姓名": "张伟"}),
    Ticked(),
]
SECRETS = ["13800138000", "12000.00", "分六期", "分十期", "六期", "2000.00", "张伟"]


@pytest.fixture(params=["turn", "group"])
def store(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    mode: Commit = request.param
    with Store.open(tmp_path / "calls.db", commit=mode) as opened:
        yield opened


def samples() -> list[Event]:
    """Every type of event with every field away from its default, and with every field at it where it can be."""
    found: list[Event] = []
    values: dict[str, object] = {
        "confidence": 0.5, "downtime": 2.5, "played": 0.25, "wall": 12.5, "seed": 7, "start": 1, "end": 2, "ok": False,
        "final": False, "backchannel": True, "alternatives": (Alternative("甲", 0.1),),
        "faq": (FaqHit("库", "1", 0.9),),
        "intents": (IntentScore("a", 0.9), IntentScore("b", 1)), "variables": {"x": True, "y": "\"引\n", "z": None},
        "values": {"x": Decimal("1.50"), "y": -3},
        "entities": (Entity("money", Decimal("8.10"), "八块一", 0, 3, "钱", 0.7), Entity("text", "", "", 0, 0)),
        "denied": (Entity("integer", 6, "六期", 2, 4, "期数"),),
    }  # fmt: skip
    for kind in typing.get_args(Event):
        fields = dataclasses.fields(kind)
        required = [field for field in fields if field.default is field.default_factory]
        found.append(kind(**{field.name: values.get(field.name, '文\\"本') for field in required}))
        found.append(kind(**{field.name: values.get(field.name, '文\\"本') for field in fields}))
        found += [kind(**{f.name: values.get(f.name, "文本") for f in {*required, one}}) for one in fields]
    return found


def test_every_event_survives_the_store(store: Store) -> None:
    written = [Entry(1 + n, 0.1 * n, event) for n, event in enumerate(samples())]
    assert len(written) > 60
    store.begin(Opening("c1", "card"), written)
    assert store.read("c1") == written


def entries(first: int = 1) -> list[Entry]:
    return [Entry(first + n, 0.5 * n, event) for n, event in enumerate(EVENTS)]


def begin(store: Store, call: str = "c1", *, started: float = 1000.0) -> int:
    return store.begin(Opening(call, "card", digest="d1", started=started), entries())


def test_what_was_written_is_read(store: Store) -> None:
    epoch = begin(store)
    store.append("c1", [Entry(9, 7.25, Heard("好的"))], epoch=epoch)
    assert store.read("c1") == [*entries(), Entry(9, 7.25, Heard("好的"))]


def test_another_process_reads_it(store: Store, tmp_path: Path) -> None:
    begin(store)
    with Store.open(f"sqlite:///{tmp_path / 'calls.db'}") as second:
        assert second.read("c1") == entries()


def test_an_unfinished_transaction_of_a_killed_process_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "calls.db"
    program = f"""
        import os, signal
        from huashu.core.events import Heard, Started
        from huashu.store.log import Entry, Opening, Store
        store = Store.open({str(path)!r})
        store.begin(Opening("c1", "card"), [Entry(1, 0.0, Started("c1"))])
        store.append("c1", [Entry(2, 1.0, Heard("一"))], epoch=1)
        with store._writer.transaction() as connection:
            connection.execute("DELETE FROM log")
            os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=False)
    assert done.returncode == -9
    with Store.open(path) as store:
        assert [entry.event for entry in store.read("c1")] == [Started("c1"), Heard("一")]


def test_private_values_are_not_in_the_files(store: Store, tmp_path: Path) -> None:
    begin(store)
    store.put_result("c1", ActionResult("3.1", values={"每期金额": Decimal("2000.00")}))
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Understood" in content
    for secret in SECRETS:
        assert secret.encode() not in content


def test_erasing_keeps_structure_and_loses_content(store: Store, tmp_path: Path) -> None:
    begin(store)
    row = sqlite3.connect(tmp_path / "calls.db").execute("SELECT key FROM keys").fetchone()
    key = bytes(row[0])
    erase(store, "c1")
    started, heard, understood, cough, _, result, *_ = (entry.event for entry in store.read("c1"))
    assert started == Started(
        "c1",
        "outbound",
        "voice",
        caller="‹erased›",
        variables={"账单金额": "‹erased:number›", "期数": "‹erased:number›"},
    )
    assert heard == Heard("‹erased›", alternatives=(Alternative("‹erased›", 0.3),))
    assert isinstance(understood, Understood)
    assert understood.intents == (IntentScore("分期", 0.9),)
    assert [(entity.slot, entity.value) for entity in understood.entities] == [
        ("期数", sealing.ERASED["number"]),
        (None, sealing.ERASED["yes_no"]),
    ]
    assert cough == Heard("")
    assert result == ActionResult("3.1", values={"每期金额": "‹erased:number›", "备注": None})
    assert store.call("c1").erased
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert key not in content


def test_an_erased_call_takes_no_more_events(store: Store) -> None:
    begin(store)
    erase(store, "c1")
    with pytest.raises(StoreError, match="erased"):
        store.append("c1", [Entry(9, 9.0, Heard("喂"))], epoch=1)


def test_a_master_key_wraps_the_call_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "calls.db"
    key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
    monkeypatch.setenv("HUASHU_STORE_KEY", key)
    with Store.open(path) as store:
        begin(store)
    with Store.open(path) as store:
        assert store.read("c1") == entries()
    monkeypatch.setenv("HUASHU_STORE_KEY", "bm90IHRoZSByaWdodCBrZXksIG5vdCBhdCBhbGwuLi4=")
    with Store.open(path) as store, pytest.raises(StoreError, match="is not the key"):
        store.read("c1")
    monkeypatch.delenv("HUASHU_STORE_KEY")
    with Store.open(path) as store, pytest.raises(StoreError, match="HUASHU_STORE_KEY"):
        store.read("c1")
    with pytest.raises(StoreError, match="32 random bytes"):
        Store.open(path, key="short")


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE log SET sealed = (SELECT sealed FROM log WHERE seq = 9) WHERE seq = 1",
        "UPDATE log SET sealed = NULL WHERE seq = 9",
        "UPDATE log SET payload = 'x' WHERE seq = 9",
        """UPDATE log SET payload = '[[1.0,{"type":"Nothing"}]]' WHERE seq = 9""",
    ],
)
def test_a_row_moved_or_altered_is_noticed(tmp_path: Path, damage: str) -> None:
    with Store.open(tmp_path / "calls.db") as store:
        store.append("c1", [Entry(9, 9.0, Heard("好的"))], epoch=begin(store))
        with store._writer.transaction() as connection:
            connection.execute(damage)
        with pytest.raises(StoreError, match="altered") as altered:
            store.read("c1")
        assert altered.value.code == "damaged"


def test_a_claimed_call_refuses_its_old_worker(store: Store) -> None:
    old = begin(store)
    new = store.claim("c1")
    assert (old, new) == (1, 2)
    with pytest.raises(StoreError) as stale:
        store.append("c1", [Entry(9, 9.0, Heard("旧"))], epoch=old)
    assert stale.value.code == "stale"
    store.append("c1", [Entry(9, 9.0, Heard("新"))], epoch=new)
    assert store.read("c1")[-1].event == Heard("新")


def test_one_stale_worker_does_not_spoil_the_group(tmp_path: Path) -> None:
    async def race(store: Store) -> list[BaseException | None]:
        for call in ("a", "b", "c"):
            await store.begin_async(Opening(call, "card"), [Entry(1, 0.0, Started(call))])
        store.claim("b")
        work = [store.append_async(call, [Entry(2, 1.0, Heard(call))], epoch=1) for call in ("a", "b", "c")]
        return await asyncio.gather(*work, return_exceptions=True)

    with Store.open(tmp_path / "calls.db", commit="group", window=0.005) as store:
        a, b, c = asyncio.run(race(store))
        assert a is None
        assert isinstance(b, StoreError)
        assert c is None
        assert [len(store.read(call)) for call in ("a", "b", "c")] == [2, 1, 2]


def test_a_closed_call_is_listed_with_its_outcome_and_takes_no_more(store: Store) -> None:
    epoch = begin(store)
    end = Closing(1042.0, "办理成功", "success", "A", turns=6)
    store.append("c1", [Entry(9, 9.0, Heard("再见"))], epoch=epoch, closing=end)
    assert store.call("c1").state == "open"  # its last words may not have been performed yet
    with pytest.raises(StoreError, match="has ended"):
        store.append("c1", [Entry(10, 9.0, Heard("还有"))], epoch=epoch)
    store.finish("c1", epoch=epoch)
    record = store.call("c1")
    assert (record.state, record.ending, record.result, record.label) == ("closed", "办理成功", "success", "A")
    assert (record.turns, record.ended, record.started, record.digest) == (6, 1042.0, 1000.0, "d1")
    with pytest.raises(StoreError, match="only an open call"):
        store.claim("c1")


def test_listing_filters_and_sorts(store: Store) -> None:
    for n in range(5):
        store.begin(Opening(f"c{n}", "card" if n % 2 else "loan", started=1000.0 + n), [])
    store.append("c3", [], epoch=1, closing=Closing(2000.0))
    store.finish("c3", epoch=1)
    assert [record.call for record in store.calls()] == ["c4", "c3", "c2", "c1", "c0"]
    assert [record.call for record in store.calls(bot="card")] == ["c3", "c1"]
    assert [record.call for record in store.calls(state="closed")] == ["c3"]
    assert [record.call for record in store.calls(since=1003.0)] == ["c4", "c3"]
    assert len(store.calls(limit=2)) == 2


def test_unknown_calls_are_named(store: Store) -> None:
    for ask in (store.read, store.call, store.claim, partial(erase, store)):
        with pytest.raises(StoreError, match="no call c9"):
            ask("c9")


def test_only_an_ended_call_is_finished_and_only_by_its_worker(store: Store) -> None:
    epoch = begin(store)
    with pytest.raises(StoreError):
        store.finish("c1", epoch=epoch)
    store.append("c1", [], epoch=epoch, closing=Closing(2000.0))
    newer = store.claim("c1")
    with pytest.raises(StoreError):
        store.finish("c1", epoch=epoch)
    store.finish("c1", epoch=newer)
    assert store.call("c1").state == "closed"


def test_the_same_call_cannot_begin_twice(store: Store) -> None:
    begin(store)
    with pytest.raises(StoreError):
        begin(store)
    assert store.read("c1") == entries()


def test_results_of_actions_are_kept_until_the_call_closes(store: Store) -> None:
    epoch = begin(store)
    result = ActionResult("3.1", values={"每期金额": Decimal("2000.00")})
    store.put_result("c1", result)
    store.put_result("c1", ActionResult("3.1", ok=False, error="second"))
    assert store.get_result("c1", "3.1") == result
    assert store.get_result("c1", "4.1") is None
    store.append("c1", [], epoch=epoch, closing=Closing(2000.0))
    assert store.get_result("c1", "3.1") == result
    store.finish("c1", epoch=epoch)
    assert store.get_result("c1", "3.1") is None


def test_scripts_by_digest(store: Store) -> None:
    store.put_script("d1", b"one")
    store.put_script("d1", b"other")
    assert store.get_script("d1") == b"one"
    assert store.get_script("d2") is None


def test_sweeping_takes_ended_and_abandoned_calls(store: Store, tmp_path: Path) -> None:
    for n, call in enumerate(["old", "abandoned", "long", "new"]):
        begin(store, call, started=1000.0 * (n + 1))
    store.append("old", [], epoch=1, closing=Closing(1500.0))
    store.append("long", [], epoch=1, closing=Closing(9000.0))
    assert sweep(store, Retention(calls=1.0), now=3500.0 + DAY).swept == 2
    assert [record.call for record in store.calls()] == ["new", "long"]
    raw = sqlite3.connect(tmp_path / "calls.db")
    for table in ("log", "keys"):
        assert {row[0] for row in raw.execute(f"SELECT DISTINCT call FROM {table}")} == {"new", "long"}


def test_many_threads_write_at_once(store: Store) -> None:
    def hold(call: str) -> None:
        epoch = begin(store, call)
        for n in range(20):
            store.append(call, [Entry(9 + n, float(n), Heard(f"{call} {n}"))], epoch=epoch)

    threads = [threading.Thread(target=hold, args=(f"t{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for n in range(8):
        assert [entry.seq for entry in store.read(f"t{n}")] == list(range(1, 29))


def test_the_write_ahead_log_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "EVERY", 8)
    monkeypatch.setattr(checkpoints, "MOST_LOG", 100_000)
    done = threading.Event()
    work = checkpoints.Checkpoints._checkpoint

    def watched(self: checkpoints.Checkpoints, connection: sqlite3.Connection) -> None:
        work(self, connection)
        done.set()

    monkeypatch.setattr(checkpoints.Checkpoints, "_checkpoint", watched)
    with Store.open(tmp_path / "calls.db") as store:
        epoch = begin(store)
        for n in range(64):
            done.clear()
            store.append("c1", [Entry(9 + n, 9.0, Heard("长" * 2000))], epoch=epoch)
            if n % 8 == 7:
                assert done.wait(10)
        assert (tmp_path / "calls.db-wal").stat().st_size < 300_000
        assert (tmp_path / "calls.db").stat().st_size > 300_000
        assert len(store.read("c1")) == 72


def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    Store.open(tmp_path / "calls.db").close()
    with sqlite3.connect(tmp_path / "calls.db") as raw:
        raw.execute("UPDATE huashu_schema SET version = 99")
    raw.close()
    with pytest.raises(StoreError, match="use a newer Huashu") as newer:
        Store.open(tmp_path / "calls.db")
    assert newer.value.code == "newer"


def test_a_file_of_an_older_version_is_migrated_step_by_step(tmp_path: Path) -> None:
    done: list[int] = []

    def add_column(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE calls ADD COLUMN queue TEXT"))
        done.append(1)

    steps = {schema.VERSION: add_column, schema.VERSION + 1: lambda _: done.append(2)}
    with Store.open(tmp_path / "calls.db") as store:
        begin(store)
        with store._writer.transaction():
            schema.prepare(store._connection, target=schema.VERSION + 2, migrations=steps)
        with store._writer.transaction():
            schema.prepare(store._connection, target=schema.VERSION + 2, migrations={})
        assert done == [1, 2]
        assert store.read("c1") == entries()
        with (
            pytest.raises(StoreError, match=f"no migration from schema version {schema.VERSION + 2}"),
            store._writer.transaction(),
        ):
            schema.prepare(store._connection, target=schema.VERSION + 3, migrations={})


def test_a_file_of_version_1_gets_a_place_for_arms(tmp_path: Path) -> None:
    path = tmp_path / "calls.db"
    with Store.open(path) as store:
        begin(store)
    with sqlite3.connect(path) as raw:
        raw.execute("ALTER TABLE calls DROP COLUMN arms")
        raw.execute("UPDATE huashu_schema SET version = 1")
    raw.close()
    with Store.open(path) as store:
        assert store.call("c1").arms == {}
        store.begin(Opening("c2", "b", arms={"开场": "B"}), entries())
        assert store.call("c2").arms == {"开场": "B"}
        assert {record.call: record.arms for record in store.calls()} == {"c1": {}, "c2": {"开场": "B"}}


@pytest.mark.parametrize("url", ["postgresql://db/calls", "sqlite:///:memory:", "sqlite://", "nonsense://"])
def test_urls_that_are_no_file(url: str) -> None:
    with pytest.raises(UsageError, match="sqlite:///"):
        Store.open(url)


def test_an_unwritable_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot open the store"):
        Store.open(tmp_path / "file" / "calls.db")


def test_a_new_store_is_for_its_owner_alone(tmp_path: Path) -> None:
    with Store.open(tmp_path / "calls.db") as store:
        begin(store)
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"calls.db": 0o600, "calls.db-wal": 0o600, "calls.db-shm": 0o600}


def test_something_else_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "calls.db").write_bytes(b"not a database, just text" * 100)
    with pytest.raises(StoreError, match="cannot open the store"):
        Store.open(tmp_path / "calls.db")
