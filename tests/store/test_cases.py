"""The record of the centre: rows in, rows out, private texts under the key of their call."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from huashu.core.events import Started
from huashu.store.cases import CaseBook, HandoffRow, LookRow, NoteRow, RatingRow, TicketRow
from huashu.store.forgetting import Retention, erase, sweep
from huashu.store.log import Store
from huashu.store.records import Entry, Opening

pytestmark = pytest.mark.store

SECRET = "客户张三要求降低手续费"
HANDOFF = HandoffRow("c1#1", "c1", 1, "queued", "q", "", "requested", 10.0, None, None, "", "{}")
TICKET = TicketRow("T000001", "c1", "open", "q", "", 5.0, 50.0, {"level": 1}, {"title": SECRET, "form": []})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "calls.db") as opened:
        opened.begin(Opening("c1", "b"), [Entry(0, 0.0, Started("c1"))])
        yield opened


def test_handoffs_are_open_until_they_end(store: Store) -> None:
    book = CaseBook(store)
    book.write([HANDOFF], {"a": "{}"})
    assert book.open() == [HANDOFF]
    answered = replace(HANDOFF, state="bridged", agent="a", answered=20.0)
    book.write([answered], {})
    second = replace(answered, id="c1#2", number=2, requested=60.0, state="queued")
    book.write([second], {"a": None})
    assert book.open() == [second]
    assert book.handoffs("c1")[0] == replace(answered, ended=60.0, why="passed_on")
    assert book.seats() == {}
    book.write([replace(second, ended=70.0, why="agent_closed", state="closed")], {})
    book.dispose("c1", "已解决")
    assert book.open() == []
    assert book.handoffs("c1")[1].disposition == "已解决"


def test_private_texts_are_sealed_and_erased_with_their_call(store: Store, tmp_path: Path) -> None:
    book = CaseBook(store)
    book.note(NoteRow("c1", "a", 1.0, SECRET))
    book.write([], {}, [TICKET])
    book.rate(RatingRow("c1", "nps", "a", "q", 9, 2.0, SECRET))
    book.look(LookRow("c1", "a", "卡号", 3.0))
    assert [note.text for note in book.notes("c1")] == [SECRET]
    assert book.tickets() == [TICKET]
    assert book.ratings()[0].comment == SECRET
    assert book.looks() == book.looks("c1") == [LookRow("c1", "a", "卡号", 3.0)]
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert SECRET.encode() not in files
    assert SECRET[2:4].encode("unicode_escape") not in files
    erase(store, "c1")
    assert [note.text for note in book.notes("c1")] == [None]
    assert book.tickets()[0].private is None
    assert (book.ratings()[0].comment, book.ratings()[0].score) == (None, 9)
    assert book.looks("c1"), "who looked stays on record"


def test_of_a_call_that_is_not_here_nothing_private_is_kept(store: Store) -> None:
    book = CaseBook(store)
    book.note(NoteRow("elsewhere", "a", 1.0, SECRET))
    assert [note.text for note in book.notes("elsewhere")] == [None]


def test_sweeping_takes_everything_of_a_call(store: Store) -> None:
    book = CaseBook(store)
    book.write([HANDOFF], {}, [replace(TICKET, state="closed")])
    book.note(NoteRow("c1", "a", 1.0, SECRET))
    book.look(LookRow("c1", "a", "卡号", 3.0))
    assert sweep(store, Retention(calls=1.0), now=1e12).swept == 1
    assert [*book.open(), *book.tickets(), *book.notes("c1"), *book.looks()] == []


def test_a_file_of_version_2_gets_the_tables(tmp_path: Path) -> None:
    path = tmp_path / "calls.db"
    Store.open(path).close()
    with sqlite3.connect(path) as raw:
        for table in ("handoffs", "seats", "tickets", "notes", "looks", "ratings"):
            raw.execute(f"DROP TABLE {table}")
        raw.execute("UPDATE huashu_schema SET version = 2")
    raw.close()
    with Store.open(path) as store:
        CaseBook(store).write([HANDOFF], {"a": "{}"})
        assert CaseBook(store).open() == [HANDOFF]
