"""Ways to spoil a bot's files, each by name: bytes that went wrong on the way, slips of hand, and malice.

A mutation takes the file as text (or the whole folder) and a source of choices, and gives back bytes. None knows the
flow language: they must break what no designer of a reader thought of. `tests/flows/test_spoiled.py` tries some,
`bench/proof_loader.py` some hundred thousand.
"""

# ruff: noqa: E501 - tables of characters and snippets

import random
import re
from collections.abc import Callable, Mapping

from huashu.flows.keys import CHINESE, ENGLISH

Files = dict[str, bytes]
Mutation = Callable[[str, random.Random], bytes | str]

KEYS = (*CHINESE, *ENGLISH)
CONFUSABLE = str.maketrans(
    {
        ":": "：", ",": "，", "[": "［", "]": "］", "{": "｛", "}": "｝", "-": "—", "#": "＃", '"': "”", "'": "’", " ": "\u3000",
        "a": "\u0430", "e": "\u0435", "o": "\u043e", "s": "\u0455", "0": "\uff10", "1": "\uff11", "3": "٣", "=": "＝", "*": "＊",
        "金": "\u2fa6", "言": "\u2f94", "一": "\u2f00",
    }
)  # fmt: skip
"""What looks like a character and is none."""
INVISIBLE = "\u200b\u200d\ufeff\u00a0\u202e\u2028\u2029\u0085\u00ad\u2060\u3164\U000e0061"
SNIPPETS = (
    "{", "}", "[", "]", ": ", " #", "*a", "&a", "&a *a", "\t", "\n", "- ", "? ", "【", "】", "{{", "}}", "0571", "!x", "!!python/object:os.system",
    "!!int", "!!binary |", "|", ">", "|9", ">-2", "'", '"', "---\n", "...\n", "%YAML 1.1\n---\n", "%TAG ! tag:x,2000:\n", "<<: ", "=", "~", "null", "\\x",
    '"\\U00110000"', '"\\ud800"', "=1/0", "=" + "(" * 60, "now.hour", "1e999", "-", "9" * 40, "0x1F", ".inf", ".nan", "2026-02-30", "1:30",
)  # fmt: skip
ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "gb18030", "big5", "shift_jis", "latin-1", "cp037", "utf-7", "utf-8-sig")


def _at(text: str, choices: random.Random) -> int:
    return choices.randint(0, len(text))


def _lines(text: str) -> list[str]:
    return text.split("\n")


# --- bytes ------------------------------------------------------------------------------------------------------------


def flipped(text: str, choices: random.Random) -> bytes:
    data = bytearray(text.encode())
    for _ in range(choices.choice((1, 1, 2, 8, 40)) if data else 0):
        data[choices.randrange(len(data))] ^= 1 << choices.randrange(8)
    return bytes(data)


def cut_short(text: str, choices: random.Random) -> bytes:
    data = text.encode()
    return data[: choices.randint(0, len(data))]


def bytes_lost(text: str, choices: random.Random) -> bytes:
    data = text.encode()
    at = choices.randint(0, len(data))
    return data[:at] + data[at + choices.randint(1, 60) :]


def random_bytes(text: str, choices: random.Random) -> bytes:
    data = text.encode()
    at = choices.randint(0, len(data))
    return data[:at] + choices.randbytes(choices.randint(1, 30)) + data[at:]


def other_encoding(text: str, choices: random.Random) -> bytes:
    return text.encode(choices.choice(ENCODINGS), "replace")


def zero_bytes(text: str, choices: random.Random) -> str:
    at = _at(text, choices)
    return text[:at] + choices.choice("\0\x01\x07\x1b\x7f\x9f") * choices.randint(1, 3) + text[at:]


def line_ends(text: str, choices: random.Random) -> str:
    return "".join(
        line
        + choices.choice(("\n", "\r\n", "\r", "\n\r", "\u2028", "\x0b") if choices.random() < 0.2 else ("\r\n", "\n"))
        for line in _lines(text)
    )


def marks(text: str, choices: random.Random) -> str:
    at = choices.choice((0, _at(text, choices)))
    return text[:at] + "\ufeff" * choices.randint(1, 2) + text[at:]


# --- characters -------------------------------------------------------------------------------------------------------


def lookalikes(text: str, choices: random.Random) -> str:
    share = choices.choice((0.002, 0.02, 0.3))
    return "".join(char.translate(CONFUSABLE) if choices.random() < share else char for char in text)


def invisible(text: str, choices: random.Random) -> str:
    for _ in range(choices.randint(1, 6)):
        at = _at(text, choices)
        text = text[:at] + choices.choice(INVISIBLE) + text[at:]
    return text


def snippets(text: str, choices: random.Random) -> str:
    for _ in range(choices.randint(1, 4)):
        at = _at(text, choices)
        text = text[:at] + choices.choice(SNIPPETS) + text[at + choices.choice((0, 0, 1, 5, 20)) :]
    return text


def quotes(text: str, choices: random.Random) -> str:
    found = [match.start() for match in re.finditer("[\"']", text)]
    for at in sorted(choices.sample(found, min(len(found), 2)), reverse=True):
        text = text[:at] + text[at + 1 :]
    return text if found else snippets(text, choices)


def numbers(text: str, choices: random.Random) -> str:
    grown = (
        "0",
        "-1",
        "1e9",
        "9" * 400,
        "0.0000001",
        "00",
        "٣",
        "NaN",
        "",
        "1_000",
        "0b1",
        "+5",
        "1e-400",
        "4294967296",
    )
    return re.sub(r"\d+", lambda match: choices.choice(grown) if choices.random() < 0.2 else match[0], text)


# --- lines and trees --------------------------------------------------------------------------------------------------


def lines_swapped(text: str, choices: random.Random) -> str:
    lines = _lines(text)
    for _ in range(choices.randint(1, 3)):
        one, other = choices.randrange(len(lines)), choices.randrange(len(lines))
        lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines)


def lines_doubled(text: str, choices: random.Random) -> str:
    lines = _lines(text)
    at = choices.randrange(len(lines))
    return "\n".join([*lines[:at], *lines[at : at + choices.randint(1, 6)] * choices.choice((2, 2, 40)), *lines[at:]])


def lines_lost(text: str, choices: random.Random) -> str:
    lines = _lines(text)
    at = choices.randrange(len(lines))
    return "\n".join([*lines[:at], *lines[at + choices.randint(1, 8) :]])


def indented(text: str, choices: random.Random) -> str:
    lines = _lines(text)
    start = choices.randrange(len(lines))
    for at in range(start, min(len(lines), start + choices.randint(1, 5))):
        lines[at] = (
            choices.choice((" ", "  ", "\t", "    ")) + lines[at] if choices.random() < 0.7 else lines[at].lstrip()
        )
    return "\n".join(lines)


def braces(text: str, choices: random.Random) -> list[tuple[int, int]]:
    """Where pieces in braces or brackets begin and end."""
    found, open_at = [], []
    for at, char in enumerate(text):
        if char in "{[":
            open_at.append(at)
        elif char in "}]" and open_at:
            found.append((open_at.pop(), at + 1))
    return found


def parts_swapped(text: str, choices: random.Random) -> str:
    found = braces(text, choices)
    if len(found) < 2:
        return lines_swapped(text, choices)
    one, other = sorted(choices.sample(found, 2))
    if one[1] > other[0]:  # one inside the other: it takes its place
        return text[: one[0]] + text[slice(*other)] + text[one[1] :]
    return text[: one[0]] + text[slice(*other)] + text[one[1] : other[0]] + text[slice(*one)] + text[other[1] :]


def parts_nested(text: str, choices: random.Random) -> str:
    """A piece inside itself, again and again."""
    found = braces(text, choices)
    if not found:
        return deep(text, choices)
    start, end = choices.choice(found)
    inner = choices.choice([pair for pair in found if start <= pair[0] and pair[1] <= end])
    piece, hole = text[start:end], (inner[0] - start, inner[1] - start)
    made = piece
    for _ in range(choices.choice((1, 3, 8, 30))):
        made = piece[: hole[0]] + made + piece[hole[1] :]
    return text[:start] + made[:200_000] + text[end:]


def words_replaced(text: str, choices: random.Random) -> str:
    """Names and keys put where other ones stood."""
    found = [match.span() for match in re.finditer(r"[\w=.]+", text)]
    for start, end in sorted(choices.sample(found, min(len(found), choices.randint(1, 4))), reverse=True):
        one = choices.choice(found) if start else (start, end)
        word = choices.choice((choices.choice(KEYS), text[slice(*one)], "[]", "{}", "null", "''", "3", "true"))
        text = text[:start] + word + text[end:]
    return text


def keys_doubled(text: str, choices: random.Random) -> str:
    pairs: list[str] = re.findall(r"\w+: *[^,{}\[\]\n]+", text)
    places = [match.end() for match in re.finditer(r"\{|, ", text)]
    if not pairs or not places:
        return lines_doubled(text, choices)
    at = choices.choice(places)
    return text[:at] + choices.choice(pairs) + ", " + text[at:]


def merged(text: str, choices: random.Random) -> str:
    places = [match.start() for match in re.finditer(r"[{\[]", text)]
    if not places:
        return "x: &m {a: 1}\n<<: *m\n" + text
    first = choices.choice(places)
    made = text[:first] + "&m " + text[first:]
    rest = [match.start() for match in re.finditer(r"(?<=: )[\w一-鿿]", made) if match.start() > first]
    return (
        made if not rest else _put(made, choices.choice(rest), choices.choice(("{<<: *m} ", "*m ", "{<<: [*m, *m]} ")))
    )


def tagged(text: str, choices: random.Random) -> str:
    places = [match.end() for match in re.finditer(r": |- ", text)] or [0]
    tags = (
        "!x ",
        "!!str ",
        "!!python/object/apply:os.system ",
        "!<tag:yaml.org,2002:int> ",
        "!!set ",
        "!!timestamp ",
        "!!float ",
        "! ",
        "!!merge ",
    )
    return _put(text, choices.choice(places), choices.choice(tags))


def _put(text: str, at: int, piece: str) -> str:
    return text[:at] + piece + text[at:]


# --- malice -----------------------------------------------------------------------------------------------------------


def bomb(text: str, choices: random.Random) -> str:
    width, depth = choices.choice(((10, 11), (2, 30), (40, 4)))
    rows = [f"b0: &b0 [{', '.join(['喂'] * width)}]"]
    rows += [f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * width)}]" for n in range(1, depth)]
    return choices.choice((text + "\n", "")) + "\n".join(rows) + "\n"


def deep(text: str, choices: random.Random) -> str:
    opening, closing = choices.choice(
        (("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("[{b: ", "}]"), ("&a [", "]"))
    )
    count = choices.choice((30, 45, 200, 3000))
    return _put(text, choices.choice((0, len(text), _at(text, choices))), opening * count + "x" + closing * count)


def huge(text: str, choices: random.Random) -> str:
    kind = choices.choice(("好", "a ", "，", "【期数】", "a: b\n", "# c\n", "\n", "0", "=1+", "'", "\\n"))
    return _put(text, _at(text, choices), kind * choices.choice((300, 3000, 20_000)))


def many(text: str, choices: random.Random) -> str:
    """So many of one line that the file is at its limits."""
    line = choices.choice([line for line in _lines(text) if line.strip()] or ["a: b"])
    count = choices.choice((50, 500, 3000))
    return (
        text + "\n" + "\n".join(line.replace(":", f"{n}:", 1) if choices.random() < 0.9 else line for n in range(count))
    )


BY_NAME: Mapping[str, Mutation] = {
    mutation.__name__: mutation
    for mutation in (
        flipped, cut_short, bytes_lost, random_bytes, other_encoding, zero_bytes, line_ends, marks, lookalikes, invisible, snippets, quotes, numbers,
        lines_swapped, lines_doubled, lines_lost, indented, parts_swapped, parts_nested, words_replaced, keys_doubled, merged, tagged,
        bomb, deep, huge, many,
    )
}  # fmt: skip
RARE = frozenset({"bomb", "deep", "huge", "many"})
"""Big ones, tried less often."""


def spoiled(files: Files, choices: random.Random, name: str) -> Files:
    """The files with one of them spoiled in one way, sometimes in a second way as well."""
    path = choices.choice(sorted(files))
    text = files[path].decode()
    data = BY_NAME[name](text, choices)
    if choices.random() < 0.2:
        again = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
        data = BY_NAME[choices.choice([other for other in BY_NAME if other not in RARE])](again, choices)
    return {**files, path: data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")}


def rearranged(files: Files, choices: random.Random) -> Files:
    """The folder itself: a file missing, under the name of another, of another kind, or there twice."""
    found = dict(files)
    one, other = choices.choice(sorted(files)), choices.choice(sorted(files))
    match choices.choice(("missing", "swapped", "kind", "twice", "empty", "big")):
        case "missing":
            del found[one]
        case "swapped":
            found[one], found[other] = found[other], found[one]
        case "kind":
            kind = choices.choice(("flows", "nlu", "knowledge", "lines", "tests"))
            found[f"{kind}/{choices.choice(('x', 'en-US', '..', '好', ' '))}.yaml"] = found[one]
        case "twice":
            found[one.rpartition(".")[0] + "2.yaml"] = found[one]
        case "empty":
            found[one] = b""
        case "big":
            found[one] = found[one] + b"\n" + b"#" * 1_000_001
    return found
