"""Report sheets before their first refresh: the places the renderer fills, with formats that it keeps.

Rows of a report sheet: 1 title, 2 subtitle, 3 facts, 4 reconciliation, 5 notes, 6 blank, 7 header of the Excel table
`rpt_<key>`, 8 its first row, whose formats every later row takes.
"""

from __future__ import annotations

from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name

from workbook.build.styles import ACCENT, ALIGNMENT, AMBER, GREEN, RED, RED_LIGHT, Styles, head_height, print_setup
from workbook.labels import WORDS as REPORT_WORDS
from workbook.reports.data_problems import SEVERITIES
from workbook.reports.watch_words import WATCH_WORDS
from workbook.settings import Settings
from workbook.sheet import Column
from xladdin.registry import Report

TITLE_ROW, SUBTITLE_ROW, FACTS_ROW, CHECK_ROW, NOTES_ROW, HEADER_ROW, FIRST_ROW = 0, 1, 2, 3, 4, 6, 7
SPARKLINES: Final = 500  # rows with small charts: the list is sorted, the worst first
LAST_COLOURED: Final = 100_000  # colour rules reach down here, so that a longer report needs no new ones
ARCHIVE: Final = ("Report", "Key", "Column", "Value", "Archived on", "Name")
#: share of a row's total from which a bucket is shaded, and the shade
HEAT: Final = ((0.75, "#E8998D"), (0.5, "#EFB8AE"), (0.25, "#F6D5CF"), (0.0, "#FCEFEC"))
#: how a state is shown: its words in either language -> colour and fill. The words are those that the reports write
_LOOKS: Final = (
    (REPORT_WORDS["result_fail"], RED, RED_LIGHT), (SEVERITIES["error"], RED, ""),
    (REPORT_WORDS["result_missing"], AMBER, "#FBF1D9"), (SEVERITIES["warning"], AMBER, ""),
    (REPORT_WORDS["result_pass"], GREEN, ""), (WATCH_WORDS["state_2"], RED, RED_LIGHT), (WATCH_WORDS["state_1"], AMBER, "#FBF1D9"),
    (WATCH_WORDS["state_0"], GREEN, ""), (WATCH_WORDS["worse"], RED, ""), (WATCH_WORDS["better"], GREEN, ""),
)  # fmt: skip
WORDS: Final[dict[str, tuple[str, str]]] = {text: (colour, fill) for words, colour, fill in _LOOKS for text in words}
WORD_COLUMNS: Final = ("result", "severity", "warning", "turn")
LEVELS: Final = ((3, RED, RED_LIGHT), (2, RED, ""), (1, AMBER, ""))


def table_name(report: Report) -> str:
    """Return the name of a report's Excel table."""
    return f"rpt_{report.key}"


def write_report(sheet: Any, style: Styles, report: Report, settings: Settings) -> None:
    """Write the sheet of a report that was never refreshed."""
    zh = settings.language == "zh"
    columns: tuple[Column, ...] = tuple(report.columns(settings))
    sheet.hide_gridlines(2)
    sheet.set_row(TITLE_ROW, 28)
    sheet.write_string(TITLE_ROW, 0, report.label_zh if zh else report.label, style("sheet title"))
    sheet.write_string(SUBTITLE_ROW, 0, report.help_zh if zh else report.help, style("subtitle"))
    sheet.write_blank(FACTS_ROW, 0, None, style("strong"))
    never = "尚未刷新：请在首页点按钮。" if zh else "Not refreshed yet: press the button on the sheet Control."
    sheet.write_string(CHECK_ROW, 0, never, style("grey"))
    sheet.write_blank(NOTES_ROW, 0, None, style("subtitle"))
    for index, column in enumerate(columns):
        kind = "signed amount" if column.kind == "amount" else column.kind
        # the format of the whole column: rows that a refresh adds take it, in every host
        wrap = (*(("indent",) if column.kind not in ALIGNMENT else ()), *(("wrap",) if column.wrap else ()))
        sheet.set_column(index, index, column.width, style("row", *wrap, kind), {"level": 1, "hidden": True} if column.folded else {})
        looks = {"input": ("row", "input fill"), "strong": ("row", "strong")}.get(column.style, ("row",))
        sheet.write_blank(FIRST_ROW, index, None, style(*looks, *wrap, kind))
    sheet.add_table(
        HEADER_ROW,
        0,
        FIRST_ROW,
        len(columns) - 1,
        {
            "name": table_name(report),
            "style": None,
            "columns": [{"header": column.label, "header_format": _header_style(style, column)} for column in columns],
        },
    )
    sheet.set_row(HEADER_ROW, head_height([column.label for column in columns], [column.width for column in columns]))
    sheet.freeze_panes(FIRST_ROW, _frozen(columns))
    _sparklines(sheet, columns)
    _colours(sheet, style, columns)
    printed = [0 if column.folded else column.width for column in columns]
    print_setup(sheet, HEADER_ROW, printed, max(_frozen(columns), 2))


def write_archive(sheet: Any, style: Styles, language: str) -> None:
    """Write the sheet where notes go whose row has left its report."""
    zh = language == "zh"
    sheet.hide_gridlines(2)
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, "备注存档" if zh else "Archive", style("sheet title"))
    text = "所在行已离开报表的备注保存在此。" if zh else "What was typed into rows that have since left their report is kept here."
    sheet.write_string(1, 0, text, style("subtitle"))
    for index, (width, kind) in enumerate(zip((18, 34, 18, 48, 14, 30), ("text", "text", "text", "text", "date", "text"), strict=True)):
        sheet.set_column(index, index, width)
        sheet.write_blank(3, index, None, style("body", kind))
    sheet.add_table(
        2,
        0,
        3,
        len(ARCHIVE) - 1,
        {"name": "Archive", "style": None, "columns": [{"header": name, "header_format": style("header")} for name in ARCHIVE]},
    )
    sheet.set_row(2, 24)
    sheet.freeze_panes(3, 0)
    print_setup(sheet, 2)


def _header_style(style: Styles, column: Column) -> Any:
    looks = ("header", "filtered", *(("input header",) if column.style == "input" else ()))
    align = ALIGNMENT.get(column.kind)
    return style(*looks, align) if align else style(*looks, "indent")


def _frozen(columns: tuple[Column, ...]) -> int:
    """Return how many columns stay in view: the leading key columns, but never more than a third of a screen."""
    count, width = 0, 0
    for column in columns:
        width += column.width
        if column.style != "key" or width > 50:
            break
        count += 1
    return count


def _colours(sheet: Any, style: Styles, columns: tuple[Column, ...]) -> None:
    for sign, look in (("✗", style.marked(RED, RED_LIGHT, bold=True, line=False)), ("✓", style.marked(GREEN, line=False))):
        rule = {"type": "text", "criteria": "begins with", "value": sign, "format": look}
        sheet.conditional_format(CHECK_ROW, 0, CHECK_ROW, 0, rule)
    for index, column in enumerate(columns):
        if column.key in WORD_COLUMNS:
            for word, (colour, fill) in WORDS.items():
                rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": style.marked(colour, fill)}
                sheet.conditional_format(FIRST_ROW, index, LAST_COLOURED, index, rule)
        elif column.key == "level":
            for level, colour, fill in LEVELS:
                rule = {"type": "cell", "criteria": "==", "value": level, "format": style.marked(colour, fill, bold=True)}
                sheet.conditional_format(FIRST_ROW, index, LAST_COLOURED, index, rule)
    _heat(sheet, style, columns)
    # last: where two rules meet, some programs show only the first; the others bring the line themselves
    lines = {"type": "formula", "criteria": f"=COUNTA($A{FIRST_ROW + 1}:$C{FIRST_ROW + 1})>0", "format": style.line()}
    sheet.conditional_format(FIRST_ROW, 0, LAST_COLOURED, len(columns) - 1, lines)


def _sparklines(sheet: Any, columns: tuple[Column, ...]) -> None:
    """Draw the small charts of the first rows, those that are worst."""
    keys = [column.key for column in columns]
    for index, column in enumerate(columns):
        if column.spark is None:
            continue
        first, last = (xl_col_to_name(keys.index(key)) for key in column.spark)
        rows = range(FIRST_ROW + 1, FIRST_ROW + 1 + SPARKLINES)
        sheet.add_sparkline(
            FIRST_ROW,
            index,
            {
                "location": [f"{xl_col_to_name(index)}{row}" for row in rows],
                "range": [f"'{sheet.get_name()}'!{first}{row}:{last}{row}" for row in rows],
                "type": "column",
                "series_color": ACCENT,
                "last_point": True,
                "last_color": RED,
                "show_hidden": True,
            },
        )


def _heat(sheet: Any, style: Styles, columns: tuple[Column, ...]) -> None:
    """Shade each overdue bucket by its share of the row's total: amounts of different currencies cannot share one scale."""
    keys = [column.key for column in columns]
    if "unapplied" not in keys or "outstanding" not in keys:
        return
    buckets = [index for index, column in enumerate(columns[: keys.index("unapplied")]) if column.kind == "amount"]
    total = xl_col_to_name(keys.index("outstanding"), col_abs=True)
    row = FIRST_ROW + 1
    for index in buckets[1:]:  # the first bucket is not due yet
        cell = f"{xl_col_to_name(index)}{row}"
        for share, colour in HEAT:
            criteria = f"=AND(ISNUMBER({cell}),{cell}>0,{total}{row}>0,{cell}>={share}*{total}{row})"
            rule = {"type": "formula", "criteria": criteria, "format": style.marked("#000000", colour), "stop_if_true": True}
            sheet.conditional_format(FIRST_ROW, index, LAST_COLOURED, index, rule)
