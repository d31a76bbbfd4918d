"""What the desk of a served centre is told of its plan."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from huashu.channels.security import Address
from huashu.desk import serving
from huashu.desk.serving import DeskPlace, company
from huashu.handoff.plan import Plan
from huashu.store.log import Store

pytestmark = pytest.mark.server


class ToldError(Exception):
    """Instead of a desk: what it would have been made with."""

    def __init__(self, *_: object, **told: Any) -> None:
        self.told: Mapping[str, Any] = told
        super().__init__()


def made(*given: object, **told: Any) -> None:
    raise ToldError(*given, **told)


@pytest.mark.parametrize(
    ("plan", "breaks"),
    [(Plan(), ("小休", "用餐", "培训", "会议")), (Plan(breaks=("午餐", "晨会")), ("午餐", "晨会"))],
)
async def test_it_has_the_centre_s_phrases_zone_and_reasons_for_a_break(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plan: Plan, breaks: tuple[str, ...]
) -> None:
    monkeypatch.setattr(serving, "Desk", made)
    place = DeskPlace(Address("127.0.0.1", 0), tmp_path / "calls.db")
    with Store.open(tmp_path / "calls.db") as store, pytest.raises(ToldError) as found:
        async with company(plan, place, say=lambda _: None)(store, {}):
            pass
    assert found.value.told == {"phrases": (), "zone": "Asia/Shanghai", "breaks": breaks}
