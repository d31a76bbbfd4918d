"""`forms` of bot.yaml, compiled and checked."""

from huashu.core.values import Scalar
from huashu.flows.expressions import Expression, is_variable, literal
from huashu.flows.forms import Form, FormField
from huashu.flows.names import Names
from huashu.flows.shapes import At, Fields

_OF_A_VARIABLE = ("type", "values", "default", "private")
"""What a field that is a variable has from it."""


def forms(bot: Fields, names: Names) -> tuple[Form, ...]:
    """In their order: the first that fits a handoff is taken."""
    found: list[Form] = []
    for name, fields in bot.get("forms") or ():
        form = _form(name, fields, names)
        before = next((one for one in found if one.covers(form)), None)
        if before is not None:
            names.findings.add("form_hidden", name.place, name=form.name, other=before.name)
        found.append(form)
    return tuple(found)


def _form(name: At, fields: Fields, names: Names) -> Form:
    given: list[tuple[At, Fields]] = fields.get("fields") or []
    if not given and "fields" in fields:
        names.findings.add("form_empty", name.place, name=name.value)
    for step in fields.get("steps") or ():
        _stands(step, names)
    return Form(
        name.value,
        fields.plain("title", name.value),
        tuple(_field(one, field, names) for one, field in given),
        _texts(fields, "handoff"),
        _texts(fields, "steps"),
        _texts(fields, "reasons"),
    )


def _texts(fields: Fields, key: str) -> tuple[str, ...]:
    return tuple(at.value for at in fields.get(key) or ())


def _stands(at: At, names: Names) -> None:
    """ "flow" or "flow.step" must be there."""
    flow, _, step = at.value.partition(".")
    if not names.flow(At(flow, at.place, at.raw)) or not step:
        return
    if step not in names.steps[flow] and not names.findings.is_broken("flows/"):
        names.findings.add("unknown_step", at.place, name=step, known=names.steps[flow])


def _field(name: At, fields: Fields, names: Names) -> FormField:
    if "." in name.value:
        names.findings.add("name_with_dot", name.place, name=name.value)
    title, required = fields.plain("title", name.value), fields.plain("required", False)
    variable = names.variables.get(name.value)
    if variable is not None:
        names.used_variables.add(name.value)
        for key in _OF_A_VARIABLE:
            if key in fields.places:
                names.findings.add("form_variable", fields.at(key), name=name.value)
        choices = tuple(map(str, variable.values))
        kind = "choice" if choices else variable.type
        return FormField(name.value, title, kind, required, choices, private=variable.private)
    given: list[At] = fields.get("values") or []
    kind = fields.plain("type", "text")
    choices = tuple(str(value) for at in given if (value := names.typed(at, kind)) is not None)
    default = _default(fields.get("default"), kind, choices, names)
    private = any(names.variables[one].private for one in default.names if one in names.variables) if default else False
    return FormField(
        name.value, title, "choice" if choices else kind, required, choices, default, fields.plain("private", private)
    )


def _default(at: At | None, kind: str, choices: tuple[str, ...], names: Names) -> Expression | None:
    if at is None or at.value is None:
        return None
    if isinstance(at.value, str) and at.value.startswith("="):
        found = names.expression(at, offset=1)
        around = sorted(name for name in found.names if not is_variable(name)) if found is not None else []
        if around:
            names.findings.add("form_default", at.place, name=around[0])
        return found
    value: Scalar = names.typed(at, kind)
    if value is not None and choices and str(value) not in choices:
        names.findings.add("value_not_declared", at.place, name=at.raw, known=list(choices))
    return None if value is None else literal(value)
