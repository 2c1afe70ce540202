"""docs/functions.md, written from the registry, so that page, wizard and code say the same.

`python -m xladdin.function_pages` writes it; a test compares.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from xladdin.call import call
from xladdin.cells import shown_digits
from xladdin.registry import Arg, Function, functions

PAGE = Path(__file__).resolve().parent.parent / "docs" / "functions.md"


def page() -> str:
    """Return the page: every function by category with its arguments, source and worked examples."""
    by_category: dict[str, list[Function]] = {}
    for spec in functions().values():
        by_category.setdefault(spec.category, []).append(spec)
    lines = [
        "# The functions",
        "",
        "A **bold** argument takes one cell or a column; all columns of a call have one length, and the answer has it too. Dates are",
        "spreadsheet dates (or texts like 2026-01-31), rates are fractions (3 % = 0.03). A wrong input is an error value; its reason is",
        "what `=CREDITWHY(cell)` and `xladdin call` tell. Written from the code by `python -m xladdin.function_pages`.",
        "",
    ]
    for category in sorted(by_category):
        lines += [f"* {category}: " + ", ".join(f"[{spec.name}](#{spec.name.lower()})" for spec in by_category[category])]
    for category in sorted(by_category):
        lines += ["", f"## {category}"]
        for spec in by_category[category]:
            lines += _function(spec)
    return "\n".join(lines) + "\n"


def _function(spec: Function) -> list[str]:
    signature = ", ".join(_named(arg) for arg in spec.args)
    lines = ["", f"### {spec.name}", "", f"`{spec.name}`({signature})", "", spec.help, "", spec.help_zh, ""]
    if spec.args:
        lines += ["| argument | holds | meaning | 说明 |", "|---|---|---|---|"]
        lines += [f"| {arg.name} | {_holds(arg)} | {_cell(arg.text)} | {_cell(arg.text_zh)} |" for arg in spec.args]
        lines.append("")
    for example in spec.examples:
        words = ", ".join(_literal(value) for value in example.args)
        lines.append(f"* `={spec.name}({words})` → `{_shown(call(spec.name, *example.args).value)}`: {example.text} {example.text_zh}")
    lines += ["", f"Source: {spec.source}"]
    return lines


def _named(arg: Arg) -> str:
    name = f"**{arg.name}**" if arg.shape in ("column", "rows") else arg.name
    if arg.required:
        return name
    return f"[{name}]" if arg.default in (None, "") else f"[{name}={arg.default}]"


def _holds(arg: Arg) -> str:
    kinds = {"numbers": "numbers", "any": "any", "integer": "whole number", "boolean": "TRUE or FALSE"}
    text = kinds.get(arg.kind, arg.kind)
    shape = {"column": ", one or a column", "range": ", a range", "rows": ", one row each"}.get(arg.shape, "")
    choices = f": {', '.join(arg.choices)}" if arg.choices else ""
    return f"{text}{shape}{choices}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _literal(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        rows = [row if isinstance(row, (list, tuple)) else [row] for row in value]
        return "{" + ";".join(",".join(_literal(cell) for cell in row) for row in rows) + "}"
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{shown_digits(value)}"
    return f'"{value}"' if isinstance(value, str) else f"{value}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return _literal([[cell.isoformat() if isinstance(cell, dt.date) else cell for cell in row] for row in value])
    if isinstance(value, str):
        return value
    return value.isoformat() if isinstance(value, dt.date) else _literal(value)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
