"""Sample backend: answers in memory, and the score computed from them. Replace the bodies, keep the names."""

from dataclasses import dataclass

from huashu import action


@dataclass(frozen=True)
class Answer:
    score: int
    reason: str | None
    follow_up: bool


_answers: list[Answer] = []


@action
def save_answer(score: int, follow_up: bool, reason: str | None = None) -> None:
    """Keep one answer; the score is from 0 to 10."""
    if not 0 <= score <= 10:
        raise ValueError(f"the score must be from 0 to 10, got {score}")
    _answers.append(Answer(score, reason, follow_up))


def net_promoter_score() -> int | None:
    """Share of 9 and 10 less the share of 0 to 6, in percent (Reichheld 2003); None before the first answer."""
    if not _answers:
        return None
    promoters = sum(answer.score >= 9 for answer in _answers)
    detractors = sum(answer.score <= 6 for answer in _answers)
    return round(100 * (promoters - detractors) / len(_answers))
