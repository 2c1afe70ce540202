"""What people do to a report's sheet between two refreshes, done to the file as Excel would leave it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from tests.workbook.test_refresh import opened
from workbook.host_tables import cells_of, table_of
from workbook.report_place import sheet_of
from xladdin.hosts.file.address import Rect, column_name, parse_rect


def part_of(book, report):
    """The part of the report's sheet."""
    return sheet_of(book, report).impl.part.part


def table_part(path, report):
    with zipfile.ZipFile(path) as file:
        for name in file.namelist():
            if name.startswith("xl/tables/") and f'displayName="rpt_{report}"'.encode() in file.read(name):
                return name
    raise AssertionError(report)


def edit(path, changes):
    """Rewrite parts of the file: name -> function of its text."""
    path = Path(path)
    with zipfile.ZipFile(path) as file:
        parts = {info: file.read(info.filename) for info in file.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for info, data in parts.items():
            change = changes.get(info.filename)
            file.writestr(info, change(data.decode()).encode() if change else data)


def facts(path, report):
    with opened(path, save=False) as book:
        return part_of(book, report), sheet_of(book, report).name


def _shifted(address, rows, columns, row_from, column_from):
    rect = parse_rect(address)
    if rect is None:
        return address
    top, bottom = (row + rows if row >= row_from else row for row in (rect.row, rect.last_row))
    left, right = (column + columns if column >= column_from else column for column in (rect.column, rect.last_column))
    return Rect(top, left, bottom, right).a1(absolute="$" in address)


def insert(path, report, rows=0, columns=0, row_from=1, column_from=1):
    """Insert whole rows or columns: cells, tables, names and rules move, as in Excel."""
    part, sheet = facts(path, report)

    def moved(address):
        return " ".join(_shifted(one, rows, columns, row_from, column_from) for one in address.split())

    def cells(text):
        def row(match):
            return f'<row r="{int(match[1]) + (rows if int(match[1]) >= row_from else 0)}"'

        text = re.sub(r'<row r="(\d+)"', row, text)
        text = re.sub(r'(<c r=")([A-Z]+\d+)(")', lambda match: match[1] + moved(match[2]) + match[3], text)
        text = re.sub(r'(\s(?:sqref|ref)=")([^"]+)(")', lambda match: match[1] + moved(match[2]) + match[3], text)
        return re.sub(r'\sspans="[^"]*"', "", text)

    def names(text):
        quoted = re.escape(sheet)
        return re.sub(rf"('?{quoted}'?!)(\$[A-Z]+\$\d+(?::\$[A-Z]+\$\d+)?)", lambda match: match[1] + moved(match[2]), text)

    def table(text):
        return re.sub(r'(\sref=")([^"]+)(")', lambda match: match[1] + moved(match[2]) + match[3], text)

    edit(path, {part: cells, "xl/workbook.xml": names, table_part(path, report): table})


def rows_above(path, report, chance):
    insert(path, report, rows=chance.randint(1, 4), row_from=chance.choice([1, 6, 7]))


def rows_in_the_head(path, report, chance):
    insert(path, report, rows=1, row_from=3)


def columns_before(path, report, chance):
    insert(path, report, columns=chance.randint(1, 3))


def plain_range(path, report, chance):
    """Convert the table to a range."""
    part, _ = facts(path, report)
    edit(path, {part: lambda text: re.sub(r"<tableParts.*?</tableParts>", "", text, flags=re.DOTALL)})


def sheet_renamed(path, report, chance):
    with opened(path) as book:
        sheet_of(book, report).name = f"Anna's {report}"[:31]


def sheet_hidden(path, report, chance):
    _, sheet = facts(path, report)
    edit(path, {"xl/workbook.xml": lambda text: text.replace(f'<sheet name="{sheet}"', f'<sheet name="{sheet}" state="veryHidden"')})


def sheet_protected(path, report, chance):
    part, _ = facts(path, report)
    edit(path, {part: lambda text: text.replace("</sheetData>", '</sheetData><sheetProtection sheet="1" objects="1" scenarios="1"/>', 1)})


def merged(path, report, chance):
    with opened(path) as book:
        page = sheet_of(book, report)
        place = table_of(page, report).range if table_of(page, report) else page.range("A7")
        page.range((1, 1), (1, 4)).merge()
        page.range((place.row + 1, 7), (place.row + 1, 8)).merge()


def totals_on(path, report, chance):
    """Switch the totals row on: Excel moves what stands below one row down."""
    with opened(path, save=False) as book:
        place = table_of(sheet_of(book, report), report).range
        last, width = place.row + place.rows.count - 1, place.columns.count
    insert(path, report, rows=1, row_from=last + 1)
    part = table_part(path, report)

    def table(text):
        rect = parse_rect(re.search(r'<table [^>]*ref="([^"]+)"', text)[1])
        text = re.sub(r'(<table [^>]*ref=")([^"]+)(")', rf"\g<1>{rect._replace(last_row=rect.last_row + 1).a1()}\g<3>", text, count=1)
        text = re.sub(r'totalsRowShown="\d"', "", text)
        return text.replace("<table ", '<table totalsRowCount="1" ', 1)

    edit(path, {part: table})
    with opened(path) as book:
        page = sheet_of(book, report)
        page.range((last + 1, 1)).value = "Total"
        page.range((last + 1, width)).value = f"=SUBTOTAL(103,{column_name(width)}{place.row + 1}:{column_name(width)}{last})"


def filtered(path, report, chance):
    """Filter for one customer: the other rows are hidden."""
    part = table_part(path, report)
    with opened(path) as book:
        page = sheet_of(book, report)
        place = table_of(page, report).range
        for row in range(place.row + 2, place.row + place.rows.count):
            page.range((row, 1)).impl.row_hidden = True
    filter_ = '<filterColumn colId="0"><filters><filter val="nobody"/></filters></filterColumn></autoFilter>'
    edit(path, {part: lambda text: re.sub(r"(<autoFilter [^>]*)/>", rf"\1>{filter_}", text)})


def rows_hidden(path, report, chance):
    with opened(path) as book:
        page = sheet_of(book, report)
        place = table_of(page, report)
        last = place.range.row + place.range.rows.count if place else 12
        for row in chance.sample(range(8, last + 1), min(3, last - 7)):
            page.range((row, 1)).impl.row_hidden = True


def sorted_rows(path, report, chance):
    with opened(path) as book:
        page = sheet_of(book, report)
        place = table_of(page, report).range
        rows = cells_of(place)[1:]
        chance.shuffle(rows)
        page.range((place.row + 1, place.column), (place.row + len(rows), place.column + len(rows[0]) - 1)).options("raw").value = rows


def typed_below(path, report, chance):
    with opened(path) as book:
        page = sheet_of(book, report)
        place = table_of(page, report).range
        page.range((place.row + place.rows.count, place.column + 1)).value = f"typed below {report}"


def local_names(path, report, chance):
    """Give the names of the report the scope of its sheet."""
    _, sheet = facts(path, report)
    with opened(path, save=False) as book:
        number = [page.name for page in book.sheets].index(sheet)

    def names(text):
        return re.sub(rf'<definedName name="((?:key|head)_{report}[_"])', rf'<definedName localSheetId="{number}" name="\1', text)

    edit(path, {"xl/workbook.xml": names})


def names_deleted(path, report, chance):
    with opened(path) as book:
        for name in list(book.names):
            if report in name.name and name.name.startswith(("key_", "head_", "words_", "extent_")):
                name.delete()


def headers_doubled(path, report, chance):
    with opened(path) as book:
        page = sheet_of(book, report)
        place = table_of(page, report).range
        width = place.columns.count
        at = chance.sample(range(width), 2)
        header = cells_of(place)[0]
        header[at[1]] = header[at[0]]
        page.range((place.row, place.column), (place.row, place.column + width - 1)).value = [header]


def headers_blank(path, report, chance):
    with opened(path) as book:
        place = table_of(sheet_of(book, report), report).range
        place.sheet.range((place.row, place.column), (place.row, place.column + place.columns.count - 1)).value = None


def column_deleted(path, report, chance):
    """Delete a column that is not the note's, as Excel does."""
    with opened(path) as book:
        page = sheet_of(book, report)
        table = table_of(page, report)
        place = table.range
        rows = cells_of(place)
        at = chance.choice(range(len(rows[0]) - 1))
        top, left, width, last = place.row, place.column, len(rows[0]), place.row + len(rows) - 1
        named = [(name, name.refers_to) for name in book.names if name.name.rpartition("!")[2].startswith(f"key_{report}__")]
        corners = [(name, page.range(refers.rpartition("!")[2])) for name, refers in named if "#REF" not in refers]
        table.resize(page.range((top, left), (last, left + width - 2)))
        page.range((top, left + width - 1), (last, left + width - 1)).clear()
        page.range((top, left), (last, left + width - 2)).options("raw").value = [[*row[:at], *row[at + 1 :]] for row in rows]
        for name, cell in corners:
            if cell.column == left + at:
                name.refers_to = f"='{page.name}'!#REF!"
            elif cell.column > left + at:
                name.refers_to = f"='{page.name}'!{page.range((top, cell.column - 1)).address}"


ALL = (
    rows_above, rows_in_the_head, columns_before, plain_range, sheet_renamed, sheet_hidden, sheet_protected, merged, totals_on, filtered,
    rows_hidden, sorted_rows, typed_below, local_names, names_deleted, headers_doubled, headers_blank, column_deleted,
)  # fmt: skip
