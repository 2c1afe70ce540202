"""What a write leaves alone: every other part to the byte, and in the changed sheet everything but the changed cells."""

from __future__ import annotations

import re
import shutil
import zipfile

import pytest

from tests.file import sample
from xladdin.hosts.file import check_file, open_book

CELL = re.compile(rb'<c r="([A-Z]+\d+)"(?:[^>]*/>|.*?</c>)', re.DOTALL)


def cells(sheet):
    return {found[1].decode(): found[0] for found in CELL.finditer(sheet)}


def test_the_sample_holds_what_a_rewrite_could_lose(original):
    names = set(sample.parts(original))
    assert {"customUI/customUI14.xml", "xl/vbaProject.bin", "xl/slicers/slicer1.xml", "xl/threadedComments/threadedComment1.xml"} <= names
    assert {"xl/charts/chart1.xml", "xl/comments1.xml", "xl/media/image1.png", "xl/metadata.xml", "xl/tables/table1.xml"} <= names
    ledger = sample.parts(original)["xl/worksheets/sheet2.xml"]
    for word in (b"sparkline", b"x14:dataBar", b"dataValidation", b"conditionalFormatting", b"pane "):
        assert word in ledger
    assert b"FormControl" in sample.parts(original)["xl/drawings/vmlDrawing1.vml"] or b"Button" in sample.parts(original)["xl/drawings/vmlDrawing1.vml"]
    assert check_file(original) == []


def test_saving_without_a_change_writes_nothing(path):
    before = path.stat()
    book = open_book(path)
    book.sheets["Ledger items"].used_range.value  # noqa: B018 - reading is the point
    book.save()
    book.close()
    assert path.stat() == before or (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_written_cell_changes_its_part_and_the_recalculation_flag_only(path, original, book):
    book.sheets["Ledger items"]["H20"].value = 7
    book.save()
    old, new = sample.parts(original), sample.parts(path)
    assert list(old) == list(new)
    assert {name for name in old if old[name] != new[name]} == {"xl/worksheets/sheet2.xml"}  # XlsxWriter already asks for recalculation
    sheet_old, sheet_new = old["xl/worksheets/sheet2.xml"], new["xl/worksheets/sheet2.xml"]
    assert sample.without_rows(sheet_old) == sample.without_rows(sheet_new)
    assert {key for key in cells(sheet_old) if cells(sheet_old)[key] != cells(sheet_new)[key]} == {"H20"}
    assert cells(sheet_new)["H20"] == b'<c r="H20"><v>7</v></c>'
    assert re.findall(rb"<row [^>]*>", sheet_old) == re.findall(rb"<row [^>]*>", sheet_new)


def test_unchanged_parts_keep_their_place_date_and_compressed_bytes(path, original, book):
    book.sheets["Control"]["B4"].value = "US"
    book.save()
    with zipfile.ZipFile(original) as old, zipfile.ZipFile(path) as new:
        for before, after in zip(old.infolist(), new.infolist(), strict=True):
            assert (before.filename, before.date_time, before.external_attr) == (after.filename, after.date_time, after.external_attr)
            if before.filename != "xl/worksheets/sheet1.xml":
                assert (before.compress_size, before.CRC, before.compress_type) == (after.compress_size, after.CRC, after.compress_type)
        assert new.testzip() is None


def test_a_sheet_is_put_together_from_taken_apart_rows_to_the_same_bytes(original, path):
    book = open_book(path)
    for sheet in book.sheets:
        part = sheet.impl.part
        part.rows.touch(1, 1000)
        assert b"".join([part.shell.before(), *part.rows.chunks(), part.shell.after()]) == sample.parts(original)[part.part]
    book.close()


def test_a_rich_text_a_dynamic_array_and_an_error_stand_beside_a_written_cell(path, original, book):
    book.sheets["Control"]["B9"].value = 1
    book.save()
    old, new = (cells(sample.parts(file)["xl/worksheets/sheet1.xml"]) for file in (original, path))
    assert {key for key in new if old.get(key) != new[key]} == {"B9"}
    assert b'cm="1"' in new["E1"]


@pytest.mark.parametrize("quote", [False, True])
def test_the_order_of_calculation_is_dropped_when_a_formula_changes(path, tmp_path, quote):
    chained = tmp_path / "Chained.xlsm"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(chained, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "[Content_Types].xml":
                data = data.replace(b"</Types>", b'<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/></Types>')
            if name == "xl/_rels/workbook.xml.rels":
                data = data.replace(b"</Relationships>", sample.relationship("rIdC", f"{sample.RELATIONSHIP}/calcChain", "calcChain.xml").encode() + b"</Relationships>")
            new.writestr(name, data)
        new.writestr("xl/calcChain.xml", '<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="B6" i="1"/></calcChain>')
    book = open_book(chained)
    if quote:
        book.sheets["Control"]["B6"].value = 1
    else:
        book.sheets["Control"]["B7"].value = 1
    book.save()
    book.close()
    assert ("xl/calcChain.xml" in sample.parts(chained)) is not quote
    assert (b"calcChain" in sample.parts(chained)["[Content_Types].xml"]) is not quote
    assert check_file(chained) == []


def test_a_workbook_is_calculated_on_opening_after_a_write(path, tmp_path):
    calm = sample.patched(path, tmp_path / "Calm.xlsm", xl_workbook_xml=('fullCalcOnLoad="1"', ""))
    book = open_book(calm)
    book.sheets["Control"]["B4"].value = "US"
    book.save()
    book.close()
    assert b'fullCalcOnLoad="1"' in sample.parts(calm)["xl/workbook.xml"]


@pytest.mark.filterwarnings("ignore:.*will be removed")
def test_openpyxl_loses_what_this_engine_keeps(path, book):
    """The reason for the engine; when openpyxl learns this, think again."""
    import openpyxl

    loaded = openpyxl.load_workbook(path, keep_vba=True)
    other = path.with_name("other.xlsm")
    loaded.save(other)
    assert b"sparkline" not in sample.parts(other)["xl/worksheets/sheet2.xml"]


def test_another_writer_s_prefixed_and_pretty_printed_xml_is_read_and_written(path, tmp_path):
    """Some programs write <x:row>, line ends between tags, and no cell addresses."""
    rows = (
        '<x:sheetData>\n  <x:row>\n    <x:c t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c>\n <x:c><x:v>2</x:v></x:c></x:row>\n'
        "  <x:row r='3'><x:c r='B3' t='b'><x:v>1</x:v></x:c></x:row>\n</x:sheetData>"
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    odd = tmp_path / "Odd.xlsm"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(odd, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet3.xml":
                data = f'<?xml version="1.0" encoding="utf-8"?><x:worksheet xmlns:x="{main}">{rows}</x:worksheet>'.encode()
            new.writestr(name, data)
    book = open_book(odd)
    sheet = book.sheets["xlwings.conf"]
    assert sheet["A1:B3"].value == [["a", 2.0], [None, None], [None, True]]
    sheet["C1"].value = "new"
    book.save()
    assert sheet["A1:C3"].value == [["a", 2.0, "new"], [None, None, None], [None, True, None]]
    book.close()
    assert check_file(odd) == []


def test_the_file_keeps_its_mode_and_a_link_stays_a_link(path, tmp_path):
    path.chmod(0o640)
    link = tmp_path / "link" / "Credit.xlsm"
    link.parent.mkdir()
    link.symlink_to(path)
    book = open_book(link)
    book.sheets["Control"]["B4"].value = "US"
    book.save()
    book.close()
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert open_book(path).sheets["Control"]["B4"].value == "US"


def test_saving_under_another_path_leaves_the_first_file(path, original, tmp_path, book):
    book.sheets["Control"]["B4"].value = "US"
    other = tmp_path / "Other.xlsm"
    book.save(other)
    assert path.read_bytes() == original.read_bytes()
    assert (book.name, book.fullname) == ("Other.xlsm", str(other))
    assert book.sheets["Control"]["B4"].value == "US"


def test_a_copy_can_be_edited_while_the_first_is_open(path, tmp_path, book):
    second = open_book(shutil.copy(path, tmp_path / "Second.xlsm"))
    second.sheets["Control"]["B4"].value = "US"
    assert book.sheets["Control"]["B4"].value == "EU"
    second.close()
