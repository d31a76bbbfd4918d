"""Composed answers in a conversation: cited and on record, refused when unsupported, off unless wanted twice."""

import json
from pathlib import Path

import httpx
import pytest

from huashu.core.errors import EngineError, UsageError
from huashu.core.events import Answered, Heard, Started, Understood
from huashu.knowledge.composing import Passage
from huashu.runtime.bot import Bot, load_bot
from huashu.runtime.composers import HttpComposer, LocalComposer, find_composer
from huashu.runtime.turn import Turns
from huashu.store.log import Store

pytestmark = pytest.mark.unit

FILES = {
    "bot.yaml": "bot: card\ntitle: 卡\nlanguage: zh-CN\n",
    "flows/main.yaml": """
flow: 主
steps:
- 问: {ask: 还有什么可以帮您？, answers: {否定: {end: completed}}}
anytime:
  知识: {knowledge: 信用卡, then: back}
""",
    "knowledge/k.yaml": """
base: 信用卡
compose: true
items:
- {question: 手续费怎么收, answer: "手续费按期收取，分6期每期0.8%，分12期每期0.7%。"}
- {question: 能提前还款吗, answer: 可以提前还款，剩余手续费不退。}
- {question: 账单日是哪天, answer: 账单日是每月5号。, needs: {身份: 已核实}}
""",
}
FILES["bot.yaml"] += "variables:\n  身份: text\n"


def server(content: object, seen: list[dict[str, object]], status: int = 200) -> httpx.MockTransport:
    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(
            {"path": request.url.path, "key": request.headers.get("Authorization"), **json.loads(request.content)}
        )
        return httpx.Response(status, json={"choices": [{"message": {"content": content}}]})

    return httpx.MockTransport(answer)


def made(
    folder: Path, content: object, seen: list[dict[str, object]], *, wanted: bool = True, status: int = 200
) -> Bot:
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if wanted else text.replace("compose: true\n", ""), "utf-8")
    transport = server(content, seen, status)
    composer = HttpComposer("http://127.0.0.1:9/v1", "some-model", key="secret", transport=transport)
    return load_bot(folder, cache=folder / "cache", composer=composer)


def heard(bot: Bot, words: str) -> tuple[str, Understood]:
    seen: list[Understood] = []
    talk = Turns(bot, observe=lambda entry: seen.append(entry.event) if isinstance(entry.event, Understood) else None)
    talk.step(Started("c", marks="none"), now=0.0)
    talk.step(Answered(), now=0.0)
    said = [getattr(action, "text", "") for action in talk.step(Heard(words), now=1.0).actions]
    return said[0], seen[-1]


GOOD = "分12期的话每期手续费0.7%。[1]"


def test_a_supported_answer_is_said_and_cited(tmp_path: Path) -> None:
    seen: list[dict[str, object]] = []
    said, understood = heard(made(tmp_path, GOOD, seen), "分十二期手续费怎么收的")
    assert said == "分12期的话每期手续费0.7%。"
    assert understood.faq[0].cited == ("手续费怎么收",)
    assert (seen[0]["path"], seen[0]["key"], seen[0]["model"]) == (
        "/v1/chat/completions",
        "Bearer secret",
        "some-model",
    )
    assert "账单日" not in json.dumps(seen[0], ensure_ascii=False), "what needs permission is not given away"


@pytest.mark.parametrize(
    ("content", "status"), [("分12期每期手续费0.1%。[1]", 200), ("无", 200), (None, 200), (GOOD, 500)]
)
def test_else_the_item_itself_is_said(tmp_path: Path, content: object, status: int) -> None:
    said, understood = heard(made(tmp_path, content, [], status=status), "手续费怎么收")
    assert said == "手续费按期收取，分6期每期0.8%，分12期每期0.7%。"
    assert understood.faq[0].answer == ""


def test_a_base_that_does_not_ask_for_it_is_never_composed(tmp_path: Path) -> None:
    seen: list[dict[str, object]] = []
    heard(made(tmp_path, GOOD, seen, wanted=False), "手续费怎么收")
    assert seen == []


def test_a_stranger_is_not_sent_to_the_model(tmp_path: Path) -> None:
    seen: list[dict[str, object]] = []
    heard(made(tmp_path, GOOD, seen), "今天天气怎么样")
    assert seen == []


def test_a_composed_answer_is_sealed_and_read_again(tmp_path: Path) -> None:
    bot = made(tmp_path / "bot", GOOD, [])
    with Store.open(tmp_path / "calls.db") as store:
        talk = Turns(bot, store)
        talk.step(Started("c", marks="none"), now=0.0)
        talk.step(Answered(), now=0.0)
        talk.step(Heard("分十二期手续费怎么收的"), now=1.0)
        [meant] = [entry.event for entry in store.read("c") if isinstance(entry.event, Understood)]
        assert meant.faq[0].answer == "分12期的话每期手续费0.7%。"
    assert "每期手续费0.7".encode() not in (tmp_path / "calls.db").read_bytes()


def test_the_operator_names_the_model() -> None:
    assert find_composer({}) is None
    assert isinstance(find_composer({"HUASHU_COMPOSE_URL": "http://x/v1", "HUASHU_COMPOSE_MODEL": "m"}), HttpComposer)
    with pytest.raises(UsageError, match="HUASHU_COMPOSE_MODEL"):
        find_composer({"HUASHU_COMPOSE_URL": "http://x/v1"})
    with pytest.raises(UsageError, match="http"):
        find_composer({"HUASHU_COMPOSE_URL": "x", "HUASHU_COMPOSE_MODEL": "m"})


def test_weights_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tiny model made here, in the real format: it says nonsense, and nonsense is what comes back as text."""
    transformers = pytest.importorskip(
        "transformers", reason="the extra `compose` (transformers, torch) is not installed"
    )
    pytest.importorskip("torch", reason="the extra `compose` (transformers, torch) is not installed")
    from tokenizers import Tokenizer, models, pre_tokenizers

    vocabulary = {token: at for at, token in enumerate(["<unk>", "<eos>", *"资料回答每期手续费。[1]"])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<unk>", eos_token="<eos>", model_max_length=128
    )
    config = transformers.GPT2Config(
        vocab_size=len(vocabulary), n_positions=512, n_embd=16, n_layer=1, n_head=2, eos_token_id=1, bos_token_id=1
    )
    fast.save_pretrained(tmp_path)
    transformers.GPT2LMHeadModel(config).save_pretrained(tmp_path)
    monkeypatch.setattr("huashu.runtime.composers.TIMEOUT", 600.0)  # a busy machine must not cut an answer short
    composer = LocalComposer(str(tmp_path))
    passages = (Passage(1, "a", "手续费", "每期收。"),)
    assert composer.compose("手续费", passages, language="zh-CN") == composer.compose(
        "手续费", passages, language="zh-CN"
    )
    with pytest.raises(EngineError, match="no causal language model"):
        LocalComposer(str(tmp_path / "nothing"))
