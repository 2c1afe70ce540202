"""Credit.xlsm as it is built: the same bytes every time, valid for Office, and complete from the registry."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pytest
from lxml import etree

from workbook.build import build_addin, build_workbook
from workbook.build.guide import formula_of
from workbook.build.project import buttons_module, macro_of, modules
from workbook.build.ribbon import ribbon_xml
from workbook.demo import AS_OF, demo_data
from workbook.settings import LABELS
from workbook.tables import TABLES
from xladdin.errors import BadDefinition, BadRequest
from xladdin.registry import Arg, Example, Function, functions, reports

HERE = Path(__file__).resolve().parent
COMMITTED = HERE.parents[1] / "Credit.xlsm"
VALIDATOR = HERE.parent / "validators" / "node_modules" / ".bin" / "ooxml-validator"
SHEETS = ["Control", "Settings", *(one.sheet for one in reports().values()), *(one.name for one in TABLES.values()), "Archive", "Function guide", "xlwings.conf", "credit.functions"]
NAMES = {"c": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("build")
    build_workbook(folder / "empty.xlsm")
    build_workbook(folder / "zh.xlsm", language="zh")
    build_workbook(folder / "demo.xlsm", data=demo_data(), settings={"as_of": AS_OF})
    build_addin(folder / "Credit.xlam")
    return folder


@pytest.fixture(scope="module")
def empty(built):
    return openpyxl.load_workbook(built / "empty.xlsm")


@pytest.fixture(scope="module")
def demo(built):
    return openpyxl.load_workbook(built / "demo.xlsm")


def vba_modules(path):
    """The modules that olevba, an independent reader, finds in a workbook."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own use of an old pyparsing
        from oletools.olevba import VBA_Parser
    parser = VBA_Parser(str(path))
    found = {name: code.replace("\r\n", "\n") for _, _, name, code in parser.extract_macros()}
    parser.close()
    return found


def parts(path):
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_two_builds_are_the_same_bytes(built, tmp_path):
    build_workbook(tmp_path / "again.xlsm")
    assert (tmp_path / "again.xlsm").read_bytes() == (built / "empty.xlsm").read_bytes()


def test_another_process_builds_the_same_bytes(built, tmp_path):
    path = tmp_path / "other.xlsm"
    code = f"from workbook.build import build_addin, build_workbook; build_workbook({str(path)!r})"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONHASHSEED": "77", "PATH": "/usr/bin:/bin"})
    assert path.read_bytes() == (built / "empty.xlsm").read_bytes()


def test_the_committed_workbook_is_the_one_that_is_built(built):
    assert COMMITTED.read_bytes() == (built / "empty.xlsm").read_bytes(), "xladdin build --force Credit.xlsm, then commit it"


@pytest.mark.parametrize("name", ["empty.xlsm", "zh.xlsm", "demo.xlsm", "Credit.xlam"])
def test_microsofts_validator_finds_nothing(built, name):
    if not VALIDATOR.exists():
        pytest.skip("Microsoft's validator is not installed: cd tests/validators && npm install --no-package-lock")
    done = subprocess.run([VALIDATOR, built / name, "--officeVersion", "Microsoft365"], capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["errors"] == []


@pytest.mark.parametrize("name", ["empty.xlsm", "zh.xlsm", "demo.xlsm", "Credit.xlam"])
def test_the_second_validator_finds_nothing(built, name):
    tool = Path(sys.executable).with_name("openxml-audit")
    done = subprocess.run([tool, "-o", "json", "-f", "microsoft365", built / name], capture_output=True, text=True, check=False)
    [report] = json.loads(done.stdout)
    assert (report["error_count"], report["warning_count"]) == (0, 0), report["errors"]


@pytest.mark.parametrize("name", ["empty", "zh", "demo"])
def test_table_parts_hold_what_validators_do_not_look_at(built, name):
    seen = set()
    for part, content in parts(built / f"{name}.xlsm").items():
        if part.startswith("xl/tables/"):
            table = etree.fromstring(content)
            columns = [one.get("name") for one in table.iterfind("c:tableColumns/c:tableColumn", NAMES)]
            left, right = (openpyxl.utils.cell.coordinate_from_string(cell)[0] for cell in table.get("ref").split(":"))
            width = openpyxl.utils.column_index_from_string(right) - openpyxl.utils.column_index_from_string(left) + 1
            assert len(columns) == int(table.find("c:tableColumns", NAMES).get("count")) == width
            assert len({column.casefold() for column in columns}) == len(columns), f"{table.get('name')} has two columns of one name"
            assert re.fullmatch(r"[A-Za-z_]\w*", table.get("displayName"))
            seen.add(table.get("displayName").casefold())
    assert len(seen) == 3 + len(TABLES) + len(reports())


@pytest.mark.parametrize("name", ["empty", "zh", "demo"])
def test_defined_names_lead_to_sheets_that_exist(built, name):
    book = etree.fromstring(parts(built / f"{name}.xlsm")["xl/workbook.xml"])
    sheets = {one.get("name") for one in book.iterfind("c:sheets/c:sheet", NAMES)}
    for defined in book.iterfind("c:definedNames/c:definedName", NAMES):
        assert defined.text.split("!")[0].strip("'") in sheets


def test_sheets_stand_in_the_order_of_work(empty):
    assert empty.sheetnames == SHEETS
    assert empty.active.title == "Control"
    assert {empty[name].sheet_state for name in ("xlwings.conf", "credit.functions")} == {"veryHidden"}


@pytest.mark.parametrize(("file", "language"), [("empty", "en"), ("zh", "zh")])
def test_every_table_has_its_headers_help_and_checks(built, file, language):
    book = openpyxl.load_workbook(built / f"{file}.xlsm")
    for table in TABLES.values():
        sheet = book[table.name]
        assert list(sheet.tables) == [table.name]
        checks = {str(one.sqref).split(":")[0]: one for one in sheet.data_validations.dataValidation}
        for index, field in enumerate(table.fields, 1):
            header = sheet.cell(3, index)
            assert header.value == (field.zh if language == "zh" else field.en)
            assert (field.help_zh if language == "zh" else field.help) in header.comment.text
            check = checks.get(sheet.cell(4, index).coordinate)
            assert (check is None) == (field.kind == "text"), (table.key, field.key)
            if field.kind in ("choice", "flag"):
                assert check.type == "list"
            if check:
                assert int(str(check.sqref).split(":")[1].strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) > 5_000
        assert sheet.freeze_panes == "B4"
        wide = sum(sheet.column_dimensions[openpyxl.utils.get_column_letter(index)].width for index in range(1, len(table.fields) + 1)) > 105
        assert (sheet.page_setup.orientation or "portrait") == ("landscape" if wide else "portrait")
        assert (sheet.page_setup.fitToHeight, sheet.print_title_rows) == (0, "$3:$3")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_an_empty_table_has_one_blank_row(empty):
    for table in TABLES.values():
        assert empty[table.name].tables[table.name].ref.endswith("4")
        assert all(cell.value is None for cell in empty[table.name][4])


def test_text_columns_keep_what_looks_like_a_formula_as_text(demo):
    sheet = demo["Customers"]
    assert [cell.data_type for cell in sheet["B"] if cell.value == "=HYPERLINK(1)"] == ["s"]
    assert sheet["B4"].number_format == "@"


def test_decimal_points_stand_under_each_other(empty):
    """A format with as many places for every number; a question mark keeps the room of a digit that is not there."""
    found = {(table.name, field.key): empty[table.name].cell(4, at).number_format
             for table in TABLES.values() for at, field in enumerate(table.fields, 1) if field.kind == "number"}  # fmt: skip
    assert found["Rates", "rate"] == "0.0000??"
    assert found["Signals", "watch"] == found["Scorecard", "from"] == "0.00??"
    assert [key for key, form in found.items() if form == "General"] == [("Grades", "from_score")]


def test_flags_and_choices_are_written_in_the_workbooks_language(tmp_path):
    data = {"contracts": {"contract_no": ["K1"], "customer_id": ["C1"], "dispute": ["court"], "cross_border": [True], "signed": [dt.date(2026, 1, 31)]}}
    for language, words in (("en", ("court", "yes")), ("zh", ("诉讼", "是"))):
        build_workbook(tmp_path / "b.xlsm", data=data, language=language)
        row = openpyxl.load_workbook(tmp_path / "b.xlsm")["Contracts"][4]
        assert (row[9].value, row[12].value) == words
        assert row[2].value == dt.datetime(2026, 1, 31)


def test_every_setting_is_there_with_its_value_and_meaning(built, demo):
    rows = {row[0].value: row for row in demo["Settings"].iter_rows(min_row=4, max_row=3 + len(LABELS))}
    assert list(rows) == list(LABELS)
    assert rows["as_of"][2].value == dt.datetime(2026, 6, 30)
    assert rows["limits"][2].value == "30,60,90,180"
    assert all(row[3].value for row in rows.values())
    assert demo["Settings"].tables["Settings"].ref == f"A3:D{3 + len(LABELS)}"
    lists = {str(one.sqref): one.formula1 for one in demo["Settings"].data_validations.dataValidation if one.type == "list"}
    assert lists[f"C{4 + list(LABELS).index('language')}"] == '"en,zh"'


@pytest.mark.parametrize(("file", "language"), [("empty", "en"), ("zh", "zh")])
def test_every_report_has_its_sheet_table_and_button(built, file, language):
    from workbook.settings import Settings

    book = openpyxl.load_workbook(built / f"{file}.xlsm")
    drawings = b"".join(content for name, content in parts(built / f"{file}.xlsm").items() if "vmlDrawing" in name).decode()
    for key, report in reports().items():
        sheet, columns = book[report.sheet], report.columns(Settings(language=language))
        table = sheet.tables[f"rpt_{key}"]
        assert table.ref == f"A7:{openpyxl.utils.get_column_letter(len(columns))}8"
        # right of the table of the dashboard stand the cells behind its charts
        assert [cell.value for cell in sheet[7][: len(columns)]] == [column.label for column in columns]
        assert sheet.conditional_formatting
        assert f"<x:FmlaMacro>[0]!{macro_of(key)}</x:FmlaMacro>" in drawings
        assert sheet.print_title_rows == "$7:$7"
        if key in ("dashboard", "liquidity"):  # the first ends with its map, the second with its charts
            assert re.fullmatch(r"\$A\$1:\$[A-Z]+\$\d{2,3}", sheet.print_area.split("!")[1])
            continue
        # every row, however many, and no cell right of the table
        assert sheet.print_area == f"'{report.sheet}'!$A$1:${openpyxl.utils.get_column_letter(len(columns))}$1048576"


@pytest.mark.parametrize("file", ["empty", "zh"])
def test_the_button_of_a_filter_stands_below_its_label(built, file):
    book = openpyxl.load_workbook(built / f"{file}.xlsm")
    heads = {**{report.sheet: 7 for report in reports().values()}, **{table.name: 3 for table in TABLES.values()}}
    for name, row in heads.items():
        labels = [cell for cell in book[name][row] if cell.value and cell.fill.fgColor.rgb != "00000000"]
        assert labels
        assert {cell.alignment.vertical for cell in labels} == {"top"}
        assert book[name].row_dimensions[row].height >= 16.5 + 14


def test_the_status_table_and_the_chart_block_wait_for_the_renderer(empty):
    sheet = empty["Control"]
    status = sheet.tables["Status"]
    assert [column.name for column in status.tableColumns] == ["key", "Report", "Rows", "Findings", "Unreconciled", "Refreshed"]
    first = int(re.search(r"\d+", status.ref)[0]) + 1
    assert [sheet.cell(first + index, 5).value for index in range(len(reports()))] == list(reports())
    block = empty.defined_names["chart_aging"].attr_text
    assert block == "Control!$L$8:$M$27"
    [chart] = sheet._charts
    assert chart.series[0].val.numRef.f == "Control!$M$8:$M$13"


def test_opening_the_workbook_does_not_throw_away_what_functions_answered(built):
    [calculation] = etree.fromstring(parts(built / "empty.xlsm")["xl/workbook.xml"]).iterfind("c:calcPr", NAMES)
    assert dict(calculation.attrib) == {"calcId": "191029"}


def test_the_hidden_sheet_leaves_the_python_to_the_users_settings(empty):
    assert {row[0].value: row[1].value for row in empty["xlwings.conf"]} == {"ADD_WORKBOOK_TO_PYTHONPATH": "false"}


def test_the_archive_has_its_columns(empty):
    table = empty["Archive"].tables["Archive"]
    assert [column.name for column in table.tableColumns] == ["Report", "Key", "Column", "Value", "Archived on", "Name"]


def test_a_truth_reads_as_one_where_a_host_gives_a_number(demo):
    sheet = demo["Function guide"]
    rows = [row for row in sheet.iter_rows() if row[0].value == "LEGALREVIEWNEEDED"]
    assert rows
    assert {cell.number_format for row in rows for cell in row if str(cell.value).startswith("=LEGALREVIEWNEEDED")} >= {'"TRUE";"TRUE";"FALSE";@'}


def test_the_guide_shows_every_function_with_a_live_example_that_is_right(built):
    formulas, values = (openpyxl.load_workbook(built / "empty.xlsm", data_only=only)["Function guide"] for only in (False, True))
    rows = list(zip(formulas.iter_rows(min_row=4), values.iter_rows(min_row=4), strict=True))
    assert {row[0].value for row, _ in rows} == set(functions())
    for row, cached in rows:
        if row[5].value is None:
            continue
        assert row[6].value == row[5].value, "the formula shown is the formula calculated"
        assert row[6].value.count("(") == row[6].value.count(")")
        result, expected = cached[6].value, cached[7].value
        if isinstance(expected, float):
            assert result == pytest.approx(expected, rel=1e-4), row[5].value
        else:
            assert result == expected, row[5].value


def one_function(*args):
    return Function("DAYSOVERDUE", len, "c", "h", "h", args, "number", "s", (), ())


@pytest.mark.parametrize(
    ("args", "formula"),
    [
        (("2026-01-31", "2026-03-02"), "=DAYSOVERDUE(DATE(2026,1,31),DATE(2026,3,2))"),
        (("2026-01-31", dt.date(2026, 3, 2), None), "=DAYSOVERDUE(DATE(2026,1,31),DATE(2026,3,2))"),
        ((None, "2026-03-02"), '=DAYSOVERDUE("",DATE(2026,3,2))'),
        (("2026-01-31", "2026-03-02", 0.5), "=DAYSOVERDUE(DATE(2026,1,31),DATE(2026,3,2),0.5)"),
        (([["2026-01-31"], ["2026-02-28"]], "2026-03-02"), '=INDEX(DAYSOVERDUE({"2026-01-31";"2026-02-28"},DATE(2026,3,2)),1,1)'),
    ],
)
def test_examples_become_formulas_that_excel_reads(args, formula):
    assert formula_of(functions()["DAYSOVERDUE"], Example(args, 0, "", "")) == formula


def test_constants_are_written_as_excel_writes_them():
    anything = one_function(Arg("x", "any", "t", "t", shape="range"))
    assert formula_of(anything, Example(([[1, True, None], ['say "hi"', -0.5]],), 0, "", "")).endswith('({1,TRUE,"";"say ""hi""",-0.5,""})')
    with pytest.raises(BadDefinition, match="longer than 255 characters"):
        formula_of(anything, Example(("x" * 256,), 0, "", ""))


def test_the_vba_project_reads_back(built):
    found = {name.rsplit(".", 1)[0]: code for name, code in vba_modules(built / "empty.xlsm").items()}
    assert {"ThisWorkbook", "CreditButtons", "CreditCalls", "CreditFunctions"} <= set(found)
    assert sum(name.startswith("sh") for name in found) == len(SHEETS)
    for key in reports():
        assert f'Public Sub {macro_of(key)}()\n    RunCredit "{key}"' in found["CreditButtons"]


def test_every_button_and_ribbon_callback_has_its_sub(built):
    source = buttons_module(reports())
    content = parts(built / "empty.xlsm")
    buttons = set(re.findall(r"\[0\]!(\w+)", b"".join(v for k, v in content.items() if "vmlDrawing" in k).decode()))
    callbacks = set(re.findall(r'onAction="(\w+)"', content["customUI/customUI14.xml"].decode()))
    subs = set(re.findall(r"Public Sub (\w+)\(", source))
    assert buttons == {*(macro_of(key) for key in reports()), "RefreshAll", "Recalculate", "WriteLetters", "UndoLast"}
    assert buttons | callbacks <= subs


def test_the_ribbon_offers_every_report_in_both_languages():
    ribbon = etree.fromstring(ribbon_xml(reports()))
    buttons = {one.get("tag"): one for one in ribbon.iter("{*}button") if one.get("tag")}
    assert list(buttons) == list(reports())
    for key, report in reports().items():
        assert report.label_zh in buttons[key].get("screentip")
    assert len({one.get("id") for one in ribbon.iter("{*}button")}) == len(reports()) + 5


def test_a_module_that_is_not_ascii_is_refused_with_its_line():
    with pytest.raises(ValueError, match="VBA module Mine, line 2: only ASCII survives in VBA"):
        modules(reports(), {"Mine": 'Attribute VB_Name = "Mine"\n\' 账龄'})


def test_the_functions_go_into_the_workbook_and_into_the_add_in(built):
    for name in ("empty.xlsm", "Credit.xlam"):
        assert {"CreditFunctions.bas", "CreditCalls.cls", "CreditButtons.bas"} <= set(vba_modules(built / name))


def test_the_add_in_is_one_by_its_content_type_and_can_make_a_workbook(built):
    content = parts(built / "Credit.xlam")
    assert b"application/vnd.ms-excel.addin.macroEnabled.main+xml" in content["[Content_Types].xml"]
    assert b"sheet.macroEnabled.main" not in content["[Content_Types].xml"]
    assert b'onAction="RibbonNew"' in content["customUI/customUI14.xml"]


def test_an_unknown_table_or_column_is_refused_by_name(tmp_path):
    with pytest.raises(BadRequest, match="there is no table ledgers; there are ledger, customers"):
        build_workbook(tmp_path / "x.xlsm", data={"ledgers": {}})
    with pytest.raises(BadRequest, match="table ledger has no column amounts"):
        build_workbook(tmp_path / "x.xlsm", data={"ledger": {"amounts": [1]}})
    assert list(tmp_path.iterdir()) == [], "a failed build leaves nothing behind"
