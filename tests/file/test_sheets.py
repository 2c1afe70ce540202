"""Books, sheets, ranges, formats, names: what an analyst's own xlwings script uses."""

from __future__ import annotations

import pytest
import xlwings as xw

from tests.file import sample
from xladdin.errors import BadRequest
from xladdin.hosts.file import check_file, open_book


@pytest.fixture
def control(book):
    return book.sheets["Control"]


def test_the_engine_is_registered_once_and_finds_its_books(book, path):
    assert [engine.name for engine in xw.engines].count("file") == 1
    app = book.app
    assert app.engine.name == "file"
    assert book in list(app.books)
    assert app.books["Credit.xlsm"] == book
    assert app.books.open(path) == book
    assert repr(book) == "<Book [Credit.xlsm]>"
    assert app.books.active == book


def test_the_switches_of_a_live_program_can_be_set(book):
    app = book.app
    with app.properties(screen_updating=False, calculation="manual", enable_events=False, status_bar="busy"):
        assert app.status_bar == "busy"
    app.calculation = "automatic"
    with pytest.raises(NotImplementedError, match="Excel calculates it on opening"):
        app.calculate()
    with pytest.raises(NotImplementedError, match="RunAging needs Excel: a closed workbook runs no VBA"):
        book.macro("RunAging")()


def test_sheets_by_name_by_number_and_in_turn(book):
    assert [sheet.name for sheet in book.sheets] == ["Control", "Ledger items", "xlwings.conf"]
    assert book.sheets[0].name == book.sheets("control").name == book.sheets[-3].name == "Control"
    assert (len(book.sheets), "Control" in book.sheets, "Other" in book.sheets) == (3, True, False)
    assert [sheet.index for sheet in book.sheets] == [1, 2, 3]
    assert [sheet.visible for sheet in book.sheets] == [True, True, False]
    with pytest.raises(KeyError):
        book.sheets["Other"]


@pytest.mark.parametrize(("place", "order"), [("before", ["New", "Control", "Ledger items"]), ("after", ["Control", "New", "Ledger items"])])
def test_a_new_sheet_stands_where_it_was_put(book, path, place, order):
    new = book.sheets.add("New", **{place: book.sheets["Control"]})
    new["A1"].value = "here"
    assert book.sheets.active == new
    book.save()
    assert [sheet.name for sheet in book.sheets][:3] == order
    assert book.sheets["New"]["A1"].value == "here"
    assert book.sheets.active.name == "New"
    assert check_file(path) == []
    # names that belong to a sheet, and print areas, still belong to it
    assert book.sheets["Ledger items"].names["Local"].refers_to == "='Ledger items'!$A$1"
    assert book.sheets["Ledger items"].page_setup.print_area == "$A$1:$D$12"
    selected = [name for name, data in sample.parts(path).items() if b'tabSelected="1"' in data]
    assert selected == ["xl/worksheets/sheet4.xml"]


def test_a_new_sheet_needs_a_free_and_legal_name(book):
    assert book.sheets.add().name == "Sheet1"
    with pytest.raises(ValueError, match="already present"):
        book.sheets.add("control")
    with pytest.raises(BadRequest, match="a sheet name has 1 to 31 characters"):
        book.sheets.add("a/b")


def test_renaming_a_sheet_follows_in_formulas_names_charts_and_rules(book, path):
    book.sheets["Control"]["K30"].value = "='Ledger items'!A1&\"'Ledger items'!A1\""
    book.sheets["Ledger items"].name = "Posten & Co"
    book.save()
    assert book.sheets["Control"]["K30"].formula == "='Posten & Co'!A1&\"'Ledger items'!A1\""
    assert book.names["Amounts"].refers_to == "='Posten & Co'!$D$5:$D$12"
    assert b"'Posten &amp; Co'!$D$5:$D$12" in sample.parts(path)["xl/charts/chart1.xml"]
    assert b"Ledger items" not in sample.parts(path)["xl/worksheets/sheet2.xml"]
    assert check_file(path) == []
    with pytest.raises(BadRequest, match="there already is a sheet 'control'"):
        book.sheets["Posten & Co"].name = "control"


def test_deleting_a_sheet_takes_its_parts_along_and_leaves_ref(book, path):
    book.sheets["Ledger items"].delete()
    book.save()
    assert [sheet.name for sheet in book.sheets] == ["Control", "xlwings.conf"]
    assert book.names["Amounts"].refers_to == "=#REF!"
    assert "SORT(UNIQUE(#REF!))" in book.sheets["Control"]["E1"].formula
    assert not {"xl/worksheets/sheet2.xml", "xl/charts/chart1.xml", "xl/tables/table1.xml"} & set(sample.parts(path))
    assert "xl/media/image1.png" in sample.parts(path)
    assert check_file(path) == []
    with pytest.raises(BadRequest, match="needs at least one visible sheet"):
        book.sheets["Control"].delete()


def test_hiding_sheets(book, path):
    book.sheets["Ledger items"].visible = False
    with pytest.raises(BadRequest, match="needs at least one visible sheet"):
        book.sheets["Control"].visible = False
    book.sheets["xlwings.conf"].visible = True
    book.save()
    assert [sheet.visible for sheet in book.sheets] == [True, False, True]


def test_ranges_are_addressed_in_every_way(book, control):
    assert control["A1:B2"].address == control[0:2, 0:2].address == control.range((1, 1), (2, 2)).address == "$A$1:$B$2"
    assert control.range("A1").resize(3, 2).offset(1, 1).address == "$B$2:$C$4"
    assert control.range("AsOf").address == "$B$3"
    assert control.range("'Ledger items'!A1").sheet.name == "Ledger items"
    assert control["A:B"].shape == (1_048_576, 2)
    assert control["3:4"].shape == (2, 16_384)
    assert control["A1:C3"].rows[1].address == "$A$2:$C$2"
    assert control["A1:C3"].columns[2].address == "$C$1:$C$3"
    assert (control["B2:D5"].row, control["B2:D5"].column, control["B2:D5"].count, control["B2:D5"].last_cell.address) == (2, 2, 12, "$D$5")
    assert control["A1"].get_address(False, False, include_sheetname=True) == "Control!A1"
    assert book.sheets["Ledger items"]["A1"].get_address(external=True) == "'[Credit.xlsm]Ledger items'!$A$1"
    assert control.cells.shape == (1_048_576, 16_384)
    with pytest.raises(BadRequest, match="'nonsense' is neither an address nor a name or table"):
        control.range("nonsense")
    with pytest.raises(IndexError):
        control["A1"].offset(-1, 0)


def test_the_used_range_is_what_there_is(book, control):
    assert book.sheets["Ledger items"].used_range.address == "$A$1:$H$20"
    control["Z99"].value = 1
    assert control.used_range.address == "$A$1:$Z$99"
    control["Z99"].clear()
    assert control.used_range.address == "$A$1:$E$9"
    assert book.sheets.add().used_range.address == "$A$1"


@pytest.mark.parametrize(
    ("start", "direction", "end"),
    [
        ("A4", "down", "A12"), ("A12", "up", "A4"), ("A12", "down", "A1048576"), ("A1", "down", "A4"), ("A4", "up", "A1"), ("A4", "right", "D4"),
        ("D4", "left", "A4"), ("D4", "right", "XFD4"), ("H1", "down", "H20"), ("H20", "down", "H1048576"), ("Z50", "up", "Z1"), ("A1", "left", "A1"),
    ],
)  # fmt: skip
def test_ctrl_and_an_arrow(book, start, direction, end):
    assert book.sheets["Ledger items"][start].end(direction).get_address(False, False) == end


def test_expand_and_current_region(book):
    sheet = book.sheets["Ledger items"]
    assert sheet["A4"].expand().address == sheet["B7"].current_region.address == "$A$4:$D$12"
    assert sheet["A4"].expand("down").address == "$A$4:$A$12"
    assert sheet["A4"].expand("right").address == "$A$4:$D$4"
    assert sheet["A5"].options(expand="table").value[0] == ["C1", "US", 10, 100.5]


def test_formats_come_back_and_no_other_cell_changes(book, path, control):
    cells = control["A3:B4"]
    cells.font.bold = True
    cells.font.italic = True
    cells.font.size = 14
    cells.font.name = "Arial"
    cells.font.color = "#0a0b0c"
    cells.color = (1, 2, 3)
    cells.wrap_text = True
    cells.horizontal_alignment = "center"
    cells.vertical_alignment = "top"
    control["B4"].number_format = "0.000%"
    book.save()
    cells = control["A3:B4"]
    assert (cells.font.bold, cells.font.italic, cells.font.size, cells.font.name, cells.font.color) == (True, True, 14, "Arial", (10, 11, 12))
    assert (cells.color, cells.wrap_text, cells.horizontal_alignment, cells.vertical_alignment) == ((1, 2, 3), True, "center", "top")
    assert [cell.number_format for cell in cells] == ["General", "yyyy-mm-dd", "General", "0.000%"]
    assert cells.number_format is None  # mixed
    assert control["A1"].font.bold
    assert control["A1:A3"].font.italic is None
    assert not control["A6"].font.bold
    cells.color = None
    cells.font.bold = False
    assert (cells.color, cells.font.bold) == (None, False)
    assert control["A3"].value == "As of"
    assert check_file(path) == []


def test_equal_formats_share_one_style(book, control):
    styles = book.impl.workbook.styles
    control["K30"].font.bold = True
    before = len(styles)
    control["K31:K40"].font.bold = True
    control["L1:L9"].font.bold = True
    assert len(styles) == before


def test_whole_columns_take_a_format_also_for_cells_to_come(book, path):
    sheet = book.sheets.add("New")
    sheet["A1"].value = "code"
    sheet["A:A"].number_format = "@"
    sheet["A2"].value = [["007"], ["=x"]]
    sheet["5000:5000"].font.bold = True
    book.save()
    sheet["A900"].value = "8"
    assert [sheet[address].number_format for address in ("A1", "A2", "A900", "B2")] == ["@", "@", "@", "General"]
    assert sheet["A2:A3"].value == ["007", "=x"]
    assert check_file(path) == []


def test_sizes(book, path, control):
    assert control["B1"].column_width == 8.43
    assert book.sheets["Ledger items"]["A1"].column_width == pytest.approx(18, abs=0.01)
    assert book.sheets["Ledger items"]["A1"].row_height == 30
    control["B:D"].column_width = 22
    control["2:3"].row_height = 40
    control["G1"].columns.hidden = True
    control["7:7"].rows.hidden = True
    book.save()
    assert [control[address].column_width for address in ("A1", "B1", "D1", "E1")] == [8.43, 22, 22, 8.43]
    assert control["A1:B1"].column_width is None
    assert [control[address].row_height for address in ("A1", "A2", "A3")] == [15, 40, 40]
    assert (control["G1"].columns.hidden, control["A7"].rows.hidden, control["A8"].rows.hidden) == (True, True, False)
    control["G1"].columns.hidden = False
    control["7:7"].rows.hidden = False
    assert (control["G1"].columns.hidden, control["A7"].rows.hidden) == (False, False)
    control.autofit()
    assert control["A1"].column_width > 12
    assert check_file(path) == []


def test_clearing(book, path, control):
    control["A1:B4"].clear_contents()
    assert control["A1:B4"].value == [[None, None]] * 4
    assert control["A1"].font.bold
    assert control["B3"].number_format == "yyyy-mm-dd"
    control["B3"].value = 45000
    control["A1:B4"].clear_formats()
    assert control["B3"].value == 45000
    assert control["B3"].number_format == "General"
    control.clear()
    book.save()
    assert control.used_range.address == "$A$1"
    assert control["A1"].font.bold is False
    assert check_file(path) == []


def test_formulas(book, control):
    assert control["B6"].formula == "=SUM(Items[Amount])"
    assert control["B6"].value == 3618
    assert control["E1"].formula == "=SORT(UNIQUE('Ledger items'!B5:B12))"
    assert control["E1"].has_array
    assert control["E1"].formula_array == control["E1"].formula
    assert (control["A3"].formula, control["K99"].formula, control["B3"].formula) == ("As of", "", "45292")
    control["K30"].formula = '=XLOOKUP(A1,B:B,C:C)&"XLOOKUP("'
    assert control["K30"].formula == '=XLOOKUP(A1,B:B,C:C)&"XLOOKUP("'
    control["K31:K32"].formula = [["=A1"], ["text"]]
    assert control["K31:K32"].formula == (("=A1",), ("text",))


def test_a_formula_that_spills_is_a_dynamic_array(book, path, control):
    control["K30"].formula2 = "=SORT(A1:A9)"
    control["K40"].formula2 = "=A1+1"
    control["K50:K51"].formula_array = "=A1:A2*2"
    book.save()
    xml = sample.parts(path)["xl/worksheets/sheet1.xml"].decode()
    assert '<c r="K30" cm="1"><f t="array" ref="K30">_xlfn._xlws.SORT(A1:A9)</f></c>' in xml
    assert '<c r="K40"><f>A1+1</f></c>' in xml
    assert '<c r="K50"><f t="array" ref="K50:K51">A1:A2*2</f></c>' in xml
    assert control["K30"].formula2 == "=SORT(A1:A9)"
    assert check_file(path) == []


def test_a_first_dynamic_array_brings_its_metadata(book, path):
    for name in ("Control",):
        book.sheets[name]["E1"].clear()
    workbook = book.impl.workbook
    [(key, part)] = workbook.relationships.of_type("sheetMetadata")
    workbook.relationships.remove(key)
    workbook.package.remove(part)
    book.sheets["Control"]["K30"].formula2 = "=UNIQUE(A1:A9)"
    book.save()
    metadata = sample.parts(path)["xl/metadata.xml"].decode()
    assert 'name="XLDAPR"' in metadata
    assert 'fDynamic="1"' in metadata
    assert check_file(path) == []


SHARED = """<c r="B1"><f t="shared" ref="B1:B3" si="0">A1*$A$1+LOG10(A1)</f><v>1</v></c></row><row r="2"><c r="B2"><f t="shared" si="0"/><v>2</v></c></row>
<row r="3"><c r="B3"><f t="shared" si="0"/><v>3</v></c></row></sheetData>"""


def test_shared_formulas_are_read_and_survive_their_first_cell(path, tmp_path):
    shared = sample.patched(
        path, tmp_path / "Shared.xlsm",
        xl_worksheets_sheet3_xml=("</row></sheetData>", SHARED),
    )  # fmt: skip
    book = open_book(shared)
    sheet = book.sheets["xlwings.conf"]
    assert sheet["B1:B3"].formula == (("=A1*$A$1+LOG10(A1)",), ("=A2*$A$1+LOG10(A2)",), ("=A3*$A$1+LOG10(A3)",))
    sheet["B1"].value = 5
    book.save()
    assert sheet["B1:B3"].formula == (("5",), ("=A2*$A$1+LOG10(A2)",), ("=A3*$A$1+LOG10(A3)",))
    assert sheet["B3"].value == 3
    assert b"shared" not in sample.parts(shared)["xl/worksheets/sheet3.xml"]
    book.close()
    assert check_file(shared) == []


def test_names(book, path, control):
    assert {name.name for name in book.names} >= {"AsOf", "Amounts", "'Ledger items'!Local"}
    assert book.names["AsOf"].refers_to_range.address == "$B$3"
    new = book.names.add("Limit", "=Control!$K$30:$L$31")
    assert new.refers_to_range.shape == (2, 2)
    control["K40"].name = "Single"
    assert control["K40"].name.name == "Single"
    book.names.add("Rate", "=0.05")
    control.names.add("Own", "=Control!$A$1")
    book.save()
    assert [name.name for name in control.names] == ["Control!Own"]
    assert "Control!Own" in book.names
    assert book.names["Rate"].refers_to == "=0.05"
    with pytest.raises(BadRequest, match=r"the name Rate is no range: =0\.05"):
        book.names["Rate"].refers_to_range  # noqa: B018
    book.names["Limit"].refers_to = "=Control!$A$1"
    book.names["Limit"].name = "Ceiling"
    book.names["Rate"].delete()
    book.save()
    assert book.names["Ceiling"].refers_to == "=Control!$A$1"
    assert "Rate" not in book.names
    assert check_file(path) == []


@pytest.mark.parametrize("name", ["two words", "A1", "AsOf", "1a", ""])
def test_a_bad_name_is_refused(book, name):
    with pytest.raises(BadRequest, match=r"a name is made of letters|there already is a name"):
        book.names.add(name, "=1")


def test_print_area(book, path, control):
    assert control.page_setup.print_area is None
    control.page_setup.print_area = "A1:C9"
    book.save()
    assert control.page_setup.print_area == "$A$1:$C$9"
    control.page_setup.print_area = None
    assert control.page_setup.print_area is None
    assert check_file(path) == []


def test_frozen_panes(book, path):
    sheet = book.sheets["Control"]
    sheet.freeze_panes.freeze_at(sheet["A1:B3"])
    book.save()
    assert b'<pane xSplit="2" ySplit="3" topLeftCell="C4" activePane="bottomRight" state="frozen"/>' in sample.parts(path)["xl/worksheets/sheet1.xml"]
    sheet.freeze_panes.freeze_at("1:2")
    book.save()
    assert b'<pane ySplit="2" topLeftCell="A3" activePane="bottomLeft" state="frozen"/>' in sample.parts(path)["xl/worksheets/sheet1.xml"]
    sheet.freeze_panes.unfreeze()
    sheet.show_gridlines = False
    book.save()
    assert b"<pane" not in sample.parts(path)["xl/worksheets/sheet1.xml"]
    assert not sheet.show_gridlines
    assert check_file(path) == []


def test_links(book, path, control):
    control["K30"].add_hyperlink("https://example.org/?a=1&b=2", "Example", "tip")
    control["K31"].add_hyperlink("#'Ledger items'!A5", "To the row")
    book.save()
    assert (control["K30"].value, control["K30"].hyperlink) == ("Example", "https://example.org/?a=1&b=2")
    assert control["K31"].hyperlink == "#'Ledger items'!A5"
    assert control["K30"].font.color == (5, 99, 193)
    with pytest.raises(BadRequest, match="holds no hyperlink"):
        control["A1"].hyperlink  # noqa: B018
    assert check_file(path) == []


def test_merging(book, path, control):
    control["K30:M31"].value = [[1, 2, 3], [4, 5, 6]]
    control["K30:M31"].merge()
    control["K40:L41"].merge(across=True)
    book.save()
    assert control["L31"].merge_area.address == "$K$30:$M$31"
    assert control["K41"].merge_area.address == "$K$41:$L$41"
    assert control["K30:M31"].value == [[1, None, None], [None] * 3]
    assert (control["K30"].merge_cells, control["A1"].merge_cells) == (True, False)
    with pytest.raises(BadRequest, match="cuts through a range that is merged already"):
        control["M31:N32"].merge()
    control["K30"].unmerge()
    control["K40:L41"].unmerge()
    book.save()
    assert b"mergeCell" not in sample.parts(path)["xl/worksheets/sheet1.xml"]
    assert check_file(path) == []


def test_notes_are_read(control):
    assert control["A3"].note.text == "the day the report counts from"
    assert control["A3"].note.author == "Li"
    assert control["A1"].note is None
    assert [(note.location.address, note.author) for note in control.notes] == [("$A$3", "Li")]
    with pytest.raises(NotImplementedError, match="can be read, not written"):
        control["A3"].note.text = "new"


@pytest.mark.parametrize(
    ("use", "text"),
    [
        (lambda sheet: sheet.charts, "charts of a closed workbook are kept as they are"),
        (lambda sheet: sheet.pictures.add("x.png"), "pictures of a closed workbook are kept"),
        (lambda sheet: sheet.shapes, "put them into the template workbook, or open the workbook in Excel or LibreOffice"),
        (lambda sheet: sheet["A1"].insert("down"), "inserting cells would move formulas"),
        (lambda sheet: sheet["A1"].delete("up"), "write the values anew"),
        (lambda sheet: sheet["A1"].borders.line_style, r"Range.borders is not available on a closed workbook"),
        (lambda sheet: sheet["A1"].copy(), r"Range.copy is not available on a closed workbook"),
        (lambda sheet: sheet.tables["Items"].sort(1), r"Table.sort is not available on a closed workbook"),
        (lambda sheet: sheet.book.to_pdf(), "use Excel or LibreOffice to make a PDF"),
        (lambda sheet: sheet.book.app.books.add(), "make a new one with XlsxWriter"),
    ],
)
def test_what_is_missing_says_what_to_use_instead(book, use, text):
    with pytest.raises(NotImplementedError, match=text):
        use(book.sheets["Ledger items"])


def test_a_loop_over_single_cells_is_no_trap(book):
    sheet = book.sheets.add("Loop")
    for number in range(600):
        sheet[number, 0].value = number
        assert sheet[number, 0].value == number
    assert sheet["A1"].expand("down").shape == (600, 1)
    assert len(sheet.impl.part.rows.bands) <= 4
