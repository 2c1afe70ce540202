"""The extension in a live LibreOffice: functions, reasons, opening of workbooks, the Runner; and its build."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import zipfile

import pytest

from xladdin.call import call, cell_value
from xladdin.errors import BadRequest
from xladdin.hosts.libreoffice.extension import Product, build_extension, this_product
from xladdin.hosts.libreoffice.extension.build import extension_parts
from xladdin.hosts.libreoffice.extension.click import task_of
from xladdin.hosts.libreoffice.extension.load_job import rewritten
from xladdin.hosts.libreoffice.extension.serve import CALC_CODES
from xladdin.hosts.libreoffice.office import NoOffice, find_office, load_uno, running_office
from xladdin.registry import functions, reports


def _absent():
    try:
        load_uno(find_office())
    except NoOffice as error:
        return str(error)
    return ""


live = pytest.mark.skipif(bool(_absent()), reason=_absent() or "LibreOffice is there")
EXAMPLES = [(name, number) for name, spec in functions().items() for number, _ in enumerate(spec.examples) if name != "CREDITWHY"]


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    folder = tmp_path_factory.mktemp("oxt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XLADDIN_LOG", str(folder / "log.txt"))
        with running_office(extension=build_extension(folder / "Credit.oxt")) as running:
            yield running


@pytest.fixture(scope="module")
def document(office):
    made = office.new()
    yield made
    made.close(True)


@pytest.fixture
def sheet(document):
    one = document.Sheets.getByIndex(0)
    one.clearContents(1023)
    return one


def enter(sheet, address, formula):
    cell = sheet.getCellRangeByName(address)
    cell.Formula = formula
    return cell


def shown(cell):
    code = cell.getError()
    if code:
        return next(name for name, number in CALC_CODES.items() if number == code)
    return cell.String if cell.FormulaResultType2 == 2 else cell.Value


def literal(value):
    if isinstance(value, (list, tuple)):
        rows = [row if isinstance(row, (list, tuple)) else [row] for row in value]
        return "{" + "|".join(";".join(literal(cell) for cell in row) for row in rows) + "}"
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE()" if value else "FALSE()"
    if isinstance(value, dt.date):
        return literal(value.isoformat())
    return '"' + value.replace('"', '""') + '"' if isinstance(value, str) else repr(value)


# ---- the build


def test_the_same_functions_make_the_same_bytes(tmp_path):
    first, second = build_extension(tmp_path / "a.oxt"), build_extension(tmp_path / "b.oxt")
    assert first.read_bytes() == second.read_bytes()


def test_the_extension_offers_every_function_with_its_texts_in_two_languages():
    parts = extension_parts(Product())
    for name, spec in functions().items():
        assert f" {name}(" in parts["XCredit.idl"]
        assert f'oor:name="{name}"' in parts["CalcAddIns.xcu"]
        assert spec.help_zh.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in parts["CalcAddIns.xcu"]


def test_another_name_than_oxt_is_refused(tmp_path):
    with pytest.raises(BadRequest, match=r"ends with \.oxt"):
        build_extension(tmp_path / "Credit.zip")


def test_every_report_has_a_macro_that_is_understood():
    macros = {"Run" + "".join(part.capitalize() for part in key.split("_")): key for key in reports()}
    assert {macro: task_of(macro) for macro in macros} == macros
    assert task_of("RefreshAll") == "all"
    assert task_of("FormatDisk") is None


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        ("=agingbucket(A1;B1)", "=AGINGBUCKET(A1;B1)"),
        ("=IF(A1;_xll.DSO(1;2;3);0)", "=IF(A1;DSO(1;2;3);0)"),
        ('="write AGINGBUCKET(x)"&A1', None),
        ("=ORG.XLADDIN.CREDIT.DSO(1;2;3)", None),
        ("='my DSO(1'.A1", None),
        ("=SUM(A1:A3)", None),
    ],
)
def test_only_unbound_calls_of_ours_are_entered_again(formula, wanted):
    assert rewritten(formula) == wanted


# ---- in cells


@pytest.mark.parametrize(("name", "number"), EXAMPLES, ids=str)
@pytest.mark.libreoffice
@live
def test_every_example_gives_in_a_cell_what_xladdin_call_gives(sheet, name, number):
    args = functions()[name].examples[number].args
    wanted = cell_value(call(name, *args).value)
    formula = f"={name}({';'.join(map(literal, args))})"
    if isinstance(wanted, list):
        area = sheet.getCellRangeByPosition(20, 0, 19 + len(wanted[0]), len(wanted) - 1)
        area.setArrayFormula(formula)
        got = [[shown(area.getCellByPosition(x, y)) for x in range(len(wanted[0]))] for y in range(len(wanted))]
        assert got == [[pytest.approx(cell) if isinstance(cell, float) else cell for cell in row] for row in wanted]
    else:
        assert shown(enter(sheet, "A1", formula)) == (pytest.approx(float(wanted), rel=1e-9) if isinstance(wanted, (int, float)) else wanted)


WHY = {
    "an error": ("=AGINGBUCKET(B9;46203)", "due is blank"),
    "an error inside": ('=DAYSOVERDUE(DUEDATE(B9;"NET 30");46203)', "document_date is blank"),
    "an error inside a range": ("=HHI(C1:C2)", "amounts holds the error #DIV/0!"),
    "an error of another cell": ("=DAYSOVERDUE(C2;46203)", "due holds the error #DIV/0!"),
    "a value without remark": ("=DAYSOVERDUE(46000;46203)", ""),
    "an error of the spreadsheet's own": ("=1/0", "a division by zero or by a blank"),
    "a calculated argument": ('=AGINGBUCKET("x"&"y";46203)', "a value of the wrong kind, such as a text where a number is needed"),
    "a remark": ("=PREMIUM(100000;0.5)", "rate 0.5 is outside 0.3-1.2% of the insured amount"),
}


@pytest.mark.parametrize("formula", WHY)
@pytest.mark.libreoffice
@live
def test_creditwhy_tells_the_reason_of_a_cell(sheet, formula):
    enter(sheet, "C1", "=1")
    enter(sheet, "C2", "=1/0")
    enter(sheet, "A1", WHY[formula][0])
    assert enter(sheet, "A2", "=CREDITWHY(A1)").String == WHY[formula][1]


@pytest.mark.libreoffice
@live
def test_creditwhy_never_tells_a_reason_of_yesterday(sheet):
    enter(sheet, "A1", "=AGINGBUCKET(B1;46203)")
    why = enter(sheet, "A2", "=CREDITWHY(A1)")
    seen = []
    for value in ("abc", "def", None, "46000"):
        cell = sheet.getCellRangeByName("B1")
        if value is None:
            cell.clearContents(1023)
        elif value.isdigit():
            cell.Value = float(value)
        else:
            cell.String = value
        seen.append(why.String)
    texts = [f'due must be a date or a text like 2026-01-31; got the text "{word}"' for word in ("abc", "def")]
    assert seen == [*texts, "due is blank", ""]


@pytest.mark.libreoffice
@live
def test_a_column_is_answered_row_by_row_with_an_error_in_its_own_row(sheet):
    sheet.getCellRangeByName("C1:C3").setDataArray(((46000,), ("x",), (46180,)))
    sheet.getCellRangeByName("D1:D3").setArrayFormula("=AGINGBUCKET(C1:C3;46203)")
    assert [shown(sheet.getCellRangeByName(f"D{row}")) for row in (1, 2, 3)] == ["Over 180 days", "#VALUE!", "1-30 days"]
    assert enter(sheet, "E1", "=CREDITWHY(D2)").String.startswith("due must be a date")
    sheet.getCellRangeByName("C2").Value = 46200
    assert shown(sheet.getCellRangeByName("D2")) == "1-30 days"


@pytest.mark.libreoffice
@live
def test_a_blank_date_or_text_in_a_single_cell_is_a_blank_and_a_blank_number_is_zero(sheet):
    assert shown(enter(sheet, "A1", "=ESCALATIONLEVEL(46000;46203;;;B9)")) == call("ESCALATIONLEVEL", 46000, 46203).value
    assert shown(enter(sheet, "A1", "=DAYSOVERDUE(46000;46203;B9)")) == 203
    assert shown(enter(sheet, "A1", "=UNINSURED(B9;100)")) == 0


# ---- opening


@pytest.mark.libreoffice
@live
def test_a_workbook_is_opened_with_every_formula_and_button_bound(office, small):
    opened = office.load(small)
    try:
        unknown = [
            (one.Name, cell.Formula)
            for one in (opened.Sheets.getByIndex(index) for index in range(opened.Sheets.Count))
            for area in one.queryContentCells(16).getRangeAddresses()
            for x in range(area.StartColumn, area.EndColumn + 1)
            for y in range(area.StartRow, area.EndRow + 1)
            if (cell := one.getCellByPosition(x, y)).getError() == CALC_CODES["#NAME?"]
        ]
        assert unknown == []
        assert not opened.isModified()
        control = opened.Sheets.getByName("Control").DrawPage.Forms.getByIndex(0)
        left = [event.ScriptCode for index in range(control.Count) for event in control.getScriptEvents(index)]
        assert [code for code in left if "CreditButtons" in code] == []
    finally:
        opened.close(True)


def run(office, document, task):
    uno = load_uno()
    runner = office.service("org.xladdin.CreditRunner")
    given = []
    for name, value in (("document", document), ("task", task)):
        one = uno.createUnoStruct("com.sun.star.beans.NamedValue")
        one.Name, one.Value = name, value
        given.append(one)
    return runner.execute(tuple(given))


@pytest.mark.libreoffice
@live
def test_a_task_that_cannot_be_done_is_answered_with_a_line(office, document):
    assert "no workbook is open" in run(office, None, "aging")
    assert "no refresh" in run(office, document, "undo")
    assert not document.hasControllersLocked()


@pytest.mark.slow
@pytest.mark.libreoffice
@live
def test_a_conversion_writes_values_of_our_functions(tmp_path):
    import xlsxwriter

    book = xlsxwriter.Workbook(tmp_path / "in.xlsx")
    book.add_worksheet().write_formula("A1", '=AGINGBUCKET("2026-01-31","2026-03-03")', value="#NAME?")
    book.close()
    extension = build_extension(tmp_path / "Credit.oxt")
    with zipfile.ZipFile(extension) as package:
        package.extractall(tmp_path / "ext" / "Credit")
    found = find_office()
    command = [
        str(found.soffice), "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        f"-env:BUNDLED_EXTENSIONS={(tmp_path / 'ext').as_uri()}", "--convert-to", "csv", "--outdir", str(tmp_path), str(tmp_path / "in.xlsx"),
    ]  # fmt: skip
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}
    subprocess.run(command, check=True, capture_output=True, timeout=120, env=clean)
    assert (tmp_path / "in.csv").read_text(encoding="utf-8").strip() == "31-60 days"


# ---- what is wrong with the product


FAULTS = {
    "another version": ({"version": "0.0.1"}, "the extension is version 0.0.1"),
    "another Python": ({"python": "2.7"}, "the product is installed for 2.7"),
    "no product": ({"paths": ["nowhere"], "python": None}, "cannot be loaded from nowhere"),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.libreoffice
@live
def test_without_its_product_a_cell_shows_name_error_and_the_log_says_why(tmp_path, monkeypatch, fault):
    change, message = FAULTS[fault]
    monkeypatch.setenv("XLADDIN_LOG", str(tmp_path / "log.txt"))
    with zipfile.ZipFile(build_extension(tmp_path / "Credit.oxt")) as package:
        package.extractall(tmp_path / "Credit")
    facts = json.loads((tmp_path / "Credit" / "credit.json").read_text(encoding="utf-8"))
    change = {key: value if value is not None else this_product().python for key, value in change.items()}
    (tmp_path / "Credit" / "credit.json").write_text(json.dumps(facts | change), encoding="utf-8")
    with running_office(extension=tmp_path / "Credit") as running:
        made = running.new()
        assert shown(enter(made.Sheets.getByIndex(0), "A1", "=DSO(1;2;3)")) == "#NAME?"
        assert message in run(running, made, "aging")
    assert message in (tmp_path / "log.txt").read_text(encoding="utf-8")
