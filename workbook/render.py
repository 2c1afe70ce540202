"""Write a report into its sheet, in place, through the public xlwings object model: the same code in every host.

Rows 1 to 5 hold title, line of the day, facts, reconciliation and notes; row 7 the header of the report's Excel table `rpt_<key>`,
then its rows, its totals, and smaller tables below. Only what the last refresh wrote is cleared; its extent is kept in a
defined name, so that cells an analyst wrote elsewhere on the sheet are recognised and kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final, Literal

import xlwings as xw

from workbook.carry import Archived, Carried, Previous, carry_over, with_inputs
from workbook.column_keys import named, reference, write_keys
from workbook.findings import line_of
from workbook.heights import BOLD, lines_of, places_of, reset_heights, set_heights, wrapped_of
from workbook.host_cells import put
from workbook.host_tables import read_archive, write_archive
from workbook.labels import word
from workbook.previous import read_place, stray_cells
from workbook.report_place import HEADER_ROW, Place, find_place, shifted, table_of
from workbook.report_state import make_ready
from workbook.reports.common import amount_text
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE, Block, Column, Invariant, Sheet, listed, money_to_float
from workbook.word_keys import write_words

FIRST_ROW: Final = HEADER_ROW + 1
FORMATS: Final = {
    "text": "@",
    "date": "yyyy-mm-dd",
    "amount": "#,##0.00;[Red]-#,##0.00;–",
    "integer": "#,##0",
    "number": "#,##0.00",
    "rate": "0.00%",
    "flag": "@",
    "link": "General",
}
#: texts begin at the left, days stand in the middle, numbers end at the right
Side = Literal["left", "center", "right"]
_SIDES: Final[dict[str, Side]] = {"text": "left", "link": "left", "date": "center", "flag": "center"}
INPUT_FILL: Final = (255, 249, 219)
HEAD_FILL: Final = (31, 78, 95)
TOTAL_FILL: Final = (234, 240, 242)
WHITE: Final = (255, 255, 255)


def render(
    sheet: Sheet, book: xw.Book, settings: Settings, as_of: dt.date, previous: Previous | None = None, place: Place | None = None,
) -> Carried:
    """Rewrite the report's sheet. Returns what was carried over; nothing is read from other sheets but the archive.

    `previous` and `place`: the report's table as it stands and where, where they are known already.
    """
    place = find_place(book.sheets[sheet.name], sheet.report) if place is None else place
    page = place.page
    previous = read_place(place) if previous is None else previous
    archive = read_archive(book)
    carried = carry_over(sheet, previous, archive, as_of)
    columns, cells = with_inputs(sheet, carried)
    rows = max(sheet.rows, 1)
    extent = _extent(sheet, columns, rows)
    strays = stray_cells(place, extent)
    moved = [Archived(sheet.report, f"{place.sheet.name}!{address}", "cell", value, as_of, "") for address, value in strays]
    if carried.changed or moved:
        write_archive(book, [*carried.archive, *moved])
    make_ready(place, extent)
    if place.grown:
        shifted(place.sheet, place.head - 1, place.right).range((1, 1), (place.head_rows, 1)).clear_contents()
    _clear(place, rows, len(columns))
    _head(shifted(place.sheet, place.head - 1, place.right), sheet, settings, place.lines)
    _table(page, sheet, columns, cells, rows)
    wrapped = wrapped_of(columns)
    if wrapped or sheet.blocks:
        reset_heights(page, max(extent[0], place.extent.last if place.extent else 0))
        set_heights(page, FIRST_ROW, wrapped, [cells.get(column.key, []) for column in columns])
    _below(page, sheet, columns, FIRST_ROW + rows + 1)
    _remember(book, place, extent, sheet)
    _chart(book, sheet)
    return carried


def _extent(sheet: Sheet, columns: tuple[Column, ...], rows: int) -> tuple[int, int]:
    """Work out the last row and column that this refresh writes."""
    last = HEADER_ROW + rows
    if sheet.totals or sheet.blocks:  # a blank row parts the table from what is below
        last += 1 + len(sheet.totals)
    if sheet.blocks:
        last = max(last, sheet.blocks_from - 3)
    for block in sheet.blocks:
        last += 4 + max(_block_rows(block), 1)
    return last, max(len(columns), *(len(block.columns) for block in sheet.blocks), 1)


def _reaches_on(columns: Sequence[Column], main: Sequence[Column], texts: Sequence[Sequence[Any]]) -> bool:
    """Tell whether the texts of a smaller table's last column need no lines: no number before them, room in the columns right of them."""
    last = len(columns) - 1
    if columns[last].kind != "text" or not last < len(main) or (last and columns[last - 1].kind != "text"):
        return False
    room = sum(column.width for column in main[last:] if not column.folded)
    return all(lines_of(text, room) == 1 for text in texts[last] if isinstance(text, str))


def _block_rows(block: Block) -> int:
    return next((len(values) for values in block.data.values()), 0)


def _clear(place: Place, rows: int, columns: int) -> None:
    """Empty what the last refresh wrote below the header; conditional formats stay, as they belong to the template.

    `rows` and `columns` of the table that comes: an engine that takes whole columns writes over them, values and formats.
    """
    page = place.page
    last, width = max(place.bottom, place.extent.last if place.extent else 0), max(place.width, place.extent.width if place.extent else 0)
    if not last or not width:
        return
    own = FIRST_ROW + rows - 1 if hasattr(page.impl, "set_block") else FIRST_ROW
    places = [((FIRST_ROW, 1), (FIRST_ROW, width)), ((FIRST_ROW + 1, columns + 1), (min(own, last), width)), ((own + 1, 1), (last, width))]
    for first, end in places:
        if first[0] > min(end[0], last) or first[1] > end[1]:
            continue
        area = page.range(first, end)
        area.clear_contents()
        area.color = None
        area.font.bold = False
        area.font.color = (0, 0, 0)


def _head(page: xw.Sheet, sheet: Sheet, settings: Settings, room: int) -> None:
    """Write the lines above the table: fewer and longer ones where rows there were deleted."""
    facts, rest = _facts(sheet)
    lines = [sheet.title, sheet.subtitle, facts, reconciliation(sheet.invariants, settings), "   ".join([*rest, *sheet.notes])]
    if room < len(lines):
        lines = [*lines[: room - 1], "   ".join(filter(None, lines[room - 1 :]))] if room else []
    for row, text in enumerate(lines, start=1):
        cell = page.range((row, 1))
        cell.number_format = "@"
        put(cell, line_of(text))


def _facts(sheet: Sheet) -> tuple[str, list[str]]:
    """Join the figures into a line as wide as the table; what does not fit goes before the notes."""
    texts = [f"{label}: {text}" for label, text in sheet.facts]
    room = sum(column.width for column in sheet.columns if not column.folded)
    count = len(texts)
    while count > 1 and places_of("     ".join(texts[:count])) * BOLD > room:
        count -= 1
    return "     ".join(texts[:count]), texts[count:]


def reconciliation(checks: list[Invariant], settings: Settings) -> str:
    """Say in one line whether the sums agree, with both sides; when they do not, name where."""
    if not checks:
        return ""
    wrong = [check for check in checks if not check.ok]
    if wrong:
        parts = [
            f"{check.name}: {amount_text(check.left, check.currency)} ≠ {check.right / MONEY_SCALE:,.2f}"
            + (f" ({check.where})" if check.where else "")
            for check in wrong
        ]
        return f"{word('not_reconciled', settings.language)}   {'   ·   '.join(parts)}"
    amounts: dict[str, list[str]] = {}
    for check in checks:
        amounts.setdefault(check.name, []).append(amount_text(check.left, check.currency))
    names: dict[str, list[str]] = {}  # checks of the same sums are said together
    for name, sums in amounts.items():
        names.setdefault("  ·  ".join(sums), []).append(name)
    parts = [f"{';  '.join(same)}:  {sums}" for sums, same in names.items()]
    return f"{word('reconciled', settings.language)}   {'      '.join(parts)}"


def _table(page: xw.Sheet, sheet: Sheet, columns: tuple[Column, ...], cells: dict[str, list[Any]], rows: int) -> None:
    old = table_of(page, sheet.report)
    before = _labels(old)
    labels = [column.label for column in columns]
    width = len(columns)
    header = page.range((HEADER_ROW, 1), (HEADER_ROW, width))
    if before != labels:
        header.number_format = "@"
        put(header, [labels])
        header.color = HEAD_FILL
        header.font.color = WHITE
        header.font.bold = True
        header.wrap_text = True
        for number, column in enumerate(columns, start=1):
            page.range((1, number)).column_width = column.width
    whole = page.range((HEADER_ROW, 1), (HEADER_ROW + rows, width))
    if old is None:
        page.tables.add(source=whole, name=f"rpt_{sheet.report}", has_headers=True)
    elif old.range.address != whole.address:
        old.resize(whole)
        if len(before) > width:
            stale = page.range((HEADER_ROW, width + 1), (HEADER_ROW, len(before)))
            stale.clear()
    _rows(page, FIRST_ROW, rows, columns, cells if sheet.rows else {})
    keys = [column.key for column in columns]
    for (row, key), kind in sheet.kinds.items():
        page.range((FIRST_ROW + row, keys.index(key) + 1)).number_format = FORMATS[kind]


def _labels(table: xw.main.Table | None) -> list[str]:
    """Return a table's headers as they stand."""
    if table is None or table.header_row_range is None:
        return []
    return [str(value or "") for value in table.header_row_range.options(ndim=1).value]


def _side(column: Column, above: Column | None = None) -> Side:
    """Return where a column's cells stand; a text of a smaller table below numbers stands in the middle, clear of the number before it."""
    side = _SIDES.get(column.kind, "right")
    return "center" if side == "left" and above is not None and _SIDES.get(above.kind) != "left" else side


def _format(place: xw.Range, column: Column) -> None:
    place.number_format = FORMATS[column.kind]
    if column.style == "input":
        place.color = INPUT_FILL
    if column.style == "strong":
        place.font.bold = True
    if column.kind == "link":
        place.font.color = (5, 99, 193)


def _rows(
    page: xw.Sheet, row: int, count: int, columns: tuple[Column, ...], cells: dict[str, list[Any]], sides: Sequence[Side] = (),
    wrapped: Collection[int] = (),
) -> None:
    """Write the rows of a table: each column in the format of its first cell, which comes from the template where there is one.

    A smaller table says where its columns stand and which of them break into lines: its place may have been another's before.
    """
    by_columns = getattr(page.impl, "set_block", None)  # an engine that takes columns gets them whole
    last = row + count - 1
    for number, column in enumerate(columns, start=1):
        first, place = page.range((row, number)), page.range((row, number), (row if by_columns else last, number))
        _format(place, column)
        if sides or not by_columns:
            place.horizontal_alignment = sides[number - 1] if sides else first.horizontal_alignment or _side(column)
            place.wrap_text = number - 1 in wrapped if sides else column.wrap
    shown = [_shown(column, cells[column.key]) if cells else [None] * count for column in columns]
    if by_columns:
        by_columns(row, 1, shown, [page.impl.style_index(row, number) for number in range(1, len(columns) + 1)])
    elif cells:
        for number, values in enumerate(shown, start=1):
            put(page.range((row, number), (last, number)), [[value] for value in values])
    for number, column in enumerate(columns, start=1):
        if column.kind == "link" and cells:
            formulas = [[f'=HYPERLINK("#{target}","{_place_words(target)}")' if target else ""] for target in cells[column.key]]
            page.range((row, number), (last, number)).formula = formulas


def _place_words(target: str) -> str:
    """Write where a link leads: a sheet by its name, a cell by its address."""
    return target.removesuffix("!A1").strip("'") if target.endswith("!A1") else target


def _shown(column: Column, values: list[Any]) -> list[Any]:
    """Turn a column into what cells show: money as numbers; the analyst's own cells as they typed them."""
    if column.kind == "link":
        return [None] * len(values)  # a formula follows
    if column.style == "input":
        return [None if value == "" else value for value in values]
    if column.kind == "amount":
        if None in values:
            return [None if value is None else value / MONEY_SCALE for value in values]
        plain: list[Any] = money_to_float(values).tolist()
        return plain
    if column.kind == "text":
        return [None if value in (None, "") else value for value in values]
    return values


def _below(page: xw.Sheet, sheet: Sheet, columns: tuple[Column, ...], row: int) -> None:
    """Write the totals and the smaller tables under the main one."""
    for total in sheet.totals:
        line = page.range((row, 1), (row, len(columns)))
        line.color = TOTAL_FILL
        line.font.bold = True
        line.wrap_text = False
        for number, column in enumerate(columns, start=1):
            if column.key in total:
                place = page.range((row, number))
                place.number_format = FORMATS[column.kind]
                place.horizontal_alignment = _side(column)
                put(place, _shown(column, [total[column.key]])[0])
        row += 1
    row = max(row, sheet.blocks_from - 2)
    for block in sheet.blocks:
        row = _block(page, block, row + 2, columns)


def _block(page: xw.Sheet, block: Block, row: int, columns: tuple[Column, ...]) -> int:
    """Write a smaller table in the columns of the main one: texts too long for them break into lines."""
    title = page.range((row, 1))
    title.number_format = "@"
    put(title, block.title)
    title.font.bold = True
    title.wrap_text = False
    title.horizontal_alignment = "left"
    width, count = len(block.columns), max(_block_rows(block), 1)
    head = page.range((row + 1, 1), (row + 1, width))
    labels = [column.label for column in block.columns]
    head.number_format = "@"
    put(head, [labels])
    head.color = HEAD_FILL
    head.font.color = WHITE
    head.font.bold = True
    head.wrap_text = True
    sides = [_side(column, columns[place] if place < len(columns) else None) for place, column in enumerate(block.columns)]
    widths = {place: columns[place].width for place in range(min(width, len(columns)))}
    cells = {key: listed(values) for key, values in block.data.items()} if _block_rows(block) else {}
    texts = [cells.get(column.key, []) if column.kind == "text" else [] for column in block.columns]
    long = {place for place, room in widths.items() if any(isinstance(text, str) and lines_of(text, room) > 1 for text in texts[place])}
    wrapped = {place: room for place, room in widths.items() if place in long or columns[place].wrap or block.columns[place].wrap}
    if _reaches_on(block.columns, columns, texts):
        wrapped.pop(width - 1, None)
        sides[-1] = "left"
    for number, side in enumerate(sides, start=1):
        page.range((row + 1, number)).horizontal_alignment = side
    set_heights(page, row + 1, widths, [[label] for label in labels])
    _rows(page, row + 2, count, block.columns, cells, sides, wrapped)
    set_heights(page, row + 2, wrapped, texts)
    return row + 1 + count + 1


def _remember(book: xw.Book, place: Place, extent: tuple[int, int], made: Sheet) -> None:
    """Keep in the file what was written, which column is which, and what the words mean."""
    page, report, sheet = place.page, place.report, place.sheet
    refers = reference(sheet, page.range((max(1, 1 - place.down), 1), extent))
    known = named(book, sheet, f"extent_{report}")
    if known is None:
        book.names.add(f"extent_{report}", refers)
    else:
        known.refers_to = refers
    row, left = HEADER_ROW + place.down, 1 + place.right
    head = sheet.range((place.head, left), (place.head + max(place.lines, 1) - 1, left))
    write_words(book, sheet, made, place.words)
    keys = {column.key: (row, left + number) for number, column in enumerate(made.columns)}
    write_keys(book, report, keys, head, place.keys, sheet)


def _chart(book: xw.Book, sheet: Sheet) -> None:
    """Fill the cells behind the report's charts, where the workbook has them."""
    blocks: dict[str, list[list[Any]]] = {f"chart_{sheet.report}": [[label, value] for label, value in sheet.chart]}
    blocks |= {f"chart_{sheet.report}_{key}": rows for key, rows in sheet.charts.items()}
    for name, rows in blocks.items():  # asked for by name: a pass over all names takes seconds where a program runs beside us
        if not book.names.contains(name):
            continue
        place = book.names[name].refers_to_range
        height, width = place.rows.count, place.columns.count
        lines = [[*row, *[None] * width][:width] for row in rows[:height]]
        lines += [[None] * width] * (height - len(lines))
        put(place, lines)
