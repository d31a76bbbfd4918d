"""The JSON Schema of a bot's files, made from the grammar: for editors that complete and check while typing.

`python -m huashu.flows.json_schema > flow.schema.json` writes it. Its root takes any file of a bot; `#/$defs/flow.zh`
and the like are the single ones, in one spelling.
"""

import json
import sys
from typing import Any

from huashu.flows.grammar import FILES, RECORDS

SPELLINGS = ("en", "zh")


def json_schema(kind: str = "") -> dict[str, Any]:
    """The schema (draft 2020-12) of one kind of file (bot, flow, nlu, knowledge, lines), or of all of them.

    Either spelling is allowed, not both in one mapping; the checker is stricter and takes one spelling a file.
    """
    definitions = {f"{record.name}.{side}": record.body(side) for record in RECORDS for side in SPELLINGS}
    definitions |= {f"lines.{side}": FILES["lines"].schema(side) for side in SPELLINGS}
    kinds = [kind] if kind else ["flow", "bot", "nlu", "knowledge"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Huashu 话术",
        "anyOf": [{"$ref": f"#/$defs/{name}.{side}"} for name in kinds for side in SPELLINGS],
        "$defs": definitions,
    }


if __name__ == "__main__":
    json.dump(json_schema(*sys.argv[1:2]), sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
