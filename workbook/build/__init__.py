"""Builds Credit.xlsm: the same bytes for the same tables, settings and language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from workbook.build.control import write_control
from workbook.build.dashboard import write_dashboard
from workbook.build.functions_module import WIZARD, function_modules, wizard_rows
from workbook.build.guide import write_guide
from workbook.build.inputs import write_table
from workbook.build.liquidity import write_liquidity
from workbook.build.package import finish_package, write_whole
from workbook.build.project import code_names, modules, vba_project
from workbook.build.reports import write_archive, write_report
from workbook.build.ribbon import ribbon_xml
from workbook.build.settings_sheet import write_settings
from workbook.build.styles import ACCENT, GREY_TEXT, Styles, theme
from workbook.build.trends import write_trends
from workbook.settings import Settings
from workbook.tables import TABLES
from xladdin.errors import BadRequest
from xladdin.registry import functions, reports

CONTROL, SETTINGS, ARCHIVE, GUIDE, CONFIG = "Control", "Settings", "Archive", "Function guide", "xlwings.conf"
CREATED: Final = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - the file format keeps no zone; a fixed date keeps the bytes equal
#: the calculation engine of Excel 2019 and later
CALCULATED_BY: Final = 191029
#: what xlwings' module reads: nothing is imported from the workbook's folder. It names no Python: what stands here would win over the
#: user's settings, which the installer writes; without either, the first Python on the path is started
PYTHON: Final = {"ADD_WORKBOOK_TO_PYTHONPATH": "false"}


def build_workbook(
    path: str | PathLike[str],
    *,
    data: Mapping[str, Mapping[str, list[Any]]] | None = None,
    settings: Mapping[str, Any] | None = None,
    language: str = "en",
) -> None:
    """Write the workbook.

    `data` is table key -> column key -> cell values; `settings` are set on the sheet Settings, `language` among them.
    Raises BadRequest for a table that does not exist.
    """
    unknown = set(data or {}) - set(TABLES)
    if unknown:
        raise BadRequest(f"there is no table {', '.join(sorted(unknown))}; there are {', '.join(TABLES)}")
    given = {**(settings or {}), "language": language}
    write_whole(Path(path), _workbook(data or {}, given))


def _workbook(data: Mapping[str, Mapping[str, list[Any]]], settings: Mapping[str, Any]) -> bytes:
    chosen = Settings.model_validate(dict(settings))
    language = chosen.language
    offered = reports()
    names = [CONTROL, SETTINGS, *(r.sheet for r in offered.values()), *(t.name for t in TABLES.values()), ARCHIVE, GUIDE, CONFIG, WIZARD]
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.use_custom_theme(theme())
    book.set_properties({"title": "Credit", "created": CREATED})
    # Excel recalculates a file of an older version while opening it; a credit function it cannot reach then would lose its value
    book.set_calc_mode("auto", CALCULATED_BY)
    book.calc_on_load = False
    book.set_size(2400 * 15, 1500 * 15)
    book.set_vba_name("ThisWorkbook")
    book.add_vba_project(BytesIO(vba_project(names, modules(offered, function_modules(functions())))), is_stream=True)
    sheets: dict[str, Any] = {name: book.add_worksheet(name) for name in names}
    for name, code_name in code_names(names).items():
        sheets[name].set_vba_name(code_name)
    style = Styles(book)
    write_control(book, sheets[CONTROL], style, offered, chosen)
    write_settings(sheets[SETTINGS], style, settings, language)
    for report in offered.values():
        write_report(sheets[report.sheet], style, report, chosen)
        sheets[report.sheet].set_tab_color(ACCENT)
    write_dashboard(book, sheets[offered["dashboard"].sheet], style, chosen)
    write_liquidity(book, sheets[offered["liquidity"].sheet], chosen)
    write_trends(book, sheets[offered["trends"].sheet], style, chosen)
    for key, table in TABLES.items():
        write_table(sheets[table.name], style, table, data.get(key, {}), language)
        sheets[table.name].set_tab_color("#C9A227")
    write_archive(sheets[ARCHIVE], style, language)
    write_guide(sheets[GUIDE], style, language)
    for name in (ARCHIVE, GUIDE):
        sheets[name].set_tab_color(GREY_TEXT)
    for name, rows in _background(language).items():
        _write_rows(sheets[name], rows)
        sheets[name].very_hidden()
    book.close()
    return finish_package(out.getvalue(), ribbon_xml(offered))


def _background(language: str) -> dict[str, list[list[Any]]]:
    """Return the sheets that only the macros read."""
    return {CONFIG: [list(item) for item in PYTHON.items()], WIZARD: wizard_rows(functions(), language)}


def _write_rows(sheet: Any, rows: list[list[Any]]) -> None:
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text)


def build_addin(path: str | PathLike[str]) -> None:
    """Write Credit.xlam: the functions and the ribbon for every workbook that Excel opens. The same bytes for the same definitions."""
    offered = reports()
    background = _background("auto")
    names = list(background)
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "Credit", "comments": "Credit functions and reports for every workbook", "created": CREATED})
    book.set_calc_mode("auto", CALCULATED_BY)
    book.set_vba_name("ThisWorkbook")
    book.add_vba_project(BytesIO(vba_project(names, modules(offered, function_modules(functions())))), is_stream=True)
    for name, rows in background.items():
        sheet: Any = book.add_worksheet(name)
        sheet.set_vba_name(code_names(names)[name])
        _write_rows(sheet, rows)
    book.close()
    write_whole(Path(path), finish_package(out.getvalue(), ribbon_xml(offered, addin=True), addin=True))
