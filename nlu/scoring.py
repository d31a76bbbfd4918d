"""What the understanding asks of a trained model, whatever its scores come from: features of the words
(huashu.nlu.model) or an encoder (huashu.nlu.encoder).
"""

from collections.abc import Mapping
from typing import Protocol

from huashu.nlu.data import Span
from huashu.nlu.features import Floats
from huashu.nlu.model import Calibration


class Reading(Protocol):
    """One text as a model sees it."""

    @property
    def blank(self) -> bool:
        """Nothing in the text was ever seen in training."""
        ...

    @property
    def known(self) -> float:
        """Share of the text's tokens that training has seen, 0 to 1."""
        ...

    @property
    def scores(self) -> Floats:
        """One a label, about -3 to 3."""
        ...

    def likeness(self, label: int) -> float:
        """How near the nearest example of a label is, 0 to 1."""
        ...

    def together(self) -> Mapping[str, float]:
        """Intent → confidence, of those that examples of several intents let it hear at once: any number; none where
        no example has several."""
        ...

    def spans(self, intent: str) -> tuple[Span, ...]:
        """The slots' words, as half-open character offsets. `intent`: the likeliest one of the text."""
        ...


class Scorer(Protocol):
    """A trained model. The attributes are those of huashu.nlu.model.Model."""

    @property
    def labels(self) -> tuple[str, ...]: ...
    @property
    def exact(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def calibration(self) -> Calibration: ...
    @property
    def lists(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]: ...
    @property
    def slots(self) -> Mapping[str, str]: ...
    @property
    def carried(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def heard(self) -> Mapping[str, str]: ...

    def read(self, text: str) -> Reading:
        """Cheap: what costs is done when it is asked for."""
        ...
