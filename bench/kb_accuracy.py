"""FAQ retrieval: how often the right item comes first, and whether its confidence is the chance of being right.

Usage: python bench/kb_accuracy.py DATA [--rows ROWS] [--fit]

DATA is the folder of evaluation data (faq_zh/afqmc, bank_faq, bustm); ROWS what DATA/rows.py writes, for English.
Bases are drawn from sets of paraphrases: AFQMC's positive pairs as they are, the same without the brand names every
one of them has, bank questions that share one answer, BANKING77's intents. Asked are a left-out paraphrase of each
item, near misses (AFQMC's negative pairs), strangers of the same trade, and chat. Half of the sets is for --fit, which
prints the numbers for huashu.knowledge.retrieval.CALIBRATIONS; the figures are of the other half, or for AFQMC's
big bases of the visible development part.
"""

import argparse
import csv
import gzip
import hashlib
import json
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from huashu.knowledge.items import FaqItem, KnowledgeBase
from huashu.knowledge.retrieval import CLEAR_LEAD, Retriever

Pairs = list[tuple[str, str]]
BRAND = re.compile(r"蚂蚁|花呗|借呗|\*+")
BANKING = re.compile(r"银行|网银|卡|账|帐|款|存|贷|理财|基金|支付|转|信用|密码|pos|额|利|费|外汇|国债|保险|股")
KINDS = ("paraphrase", "near miss", "same trade", "chat")
WEIGHTS = {"paraphrase": 1.0, "near miss": 0.25, "same trade": 1.0, "chat": 1.0}
FOR_IT = 5
"""The first values of Evidence speak for an item."""
SIZES = (10,) * 20 + (25,) * 12 + (60,) * 6 + (200,) * 2


@dataclass(frozen=True)
class Source:
    name: str
    language: str
    sets: list[list[str]]
    """Sentences that mean the same."""
    misses: dict[str, list[str]]
    chat: list[str]
    sizes: tuple[int, ...] = SIZES

    @cached_property
    def near(self) -> list[str]:
        return sorted(self.misses)

    def half(self, which: int) -> "Source":
        sets = [group for group in self.sets if half_of(group[0]) == which]
        chat = [line for line in self.chat if half_of(line) == which]
        misses = {text: found for text, found in self.misses.items() if half_of(text) == which}
        return Source(self.name, self.language, sets, misses, chat, self.sizes)


@dataclass(frozen=True)
class Asked:
    base: KnowledgeBase
    text: str
    answer: str
    """Item; empty: none."""
    kind: str


def half_of(text: str) -> int:
    return int(hashlib.sha1(text.encode()).hexdigest()[:8], 16) % 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--fit", action="store_true")
    arguments = parser.parse_args()
    faq = arguments.data / "faq_zh"
    sources = [*chinese(faq), *([english(arguments.rows)] if arguments.rows else [])]
    if arguments.fit:
        for language in ("zh", "en"):
            spoken = [source.half(1) for source in sources if source.language == language]
            if spoken:
                fit(language, spoken)
    for source in sources:
        judge(source.half(0))
    big(faq)


# --- sources ------------------------------------------------------------------------------------------------------


def pairs(faq: Path) -> tuple[Pairs, Pairs]:
    """AFQMC's training pairs: same meaning, and not."""
    same: Pairs = []
    other: Pairs = []
    with gzip.open(faq / "afqmc/train.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            (same if row["label"] == "1" else other).append((row["sentence1"], row["sentence2"]))
    return same, other


def questions(faq: Path) -> Pairs:
    """bank_faq: (question, answer)."""
    with gzip.open(faq / "bank_faq/qa_visible.txt.gz", "rt", encoding="utf-8") as file:
        blocks = [block.split("\n") for block in file.read().split("\n\n") if block.strip()]
    return [(block[0].strip(), "".join(block[1:]).strip()) for block in blocks]


def joined(same: Pairs) -> list[list[str]]:
    parent: dict[str, str] = {}

    def root(text: str) -> str:
        while parent.setdefault(text, text) != text:
            text = parent[text]
        return text

    for one, two in same:
        parent[root(one)] = root(two)
    groups = defaultdict(list)
    for text in parent:
        groups[root(text)].append(text)
    return [sorted(group) for group in groups.values() if 2 <= len(group) < 12]


def chinese(faq: Path) -> list[Source]:
    same, other = pairs(faq)
    misses = defaultdict(list)
    for one, two in other:
        misses[one].append(two)
        misses[two].append(one)
    bank = questions(faq)
    chat = [question for question, _ in bank if not BANKING.search(question)]
    for name in ("train_few_all.json", "dev_few_all.json"):
        for line in (faq / "bustm" / name).read_text(encoding="utf-8").splitlines():
            chat += [json.loads(line)["sentence1"], json.loads(line)["sentence2"]]
    sets = joined(same)
    bare = [sorted({cut(text) for text in group}) for group in sets]
    answers = defaultdict(set)
    for question, answer in bank:
        if len(answer) >= 20:
            answers[answer].add(question)
    banking = [sorted(group) for group in answers.values() if 2 <= len(group) <= 12]
    banking = [group for group in banking if 2 * sum(bool(BANKING.search(text)) for text in group) > len(group)]
    return [
        Source("afqmc", "zh", sets, misses, chat, (*SIZES, 600)),
        Source(
            "afqmc, no brands",
            "zh",
            [group for group in bare if len(group) > 1 and all(len(text) > 2 for text in group)],
            {cut(text): [cut(miss) for miss in found] for text, found in misses.items()},
            chat,
        ),
        Source("bank_faq", "zh", banking, {}, chat, (8,) * 25 + (20,) * 16 + (60,) * 5 + (150,) * 2),
    ]


def cut(text: str) -> str:
    return BRAND.sub("", text).strip()


def english(rows: Path) -> Source:
    """BANKING77: an intent's sentences mean the same. Chat: CLINC150 without its banking domains."""

    def read(name: str) -> list[dict[str, str]]:
        lines = (rows / name / "train.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    dice = random.Random(0)
    by_intent = defaultdict(list)
    for row in read("banking77"):
        by_intent[row["intent"]].append(row["text"])
    sets = [dice.sample(found, 12) for found in by_intent.values()]
    money = re.compile(r"card|bank|account|pay|money|bill|credit|balance|transfer|exchange|pin|limit|fee|charge")
    chat = [row["text"] for row in read("clinc150") if not money.search(row["text"])]
    return Source("banking77", "en", sets, {}, chat, (8,) * 40 + (20,) * 20)


# --- asking -------------------------------------------------------------------------------------------------------


def asked(source: Source, seed: int) -> Iterator[Asked]:
    dice = random.Random(seed)
    for size in source.sizes:
        groups = dice.sample(source.sets, min(size, len(source.sets) // 2))
        inside = {text for group in groups for text in group}
        items = []
        queries = []
        for number, group in enumerate(groups):
            order = dice.sample(group, len(group))
            count = min(len(order) - 1, dice.choice((1, 1, 2, 3, 4)))
            items.append(FaqItem(str(number), order[0], tuple(order[1:count])))
            queries.append((order[count], str(number), "paraphrase"))
        for text in dice.sample(source.near, size // 4 if source.near else 0):
            items.append(FaqItem(f"near {text}", text))
            queries.append((dice.choice(source.misses[text]), "", "near miss"))
        strangers = [group[0] for group in dice.sample(source.sets, max(4, size // 2)) if group[0] not in inside]
        queries += [(text, "", "same trade") for text in strangers]
        queries += [(dice.choice(source.chat), "", "chat") for _ in range(max(4, size // 3))]
        base = KnowledgeBase("b", tuple(items), source.language, threshold=0.0)
        yield from (Asked(base, *query) for query in queries)


def retrievers(queries: Sequence[Asked]) -> Iterator[tuple[Asked, Retriever]]:
    base, retriever = None, None
    for query in queries:
        if retriever is None or query.base is not base:
            base, retriever = query.base, Retriever({"b": query.base})
        yield query, retriever


def judge(source: Source) -> None:
    found = []
    for query, retriever in retrievers(list(asked(source, seed=2))):
        hits = retriever.search(query.text, ("b",), most=5)
        sure = hits[0].confidence if hits else 0.0
        places = [hit.item == query.answer for hit in hits]
        found.append((query, sure, places[:1] == [True], any(places)))
    print(f"{source.name}: bases of {min(source.sizes)} to {max(source.sizes)}")
    for kind in KINDS:
        rows = [row for row in found if row[0].kind == kind]
        if rows:
            first = share([right for _, _, right, _ in rows])
            accepted = share([sure >= 0.5 for _, sure, _, _ in rows])
            told = f"first {first}, in five {share([five for *_, five in rows])}, " if kind == "paraphrase" else ""
            right = share([right and sure >= 0.5 for _, sure, right, _ in rows])
            print(f"  {kind}: n={len(rows)}, {told}accepted {accepted}" + (f", rightly {right}" if told else ""))
    reliability(np.array([row[1] for row in found]), np.array([row[2] for row in found]))


def reliability(sure: "np.ndarray", right: "np.ndarray") -> None:
    cells = []
    error = 0.0
    for tenth in range(10):
        inside = np.minimum((sure * 10).astype(int), 9) == tenth
        if inside.any():
            cells.append(f"{100 * sure[inside].mean():.0f}→{100 * right[inside].mean():.0f} ({inside.sum()})")
            error += inside.sum() * abs(sure[inside].mean() - right[inside].mean())
    print(f"  told → true, %: {' '.join(cells)}; expected calibration error {100 * error / len(sure):.1f}")


def share(values: list[bool]) -> str:
    return f"{100 * sum(values) / max(1, len(values)):.1f}"


# --- fitting ------------------------------------------------------------------------------------------------------


def fit(language: str, sources: list[Source]) -> None:
    from sklearn.linear_model import LogisticRegression

    told = []
    for source in sources:
        for query, retriever in retrievers(list(asked(source, seed=1))):
            rows = [(item == query.answer, evidence.values()) for item, evidence in retriever.evidence(query.text, "b")]
            told.append((query, rows))
    table = [values for _, rows in told for _, values in rows[:10]]
    right = [good for _, rows in told for good, _ in rows[:10]]
    weight = [WEIGHTS[query.kind] for query, rows in told for _ in rows[:10]]
    columns = np.arange(len(table[0]))
    while True:  # what speaks for an item never counts against it: such a weight is noise, and its column goes
        ranker = LogisticRegression(C=10.0, max_iter=1000).fit(np.array(table)[:, columns], right, sample_weight=weight)
        odd = (ranker.coef_[0] < 0) & (columns < FOR_IT)
        if not odd.any():
            break
        columns = columns[~odd]
    slopes = np.zeros(len(table[0]))
    slopes[columns] = ranker.coef_[0]
    table, right, weight = [], [], []
    for query, rows in told:
        scores = np.array([values for _, values in rows]) @ slopes + ranker.intercept_[0] if rows else []
        if len(scores):
            order = np.argsort(-scores)
            lead = min(CLEAR_LEAD, scores[order[0]] - scores[order[1]]) if len(order) > 1 else CLEAR_LEAD
            table.append([scores[order[0]], lead])
            right.append(rows[order[0]][0])
            weight.append(WEIGHTS[query.kind])
    sure = LogisticRegression(C=10.0).fit(table, right, sample_weight=weight)
    weights = ", ".join(f"{value:.2f}" for value in slopes)
    slope, lead = sure.coef_[0]
    print(f"{language}: ({weights}), {ranker.intercept_[0]:.2f}, {slope:.2f}, {lead:.2f}, {sure.intercept_[0]:.2f}")


# --- big bases ----------------------------------------------------------------------------------------------------


def big(faq: Path) -> None:
    with open(faq / "afqmc/dev_visible.jsonl", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    good = [(row["sentence1"], row["sentence2"]) for row in rows if row["label"] == "1"]
    measure("AFQMC development pairs", good, [])
    bank = [question for question, _ in questions(faq)]
    measure("AFQMC development pairs among bank_faq", good, bank)


def measure(name: str, good: Pairs, others: list[str]) -> None:
    stored = list(dict.fromkeys([one for one, _ in good] + others))
    number = {text: str(at) for at, text in enumerate(stored)}
    base = KnowledgeBase("b", tuple(FaqItem(number[text], text) for text in stored), threshold=0.0)
    began = time.process_time()
    retriever = Retriever({"b": base})
    built = time.process_time() - began
    places: Counter[int] = Counter()
    times = []
    for one, two in good:
        began = time.perf_counter()
        hits = [hit.item for hit in retriever.search(two, ("b",), most=5)]
        times.append(1e3 * (time.perf_counter() - began))
        places[hits.index(number[one]) if number[one] in hits else 9] += 1
    times.sort()
    first, five = places[0], sum(places[at] for at in range(5))
    print(
        f"{name}: {len(stored)} items, first {100 * first / len(good):.1f}, in five {100 * five / len(good):.1f}"
        f", p50 {times[len(times) // 2]:.2f} ms, p95 {times[19 * len(times) // 20]:.2f} ms, built in {built:.1f} CPU s"
    )


if __name__ == "__main__":
    main()
