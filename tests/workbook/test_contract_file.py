"""The command `contract`: a contract's file, its eight clauses, and every way a file can fail."""

from __future__ import annotations

import json
import os
import time
import zipfile

import docx
import pypdf
import pytest

from functions.clause_words import CLAUSES
from tests.test_command_line import run
from workbook import contract_file
from workbook.contract_file import UnreadableContract, read_contract

TERMS = "30% of the price is prepaid. Overdue amounts bear a penalty of 0.05% per day. Title remains with the Seller until payment in full."


def pdf_of(path, text, password=""):
    """Write a PDF of one page whose text layer is `text`; without text it is what a scanner makes."""
    words = f"BT /F1 10 Tf 50 700 Td ({text}) Tj ET".encode("latin-1") if text else b""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(words), words), b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]  # fmt: skip
    made, starts = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        starts.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    made += b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (table, len(made))
    path.write_bytes(made)
    if password:
        writer = pypdf.PdfWriter(clone_from=path)
        writer.encrypt(password, algorithm="RC4-128")
        writer.write(path)
    return path


def docx_of(path, *lines, table=()):
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    if table:
        made = document.add_table(rows=1, cols=len(table))
        for cell, text in zip(made.rows[0].cells, table, strict=True):
            cell.text = text
    document.save(str(path))
    return path


def states(path):
    code, out, err = run("contract", path, "--json")
    assert (code, err) == (0, "")
    return {one["clause"]: (one["state"], one["number"], one["unit"]) for one in json.loads(out)}


def files(folder):
    text = folder / "c.txt"
    text.write_text(TERMS, encoding="utf-8")
    return [text, pdf_of(folder / "c.PDF", TERMS), docx_of(folder / "c.docx", *TERMS.split(". "))]


def test_the_three_kinds_of_file_say_the_same(tmp_path):
    found = [states(path) for path in files(tmp_path)]
    assert found[0]["penalty"] == ("present", 0.0005, "per day")
    assert found[0]["prepayment"] == ("present", 0.3, "share")
    assert found[0]["retention-of-title"][0] == "present"
    assert found[0]["dispute"][0] == "absent"
    assert list(found[0]) == list(CLAUSES)
    assert found[1] == found[0] == found[2]


def test_a_person_is_shown_the_words_and_the_numbers(tmp_path):
    path = tmp_path / "合同.txt"
    path.write_text("买方逾期付款的，按日万分之五支付违约金。", encoding="gb18030")
    code, out, _ = run("contract", path)
    assert code == 0
    assert "present   Late payment penalty: 0.05% per day\n          买方逾期付款的，按日万分之五支付违约金。\n" in out
    assert out.endswith("合同.txt: 20 characters, 8 clauses: 1 present, 0 weak, 7 absent\n")


def test_a_table_of_terms_in_word_is_read(tmp_path):
    assert states(docx_of(tmp_path / "c.docx", "Payment terms", table=("Prepayment", "30% with order")))["prepayment"][:2] == ("present", 0.3)


def test_broken_lines_of_a_chinese_pdf_are_one_sentence(tmp_path, monkeypatch):
    class Page:
        def get_contents(self):
            return None

        def extract_text(self, **_):
            return "第一条 买方逾期付\n款的，按日万分\n之五支付违约金。\n第二条 其他"

    class Reader:
        is_encrypted = False
        pages = (Page(),)

        def __init__(self, path):
            pass

    monkeypatch.setattr(pypdf, "PdfReader", Reader)
    (tmp_path / "c.pdf").write_bytes(b"x")
    assert read_contract(tmp_path / "c.pdf") == "第一条 买方逾期付款的，按日万分之五支付违约金。\n第二条 其他"


def bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", b" " * (contract_file.LARGEST_UNPACKED + 1))
    return path


def words(path, body, head=b""):
    """Write a .docx of this body into an empty one."""
    docx_of(path)
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    parts["word/document.xml"] = head + f'<w:document xmlns:w="{main}"><w:body>'.encode() + body + b"</w:body></w:document>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return path


def test_p29_a_pdf_whose_drawing_calls_itself_without_end_is_refused_in_time(tmp_path, monkeypatch):
    monkeypatch.setattr(contract_file, "SECONDS", 1)
    forms = 24
    body = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>",
            b"<</Length 4>>stream\n/F Do\nendstream"]  # fmt: skip
    for number in range(forms):
        draws = b"/F Do /F Do /F Do /F Do" if number < forms - 1 else b"BT (x) Tj ET"
        inner = b"<</XObject<</F %d 0 R>>>>" % (6 + number) if number < forms - 1 else b"<<>>"
        body.append(b"<</Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources %s/Length %d>>stream\n%s\nendstream" % (inner, len(draws), draws))
    made, starts = b"%PDF-1.4\n", []
    for number, part in enumerate(body, start=1):
        starts.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    count = len(body) + 1
    made += b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (count, table, count, len(made))
    began = time.monotonic()
    with pytest.raises(UnreadableContract):
        read_contract(written(tmp_path / "loop.pdf", made))
    assert time.monotonic() - began < 20


def written(path, raw):
    path.write_bytes(raw)
    return path


REFUSALS = {
    "a scan": (lambda folder: pdf_of(folder / "scan.pdf", ""), "scan.pdf is a scan: its 1 page holds no text; run text recognition (OCR) over it first"),
    "a password": (lambda folder: pdf_of(folder / "p.pdf", TERMS, password="secret"), "p.pdf has a password; save it without one"),
    "a torn pdf": (lambda folder: written(folder / "t.pdf", b"%PDF-1.4\ntorn"), "t.pdf is broken or no PDF (PdfStreamError); print it to PDF again"),
    "a torn docx": (lambda folder: written(folder / "t.docx", b"PK\x03\x04torn"), "t.docx is broken or no .docx: open it in Word and save it again"),
    "a zip that is no docx": (
        lambda folder: written(folder / "z.docx", b"PK\x05\x06" + bytes(18)), "z.docx is broken or no .docx (KeyError): open it in Word and save it again"),
    "a docx with a password": (
        lambda folder: written(folder / "p.docx", b"\xd0\xcf\x11\xe0 and more"),
        "p.docx has a password or is an old .doc; open it in Word and save it as .docx without a password"),
    "a zip bomb": (lambda folder: bomb(folder / "b.docx"), "b.docx unpacks to 200 MB, which no contract needs; it is not read"),
    "millions of paragraphs": (
        lambda folder: words(folder / "m.docx", b"<w:p/>" * 2_000_000), "m.docx has 2,000,000 paragraphs and cells, which no contract needs; it is not read"),
    "a bomb of entities": (
        lambda folder: words(folder / "x.docx", b"<w:p/>", b'<!DOCTYPE d [<!ENTITY a "aaaa">]>'),
        "x.docx brings a document type of its own, which no program for letters writes; it is not read"),
    "a long text": (
        lambda folder: written(folder / "l.txt", b"word " * 1_000_001),
        "l.txt holds 5,000,005 characters; a contract of more than 5,000,000 is not read"),
    "an empty document": (
        lambda folder: docx_of(folder / "e.docx"),
        "e.docx holds no text; if it holds pictures of pages, run text recognition (OCR) over them first"),
    "an empty file": (lambda folder: written(folder / "e.txt", b""), "e.txt is empty"),
    "blanks": (lambda folder: written(folder / "b.txt", b" \n"), "b.txt holds no text"),
    "no text": (lambda folder: written(folder / "n.txt", b"a\x00b"), "n.txt is no text file"),
    "another kind": (lambda folder: written(folder / "c.odt", b"PK"), "c.odt: a contract is read from .docx, .pdf, .txt; save it as one of them"),
    "nothing": (lambda folder: folder / "c.docx", "c.docx: there is no such file"),
    "a folder": (lambda folder: (folder / "f.txt").mkdir() or folder / "f.txt", "f.txt is not a file"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_a_file_without_text_is_refused_in_one_line(tmp_path, name):
    make, message = REFUSALS[name]
    code, out, err = run("contract", make(tmp_path))
    assert (code, out, err) == (2, "", f"xladdin: {message}\n")


@pytest.mark.skipif(os.name == "nt" or (hasattr(os, "geteuid") and os.geteuid() == 0), reason="every file may be read by this user")
def test_a_file_that_may_not_be_read_is_refused(tmp_path):
    path = written(tmp_path / "c.txt", b"text")
    path.chmod(0)
    assert run("contract", path)[2] == "xladdin: c.txt: may not be read by you\n"


def test_an_unknown_language_is_refused(tmp_path):
    assert run("contract", files(tmp_path)[0], "--language", "de")[2] == 'xladdin: the language is en or zh; got the text "de"\n'
