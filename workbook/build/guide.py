"""The sheet Function guide: every credit function with its help and a live example."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from workbook.build.cells import put
from workbook.build.inputs import write_top
from workbook.build.styles import Styles, print_setup
from xladdin.call import call, cell_value
from xladdin.cells import parse_iso_date
from xladdin.registry import Arg, Example, Function, functions

HEADER_ROW: Final = 2
COLUMNS: Final = (
    ("Category", "类别", 19), ("Function", "函数", 22), ("How to call it", "写法", 40), ("What it answers", "说明", 52), ("", "中文说明", 46),
    ("Example", "示例", 44), ("Formula", "公式", 52), ("Result", "结果", 18), ("Expected", "应为", 18),
)  # fmt: skip
_TEXT_LIMIT: Final = 255  # Excel refuses a longer text inside a formula


def write_guide(sheet: Any, style: Styles, language: str) -> None:
    """Write one row per function and further example, by category and name."""
    zh = language == "zh"
    text = "示例公式实时计算：结果应等于右侧的值。" if zh else "The formulas are live: each result must equal the value beside it."
    write_top(sheet, style, "函数指南" if zh else "Function guide", text, len(COLUMNS))
    for index, (english, chinese, width) in enumerate(COLUMNS):
        sheet.set_column(index, index, width)
        sheet.write_string(HEADER_ROW, index, chinese if zh else english or "中文说明", style("header"))
    row = HEADER_ROW
    for spec in sorted(functions().values(), key=lambda one: (one.category, one.name)):
        for number, example in enumerate(spec.examples or (None,)):
            row += 1
            _describe(sheet, style, row, spec, first=number == 0)
            _example(sheet, style, row, spec, example, zh=zh)
    sheet.autofilter(HEADER_ROW, 0, max(row, HEADER_ROW + 1), len(COLUMNS) - 1)
    sheet.set_row(HEADER_ROW, 24)
    sheet.freeze_panes(HEADER_ROW + 1, 2)
    print_setup(sheet, HEADER_ROW)


def _describe(sheet: Any, style: Styles, row: int, spec: Function, *, first: bool) -> None:
    """Write what the function is; a second example of it repeats only the name, in grey, so that filters still find it."""
    plain = style("body", "top", "wrap") if first else style("body", "top", "wrap", "grey")
    sheet.write_string(row, 0, spec.category, style("body", "top", "wrap", "grey"))
    sheet.write_string(row, 1, spec.name, style("body", "top", "strong", "accent") if first else plain)
    for index, text in enumerate((spec.signature, spec.help, spec.help_zh), 2):
        look = style("body", "top", "wrap", "code") if index == 2 else plain
        sheet.write_string(row, index, text if first else "", look)


def _example(sheet: Any, style: Styles, row: int, spec: Function, example: Example | None, *, zh: bool) -> None:
    look = style("body", "top", "wrap")
    if example is None:
        for index in range(5, 9):
            sheet.write_blank(row, index, None, look)
        return
    formula = formula_of(spec, example)
    value = _first(cell_value(call(spec.name, *example.args).value))
    kind = _kind(spec, example)
    sheet.write_string(row, 5, example.text_zh if zh else example.text, look)
    sheet.write_string(row, 6, formula, style("body", "top", "wrap", "code"))
    sheet.write_formula(row, 7, formula, style("body", "top", "wrap", kind, "left", "strong"), "" if value is None else value)
    put(sheet, row, 8, cell_value(_first(_dated(example.value, kind))), style("body", "top", "wrap", kind, "left", "grey"))


def formula_of(spec: Function, example: Example) -> str:
    """Write an example as a formula; of an answer with several cells the first is taken, so that rows do not spill into each other."""
    args = [_argument(spec.args[min(index, len(spec.args) - 1)], value) for index, value in enumerate(example.args)]
    while args and not args[-1]:
        args.pop()
    inner = f"{spec.name}({','.join(args)})"
    several = spec.result == "array" or isinstance(call(spec.name, *example.args).value, list)
    return f"=INDEX({inner},1,1)" if several else f"={inner}"


def _argument(arg: Arg, value: Any) -> str:
    if isinstance(value, (list, tuple)):
        rows = [row if isinstance(row, (list, tuple)) else [row] for row in value]
        return "{" + ";".join(",".join(_constant(cell) for cell in row) for row in rows) + "}"
    if value is None:
        return ""
    day = value if isinstance(value, dt.date) else parse_iso_date(value) if isinstance(value, str) and arg.kind == "date" else None
    if day is not None:
        return f"DATE({day.year},{day.month},{day.day})"
    return _constant(value)


def _constant(value: Any) -> str:
    """Write a constant; an array constant can hold no DATE(), so a date there is a text that the functions read."""
    if value is None:
        return '""'
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.date):
        return f'"{value.isoformat()}"'
    if isinstance(value, str):
        if value.startswith("#") and value.isupper():
            return value
        parts = [value[start : start + _TEXT_LIMIT].replace('"', '""') for start in range(0, max(len(value), 1), _TEXT_LIMIT)]
        return "&".join(f'"{part}"' for part in parts)
    return repr(value)


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
    if spec.result == "date" or isinstance(_first(call(spec.name, *example.args).value), dt.date):
        return "date"
    return "amount" if spec.result == "money" else "number"
