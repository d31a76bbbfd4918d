"""How long a centre takes to come back when it has to remember much: calls that people had, callers to be called back.

Usage: python bench/restart.py [--calls 10000] [--backs 200]
"""

import argparse
import json
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from huashu.core.events import Answered, Started
from huashu.flows.loader import bundle, load_bundle
from huashu.handoff.plan import Plan
from huashu.handoff.service import HandoffService
from huashu.handoff.state import Case
from huashu.store.cases import CaseBook, HandoffRow
from huashu.store.log import Store
from huashu.store.records import Entry, Opening

BOT = Path(__file__).parents[1] / "scripts_market" / "card_instalment"


def filled(path: Path, calls: int, backs: int) -> None:
    """A store with so many calls that an agent had, and so many callers who wait to be called back."""
    content = bundle(BOT)
    script = load_bundle(content)
    given = {name: one.example for name, one in script.variables.items() if one.given}
    with Store.open(path) as store:
        store.put_script(script.digest, content)
        rows = []
        now = time.time()
        for n in range(calls + backs):
            call = f"c{n}"
            started = Started(call, caller=str(13_800_000_000 + n), wall=now, variables=given)
            opening = Opening(call, script.name, script.digest, "", "", "inbound", "voice", now)
            store.begin(opening, [Entry(1, 0.0, started), Entry(2, 0.1, Answered())])
            if n < calls:
                rows.append(
                    HandoffRow(f"{call}#1", call, 1, "closed", "客服", "a", "requested", now, now, now, "", "{}")
                )
                continue
            leg = Case(f"{call}/1c", "voice", "callback", call, "queued", now, now, 1, queue="客服", queued=now)
            leg.until = now + 3600.0
            data = json.dumps(asdict(leg), ensure_ascii=False)
            rows.append(
                HandoffRow(f"{leg.id}#1", call, 1, "queued", "客服", "", "requested", now, None, None, "", data)
            )
        CaseBook(store).write(rows, {})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--backs", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "calls.db"
        filled(path, given.calls, given.backs)
        with Store.open(path) as store:
            begun = time.perf_counter()
            service = HandoffService(Plan(), store=store, timers=False)
            seconds = time.perf_counter() - begun
        waiting = service.centre.waiting("客服")[0]
    print(f"{given.calls:,} calls remembered, {waiting} callers to be called back, in {seconds:.2f} s")


if __name__ == "__main__":
    main()
