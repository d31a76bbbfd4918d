"""An encoder: trained on tiny weights in the real format, served without torch, refused with reasons.

The encoders are made here with random weights (tests.nlu.encoders): what they know they have learnt in the test.
"""

import dataclasses
import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from huashu.core.errors import EngineError, MissingExtraError, UsageError
from huashu.core.events import Heard
from huashu.core.expect import NOTHING, Expectation
from huashu.nlu import encoder_run
from huashu.nlu.data import TrainingData
from huashu.nlu.embedded import EmbeddedUnderstander
from huashu.nlu.encoder import CONFIG, HEADS, EncoderUnderstander, open_encoder, place_of, trained_folder
from huashu.nlu.encoder_run import GRAPH, TOKENIZER, firsts
from huashu.nlu.model import EXACT
from huashu.nlu.registry import known, open_understander
from huashu.nlu.rehearsal import split
from huashu.nlu.tagger import pieces
from huashu.nlu.train import rows_of
from tests.nlu import bank
from tests.nlu.encoders import make_bert, make_other, wanting

pytestmark = pytest.mark.unit

needs_training = pytest.mark.skipif(bool(wanting()), reason=wanting())

WHEN = ("tomorrow", "monday", "next friday", "tuesday", "sunday", "next week")
CITIES = ("london", "paris", "rome", "berlin", "madrid", "oslo")
EXAMPLES = {
    "book": [f"book a flight to [{city}](city) {extra}" for city in CITIES for extra in ("", "please", "for me")],
    "weather": [f"{asked} in [{city}](city)" for city in CITIES for asked in ("weather", "how is it", "is it hot")],
    "move": [f"{start} [{day}](day)" for day in WHEN for start in ("move it to", "can we change it to", "make it")],
    "complain": [f"{what} {how}" for what in ("the card", "my phone", "the line") for how in (
        "is broken", "does not work", "was stolen", "is lost", "stopped working")],
}  # fmt: skip
TOY = TrainingData(
    "en-US",
    tuple(bank.example(text.strip(), intent) for intent, texts in EXAMPLES.items() for text in texts),
    slots={"city": "text", "day": "date"},
    out_of_scope=("tell me a joke", "sing a song"),
)
HELD = {
    "a flight to rome please": "book",
    "please book me a flight to oslo": "book",
    "how is it in madrid is it hot": "weather",
    "the weather in berlin please": "weather",
    "please move it to sunday": "move",
    "can we make it tuesday": "move",
    "my card is broken": "complain",
    "the phone was stolen": "complain",
    "my line does not work": "complain",
    "change it to next friday please": "move",
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if wanting():
        pytest.skip(wanting())
    texts = [example.text for example in TOY.examples]
    return make_bert(tmp_path_factory.mktemp("bert") / "tiny-bert", [*texts, *HELD])


@pytest.fixture(scope="module")
def tuned(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from huashu.nlu.encoder_export import Settings
    from huashu.nlu.encoder_train import train_encoder

    folder = tmp_path_factory.mktemp("tuned") / "out"
    train_encoder(TOY, str(base), folder, settings=Settings(epochs=10, learning_rate=2e-3))
    return folder


@pytest.fixture(scope="module")
def frozen(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from huashu.nlu.encoder_export import Settings
    from huashu.nlu.encoder_train import train_encoder

    folder = tmp_path_factory.mktemp("frozen") / "out"
    train_encoder(TOY, str(base), folder, settings=Settings(epochs=0))
    return folder


def test_what_it_has_not_seen_is_understood_by_the_encoder_alone(tuned: Path) -> None:
    model = EncoderUnderstander.load(tuned).model
    scores = [model.intents.scores(model.encoder.encode(text).sentence) for text in HELD]
    found = [model.labels[int(np.argmax(score))] for score in scores]
    assert sum(one == want for one, want in zip(found, HELD.values(), strict=True)) >= 0.9 * len(HELD), found


def test_in_conversation_it_is_understood_with_its_values(tuned: Path) -> None:
    understander = EncoderUnderstander.load(tuned)
    right = 0
    for text, intent in HELD.items():
        meant = understander.understand(Heard(text), NOTHING, at=bank.AT)
        right += meant.intents[0].name == intent
    assert right >= 9
    expect = Expectation("f.q", anytime=("book", "weather"), slots=(("city", "text"),))
    meant = understander.understand(Heard("book a flight to oslo please"), expect, at=bank.AT)
    assert [(entity.slot, entity.value) for entity in meant.entities] == [("city", "oslo")]


def test_the_encoder_finds_slots(tuned: Path) -> None:
    """Whether it or the tagger of the words is asked was decided on what was held out; here it is asked."""
    model = dataclasses.replace(EncoderUnderstander.load(tuned).model, finds_slots=True)
    found = {text: [(text[one.start : one.end], one.slot) for one in model.read(text).spans("")] for text in HELD}
    wanted = {"a flight to rome please": [("rome", "city")], "can we make it tuesday": [("tuesday", "day")]}
    wanted["please book me a flight to oslo"] = [("oslo", "city")]
    assert {text: found[text] for text in wanted} == wanted
    assert found["my card is broken"] == []


def test_a_sentence_of_no_intent_is_not_believed(tuned: Path) -> None:
    understander = EncoderUnderstander.load(tuned)
    for text in ("tell me a joke", "who wrote hamlet", "what is two plus two"):
        meant = understander.understand(Heard(text), NOTHING, at=bank.AT)
        assert not meant.intents or meant.intents[0].confidence < 0.5, (text, meant.intents)


def test_an_answer_of_the_open_question_is_likelier(tuned: Path) -> None:
    understander = EncoderUnderstander.load(tuned)
    heard = Heard("my card was stolen and my flight to rome")
    sure = {}
    for name in ("book", "complain"):
        expect = Expectation("f.q", intents=(name,), anytime=("book", "complain"))
        told = understander.understand(heard, expect, at=bank.AT).intents
        sure[name] = {score.name: score.confidence for score in told}
    assert sure["book"].get("book", 0) > sure["complain"].get("book", 0)


def test_an_example_word_for_word_is_sure(frozen: Path) -> None:
    meant = EncoderUnderstander.load(frozen).understand(Heard("The card is broken."), NOTHING, at=bank.AT)
    assert meant.intents[0].name == "complain"
    assert meant.intents[0].confidence >= EXACT


def test_another_reading_of_the_recogniser_is_taken(frozen: Path) -> None:
    from huashu.core.events import Alternative

    heard = Heard("the cart is brown", alternatives=(Alternative("the card is broken", 0.6),), confidence=0.7)
    meant = EncoderUnderstander.load(frozen).understand(heard, NOTHING, at=bank.AT)
    assert (meant.text, meant.intents[0].name) == ("the card is broken", "complain")


def test_a_conversation_is_made_of_it_as_of_the_words(frozen: Path) -> None:
    """Without a share in the scores nothing of the encoder is left: what is said then is what the embedded one says."""
    model = EncoderUnderstander.load(frozen).model
    bare = dataclasses.replace(model, share=0.0, calibration=model.words.calibration, finds_slots=False)
    encoder, embedded = EncoderUnderstander(bare), EmbeddedUnderstander(model.words)
    confirm = Expectation("f.c", kind="yes_no", intents=("affirm", "deny"), anytime=("complain",), language="en-US")
    day = Expectation("f.d", slot="day", type="date", anytime=("move", "complain"), slots=(("city", "text"),))
    for expect in (NOTHING, confirm, day):
        for text in (
            "yes that is right",
            "no not really",
            "move it to friday",
            "my card is lost",
            "the moon",
            "",
            "monday",
        ):
            heard = Heard(text)
            assert encoder.understand(heard, expect, at=bank.AT) == embedded.understand(heard, expect, at=bank.AT), text


def test_threads_share_it(tuned: Path) -> None:
    understander = EncoderUnderstander.load(tuned)

    def meant(text: str) -> str:
        return understander.understand(Heard(text), NOTHING, at=bank.AT).intents[0].name

    with ThreadPoolExecutor(8) as pool:
        at_once = list(pool.map(meant, list(HELD) * 4))
    assert at_once == [meant(text) for text in HELD] * 4


@needs_training
@pytest.mark.parametrize("kind", ["electra", "roberta"])
def test_other_encoders_are_exported_too(kind: str, tmp_path: Path) -> None:
    """`export` itself refuses a graph that does not do what the encoder does."""
    from huashu.nlu.encoder_export import export, load_base

    export(load_base(str(make_other(tmp_path / kind, kind, list(HELD)))), tmp_path / "out")
    encoded = encoder_run.Encoder(tmp_path / "out").encode("my card is broken")
    assert (encoded.sentence.shape, encoded.pieces.shape, encoded.blank) == ((32,), (4, 32), False)
    assert np.abs(encoded.pieces).min(axis=1).all(), "each word has a token of its own"


def test_the_same_data_and_seed_give_the_same_files(base: Path, frozen: Path, tmp_path: Path) -> None:
    from huashu.nlu.encoder_export import Settings
    from huashu.nlu.encoder_train import train_encoder

    train_encoder(TOY, str(base), tmp_path / "again", settings=Settings(epochs=0))
    names = sorted(path.relative_to(frozen) for path in frozen.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(tmp_path / "again") for path in (tmp_path / "again").rglob("*.*"))
    for name in names:
        assert (frozen / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_fine_tuning_follows_the_seed(base: Path) -> None:
    import torch

    from huashu.nlu.encoder_export import Lesson, Settings, fine_tune, load_base

    lessons = [Lesson(text, at % 2, ()) for at, text in enumerate(HELD)]
    told = []
    for seed in (1, 1, 2):
        one = load_base(str(base))
        fine_tune(one, lessons, 2, 0, Settings(epochs=2, learning_rate=1e-3, seed=seed), epochs=1, tell=print)
        told.append(torch.cat([value.flatten() for value in one.model.parameters()]))
    assert torch.equal(told[0], told[1])
    assert not torch.equal(told[0], told[2])


def test_training_stops_when_nothing_gets_better(base: Path) -> None:
    from huashu.nlu.encoder_export import PATIENCE, Lesson, Settings, fine_tune, load_base

    lines: list[str] = []
    lessons = [Lesson(text, 0, ()) for text in HELD]
    never = [Lesson("the card", 1, ())]  # what is held out is always wrong
    settings = Settings(epochs=30, learning_rate=1e-2)
    fine_tune(load_base(str(base)), lessons, 2, 0, settings, epochs=30, held=never, tell=lines.append)
    assert len(lines) < 30
    assert len(lines) > PATIENCE


def test_serving_imports_no_training_library(frozen: Path) -> None:
    code = f"""
import sys
from datetime import datetime, timezone
from pathlib import Path
from huashu.core.events import Heard
from huashu.core.expect import NOTHING
from huashu.nlu.encoder import EncoderUnderstander
understander = EncoderUnderstander.load(Path({str(frozen)!r}))
assert "onnxruntime" not in sys.modules  # weights wait for the first text
result = understander.understand(Heard("my card is broken"), NOTHING, at=datetime.now(timezone.utc))
assert result.intents[0].name == "complain", result
heavy = [name for name in ("torch", "transformers", "onnx", "sklearn", "scipy") if name in sys.modules]
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_the_graph_is_in_eight_bits_and_tells_nothing_of_its_makers_machine(frozen: Path) -> None:
    content = (frozen / GRAPH).read_bytes()
    assert b"MatMulInteger" in content
    assert b"site-packages" not in content


@pytest.mark.parametrize(
    ("field", "value"),
    [("format", 99), ("labels", ["book"]), ("tags", "O"), ("share", "much"), ("coefficients", [1]), ("files", {})],
)
def test_a_folder_of_the_wrong_form_is_refused_by_file_and_field(
    frozen: Path, tmp_path: Path, field: str, value: object
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(frozen, folder)
    data = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    (folder / CONFIG).write_text(json.dumps({**data, field: value}), encoding="utf-8")
    with pytest.raises(EngineError, match=f"{CONFIG}.*'{field}'"):
        EncoderUnderstander.load(folder)


def test_damaged_files_are_refused_by_name(frozen: Path, tmp_path: Path) -> None:
    for name in (HEADS, GRAPH, TOKENIZER):
        folder = tmp_path / name
        shutil.copytree(frozen, folder)
        (folder / name).write_bytes((folder / name).read_bytes()[:-9])
        with pytest.raises(EngineError, match=name):
            EncoderUnderstander.load(folder).understand(Heard("my card is broken"), NOTHING, at=bank.AT)
    (tmp_path / TOKENIZER / GRAPH).unlink()
    with pytest.raises(EngineError, match=f"{GRAPH}: not there"):
        EncoderUnderstander.load(tmp_path / TOKENIZER)
    shutil.rmtree(tmp_path / HEADS / "words")
    with pytest.raises(EngineError, match=r"model\.json"):
        EncoderUnderstander.load(tmp_path / HEADS)


def test_it_is_found_by_the_examples_it_was_trained_with(frozen: Path, base: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    shutil.copytree(frozen, trained_folder(place_of(str(base), cache), "d" * 64))
    assert open_encoder(TOY, "d" * 64, cache, str(base)).capabilities.name == "encoder"
    carried = open_encoder(TOY, "d" * 64, tmp_path / "elsewhere", str(place_of(str(base), cache)))
    assert carried.capabilities.blocking
    with pytest.raises(EngineError, match="huashu train BOT --encoder") as caught:
        open_encoder(TOY, "e" * 64, cache, str(base))
    assert caught.value.code == "not_trained"
    with pytest.raises(EngineError, match="which encoder"):
        open_encoder(TOY, "d" * 64, cache)


def test_an_understander_is_named(tmp_path: Path) -> None:
    small = dataclasses.replace(bank.EN, regulars={})
    assert open_understander("embedded", small, "d" * 64, tmp_path).capabilities.name == "embedded"
    assert {"embedded", "encoder"} <= set(known())
    with pytest.raises(UsageError, match="embedded"):
        open_understander("embeded", small, "d" * 64, tmp_path)
    with pytest.raises(EngineError, match="has not been trained"):
        open_understander("encoder:some-bert", small, "d" * 64, tmp_path)


@needs_training
def test_what_is_no_encoder_is_refused(tmp_path: Path) -> None:
    from huashu.nlu.encoder_export import load_base

    with pytest.raises(EngineError, match="nothing is downloaded"):
        load_base(str(tmp_path))
    with pytest.raises(EngineError, match="nothing is downloaded"):
        load_base("nobody/has-this-encoder")


def test_without_tokenizers_the_extra_is_named(frozen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huashu.nlu.encoder.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"huashu\[encoder\]"):
        EncoderUnderstander.load(frozen)
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(MissingExtraError, match=r"huashu\[encoder\]"):
        encoder_run.Encoder(frozen).encode("my card is broken")


@needs_training
def test_slots_that_are_held_out_wholly_are_no_trouble(base: Path, tmp_path: Path) -> None:
    """One intent of the script has all examples and slots, and the rehearsal takes it for a stranger."""
    from huashu.nlu.encoder_export import Settings
    from huashu.nlu.encoder_train import train_encoder

    own = tuple(one for one in TOY.examples if one.intent == "book")[:6]
    regulars = {name: bank.EN.regulars[name][:8] for name in ("affirm", "deny", "busy", "human", "wait")}
    data = TrainingData("en-US", own, slots=TOY.slots, regulars=regulars)
    rows = rows_of(data)
    held = [seed for seed in range(20) if "book" not in rows.take(split(rows, 0, seed)[0]).labels]
    assert held, "no seed holds it out"
    settings = Settings(epochs=0, seed=held[0])
    assert train_encoder(data, str(base), tmp_path / "out", settings=settings).slots == "encoder"


def test_a_piece_is_read_at_its_first_token() -> None:
    text = "卡 isn't ok"
    assert [text[start:end] for start, end in pieces(text)] == ["卡", "isn't", "ok"]
    # [CLS] 卡 isn ' t (ok lost) [SEP]
    assert firsts(pieces(text), [(0, 0), (0, 1), (2, 5), (5, 6), (6, 7), (0, 0)]) == [1, 2, -1]
    # a byte-level tokenizer counts the blank before a word to it
    assert firsts(pieces("my card"), [(0, 0), (0, 2), (2, 7), (0, 0)]) == [1, 2]
