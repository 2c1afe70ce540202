"""The charts of the report Liquidity: native ones below its table, over the table itself, the latest month at the right."""

from __future__ import annotations

from typing import Any, Final

from workbook.build.dashboard import finish_chart
from workbook.build.reports import FIRST_ROW
from workbook.build.styles import ACCENT, RED
from workbook.questions.spans import YEAR_OF_MONTHS
from workbook.reports.liquidity import columns
from workbook.reports.liquidity_words import name
from workbook.settings import Settings

ROWS: Final = YEAR_OF_MONTHS + 1  # month ends and the day
CHARTS_ROW: Final = FIRST_ROW + ROWS + 2
CHART_ROWS: Final = 16
_HEIGHT: Final = 20 * CHART_ROWS - 20
#: title: columns, kind, colours, left edge and width in pixels
CHARTS: Final[dict[str, tuple[tuple[str, ...], dict[str, str], tuple[str, ...], int, int]]] = {
    "chart_owed": (("not_due", "overdue_part"), {"type": "column", "subtype": "stacked"}, ("#7FA6AD", "#C4553B"), 0, 450),
    "chart_days": (("dso", "best_dso", "count_back", "add"), {"type": "line"}, (ACCENT, "#7FA6AD", "#C9A227", RED), 456, 480),
    "chart_cei": (("cei",), {"type": "line"}, (ACCENT,), 942, 390),
}


def write_liquidity(book: Any, sheet: Any, settings: Settings) -> None:
    """Put the charts below the table, which always has as many rows."""
    language, page = settings.language, sheet.get_name()
    keys = [column.key for column in columns(settings)]
    last = FIRST_ROW + ROWS - 1
    sheet.print_area(0, 0, CHARTS_ROW + CHART_ROWS, len(keys) - 1)  # the charts whole: below them stands nothing
    for title, (shown, kind, colours, left, width) in CHARTS.items():
        chart = book.add_chart(kind)
        for key, colour in zip(shown, colours, strict=True):
            place = keys.index(key)
            look: dict[str, Any] = {"fill": {"color": colour}, "border": {"none": True}, "gap": 50}
            chart.add_series({
                "name": [page, FIRST_ROW - 1, place],
                "categories": [page, FIRST_ROW, 0, last, 0],
                "values": [page, FIRST_ROW, place, last, place],
                **(look if kind["type"] == "column" else {"line": {"color": colour, "width": 2}}),
            })
        finish_chart(chart, name(title, language), legend=len(shown) > 1, amounts=kind["type"] == "column", latest_first=True)
        chart.set_size({"width": width, "height": _HEIGHT})
        sheet.insert_chart(CHARTS_ROW, 0, chart, {"object_position": 3, "description": name(title, language), "x_offset": left})
