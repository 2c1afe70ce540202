"""The charts of the report Trends: native ones between its table and its smaller tables, over blocks of cells that a refresh fills."""

from __future__ import annotations

from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name

from workbook.build.dashboard import finish_chart
from workbook.build.reports import FIRST_ROW
from workbook.build.styles import ACCENT, RED, Styles
from workbook.history.series import LOOKS, ROLLING
from workbook.reports.trends import BLOCKS_FROM
from workbook.reports.trends_words import name
from workbook.settings import Settings

#: column of the cells behind the charts, right of the table whatever its buckets are
DATA_COLUMN: Final = 40
#: the charts stand below the longest table and end above the smaller tables
CHARTS_ROW: Final = FIRST_ROW + LOOKS + 1
_HEIGHT: Final = 20 * (BLOCKS_FROM - CHARTS_ROW - 3)
_COLOURS: Final = ("#7FA6AD", "#C9A227", "#D98E3F")
#: name: columns with the months, kind, colours of the series, left edge and width in pixels
CHARTS: Final[dict[str, tuple[int, dict[str, str], tuple[str, ...], int, int]]] = {
    "ages": (ROLLING + 2, {"type": "column", "subtype": "stacked"}, (*_COLOURS, "#C4553B", "#A63A2A", "#8E1F17"), 4, 560),
    "share": (2, {"type": "line"}, (RED,), 574, 380),
    "rolls": (ROLLING, {"type": "line"}, (*_COLOURS, ACCENT), 964, 520),
}


def write_trends(book: Any, sheet: Any, style: Styles, settings: Settings) -> None:
    """Write the blocks, name them for the refresh, and put the charts over them."""
    language, page = settings.language, sheet.get_name()
    row = 1
    for key, (width_of_block, kind, colours, left, width) in CHARTS.items():
        title = name(f"chart_{key}", language)
        sheet.write_string(row - 1, DATA_COLUMN, title, style("grey", "small"))
        for line in range(LOOKS + 1):
            for column in range(width_of_block):
                kind_of_cell = "text" if not column or not line else "number"
                sheet.write_blank(row + line, DATA_COLUMN + column, None, style("grey", "small", kind_of_cell))
        ends = xl_col_to_name(DATA_COLUMN), xl_col_to_name(DATA_COLUMN + width_of_block - 1)
        book.define_name(f"chart_trends_{key}", f"='{page}'!${ends[0]}${row + 1}:${ends[1]}${row + LOOKS + 1}")
        chart = book.add_chart(kind)
        for number, colour in enumerate(colours, start=1):
            look: dict[str, Any] = {"fill": {"color": colour}, "border": {"none": True}, "gap": 50}
            chart.add_series({
                "name": [page, row, DATA_COLUMN + number],
                "categories": [page, row + 1, DATA_COLUMN, row + LOOKS, DATA_COLUMN],
                "values": [page, row + 1, DATA_COLUMN + number, row + LOOKS, DATA_COLUMN + number],
                **(look if kind["type"] == "column" else {"line": {"color": colour, "width": 2}}),
            })
        finish_chart(chart, title, legend=len(colours) > 1, amounts=key == "ages")
        chart.set_size({"width": width, "height": _HEIGHT})
        sheet.insert_chart(CHARTS_ROW, 0, chart, {"object_position": 3, "description": title, "x_offset": left})
        row += LOOKS + 3
