"""The contract's text against its row: each difference, the words found, and which files a cell may name."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from tests.ledgers import book_of, report_of, rows_of
from tests.test_command_line import run
from tests.workbook.test_contract_file import docx_of, pdf_of
from tests.workbook.test_contract_terms import GOOD
from workbook.settings import read_settings
from xladdin.errors import BadRequest

TEXT = (
    "买方于签约时预付合同总价的30%。货款分两期支付。买方逾期付款的，每日按未付金额的0.05%支付违约金。货款付清之前，货物所有权归卖方所有。"
    "因本合同发生的争议，由Shanghai法院诉讼解决。本合同适用中华人民共和国法律。"
)


def sheet_of(folder=None, settings=None, **changes):
    book = book_of([], settings, contracts=[{**GOOD, "text": TEXT, **changes}])
    return report_of("contract_terms", replace(book, folder=folder), "2026-06-30")


def said(rule, **changes):
    return next(row for row in rows_of(sheet_of(**changes)) if row["rule"] == rule)


def test_a_text_that_says_what_the_row_says_has_no_difference():
    rows = rows_of(sheet_of())
    assert [row["difference"] for row in rows] == [""] * 8
    penalty = next(row["text_says"] for row in rows if row["rule"] == "penalty")
    assert penalty == "present, 0.05% per day: “买方逾期付款的，每日按未付金额的0.05%支付违约金。”"


@pytest.mark.parametrize(
    ("rule", "changes", "difference"),
    [
        ("prepayment", {"prepaid": 400}, "row 40.0%, text 30.0%"),
        ("prepayment", {"prepaid": None}, "row blank, text 30.0%"),
        ("prepayment", {"text": "无"}, "30.0% is not in the text"),
        ("payment_terms", {"instalments": 3}, "row 3, text 2"),
        ("penalty", {"penalty_daily": 0.001}, "row 0.100%, text 0.050%"),
        ("penalty", {"penalty_daily": None}, "row blank, text 0.05% per day"),
        ("penalty", {"text": "逾期提货的，每日支付0.05%的仓储费。"}, "0.050% is not in the text"),
        ("penalty", {"text": "Overdue amounts bear interest at 1.5% per month."}, ""),
        ("penalty", {"text": "Overdue amounts bear interest at 3% per month."}, "row 0.050%, text 0.100%"),
        ("dispute", {"dispute": "arbitration"}, "row arbitration, text court"),
        ("dispute", {"dispute": "none"}, "row blank, text court"),
        ("dispute", {"text": "无"}, "court is not in the text"),
        ("jurisdiction", {"governing_law": "HK"}, "row HK, text 中华人民共和国"),
        ("jurisdiction", {"forum": "CIETAC"}, "CIETAC is not in the text"),
        ("jurisdiction", {"text": f"{TEXT}贸仲", "forum": "CIETAC"}, ""),
        ("jurisdiction", {"text": f"{TEXT}提交CIETAC仲裁", "forum": "CIETAC"}, ""),
        ("retention_of_title", {"retention_of_title": False}, "row no, text yes"),
        ("retention_of_title", {"text": "无"}, "title retained until paid is not in the text"),
        ("legal_review", {}, ""),
        ("prepayment", {"text": None, "prepaid": 400}, ""),
    ],
)
def test_a_difference_is_shown_with_both_sides(rule, changes, difference):
    assert said(rule, **changes)["difference"] == difference


def test_the_differences_are_counted_and_stand_first_among_equals():
    sheet = sheet_of(prepaid=400, dispute="arbitration")
    assert ("Text and row differ", "2") in sheet.facts
    assert [bool(row["difference"]) for row in rows_of(sheet)] == [True, True] + [False] * 6


def test_a_file_beside_the_workbook_is_read(tmp_path):
    docx_of(tmp_path / "K1.docx", TEXT)
    (tmp_path / "more").mkdir()
    pdf_of(tmp_path / "more" / "K2.pdf", "Overdue amounts bear a penalty of 0.1% per day.")
    assert said("penalty", folder=tmp_path, text="K1.docx")["difference"] == ""
    assert said("penalty", folder=tmp_path, text="more\\K2.pdf")["difference"] == "row 0.050%, text 0.100%"
    assert said("penalty", folder=tmp_path, text=str(tmp_path / "K1.docx"))["text_says"].startswith("present")


def test_a_file_in_the_folder_of_the_settings_is_read(tmp_path):
    docx_of(tmp_path / "K1.docx", TEXT)
    (tmp_path / "books").mkdir()
    for named in (str(tmp_path), ".."):
        row = said("penalty", folder=tmp_path / "books", text="K1.docx", settings={"contract_folder": named})
        assert row["text_says"].startswith("present")


def problem(folder, cell, **settings):
    sheet = sheet_of(folder=folder, text=cell, settings=settings)
    assert sheet.blocks[0].title == "Texts that could not be read"
    assert [row["text_says"] for row in rows_of(sheet)] == [""] * 8
    return sheet.blocks[0].data["why"][0]


def test_a_file_elsewhere_is_not_touched(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    outside = docx_of(tmp_path / "outside.docx", TEXT)
    for cell in ("../outside.docx", str(outside), "a/../../outside.docx"):
        assert problem(home, cell) == "outside.docx lies outside the workbook's folder and that of the settings; it is not read"
    for cell in ("//server/share/K1.docx", "\\\\server\\share\\K1.docx", "https://server/K1.docx", "file:///K1.docx"):
        assert problem(home, cell) == "K1.docx: an address or a network path is not read; put the file beside the workbook"


@pytest.mark.skipif(os.name == "nt", reason="links need a right of their own there")
def test_a_link_that_leads_out_is_not_followed(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "K1.docx").symlink_to(docx_of(tmp_path / "outside.docx", TEXT))
    assert problem(home, "K1.docx").startswith("K1.docx lies outside")


def test_a_file_that_cannot_be_read_says_why_and_the_report_goes_on(tmp_path):
    pdf_of(tmp_path / "scan.pdf", "")
    assert problem(tmp_path, "scan.pdf").startswith("scan.pdf is a scan")
    assert problem(tmp_path, "K9.docx") == "K9.docx: there is no such file beside the workbook or in the folder of the settings"
    assert problem(tmp_path, "K9.odt").startswith("K9.odt: ")
    assert problem(None, "K9.docx") == "K9.docx: save the workbook on this computer first; the file is looked for beside it"


def test_a_folder_on_the_network_is_no_setting():
    with pytest.raises(BadRequest, match="must be a folder of this computer"):
        read_settings({"contract_folder": "\\\\server\\share"})


def test_the_file_of_a_closed_workbook_is_read_from_its_folder(tmp_path):
    from workbook.build import build_workbook

    path = tmp_path / "Credit.xlsm"
    docx_of(tmp_path / "K1.docx", TEXT)
    contracts = {key: [value] for key, value in {**GOOD, "text": "K1.docx", "prepaid": 400}.items()}
    build_workbook(path, data={"customers": {"customer_id": ["C1"]}, "contracts": contracts})
    code, out, err = run("refresh", path, "--report", "contract_terms", "--as-of", "2026-06-30", "--json", "-")
    assert code == 0, err
    assert "row 40.0%, text 30.0%" in out


def test_the_words_speak_chinese():
    row = said("prepayment", prepaid=400, settings={"language": "zh"})
    assert row["difference"] == "表中40.0%，文本30.0%"
    assert row["text_says"] == "有, 30%: “买方于签约时预付合同总价的30%。”"
