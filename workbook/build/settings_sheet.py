"""The sheet Settings: one row per setting, the value in yellow, checked while it is typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, Literal, get_args, get_origin

from workbook.build.cells import put
from workbook.build.inputs import FIRST_DATE, FIRST_ROW, HEADER_ROW, write_top
from workbook.build.styles import Styles, print_setup
from workbook.heights import lines_of
from workbook.settings import LABELS, Settings, help_of

#: fixed words: a program finds the columns by them in every language
COLUMNS: Final = ("Key", "Setting", "Value", "Meaning")
LOOKS: Final = ("indent", "indent", "center", "indent")
KINDS: Final = {
    "prepay_floor": "rate", "legal_review_threshold": "amount", "minimum_open": "amount", "hold_smallest": "amount",
    "hold_overdue_amount": "amount", "hold_overdue_share": "rate", "hold_order_amount": "amount", "dd_share": "rate",
    "dd_cost_deep": "amount", "dd_cost_standard": "amount", "dd_report_saving": "rate", "rate_whole": "rate", "rate_named": "rate",
    "default_amount": "amount", "default_share": "rate", "loss_given_default": "rate",
    "provision_forward": "rate", "provision_large": "rate", "own_risk": "amount", "own_cash": "amount",
    "weekly_costs": "amount", "own_liabilities": "amount",
}  # fmt: skip


def write_settings(sheet: Any, style: Styles, settings: Mapping[str, Any], language: str) -> None:
    """Write the table Settings with these values, the defaults where none is given."""
    zh = language == "zh"
    given = Settings.model_validate(dict(settings))
    help_text = "黄色单元格可修改；空白表示默认值。" if zh else "Change the yellow cells; a blank cell takes the default."
    write_top(sheet, style, "设置" if zh else "Settings", help_text, len(COLUMNS))
    widths = (24, 27, 32, 100)
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    for row, (key, labels) in enumerate(LABELS.items(), FIRST_ROW):
        kind = _kind(key)
        lines = max(lines_of(str(_cell(getattr(given, key)) or ""), widths[2]), lines_of(help_of(key)[zh], widths[3]))
        sheet.set_row(row, 21 if lines == 1 else 6 + 15 * lines)
        sheet.write_string(row, 0, key, style("body", "indent", "grey"))
        sheet.write_string(row, 1, labels[zh], style("body", "indent", "strong"))
        put(sheet, row, 2, _cell(getattr(given, key)), style("input", kind, "center", "wrap"))
        sheet.write_string(row, 3, help_of(key)[zh], style("body", "indent", "wrap"))
        check = _validation(key)
        if check:
            message = {"error_title": labels[zh], "error_message": help_of(key)[zh][:255]}
            sheet.data_validation(row, 2, row, 2, check | message | {"ignore_blank": True})
    last = FIRST_ROW + len(LABELS) - 1
    sheet.add_table(
        HEADER_ROW,
        0,
        last,
        len(COLUMNS) - 1,
        {
            "name": "Settings",
            "style": None,
            "autofilter": False,
            "columns": [{"header": name, "header_format": style("header", look)} for name, look in zip(COLUMNS, LOOKS, strict=True)],
        },
    )
    sheet.set_row(HEADER_ROW, 24)
    sheet.freeze_panes(FIRST_ROW, 0)
    print_setup(sheet, HEADER_ROW, widths)


def _kind(key: str) -> str:
    """Return the number format of a setting's value."""
    if key in KINDS:
        return KINDS[key]
    annotation = Settings.model_fields[key].annotation
    if annotation is int:
        return "integer"
    if annotation == dt.date | None:
        return "date"
    # a list of days such as 30,60,90 must stay text: Excel would read 306090
    return "number" if key == "interest_rule" else "text"


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(str(one) for one in value)
    return value


def _validation(key: str) -> dict[str, Any] | None:
    """Return what Excel lets an analyst type for this setting, from the setting's own definition."""
    field = Settings.model_fields[key]
    if get_origin(field.annotation) is Literal:
        return {"validate": "list", "source": list(get_args(field.annotation))}
    if field.annotation is bool:
        return {"validate": "list", "source": ["yes", "no"]}
    if field.annotation == dt.date | None:
        return {"validate": "date", "criteria": ">=", "value": FIRST_DATE}
    if field.annotation in (int, float):
        low = next((rule.ge for rule in field.metadata if hasattr(rule, "ge")), 0)
        kind, most = ("integer", 1_000_000) if field.annotation is int else ("decimal", 1_000_000_000_000)
        high = next((rule.le for rule in field.metadata if hasattr(rule, "le")), most)
        return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
    return None
