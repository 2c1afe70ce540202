"""The charts of the dashboard: native ones, over blocks of cells that a refresh fills, on one page of A4."""

from __future__ import annotations

from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name

from workbook.build.styles import ACCENT, AMBER, GREEN, GREY_LINE, GREY_TEXT, RED, Styles
from workbook.reports.dashboard_words import name
from workbook.settings import Settings

#: column of the cells behind the charts, right of the page that is printed
DATA_COLUMN: Final = 26
CHARTS_ROW: Final = 21
#: name: first row, rows with the header, columns
BLOCKS: Final = {"aging": (1, 8, 6), "dso": (11, 14, 4), "grades": (27, 13, 2), "top": (42, 21, 2)}
#: the warning map is a block as well, in view: first row, rows, columns
#: rows that the first and the second line of charts take: with them the page is full
UPPER, LOWER = 22, 31
MAP_ROW: Final = CHARTS_ROW + UPPER + LOWER + 1
MAP_ROWS, MAP_COLUMNS = 5, 6
_SERIES: Final = ("#7FA6AD", "#C9A227", "#D98E3F", "#C4553B", "#8E1F17")
_LINES: Final = (ACCENT, "#7FA6AD", RED)
#: millions, thousands, or as they are: whatever the size of the firm
_AMOUNTS: Final = '[>=1000000]#,##0.0,,"M";[>=1000]#,##0,"k";#,##0'
_FAINT: Final = {"color": GREY_TEXT, "size": 8}


def write_dashboard(book: Any, sheet: Any, style: Styles, settings: Settings) -> None:
    """Write the blocks, name them for the refresh, and put the charts over them."""
    language, page = settings.language, sheet.get_name()
    for key, (row, rows, columns) in BLOCKS.items():
        sheet.write_string(row - 1, DATA_COLUMN, name(f"chart_{key}", language), style("grey", "small"))
        for line in range(rows):
            for column in range(columns):
                kind = "text" if not column or not line else "number"
                sheet.write_blank(row + line, DATA_COLUMN + column, None, style("grey", "small", kind))
        last = _column(DATA_COLUMN + columns - 1)
        book.define_name(f"chart_dashboard_{key}", f"='{page}'!${_column(DATA_COLUMN)}${row + 1}:${last}${row + rows}")
    charts = (
        ("aging", _bars(book, page, "aging", {"type": "column", "subtype": "stacked"}, _SERIES, language), 0, 0, 545, 20 * UPPER - 10),
        ("dso", _lines(book, page, language), 3, 65, 604, 20 * UPPER - 10),
        ("grades", _bars(book, page, "grades", {"type": "column"}, (ACCENT,), language), 0, 0, 545, 20 * LOWER - 10),
        ("top", _bars(book, page, "top", {"type": "bar"}, (ACCENT,), language), 3, 65, 604, 20 * LOWER - 10),
    )
    for key, chart, column, offset, width, height in charts:
        chart.set_size({"width": width, "height": height})
        row = CHARTS_ROW + (UPPER if key in ("grades", "top") else 0)
        options = {"object_position": 3, "description": name(f"chart_{key}", language), "x_offset": offset}
        sheet.insert_chart(row, column, chart, options)
    _map(book, sheet, style, language)
    sheet.set_paper(9)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, MAP_ROW + MAP_ROWS, 6)
    sheet.set_footer("&L&8&A&R&8&P / &N")


def _column(number: int) -> str:
    text: str = xl_col_to_name(number)
    return text


def _series(page: str, key: str, number: int) -> dict[str, Any]:
    row, rows, _ = BLOCKS[key]
    column = DATA_COLUMN + 1 + number
    return {
        "name": [page, row, column],
        "categories": [page, row + 1, DATA_COLUMN, row + rows - 1, DATA_COLUMN],
        "values": [page, row + 1, column, row + rows - 1, column],
    }


def finish_chart(
    chart: Any, title: str, *, legend: bool, amounts: bool = True, across: bool = False, latest_first: bool = False
) -> Any:
    """Give a chart its title and the looks that all of them share. `latest_first`: so the rows stand, but time goes to the right."""
    chart.set_title({"name": title, "name_font": {"size": 10, "color": ACCENT, "bold": True}, "overlay": False})
    chart.set_legend({"position": "bottom", "font": _FAINT} if legend else {"none": True})
    categories = {"num_font": _FAINT, "line": {"color": GREY_LINE}, "major_tick_mark": "none"}
    values = {
        "num_font": _FAINT,
        "num_format": _AMOUNTS if amounts else "0",
        "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": GREY_LINE, "width": 0.5}},
        "major_tick_mark": "none",
    }
    if across:  # the largest on top; the amounts stay below
        chart.set_y_axis({**categories, "num_font": {**_FAINT, "size": 7}, "reverse": True, "interval_unit": 1})
        chart.set_x_axis({**values, "label_position": "high"})
    else:
        order = {"reverse": True, "crossing": "max", "text_axis": True, "num_format": "yyyy-mm"} if latest_first else {}
        chart.set_x_axis({**categories, **order})
        chart.set_y_axis(values)
    chart.set_chartarea({"border": {"color": GREY_LINE}})
    chart.show_blanks_as("gap")
    return chart


def _bars(book: Any, page: str, key: str, kind: dict[str, str], colours: tuple[str, ...], language: str) -> Any:
    chart = book.add_chart(kind)
    for number, colour in enumerate(colours):
        chart.add_series({**_series(page, key, number), "fill": {"color": colour}, "border": {"none": True}, "gap": 50})
    return finish_chart(chart, name(f"chart_{key}", language), legend=len(colours) > 1, across=kind["type"] == "bar")


def _lines(book: Any, page: str, language: str) -> Any:
    chart = book.add_chart({"type": "line"})
    for number, colour in enumerate(_LINES):
        chart.add_series({**_series(page, "dso", number), "line": {"color": colour, "width": 2}})
    return finish_chart(chart, name("chart_dso", language), legend=True, amounts=False)


def _map(book: Any, sheet: Any, style: Styles, language: str) -> None:
    """Show the warning map below the charts: the darker, the more is at stake."""
    sheet.write_string(MAP_ROW - 1, 0, name("chart_map", language), style("strong", "accent"))
    for line in range(MAP_ROWS):
        for column in range(MAP_COLUMNS):
            looks = ("header", "right") if line == 0 else ("body", "strong", "text") if column == 0 else ("body", "amount")
            sheet.write_blank(MAP_ROW + line, column, None, style(*looks))
    last = _column(MAP_COLUMNS - 1)
    book.define_name("chart_dashboard_map", f"='{sheet.get_name()}'!$A${MAP_ROW + 1}:${last}${MAP_ROW + MAP_ROWS}")
    for line, colour in ((1, RED), (2, AMBER), (3, GREEN)):
        rule = {"type": "no_blanks", "format": style.marked(colour, bold=True)}
        sheet.conditional_format(MAP_ROW + line, 0, MAP_ROW + line, 0, rule)
    scale = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#E8998D"}
    sheet.conditional_format(MAP_ROW + 1, 1, MAP_ROW + MAP_ROWS - 1, MAP_COLUMNS - 1, scale)
