"""One erase reaches everything that is kept of a call; each kind is kept for its time; what was stopped is finished."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from huashu.core.errors import StoreError, UsageError
from huashu.core.events import ActionResult, Heard, Started
from huashu.core.ids import new_call_id
from huashu.store import forgetting
from huashu.store.cases import CaseBook, HandoffRow, LookRow, NoteRow, RatingRow, TicketRow
from huashu.store.files import Files
from huashu.store.forgetting import DAY, Forgotten, Retention, erase, sweep
from huashu.store.log import Store
from huashu.store.outgoing import Outgoing
from huashu.store.records import Closing, Entry, Opening

pytestmark = pytest.mark.store

SECRET = "我要退掉那台热水器"
SOLVED = TicketRow("T000001", "c1", "solved", "q", "", 5.0, 50.0, {"level": 1, "area": SECRET}, {"title": SECRET})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


def begin(store: Store, call: str, *, started: float = 0.0, ended: float | None = None) -> None:
    epoch = store.begin(
        Opening(call, "b", started=started), [Entry(1, 0.0, Started(call)), Entry(2, 1.0, Heard(SECRET))]
    )
    if ended is not None:
        store.append(call, [], epoch=epoch, closing=Closing(ended, "done"))


def record(store: Store, folder: Path, call: str, name: str = "", *, made: float = 0.0) -> Path:
    path = folder / (name or f"{call}.wav")
    Files(store).put(path, call, "report" if path.suffix == ".html" else "recording", made)
    path.write_bytes(SECRET.encode())
    return path


def kept_of(store: Store, folder: Path, call: str = "c1") -> None:
    """Everything that the rooms keep of a call."""
    begin(store, call)
    store.put_result(call, ActionResult("1.1", values={"备注": SECRET}))
    book = CaseBook(store)
    book.write(
        [HandoffRow(f"{call}#1", call, 1, "closed", "q", "a", "requested", 1.0, 2.0, 3.0, "", "{}")], {}, [SOLVED]
    )
    book.note(NoteRow(call, "a", 1.0, SECRET))
    book.rate(RatingRow(call, "nps", "a", "q", 9, 2.0, SECRET))
    book.look(LookRow(call, "a", "卡号", 3.0))
    outgoing = Outgoing(store)
    outgoing.put("msg_1", "https://crm", json.dumps({"data": {"title": SECRET}}, ensure_ascii=False), 0.0, call)
    outgoing.put("msg_2", "https://crm", "{}", 0.0, "another")
    record(store, folder, call)
    record(store, folder, call, f"{call}.2.wav")
    record(store, folder, call, "page.html")


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_one_erase_reaches_all_that_is_kept_of_a_call(store: Store, tmp_path: Path) -> None:
    kept_of(store, tmp_path)
    assert SECRET.encode() in everything(tmp_path)
    gone = erase(store, "c1")
    assert gone == Forgotten(erased=1, turns=1, results=1, tickets=1, notes=1, comments=1, untold=1, files=3)
    assert SECRET.encode() not in everything(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".wav", ".html")] == []
    book = CaseBook(store)
    assert [row.state for row in book.handoffs("c1")] == ["closed"]
    assert book.looks("c1"), "who looked stays on record"
    assert (book.ratings()[0].score, book.ratings()[0].comment) == (9, None)
    assert (book.tickets()[0].private, book.tickets()[0].data) == (None, {"level": 1})
    assert [waiting.call for waiting in Outgoing(store).due(9.0, 9)] == ["another"]
    assert store.read("c1")[1].event == Heard("‹erased›")


def test_erasing_twice_is_harmless(store: Store, tmp_path: Path) -> None:
    kept_of(store, tmp_path)
    erase(store, "c1")
    assert erase(store, "c1") == Forgotten()
    with pytest.raises(StoreError, match="no call nobody"):
        erase(store, "nobody")


@pytest.mark.parametrize("how", ["erase", "sweep"])
def test_an_erasure_that_was_stopped_half_way_is_finished_by_the_next_run(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    kept_of(store, tmp_path)
    begin(store, "c2", started=9e9)
    with monkeypatch.context() as patch:
        patch.setattr(forgetting, "_finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            _ = erase(store, "c1") if how == "erase" else sweep(store, Retention(calls=1), now=9e9)
    assert (tmp_path / "c1.wav").exists()
    with pytest.raises(StoreError) if how == "sweep" else nullcontext():
        store.call("c1")
    erase(store, "c2")
    assert not list(tmp_path.glob("c1*"))
    assert not (tmp_path / "page.html").exists()


def test_a_file_that_cannot_be_deleted_is_told_and_tried_again(store: Store, tmp_path: Path) -> None:
    begin(store, "c1")
    path = record(store, tmp_path, "c1")
    path.unlink()
    path.mkdir()  # not even root unlinks a folder
    (failed,) = erase(store, "c1").failed
    assert failed[0] == path
    path.rmdir()
    path.write_bytes(b"")
    assert erase(store, "c1").files == 1
    assert not path.exists()


def test_a_file_that_was_moved_is_told_and_found_by_its_name(store: Store, tmp_path: Path) -> None:
    call = new_call_id()
    begin(store, call)
    path = record(store, tmp_path, call)
    elsewhere = tmp_path / "archive"
    elsewhere.mkdir()
    path.rename(elsewhere / path.name)
    (elsewhere / f"{call}.html").write_bytes(b"")
    (elsewhere / "readme.html").write_bytes(b"")
    assert erase(store, call).missing == (path,)
    assert erase(store, call, folder=elsewhere).files == 2
    assert [left.name for left in elsewhere.iterdir()] == ["readme.html"]


def test_each_kind_is_kept_for_its_time(store: Store, tmp_path: Path) -> None:
    now = 100 * DAY
    for days in (5, 20, 50, 95):
        call, began = f"d{days}", now - days * DAY
        begin(store, call, started=began, ended=began + 60)
        record(store, tmp_path, call, made=began)
    gone = sweep(store, Retention(calls=90, words=30, recordings=10), now=now)
    assert (gone.swept, gone.erased, gone.files) == (1, 1, 3)
    assert {row.call: row.erased for row in store.calls()} == {"d5": False, "d20": False, "d50": True}
    assert [path.name for path in tmp_path.glob("*.wav")] == ["d5.wav"]
    assert sweep(store, Retention(calls=90, words=30, recordings=10), now=now) == Forgotten()


def test_a_call_waits_for_its_ticket_in_work(store: Store) -> None:
    begin(store, "c1", ended=1.0)
    book = CaseBook(store)
    book.write([], {}, [TicketRow("T000001", "c1", "pending", "q", "", 5.0, 50.0, {}, {"title": SECRET})])
    gone = sweep(store, Retention(calls=2, words=1), now=9e9)
    assert (gone.swept, gone.erased, gone.in_work) == (0, 0, 1)
    assert book.tickets()[0].private == {"title": SECRET}
    book.write([], {}, [SOLVED])
    assert sweep(store, Retention(calls=2, words=1), now=9e9).swept == 1
    assert book.tickets() == []


def test_files_of_calls_that_are_long_gone_go_by_their_age(store: Store, tmp_path: Path) -> None:
    old, new = (tmp_path / f"{new_call_id()}.wav" for _ in range(2))
    for path, made in ((old, 0.0), (new, 9 * DAY)):
        path.write_bytes(b"")
        os.utime(path, (made, made))
    assert sweep(store, Retention(calls=5), now=10 * DAY, folder=tmp_path).files == 1
    assert (old.exists(), new.exists()) == (False, True)


@pytest.mark.parametrize(
    ("retention", "word"),
    [({"calls": 0}, "positive"), ({"words": 9, "calls": 3}, "words"), ({"recordings": 9, "calls": 3}, "recordings")],
)
def test_retention_that_cannot_be_is_refused(retention: dict[str, float], word: str) -> None:
    with pytest.raises(UsageError, match=word):
        Retention(**retention)


def test_a_file_of_version_4_learns_of_which_call_each_undelivered_event_tells(tmp_path: Path) -> None:
    path = tmp_path / "calls.db"
    Store.open(path).close()
    with sqlite3.connect(path) as raw:
        raw.execute("DROP TABLE files")
        raw.execute("DROP INDEX ix_outgoing_call")
        raw.execute("ALTER TABLE outgoing DROP COLUMN call")
        raw.execute("UPDATE huashu_schema SET version = 4")
        for number, data in enumerate(({"id": "c1"}, {"id": "T000001", "conversation": "c2"}, {})):
            raw.execute(
                "INSERT INTO outgoing (id, target, body, created, due, tries) VALUES (?, 't', ?, 0, 0, 0)",
                (f"m{number}", json.dumps({"data": data})),
            )
    raw.close()
    with Store.open(path) as opened:
        assert [waiting.call for waiting in Outgoing(opened).due(1.0, 9)] == ["c1", "c2", ""]
