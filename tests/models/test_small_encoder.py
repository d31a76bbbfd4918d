"""The small encoder of our own: what it may learn from, and a training in miniature."""

import gzip
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from huashu.core.errors import EngineError
from huashu.models.small_encoder import data as sources_of
from huashu.models.small_encoder.data import PERMISSIVE, Source, grouped, sources
from huashu.models.small_encoder.export import SmallEncoder, write
from huashu.models.small_encoder.features import BUCKETS, MOST_TOKENS, features, tokens
from huashu.models.small_encoder.train import Settings, train

pytestmark = pytest.mark.unit

ROWS = {
    "banking77": [("where is my card", "card_arrival"), ("my card has not come", "card_arrival"), ("hi", "greet")],
    "hwu64": [("wake me at six", "alarm_set"), ("set an alarm", "alarm_set")],
    "smp2019_intent": [("打开地图", "LAUNCH"), ("打开微信", "LAUNCH")],
    "cais": [("放一首歌", "PlayMusic"), ("我要听歌", "PlayMusic")],
}
WORDS = (
    "  1 This software and database is being provided to you\n"
    "00000001 29 v 02 pay_off 0 settle(a) 0 001 @ 00000002 v 0000 01 + 08 00 | give all that is owed; "
    '"he paid off the loan"\n'
    "00000002 29 v 01 give 0 000 01 + 08 00 | let have\n"
)


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """Miniatures of the sets, those that may not be learnt from among them."""
    for name, rows in ROWS.items():
        folder = tmp_path / "rows" / name
        folder.mkdir(parents=True)
        lines = (json.dumps({"text": text, "intent": intent, "spans": []}) for text, intent in rows)
        (folder / "train.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    slurp = [
        {"sentence": "wake me up at seven", "intent": "alarm_set"},
        {"sentence": "alarm please", "intent": "alarm_set"},
    ]
    packed(tmp_path / "nlu_en/slurp/devel.jsonl.gz", "\n".join(map(json.dumps, slurp)))
    packed(
        tmp_path / "faq_zh/bank_faq/qa_visible.txt.gz",
        "怎么挂失\n请致电客服<br/>或到柜台。\n\n没有答案的问题\n\n你好\n您好",
    )
    messages = [
        {"content": text, "role": role, "dialog_act": [["Request", "酒店", "电话", value]]}
        for text, role, value in (
            ("电话多少", "usr", ""),
            ("酒店电话是几号", "usr", "?"),
            ("电话是10086", "sys", "10086"),
        )
    ]
    packed(tmp_path / "dialog_zh/crosswoz/test_visible.json.gz", json.dumps({"1": {"messages": messages[:1]}}))
    with zipfile.ZipFile(tmp_path / "dialog_zh/crosswoz/val.json.zip", "w") as archive:
        archive.writestr("val.json", json.dumps({"2": {"messages": messages[1:]}}))
    wordnet = tmp_path / "wordnet"
    wordnet.mkdir()
    (wordnet / "cntlist.rev").write_text("pay_off%2:40:00:: 1 3\n", encoding="utf-8")
    for part in ("noun", "verb", "adj", "adv"):
        (wordnet / f"data.{part}").write_text(WORDS if part == "verb" else "", encoding="utf-8")
    return tmp_path


def packed(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode("utf-8")))


def read(shared: Path, without: str = "", apart: tuple[str, ...] = ()) -> dict[str, Source]:
    found = sources(shared, shared / "rows", wordnet=shared / "wordnet", without=without, apart=apart)
    return {source.name: source for source in found}


def test_only_sources_that_allow_any_use_are_read(shared: Path) -> None:
    found = read(shared)
    assert set(found) == {"banking77", "hwu64", "slurp", "wordnet", "crosswoz", "bank_faq"}
    assert all(reader.licence in PERMISSIVE for reader in sources_of._READERS.values())
    assert not {"smp", "cais", "afqmc", "bustm", "swda"} & {name[:5].rstrip("_2") for name in sources_of._READERS}


def test_a_set_is_held_out_with_those_of_its_origin(shared: Path) -> None:
    assert not {"hwu64", "slurp"} & set(read(shared, without="hwu64"))


def test_a_sentence_that_is_judged_is_learnt_from_nowhere(shared: Path) -> None:
    told = read(shared, apart=("Where is my card?", "怎么挂失？"))
    assert "banking77" not in told  # one text is left of its group, and a group wants two
    assert told["bank_faq"].groups == (("你好", "您好"),)


def test_what_means_the_same_stands_in_one_group(shared: Path) -> None:
    found = read(shared)
    assert found["banking77"].groups == (("where is my card", "my card has not come"),)
    assert found["crosswoz"].groups == (("酒店电话是几号", "电话多少"),)
    assert found["bank_faq"].groups[0] == ("怎么挂失", "请致电客服 或到柜台。")
    (group,) = found["wordnet"].groups
    assert set(group) == {"give all that is owed", "pay off", "settle", "he paid off the loan", "give"}


def test_nothing_to_learn_from_is_told(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="nothing to learn from below"):
        sources(tmp_path, tmp_path)


def test_a_spoilt_source_is_named(shared: Path) -> None:
    (shared / "rows/hwu64/train.jsonl").write_text('{"text": "no intent"}\n', encoding="utf-8")
    with pytest.raises(EngineError, match=r"source hwu64 below .* cannot be read: KeyError"):
        read(shared)


def test_features_are_of_words_letters_and_characters() -> None:
    assert tokens("It's 我的Card, 卡!") == ["it's", "我", "的", "card", "卡"]
    assert features("") == features("！？") == [0]
    assert all(0 <= number < BUCKETS for number in features("转账失败 transfer failed"))
    assert set(features("cards")) & set(features("card"))  # by their letters
    assert not set(features("卡")) & set(features("card"))
    assert len(features("卡" * 1000)) == 2 * MOST_TOKENS + 1


def examples() -> list[Source]:
    """Two ways to say each of forty things, with no word in common but those of the frame."""
    pairs = [
        [(f"please w{at} it", str(at)), (f"please v{at} it", str(at)), (f"w{at} v{at}", str(at))] for at in range(40)
    ]
    return [grouped("pairs", "Apache-2.0", [row for rows in pairs for row in rows])]


def test_a_training_brings_texts_of_one_meaning_together(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="torch is not installed")
    pytest.importorskip("onnx", reason="onnx is not installed")
    lines: list[str] = []
    table = train(examples(), Settings(steps=60, width=32), tell=lines.append)
    assert table.shape == (BUCKETS, 32)
    assert len(lines) == 5
    write(table, tmp_path / "small.onnx")
    assert (tmp_path / "small.onnx").stat().st_size < BUCKETS * 37
    encoder = SmallEncoder(tmp_path / "small.onnx")
    one, same, other = (encoder.vector(text) for text in ("w3", "v3", "v4"))
    assert one @ same > one @ other + 0.3
    exact = table[features("please w3 it")].sum(axis=0)
    assert encoder.vector("please w3 it") @ (exact / np.linalg.norm(exact)) > 0.999  # a byte a number is enough
    again = train(examples(), Settings(steps=60, width=32), tell=lambda line: None)
    assert np.array_equal(table, again)


def test_one_group_is_nothing_to_tell_apart() -> None:
    pytest.importorskip("torch", reason="torch is not installed")
    with pytest.raises(EngineError, match="no source has two groups"):
        train([grouped("one", "MIT", [("a", "x"), ("b", "x")])], Settings(steps=1), tell=lambda line: None)
