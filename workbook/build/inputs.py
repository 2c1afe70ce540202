"""The sheets that the analyst fills: one Excel table each, with help in the header's note and checks on what is typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from workbook.build.cells import put
from workbook.build.styles import ALIGNMENT, Styles, head_height, print_setup
from workbook.schema import CHOICES_ZH, Field, Table
from xladdin.errors import BadRequest

TITLE_ROW, HELP_ROW, HEADER_ROW, FIRST_ROW = 0, 1, 2, 3
ROWS_BENEATH: Final = 5_000  # checked rows below the table, for what is typed or pasted there
TWO_KEYS: Final = 20  # a table of more columns shows two of them on every printed page: number and name
FIRST_DATE: Final = dt.date(1900, 1, 1)
FLAGS: Final = {"en": ("yes", "no"), "zh": ("是", "否")}


def write_table(sheet: Any, style: Styles, table: Table, columns: Mapping[str, list[Any]], language: str) -> None:
    """Write one of the analyst's tables. Columns left out are blank; a table without rows gets one blank row."""
    unknown = set(columns) - {field.key for field in table.fields}
    if unknown:
        raise BadRequest(f"table {table.key} has no column {', '.join(sorted(unknown))}")
    rows = max([1, *(len(values) for values in columns.values())])
    title, text = (table.zh, table.help_zh) if language == "zh" else (table.name, table.help)
    write_top(sheet, style, title, text, len(table.fields))
    widths = [max(field.width, _header_width(header_of(field, language))) for field in table.fields]
    for index, field in enumerate(table.fields):
        sheet.set_column(index, index, widths[index], style(*_look(field)))
        _header(sheet, style, index, field, language)
        _body(sheet, style, index, field, columns.get(field.key, []), rows, language)
        check = _validation(field, language)
        if check:
            sheet.data_validation(FIRST_ROW, index, FIRST_ROW + rows - 1 + ROWS_BENEATH, index, check)
    sheet.add_table(
        HEADER_ROW,
        0,
        HEADER_ROW + rows,
        len(table.fields) - 1,
        {
            "name": table.name,
            "style": None,
            "columns": [{"header": header_of(field, language), "header_format": _header_style(style, field)} for field in table.fields],
        },
    )
    sheet.set_row(HEADER_ROW, head_height([header_of(field, language) for field in table.fields], widths))
    keys = [field.key for field in table.fields]
    sheet.freeze_panes(FIRST_ROW, 1 + max((keys.index(key) for key in table.unique[:1]), default=0))
    print_setup(sheet, HEADER_ROW, widths, 2 if len(widths) > TWO_KEYS else 1)


def _look(field: Field) -> tuple[str, ...]:
    """Texts stand a little in from the line, so that they never touch a number before them."""
    kind = f"{field.kind} {field.places}" if field.places else field.kind
    return ("indent", kind) if kind not in ALIGNMENT else (kind,)


def write_top(sheet: Any, style: Styles, title: str, text: str, width: int) -> None:
    """Write the title, what the sheet is for, and the way back to the first sheet."""
    sheet.hide_gridlines(2)
    sheet.set_row(TITLE_ROW, 28)
    sheet.set_row(HELP_ROW, 20)
    sheet.write_string(TITLE_ROW, 0, title, style("sheet title"))
    sheet.write_string(HELP_ROW, 0, text, style("subtitle"))
    sheet.write_url(TITLE_ROW, max(width, 4) - 1 if width < 8 else 7, "internal:'Control'!A1", style("link", "right"), "Control")


def header_of(field: Field, language: str) -> str:
    """Return the header of a column in a language."""
    return field.zh if language == "zh" else field.en


def _header_width(text: str) -> int:
    """Width that keeps the longest word of a header and its filter button whole."""
    return max(sum(2 if ord(letter) > 0x2E7F else 1 for letter in word) for word in text.split()) + 4


def _header_style(style: Styles, field: Field) -> Any:
    align = ALIGNMENT.get(field.kind)
    return style("header", "filtered", align or "indent")


def _header(sheet: Any, style: Styles, index: int, field: Field, language: str) -> None:
    zh = language == "zh"
    text = field.help_zh if zh else field.help
    if field.required:
        text += "\n必填。" if zh else "\nRequired."
    if field.choices:
        text += "\n" + " / ".join(_choices(field, language))
    sheet.write_string(HEADER_ROW, index, header_of(field, language), _header_style(style, field))
    sheet.write_comment(HEADER_ROW, index, text, {"author": "Credit", "width": 240, "height": 74, "color": "#F3F5F6", "font_size": 9})


def _choices(field: Field, language: str) -> list[str]:
    return [CHOICES_ZH.get(choice, choice) if language == "zh" else choice for choice in field.choices]


def _body(sheet: Any, style: Styles, index: int, field: Field, values: list[Any], rows: int, language: str) -> None:
    words = _words(field, language)
    look = style("body", "strong", *_look(field)) if index == 0 else style("body", *_look(field))
    for row in range(rows):
        value = values[row] if row < len(values) else None
        if words and isinstance(value, (str, bool)):
            value = words.get(value, value)
        put(sheet, FIRST_ROW + row, index, value, look)


def _words(field: Field, language: str) -> dict[Any, str]:
    """Return how choices and flags are written in the workbook's language."""
    if field.kind == "flag":
        yes, no = FLAGS[language]
        return {True: yes, False: no, "yes": yes, "no": no}
    if field.choices and language == "zh":
        return {choice: CHOICES_ZH.get(choice, choice) for choice in field.choices}
    return {}


def _validation(field: Field, language: str) -> dict[str, Any] | None:
    """Return what Excel lets an analyst type into the column; None for free text."""
    zh = language == "zh"
    title = header_of(field, language)[:32]
    check: dict[str, Any]
    if field.kind in ("choice", "flag"):
        allowed = list(FLAGS[language]) if field.kind == "flag" else _choices(field, language)
        message = ("请填：" if zh else "Allowed: ") + " / ".join(allowed)
        check = {"validate": "list", "source": allowed}
    elif field.kind == "date":
        message = "请填1900年及以后的日期，如 2026-01-31。" if zh else "A date from 1900 on is needed, such as 2026-01-31."
        check = {"validate": "date", "criteria": ">=", "value": FIRST_DATE}
    elif field.kind == "integer":
        message = "请填整数。" if zh else "A whole number is needed."
        check = {"validate": "integer", "criteria": "between", "minimum": -1_000_000, "maximum": 1_000_000}
    elif field.kind == "rate":
        message = "请填-100%至100%的比率。" if zh else "A rate between -100 % and 100 % is needed: 3 % is 0.03."
        check = {"validate": "decimal", "criteria": "between", "minimum": -1, "maximum": 1}
    elif field.kind in ("amount", "number"):
        message = "请填数字。" if zh else "A number is needed."
        check = {"validate": "decimal", "criteria": "between", "minimum": -1e15, "maximum": 1e15}
    else:
        return None
    return check | {"error_title": title, "error_message": message, "ignore_blank": True}
