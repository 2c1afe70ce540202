"""A workbook that holds one of everything a rewrite could lose."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import zipfile
import zlib
from pathlib import Path

import xlsxwriter
from pyopenvba import ExcelFile

FIXED = dt.datetime(2024, 1, 1)
RELATIONSHIP = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RIBBON = (
    '<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui"><ribbon><tabs><tab id="credit" label="Credit">'
    '<group id="g" label="Reports"><button id="b" label="Aging" onAction="RunAging"/></group></tab></tabs></ribbon></customUI>'
)
THREADED = (
    '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><threadedComment ref="B4" '
    'dT="2024-01-01T00:00:00.00" personId="{00000000-0000-0000-0000-000000000001}" id="{00000000-0000-0000-0000-000000000002}">'
    "<text>Why EU?</text></threadedComment></ThreadedComments>"
)
PERSONS = (
    '<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><person displayName="Li" '
    'id="{00000000-0000-0000-0000-000000000001}" userId="li" providerId="None"/></personList>'
)
SLICER = '<slicers xmlns="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><slicer name="Region" cache="Slicer_Region" rowHeight="241300"/></slicers>'
SLICER_CACHE = (
    '<slicerCacheDefinition xmlns="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" name="Slicer_Region" sourceName="Region"/>'
)


def picture() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = b"".join(b"\0" + b"\x20\x60\xa0" * 8 for _ in range(8))
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


def sheets(target: object, vba: bytes | None = None) -> None:
    """What XlsxWriter can write."""
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": FIXED})
    if vba is not None:
        book.add_vba_project(io.BytesIO(vba), is_stream=True)
    book.set_vba_name("ThisWorkbook")
    control, ledger, hidden = (book.add_worksheet(name) for name in ("Control", "Ledger items", "xlwings.conf"))
    for sheet, code in ((control, "shControl"), (ledger, "shLedger"), (hidden, "shConf")):
        sheet.set_vba_name(code)
    bold, date = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    money, text, red = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "@"}), book.add_format({"bg_color": "#FFC7CE"})
    control.write("A1", "Credit control", bold)
    control.write("A3", "As of")
    control.write_datetime("B3", FIXED, date)
    control.write("A4", "Region")
    control.write("B4", "EU")
    control.data_validation("B4", {"validate": "list", "source": ["EU", "US", "APAC"]})
    control.write_formula("B6", "=SUM(Items[Amount])", None, 3618)
    control.write_dynamic_array_formula("E1:E1", "=SORT(UNIQUE('Ledger items'!B5:B12))")
    control.write_rich_string("A8", "plain ", bold, "bold", " plain")
    control.write_formula("A9", "=NA()", None, "#N/A")
    control.insert_button("D3", {"macro": "RunAging", "caption": "Aging"})
    control.insert_image("H1", "logo.png", {"image_data": io.BytesIO(picture())})
    control.write_comment("A3", "the day the report counts from", {"author": "Li"})
    book.define_name("AsOf", "=Control!$B$3")
    book.define_name("Amounts", "='Ledger items'!$D$5:$D$12")
    book.define_name("'Ledger items'!Local", "='Ledger items'!$A$1")
    ledger.write("A1", "Ledger", bold)
    rows = [[f"C{n}", ("EU", "US")[n % 2], n * 10, n * 100.5] for n in range(1, 9)]
    columns = [{"header": "Customer", "format": text}, {"header": "Region"}, {"header": "Days"}, {"header": "Amount", "format": money}]
    ledger.add_table(3, 0, 11, 3, {"name": "Items", "data": rows, "columns": columns})
    ledger.conditional_format("C5:C12", {"type": "cell", "criteria": ">", "value": 50, "format": red})
    ledger.conditional_format("D5:D12", {"type": "data_bar", "data_bar_2010": True})
    ledger.data_validation("B5:B12", {"validate": "list", "source": ["EU", "US"]})
    ledger.add_sparkline("F5", {"range": "'Ledger items'!D5:D12"})
    ledger.write("H20", "kept")
    ledger.print_area("A1:D12")
    ledger.repeat_rows(0, 3)
    ledger.freeze_panes(4, 0)
    ledger.set_column("A:A", 18)
    ledger.set_row(0, 30)
    chart = book.add_chart({"type": "column"})
    chart.add_series({"categories": "='Ledger items'!$A$5:$A$12", "values": "='Ledger items'!$D$5:$D$12"})
    ledger.insert_chart("H2", chart)
    hidden.write("A1", "Interpreter")
    hidden.hide()
    control.activate()
    book.close()


def vba(folder: Path) -> bytes:
    """A VBA project whose modules fit the sheets above."""
    path = folder / "skeleton.xlsm"
    sheets(str(path))
    with ExcelFile(path) as book:
        project = book.add_vba_project()
        project.add_module("Reports", "Public Sub RunAging()\r\nEnd Sub\r\n")
        book.save(path)
    return zipfile.ZipFile(path).read("xl/vbaProject.bin")


def build(path: Path) -> Path:
    """Write the workbook, with the parts that no library writes added by hand."""
    buffer = io.BytesIO()
    sheets(buffer, vba(path.parent))
    extra = {
        "customUI/customUI14.xml": RIBBON, "xl/threadedComments/threadedComment1.xml": THREADED, "xl/persons/person.xml": PERSONS,
        "xl/slicers/slicer1.xml": SLICER, "xl/slicerCaches/slicerCache1.xml": SLICER_CACHE, "xl/future/something1.xml": "<future/>",
    }  # fmt: skip
    source = zipfile.ZipFile(buffer)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for entry in source.infolist():
            out.writestr(entry, with_extras(entry.filename, source.read(entry.filename).decode("latin-1")).encode("latin-1"))
        for name, content in extra.items():
            out.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return path


def with_extras(name: str, content: str) -> str:
    """Refer to the parts added by hand, and pretend that Excel had calculated (calcChain)."""
    if name == "_rels/.rels":
        return add(content, "Relationships", relationship("rIdUI", "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility", "customUI/customUI14.xml"))
    if name == "xl/_rels/workbook.xml.rels":
        new = "http://schemas.microsoft.com/office/2017/10/relationships/person"
        cache = "http://schemas.microsoft.com/office/2007/relationships/slicerCache"
        return add(content, "Relationships", relationship("rIdP", new, "persons/person.xml") + relationship("rIdS", cache, "slicerCaches/slicerCache1.xml"))
    if name == "xl/worksheets/_rels/sheet1.xml.rels":
        new = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
        return add(content, "Relationships", relationship("rIdT", new, "../threadedComments/threadedComment1.xml"))
    if name == "xl/worksheets/_rels/sheet2.xml.rels":
        new = "http://schemas.microsoft.com/office/2007/relationships/slicer"
        return add(content, "Relationships", relationship("rIdS", new, "../slicers/slicer1.xml") + relationship("rIdF", "http://example.org/future", "../future/something1.xml"))
    if name == "[Content_Types].xml":
        return add(content, "Types", '<Default Extension="bin2" ContentType="application/octet-stream"/>')
    return content


def relationship(key: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>'


def add(content: str, root: str, text: str) -> str:
    return content.replace(f"</{root}>", f"{text}</{root}>")


def parts(path: Path) -> dict[str, bytes]:
    """All parts of a file in their order."""
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def without_rows(sheet: bytes) -> bytes:
    """A sheet's XML without its rows and without the hint of its size."""
    return re.sub(rb'<dimension ref="[^"]*"/>', b"", re.sub(rb"(?s)<sheetData.*</sheetData>", b"", sheet))


def patched(source: Path, target: Path, **changes: tuple[str, str]) -> Path:
    """Copy a workbook with some text replaced in some parts (keys: part names with _ for / and .)."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        done = set()
        for entry in old.infolist():
            data = old.read(entry.filename)
            key = re.sub(r"\W", "_", entry.filename)
            if key in changes:
                before, after = changes[key]
                assert before.encode() in data, (entry.filename, data[:600])
                data = data.replace(before.encode(), after.encode(), 1)
                done.add(key)
            new.writestr(entry, data)
        assert done == set(changes)
    return target
