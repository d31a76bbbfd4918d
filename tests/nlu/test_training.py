"""Training: reproducible, cached, refused with reasons; serving stays light."""

import dataclasses
import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import huashu.nlu.train
from huashu.core.errors import EngineError
from huashu.core.events import Heard
from huashu.core.expect import NOTHING
from huashu.nlu.builtin import BUILTIN, SAME
from huashu.nlu.data import Example, TrainingData
from huashu.nlu.embedded import EmbeddedUnderstander
from huashu.nlu.model import FORMAT, Model
from huashu.nlu.train import load_or_train, train

pytestmark = pytest.mark.unit

_spec = importlib.util.spec_from_file_location("tests_nlu_bank_data", Path(__file__).parent / "bank.py")
assert _spec is not None
assert _spec.loader is not None
bank = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(bank)

SMALL = TrainingData(
    "zh-CN", (Example("开户要什么材料", "开户"), Example("怎么开户", "开户"), Example("卡丢了", "挂失"))
)


def test_the_same_data_and_seed_give_the_same_files(tmp_path: Path) -> None:
    train(SMALL, seed=3).save(tmp_path / "a")
    train(SMALL, seed=3).save(tmp_path / "b")
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "b").iterdir())
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_a_loaded_model_understands_the_same(tmp_path: Path) -> None:
    model = train(bank.ZH)
    model.save(tmp_path)
    loaded = Model.load(tmp_path)
    assert np.array_equal(loaded.weights, model.weights)
    for text in ("手续费怎么收的", "改到明天", "应该可以吧", "我要反映卡坏了"):
        results = [EmbeddedUnderstander(each).understand(Heard(text), NOTHING, at=bank.AT) for each in (model, loaded)]
        assert results[0] == results[1]


def test_a_cache_hit_does_not_train(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_or_train(SMALL, "d" * 64, tmp_path)

    def forbidden(*_: object, **__: object) -> Model:
        raise AssertionError("trained again")

    monkeypatch.setattr(huashu.nlu.train, "train", forbidden)
    model = load_or_train(SMALL, "d" * 64, tmp_path)
    assert set(model.labels) >= {"开户", "挂失"}
    with pytest.raises(AssertionError, match="trained again"):
        load_or_train(SMALL, "e" * 64, tmp_path)


@pytest.mark.parametrize("damage", ["weights.npy", "model.json", "tagger.json"])
def test_a_damaged_cache_is_trained_anew(tmp_path: Path, damage: str) -> None:
    load_or_train(SMALL, "d" * 64, tmp_path)
    (folder,) = tmp_path.iterdir()
    (folder / damage).write_bytes(b"\x93NUM not really")
    with pytest.raises(EngineError, match=damage.split(".")[0]):
        Model.load(folder)
    assert "开户" in load_or_train(SMALL, "d" * 64, tmp_path).labels
    Model.load(folder)


def test_another_format_is_refused_by_name(tmp_path: Path) -> None:
    train(SMALL).save(tmp_path)
    text = (tmp_path / "model.json").read_text(encoding="utf-8")
    (tmp_path / "model.json").write_text(text.replace(f'"format": {FORMAT}', '"format": 99'), encoding="utf-8")
    with pytest.raises(EngineError, match="format"):
        Model.load(tmp_path)


def test_serving_imports_no_training_library(tmp_path: Path) -> None:
    load_or_train(SMALL, "d" * 64, tmp_path)
    code = f"""
import sys
from datetime import datetime, timezone
from pathlib import Path
from huashu.core.events import Heard
from huashu.core.expect import NOTHING
from huashu.knowledge.retrieval import Retriever
from huashu.nlu.data import Example, TrainingData
from huashu.nlu.embedded import EmbeddedUnderstander, load_or_train
model = load_or_train(TrainingData("zh-CN"), {"d" * 64!r}, Path({str(tmp_path)!r}))
result = EmbeddedUnderstander(model).understand(Heard("卡丢了"), NOTHING, at=datetime.now(timezone.utc))
assert result.intents[0].name == "挂失", result
heavy = [name for name in ("sklearn", "scipy", "pypinyin", "wetext", "torch") if name in sys.modules]
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_no_example_at_all_is_refused() -> None:
    with pytest.raises(EngineError, match="example"):
        train(TrainingData("zh-CN", out_of_scope=("今天天气怎么样",)))


def test_one_intent_and_its_opposite_of_everything() -> None:
    model = train(TrainingData("zh-CN", (Example("我要开户", "开户"),)))
    understander = EmbeddedUnderstander(model)
    assert understander.understand(Heard("我要开户"), NOTHING, at=bank.AT).intents[0].name == "开户"
    far = understander.understand(Heard("火星上有水吗"), NOTHING, at=bank.AT).intents
    assert not far or far[0].confidence < 0.5


def test_a_scripts_own_examples_replace_the_built_in_ones() -> None:
    data = dataclasses.replace(SMALL, examples=(*SMALL.examples, Example("中", "肯定")), regulars=BUILTIN["zh"])
    model = train(data)
    assert model.exact["中"] == ("肯定", "affirm")[:1]
    assert model.exact.get("没问题") in (None, ("affirm",))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_built_in_intent_has_sentences_of_its_own(language: str) -> None:
    owners: dict[str, list[str]] = {}
    for chinese, english in SAME.items():
        sentences = BUILTIN[language][chinese if language == "zh" else english]
        assert len(sentences) >= 25
        for sentence in sentences:
            owners.setdefault(sentence, []).append(chinese)
    shared = {sentence: names for sentence, names in owners.items() if len(names) > 1}
    assert set(shared) <= {"不用了谢谢"}
