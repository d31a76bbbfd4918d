"""The form of a handed-over conversation: the script's own that fits, else that of its queue (centre.yaml), with what
is known already."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from huashu.core.errors import HuashuError
from huashu.core.values import Scalar
from huashu.flows.forms import Form, form_of
from huashu.flows.script import Script
from huashu.handoff import views
from huashu.handoff.masking import MASKED, masked
from huashu.handoff.plan import Queue
from huashu.values.registry import TYPES, canonical


def form(
    script: Script | None, queue: Queue, reason: str, step: str, known: Mapping[str, Scalar]
) -> tuple[str, tuple[views.Field, ...]]:
    """(title, fields): whole values. reason: of the handoff; step: "flow.step" the conversation stands at; known:
    what the bot knows and what agents have filled in, by name. The title is empty when it is the queue's form."""
    own = form_of(script.forms, queue.name, reason, step) if script is not None else None
    if own is not None:
        return own.title, tuple(_of_script(own, known))
    variables = script.variables if script is not None else {}
    return "", tuple(
        replace(
            item,
            value=_text(known.get(item.name)) or item.value,
            private=item.type in MASKED or (item.name in variables and variables[item.name].private),
        )
        for item in queue.form
    )


def shown(fields: Iterable[views.Field]) -> tuple[views.Field, ...]:
    """As people at desks see it: private values masked."""
    return tuple(
        replace(item, value=masked(item.type, item.value)) if item.private and item.value else item for item in fields
    )


def echoed(kind: str, known: Scalar, value: Scalar) -> bool:
    """Whether a value that somebody sends for a private one is only the mask they were shown of it."""
    return known is not None and known != "" and str(value) == masked(kind, known)


def _of_script(form: Form, known: Mapping[str, Scalar]) -> Iterable[views.Field]:
    for item in form.fields:
        value = known.get(item.name)
        if value is None and item.default is not None:
            try:
                value = item.default.evaluate(known.get)
                if value is not None and item.type in TYPES:
                    value = canonical(item.type, value)
            except HuashuError:
                value = None  # what it is computed from is not known: it is left to be filled in
        private = item.private or item.type in MASKED
        yield views.Field(item.name, item.title, item.type, item.required, item.choices, _text(value), private)


def _text(value: Scalar) -> str:
    return "" if value is None else str(value)
