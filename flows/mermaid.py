"""A script as a Mermaid flowchart: for wikis and README files that draw such text themselves.

Every text stands in quotes, with what Mermaid or HTML would read in it written as character codes.
"""

from huashu.flows.lettering import wrap
from huashu.flows.picture import Box, Exit, Panel, Picture

_CLASSES = {
    "success": "fill:#dff3e4,stroke:#2c8a4b",
    "completed": "fill:#e3f1f4,stroke:#2f7f91",
    "callback": "fill:#e0ecfb,stroke:#2f66b3",
    "handoff": "fill:#ece5f8,stroke:#6b4bb0",
    "declined": "fill:#fdeeda,stroke:#bd7416",
    "opt_out": "fill:#fbe0de,stroke:#b8372c",
    "other": "fill:#eceff2,stroke:#707c88",
    "away": "fill:#ffffff,stroke:#8a97a5,stroke-dasharray:5 3",
    "ask": "fill:#eef4fd,stroke:#3f78c9",
    "act": "fill:#fdf6e3,stroke:#c0922e",
}


def mermaid(picture: Picture) -> str:
    """Flowchart text. Steps and endings keep their names; node ids are numbers, so that any name will do."""
    lines = ["flowchart TD"]
    for number, panel in enumerate(picture.panels):
        lines += _Flow(panel, picture, f"f{number}").lines()
    listed = [*picture.anytime, *(item for panel in picture.panels for item in panel.anytime)]
    if listed:
        text = "<br/>".join(f"{_text(item.name)} → {_text(item.goes)}" for item in listed)
        lines.append(f'    anytime["{_text(picture.words("anytime_all"))}<br/>{text}"]')
    lines += [f"    classDef {name} {style}" for name, style in _CLASSES.items()]
    return "\n".join(lines) + "\n"


class _Flow:
    def __init__(self, panel: Panel, picture: Picture, prefix: str) -> None:
        self._panel, self._words, self._prefix = panel, picture.words, prefix
        self._boxes = {box.id: f"{prefix}s{number}" for number, box in enumerate(panel.boxes)}
        self._exits: dict[Exit, str] = {}

    def lines(self) -> list[str]:
        title = _text(f"{self._words('flow')} {self._panel.name}")
        lines = [f'    subgraph {self._prefix}["{title}"]']
        lines += [f"        {self._box(box)}" for box in self._panel.boxes]
        arrows: list[str] = []
        for arrow in self._panel.arrows:
            label = " / ".join(label.text for label in arrow.labels)
            if not arrow.source:
                label = f"{self._words('anytime')}: {label}"
            middle = f'-- "{_text(label)}" -->' if label else "-->"
            target = self._boxes[arrow.target] if isinstance(arrow.target, str) else self._exit(arrow.target)
            source = self._boxes[arrow.source] if arrow.source else f"{self._prefix}any"
            arrows.append(f"        {source} {middle} {target}")
        if any(not arrow.source for arrow in self._panel.arrows):
            lines.append(f'        {self._prefix}any(["{_text(self._words("anytime"))}"]):::away')
        for place, name in self._exits.items():
            text = f"{place.text} · {place.label}" if place.label else place.text
            lines.append(f'        {name}(["{_text(text)}"]):::{_class(place)}')
        return [*lines, *arrows, "    end"]

    def _exit(self, place: Exit) -> str:
        return self._exits.setdefault(place, f"{self._prefix}e{len(self._exits)}")

    def _box(self, box: Box) -> str:
        said = "<br/>".join(_text(line) for line in wrap(box.text, 18, 2))
        text = f"<b>{_text(box.title)}</b>" + (f"<br/>{said}" if said else "")
        name = self._boxes[box.id]
        if box.kind == "decide":
            return f'{name}{{"{text}"}}'
        kind = {"ask": ":::ask", "collect": ":::ask", "do": ":::act"}.get(box.kind, "")
        return f'{name}["{text}"]{kind}'


def _class(place: Exit) -> str:
    if place.kind in ("link", "return"):
        return "away"
    return place.result if place.result in _CLASSES else "opt_out" if place.result == "error" else "other"


def _text(text: str) -> str:
    """Inside a quoted label: letters, digits and harmless marks as they are, the rest as `#code;`."""
    return "".join(char if char.isalnum() or char in _PLAIN else f"#{ord(char)};" for char in " ".join(text.split()))


_PLAIN = frozenset(" ，。！？、；：（）【】《》“”‘’…·—.,!?'+-=/%→:_×")
