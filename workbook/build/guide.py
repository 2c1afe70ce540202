"""The sheet Function guide: every credit function with its help and a live example."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any, Final

from workbook.build.cells import put
from workbook.build.inputs import write_top
from workbook.build.styles import Styles, print_setup
from xladdin.call import call, cell_value
from xladdin.cells import ERROR_CODES, ExcelError, parse_iso_date
from xladdin.errors import BadDefinition
from xladdin.registry import Arg, Example, Function, functions

HEADER_ROW: Final = 2
#: English and Chinese header, width, look
COLUMNS: Final = (
    ("Function", "函数", 24), ("Category", "类别", 20), ("What it answers", "说明", 62), ("How to call it", "写法", 44),
    ("Example", "示例", 34), ("Formula", "公式", 50), ("Result", "结果", 19), ("Expected", "应为", 19),
)  # fmt: skip
NAME, CATEGORY, HELP, CALL, EXAMPLE, FORMULA, RESULT, EXPECTED = range(len(COLUMNS))
ASKED: Final = len(COLUMNS)  # to the right of the table: a cell to ask about
_GIVES: Final = {"#N/A": "NA()", "#DIV/0!": "1/0"}
LINE: Final = 15.0  # points of a line of text
_TEXT_LIMIT: Final = 255  # Excel refuses a longer text inside a formula


def write_guide(sheet: Any, style: Styles, language: str) -> None:
    """Write one row per function and further example, by category and name."""
    zh = language == "zh"
    text = "示例公式实时计算：结果应等于右侧的值。" if zh else "The formulas are live: each result must equal the value beside it."
    write_top(sheet, style, "函数指南" if zh else "Function guide", text, len(COLUMNS))
    for index, (english, chinese, width) in enumerate(COLUMNS):
        sheet.set_column(index, index, width)
        sheet.write_string(HEADER_ROW, index, chinese if zh else english, style("header", "indent"))
    row = HEADER_ROW
    for spec in sorted(functions().values(), key=lambda one: (one.category, one.name)):
        for number, example in enumerate(spec.examples or (None,)):
            row += 1
            told = _describe(sheet, style, row, spec, first=number == 0, zh=zh)
            shown = _example(sheet, style, row, spec, example, zh=zh)
            sheet.set_row(row, 5 + LINE * max(_lines(value, COLUMNS[index][2]) for index, value in {**told, **shown}.items()))
    sheet.autofilter(HEADER_ROW, 0, max(row, HEADER_ROW + 1), len(COLUMNS) - 1)
    sheet.set_row(HEADER_ROW, 24)
    sheet.freeze_panes(HEADER_ROW + 1, 1)
    print_setup(sheet, HEADER_ROW)


def _describe(sheet: Any, style: Styles, row: int, spec: Function, *, first: bool, zh: bool) -> dict[int, str]:
    """Write what the function is; a further example repeats only its name and category, in grey, so that filters still find it."""
    texts = {NAME: spec.name, CATEGORY: spec.category, HELP: "", CALL: ""}
    if first:
        texts |= {HELP: "\n".join((spec.help_zh, spec.help) if zh else (spec.help, spec.help_zh)), CALL: spec.signature}
    look = ("body", "top", "wrap", "indent")
    sheet.write_string(row, NAME, texts[NAME], style(*look, "strong", "accent") if first else style(*look, "grey"))
    sheet.write_string(row, CATEGORY, texts[CATEGORY], style(*look, "grey"))
    sheet.write_string(row, HELP, texts[HELP], style(*look))
    sheet.write_string(row, CALL, texts[CALL], style(*look, "code"))
    return texts


def _example(sheet: Any, style: Styles, row: int, spec: Function, example: Example | None, *, zh: bool) -> dict[int, str]:
    look = ("body", "top", "wrap", "indent")
    if example is None:
        for index in range(EXAMPLE, len(COLUMNS)):
            sheet.write_blank(row, index, None, style(*look))
        return {}
    asked = _asked_cell(sheet, style, row, spec, example)
    formula = f"={spec.name}({asked})" if asked else formula_of(spec, example)
    value = _first(cell_value(answer_of(spec, example)))
    kind = _kind(spec, example)
    text = example.text_zh if zh else example.text
    sheet.write_string(row, EXAMPLE, text, style(*look))
    sheet.write_string(row, FORMULA, formula, style(*look, "code"))
    sheet.write_formula(row, RESULT, formula, style(*look, kind, "left", "strong"), "" if value is None else value)
    expected = cell_value(_first(_dated(example.value, kind)))
    put(sheet, row, EXPECTED, expected, style(*look, kind, "left", "grey"))
    return {EXAMPLE: text, FORMULA: formula, EXPECTED: str(expected)}


def _asked_cell(sheet: Any, style: Styles, row: int, spec: Function, example: Example) -> str:
    """Write the cell that a function asks about beside the row, and return its address; empty where the function takes values."""
    if not spec.args or spec.args[0].kind != "reference":
        return ""
    value, look = example.args[0], style("body", "top", "left", "grey")
    if isinstance(value, ExcelError):
        sheet.write_formula(row, ASKED, f"={_GIVES[value]}", look, str(value))
    else:
        put(sheet, row, ASKED, value, look)
    return f"${chr(ord('A') + ASKED)}${row + 1}"


def _lines(text: str, width: int) -> int:
    """Estimate the lines a text takes in a column of this width; a Chinese character is two wide."""
    room = width * 0.88
    return sum(max(1, math.ceil(sum(2 if ord(letter) > 0x2E7F else 1 for letter in part) / room)) for part in text.split("\n"))


def formula_of(spec: Function, example: Example) -> str:
    """Write an example as a formula; of an answer with several cells the first is taken, so that rows do not spill into each other."""
    args = [_argument(spec.args[min(index, len(spec.args) - 1)], value) for index, value in enumerate(example.args)]
    while args and not args[-1]:
        args.pop()
    inner = f"{spec.name}({','.join(args)})"
    several = spec.result == "array" or isinstance(answer_of(spec, example), list)
    return f"=INDEX({inner},1,1)" if several else f"={inner}"


def answer_of(spec: Function, example: Example) -> Any:
    """Return what the function answers to an example; the text #N/A among its arguments stands for the error value."""
    args = [ExcelError(value) if isinstance(value, str) and value in ERROR_CODES else value for value in example.args]
    return call(spec.name, *args).value


def _argument(arg: Arg, value: Any) -> str:
    if isinstance(value, (list, tuple)):
        rows = [list(row) if isinstance(row, (list, tuple)) else [row] for row in value]
        width = max(len(row) for row in rows)
        return "{" + ";".join(",".join(map(_constant, row + [None] * (width - len(row)))) for row in rows) + "}"
    if value is None:
        return '""' if arg.required else ""  # a required argument cannot be left out, but it can be blank
    day = value if isinstance(value, dt.date) else parse_iso_date(value) if isinstance(value, str) and arg.kind == "date" else None
    if day is not None:
        return f"DATE({day.year},{day.month},{day.day})"
    return _constant(value)


def _constant(value: Any) -> str:
    """Write a constant; an array constant can hold no DATE() and no blank: a text that the functions read stands for either."""
    if value is None:
        return '""'
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.date):
        return f'"{value.isoformat()}"'
    if isinstance(value, str):
        if value in ERROR_CODES:
            return value
        if len(value) > _TEXT_LIMIT:
            raise BadDefinition(f"an example's text is longer than {_TEXT_LIMIT} characters: {value[:40]}...")
        doubled = value.replace('"', '""')
        return f'"{doubled}"'
    return repr(value).upper()


def _first(value: Any) -> Any:
    while isinstance(value, (list, tuple)):
        value = value[0] if value else ""
    return value


def _dated(value: Any, kind: str) -> Any:
    """Turn an expected date written as a text into a date."""
    one = _first(value)
    return parse_iso_date(one) or one if kind == "date" and isinstance(one, str) else one


def _kind(spec: Function, example: Example) -> str:
    """Return the number format of an example's result."""
    if spec.result == "date" or isinstance(_first(answer_of(spec, example)), dt.date):
        return "date"
    return {"money": "amount", "boolean": "boolean"}.get(spec.result, "number")
