"""An encoder of Hugging Face's: read from a folder, fine-tuned for intents and slots together, written in int8.

The only module of the room that imports torch, transformers and onnx; it does so when it runs. Nothing is ever fetched:
a name is looked for in the user's own cache. The joint objective (one encoder, a head on the sentence for the intent
and one on each piece for its BIO tag, losses summed) is Chen, Zhuo, Wang, "BERT for Joint Intent Classification and
Slot Filling" (2019).
"""

import logging
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from huashu.core.errors import EngineError, MissingExtraError
from huashu.nlu.encoder_run import GRAPH, MOST_TOKENS, TOKENIZER, firsts
from huashu.nlu.tagger import pieces

log = logging.getLogger(__name__)

WARM: Final = 0.1
"""Share of the steps over which the learning rate rises; then it falls to nothing, both in a straight line."""
DECAY: Final = 0.01
DROPPED: Final = 0.1
PATIENCE: Final = 3
"""Epochs without a better one after which training stops."""
EXACT: Final = 1e-3
"""The most by which the exported graph may differ from the encoder."""
_REGISTRATION: Final = "torch.onnx._internal.exporter._registration"
IGNORED: Final = -100
"""Tag of a token that is no piece's first; torch's own mark for a target that counts for nothing."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train. The same data, encoder and settings give the same understanding on the same machine."""

    epochs: int = 20
    """At most; training stops earlier when what is held out is understood no better. 0: the encoder stays as it is."""
    learning_rate: float = 5e-5
    batch: int = 16
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Lesson:
    """A sentence to learn from."""

    text: str
    label: int
    tags: tuple[int, ...]
    """One a piece (huashu.nlu.tagger.pieces); empty: they are not known."""


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """An encoder in memory."""

    name: str
    model: Any
    tokenizer: Any
    """Of the package tokenizers."""
    width: int
    padding: int


def load_base(encoder: str) -> Base:
    """An encoder by folder, or by name from the user's cache.

    Raises:
        MissingExtraError: torch, transformers or onnx is not installed.
        EngineError: there is no such encoder here, or it has no fast tokenizer.
    """
    try:
        import onnx  # noqa: F401  # exporting needs these two; better told now than after the training
        import onnxscript  # noqa: F401
        import torch
        from transformers import AutoModel, AutoTokenizer
        from transformers.utils import logging as told
    except ImportError as error:
        raise MissingExtraError(
            f"training with an encoder needs torch, transformers, onnx and onnxscript ({error.name} is missing): "
            "pip install 'huashu[encoder-train]'"
        ) from error
    told.disable_progress_bar()
    try:
        tokenizer = AutoTokenizer.from_pretrained(encoder, local_files_only=True)
        model = AutoModel.from_pretrained(
            encoder, local_files_only=True, attn_implementation="eager", dtype=torch.float32
        )
    except (OSError, ValueError, KeyError) as error:
        raise EngineError(
            f"{encoder}: no encoder in the format of transformers (config.json, model.safetensors, tokenizer.json): "
            f"{str(error).splitlines()[0]}; nothing is downloaded here: fetch it first and give its folder"
        ) from error
    fast = getattr(tokenizer, "backend_tokenizer", None)
    if fast is None:
        raise EngineError(f"{encoder}: its tokenizer has no fast form (tokenizer.json), which serving needs")
    most = getattr(model.config, "max_position_embeddings", MOST_TOKENS + 2)
    if most < MOST_TOKENS:
        raise EngineError(
            f"{encoder}: config.json: field 'max_position_embeddings' is {most}; {MOST_TOKENS} are needed"
        )
    fast.enable_truncation(MOST_TOKENS)
    fast.no_padding()
    return Base(encoder, model.eval(), fast, int(model.config.hidden_size), int(tokenizer.pad_token_id or 0))


def fine_tune(
    base: Base,
    lessons: Sequence[Lesson],
    labels: int,
    tags: int,
    settings: Settings,
    *,
    epochs: int,
    held: Sequence[Lesson] = (),
    tell: Callable[[str], None],
) -> int:
    """Train the encoder in place, with heads that are thrown away; how many epochs were best on `held`.

    epochs: at which to stop, out of `settings.epochs`, by which the learning rate falls. Without `held` all of them
    run; with it the encoder is left as it was after the best one.
    """
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed)
        dice = np.random.default_rng(settings.seed)
        heads = torch.nn.ModuleList([torch.nn.Linear(base.width, labels), torch.nn.Linear(base.width, max(1, tags))])
        base.model.to(device)
        heads.to(device)
        parameters = [*base.model.parameters(), *heads.parameters()]
        steps = -(-len(lessons) // settings.batch)
        optimiser = torch.optim.AdamW(parameters, lr=settings.learning_rate, weight_decay=DECAY)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, _slope(steps * settings.epochs))
        best, best_epoch, kept = (-1.0, 0.0), 0, {}
        for epoch in range(1, epochs + 1):
            base.model.train()
            order = dice.permutation(len(lessons)).tolist()
            for start in range(0, len(order), settings.batch):
                chosen = [lessons[at] for at in order[start : start + settings.batch]]
                loss, _ = _loss(base, heads, chosen, device)
                optimiser.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(parameters, 1.0)
                optimiser.step()
                schedule.step()
            base.model.eval()
            if not held:
                continue
            told = _judged(base, heads, held, settings.batch, device)
            tell(f"epoch {epoch}: {told[0]:.1%} of {len(held)} sentences held out are right")
            if told > best:
                best, best_epoch = told, epoch
                kept = {name: value.detach().cpu().clone() for name, value in base.model.state_dict().items()}
            elif epoch - best_epoch >= PATIENCE:
                break
        if kept:
            base.model.load_state_dict(kept)
        base.model.to("cpu").eval()
    return best_epoch if held else epochs


def _slope(steps: int) -> Callable[[int], float]:
    warm = max(1, round(WARM * steps))
    return lambda step: min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))


def _judged(base: Base, heads: Any, held: Sequence[Lesson], batch: int, device: str) -> tuple[float, float]:
    """(share of right intents, minus the loss): what to climb."""
    import torch

    right, lost = 0, 0.0
    with torch.no_grad():
        for start in range(0, len(held), batch):
            loss, found = _loss(base, heads, held[start : start + batch], device)
            right += found
            lost += float(loss)
    return right / len(held), -lost


def _loss(base: Base, heads: Any, lessons: Sequence[Lesson], device: str) -> tuple[Any, int]:
    """Of a batch; and how many of its intents are right."""
    import torch

    ids, mask, tags = (torch.from_numpy(array).to(device) for array in batch_of(base, lessons))
    labels = torch.tensor([lesson.label for lesson in lessons], device=device)
    tokens, sentence = pooled(base.model, ids, mask)
    drop = torch.nn.functional.dropout
    training = base.model.training
    scores = heads[0](drop(sentence, DROPPED, training))
    loss = torch.nn.functional.cross_entropy(scores, labels)
    if bool((tags != IGNORED).any()):
        told = heads[1](drop(tokens, DROPPED, training))
        loss = loss + torch.nn.functional.cross_entropy(told.flatten(0, 1), tags.flatten(), ignore_index=IGNORED)
    return loss, int((scores.argmax(dim=1) == labels).sum())


def batch_of(base: Base, lessons: Sequence[Lesson]) -> tuple[Any, Any, Any]:
    """Token numbers, mask and tags (IGNORED where there is none), each (sentences, tokens)."""
    encodings = [base.tokenizer.encode(lesson.text) for lesson in lessons]
    longest = max(len(encoding.ids) for encoding in encodings)
    ids = np.full((len(lessons), longest), base.padding, np.int64)
    mask = np.zeros((len(lessons), longest), np.int64)
    tags = np.full((len(lessons), longest), IGNORED, np.int64)
    for row, (lesson, encoding) in enumerate(zip(lessons, encodings, strict=True)):
        ids[row, : len(encoding.ids)] = encoding.ids
        mask[row, : len(encoding.ids)] = 1
        places = firsts(pieces(lesson.text), encoding.offsets)
        for place, tag in zip(places, lesson.tags, strict=False):  # no tags: nothing is known of the pieces
            if place >= 0:
                tags[row, place] = tag
    return ids, mask, tags


def pooled(model: Any, ids: Any, mask: Any) -> tuple[Any, Any]:
    """Vectors of the tokens, and their mean."""
    tokens = model(input_ids=ids, attention_mask=mask).last_hidden_state
    weight = mask.unsqueeze(-1).to(tokens.dtype)
    return tokens, (tokens * weight).sum(dim=1) / weight.sum(dim=1).clamp(min=1.0)


def export(base: Base, folder: Path) -> None:
    """Write the graph, in int8, and the tokenizer.

    Raises:
        EngineError: this architecture cannot be exported, or its graph does not do what the encoder does.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]

    folder.mkdir(parents=True, exist_ok=True)
    base.tokenizer.save(str(folder / TOKENIZER))
    with tempfile.TemporaryDirectory(prefix="huashu-onnx-") as temporary:
        whole = Path(temporary) / "whole.onnx"
        _traced(base, whole)
        with _quiet(""):  # it advises on the root logger
            quantize_dynamic(str(whole), str(folder / GRAPH), weight_type=QuantType.QInt8, per_channel=True)
    graph: Any = onnx.load(str(folder / GRAPH))
    # Where in whose files a node came from is of no use to those who serve it.
    del graph.metadata_props[:]
    for part in (*graph.graph.node, *graph.graph.value_info, *graph.graph.input, *graph.graph.output):
        del part.metadata_props[:]
        part.doc_string = ""
    onnx.save(graph, str(folder / GRAPH))


@contextmanager
def _quiet(*names: str) -> Iterator[None]:
    """Loggers that tell nothing below an error: their advice is for whoever writes exporters."""
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.ERROR)
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _traced(base: Base, path: Path) -> None:
    import onnxruntime  # type: ignore[import-untyped]
    import torch

    class Graph(torch.nn.Module):  # type: ignore[misc]  # torch may not be installed
        def __init__(self) -> None:
            super().__init__()
            self.model = base.model

        def forward(self, ids: Any, mask: Any) -> Any:
            return pooled(self.model, ids, mask)

    graph = Graph().eval()
    rows = batch_of(base, [Lesson("你好，请问有什么可以帮您", 0, ()), Lesson("yes, the day after tomorrow", 0, ())])[:2]
    ids, mask = (torch.from_numpy(array) for array in rows)
    axes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("length", max=MOST_TOKENS)}
    try:
        with warnings.catch_warnings(), torch.no_grad(), _quiet("torch.onnx", _REGISTRATION):
            warnings.simplefilter("ignore")
            torch.onnx.export(
                graph,
                (ids, mask),
                str(path),
                input_names=["ids", "mask"],
                output_names=["tokens", "sentence"],
                dynamic_shapes={"ids": axes, "mask": axes},
                dynamo=True,
                external_data=False,
                verbose=False,
            )
            right = graph(ids, mask)[1].numpy()
    except torch.onnx.OnnxExporterError as error:
        kind = type(base.model).__name__
        raise EngineError(f"{base.name}: an encoder of class {kind} cannot be exported: {error}") from error
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    found = session.run(["sentence"], {"ids": rows[0], "mask": rows[1]})[0]
    gap = float(np.abs(found - right).max())
    if not gap <= EXACT:
        raise EngineError(f"{base.name}: its graph differs from the encoder by {gap:.2g}; at most {EXACT} is exact")
