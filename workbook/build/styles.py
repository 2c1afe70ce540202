"""The look of the workbook: one accent colour, light grey, yellow for what the analyst types."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import Any, Final

from xlsxwriter.theme import THEME_XML_2007
from xlsxwriter.utility import quote_sheetname, xl_col_to_name

from workbook.heights import BOLD, LINE_ZH, lines_of

LAST_ROW: Final = 1_048_575
ACCENT: Final = "#1F4E5F"
GREY_TEXT: Final = "#66727A"
GREY_LINE: Final = "#D5DBDE"
GREY_PANEL: Final = "#F3F5F6"
INPUT: Final = "#FFF9DB"
RED: Final = "#A8281E"
RED_LIGHT: Final = "#F9E0DC"
AMBER: Final = "#8A5A00"
GREEN: Final = "#2C6E49"

#: colours of Office's standard theme -> ours, for the charts and shapes that an analyst adds
_THEME_COLOURS: Final = {
    "1F497D": "1B3A42",
    "4F81BD": "1F4E5F",
    "C0504D": "A8281E",
    "9BBB59": "7FA6AD",
    "8064A2": "66727A",
    "4BACC6": "C9A227",
    "F79646": "8A5A00",
}

#: decimals that a column of numbers may always show (`Field.places`)
DECIMALS: Final = range(1, 7)
NUMBER_FORMATS: Final[dict[str, str]] = {
    "text": "@",
    "choice": "@",
    "flag": "@",
    "date": "yyyy-mm-dd",
    "amount": "#,##0.00",
    "signed amount": "#,##0.00;[Red]-#,##0.00",
    "integer": "#,##0",
    "number": "General",
    **{f"number {places}": f"0.{'0' * places}??" for places in DECIMALS},  # a question mark keeps the room of a digit that is not there
    "rate": "0.00%",
    "boolean": '"TRUE";"TRUE";"FALSE";@',  # LibreOffice takes a function's truth for the number 1; Excel needs no format for it
    "link": "General",
}
ALIGNMENT: Final[dict[str, str]] = {
    "date": "center",
    "flag": "center",
    "amount": "right",
    "signed amount": "right",
    "integer": "right",
    "number": "right",
    **{f"number {places}": "right" for places in DECIMALS},
    "rate": "right",
}

_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "band": {"bg_color": ACCENT, "font_color": "#FFFFFF", "valign": "vcenter"},
    "title": {"bold": True, "font_size": 18},
    "sheet title": {"bold": True, "font_size": 16, "font_color": ACCENT, "valign": "vcenter"},
    "subtitle": {"font_color": GREY_TEXT, "valign": "vcenter"},
    "heading": {"bold": True, "font_size": 12, "font_color": ACCENT, "bottom": 2, "bottom_color": ACCENT},
    "header": {
        "bold": True,
        "bg_color": ACCENT,
        "font_color": "#FFFFFF",
        "valign": "vcenter",
        "text_wrap": True,
        "border": 1,
        "border_color": ACCENT,
    },
    "body": {"bottom": 1, "bottom_color": GREY_LINE, "valign": "vcenter"},
    "filtered": {"valign": "top"},  # a label above the button of its filter, which stands at the bottom of the cell
    "row": {"valign": "vcenter"},
    "top": {"valign": "top"},
    "wrap": {"text_wrap": True},
    "strong": {"bold": True},
    "grey": {"font_color": GREY_TEXT},
    "small": {"font_size": 9},
    "accent": {"font_color": ACCENT},
    "input": {"valign": "vcenter", "bg_color": INPUT, "border": 1, "border_color": "#E3D9A8"},
    "input header": {"bg_color": "#C9A227", "border_color": "#C9A227"},
    "link": {"font_color": ACCENT, "underline": 1},
    "input fill": {"bg_color": INPUT},
    "left": {"align": "left"},
    "center": {"align": "center", "indent": 0},
    "right": {"align": "right"},
    "indent": {"align": "left", "indent": 1},
    "code": {"font_name": "Consolas", "font_size": 10},
}


class Styles:
    """The formats of one workbook, made on first use: `style("body", "amount")` joins looks and the format of a kind."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, ...], Any] = {}

    def __call__(self, *names: str) -> Any:
        """Return the format in which these looks and kinds are joined; later ones win."""
        if names not in self._made:
            properties: dict[str, Any] = {}
            for name in names:
                if name in NUMBER_FORMATS:
                    properties["num_format"] = NUMBER_FORMATS[name]
                    if name in ALIGNMENT:
                        properties.setdefault("align", ALIGNMENT[name])
                else:
                    properties.update(_LOOKS[name])
            self._made[names] = self._book.add_format(properties)
        return self._made[names]

    def line(self) -> Any:
        """Return the line under a row, for a conditional rule: it follows the rows, however many a refresh writes."""
        if ("line",) not in self._made:
            self._made["line",] = self._book.add_format({"bottom": 1, "bottom_color": GREY_LINE})
        return self._made["line",]

    def marked(self, colour: str, fill: str = "", *, bold: bool = False, line: bool = True) -> Any:
        """Return a format for a conditional rule: text colour, a fill when given, and the line under a row."""
        key = ("marked", colour, fill, f"{bold} {line}")
        if key not in self._made:
            properties: dict[str, Any] = {"font_color": colour, "bold": bold}
            if fill:
                properties["bg_color"] = fill
            if line:
                properties |= {"bottom": 1, "bottom_color": GREY_LINE}
            self._made[key] = self._book.add_format(properties)
        return self._made[key]


def theme() -> StringIO:
    """Return Office's theme with our colours in it."""
    text = THEME_XML_2007
    for theirs, ours in _THEME_COLOURS.items():
        text = text.replace(f'srgbClr val="{theirs}"', f'srgbClr val="{ours}"')
    return StringIO(text)


BUTTON: Final = 14.0  # points of the button of a filter
#: places of digits that a landscape page holds at full size, that an upright A4 does, and the smallest size that can be read with ease
A4, A3 = 9, 8
PLACES: Final = {A4: 146, A3: 212}
UPRIGHT: Final = 100
#: the line of help above a table needs so much; an empty column has so much
HELP_WIDTH: Final = 72
EMPTY_WIDTH: Final = 9
SMALLEST: Final = 0.63


def head_height(labels: Sequence[str], widths: Sequence[int]) -> float:
    """Return the points of a header row with filters: its labels in lines, and their buttons below them."""
    lines = max((lines_of(label, (width + 1) / BOLD) for label, width in zip(labels, widths, strict=True)), default=1)
    return lines * LINE_ZH + BUTTON


def page_of(width: int, repeated: int = 0) -> tuple[int, int]:
    """Choose paper and pages across for columns of this width together; `repeated` is that of those which every page shows."""
    for paper in (A4, A3):
        if width <= PLACES[paper] / SMALLEST:
            return paper, 1
    return (A4 if width + repeated <= 2 * PLACES[A4] / SMALLEST else A3), 2


def print_setup(sheet: Any, header_row: int, widths: Sequence[int] = (), keys: int = 1) -> None:
    """Print landscape, narrow tables upright; the header row on every page; wide tables on A3, or on two pages with their keys on both.

    `widths` of the columns that are printed, however many rows there are; without them the sheet is one page of A4 wide.
    """
    paper, across = page_of(sum(widths), sum(widths[:keys]))
    if not widths or sum(widths) > UPRIGHT:
        sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(across, 0)
    if header_row >= 0:
        sheet.repeat_rows(header_row)
    if across > 1:
        sheet.repeat_columns(0, keys - 1)
    if widths:
        # whole columns, as far as they are filled; written with their rows, for programs that read no other areas
        beside = max(0, -(-(HELP_WIDTH - sum(widths)) // EMPTY_WIDTH))  # of a narrow table: for the line above it
        last = xl_col_to_name(len(widths) - 1 + beside)
        sheet.print_area_range = f"{quote_sheetname(sheet.get_name())}!$A$1:${last}${LAST_ROW + 1}"
    sheet.set_footer("&L&8&A&R&8&P / &N")
