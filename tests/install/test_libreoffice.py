"""Installing into LibreOffice, and pictures printed by it."""

from __future__ import annotations

import dataclasses
import io
import json
import shutil
import subprocess
import zipfile

import pytest

from tests.install.systems import mac, tree
from xladdin.errors import BadRequest, NotAWorkbook, Refused
from xladdin.hosts.libreoffice.office import Office
from xladdin.install import record
from xladdin.install.libreoffice import libreoffice_plan, make_extension, shared_folder
from xladdin.install.libreoffice_checks import libreoffice_checks
from xladdin.install.picture import make_picture

needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not on this machine")


def office(folder, unopkg=None):
    program = folder / "office" / "program"
    program.mkdir(parents=True)
    (folder / "office" / "share" / "extensions").mkdir(parents=True)
    (program / "soffice").write_bytes(b"x")
    if unopkg is not None:
        (program / "unopkg").write_text(unopkg)
        (program / "unopkg").chmod(0o755)
    return Office(program / "soffice", "7.4", None)


def linux(folder, **more):
    return dataclasses.replace(mac(folder), platform="linux", environment={"PATH": "/usr/bin:/bin", "HOME": str(folder)}, **more)


def test_as_root_the_files_stand_among_libreoffice_s_own_and_go_again(tmp_path):
    found, system = office(tmp_path), linux(tmp_path, root=True)
    before = tree(tmp_path)
    plan = libreoffice_plan(system, found)
    assert "unopkg refuses" in plan.notes[0]
    record.install(system, plan)
    facts = json.loads((shared_folder(found) / "credit.json").read_text(encoding="utf-8"))
    assert facts["paths"]
    assert (shared_folder(found) / "META-INF" / "manifest.xml").is_file()
    record.uninstall(system, "libreoffice")
    assert tree(tmp_path) == before


def test_the_extension_knows_where_the_product_is():
    with zipfile.ZipFile(io.BytesIO(make_extension())) as package:
        facts = json.loads(package.read("credit.json"))
    assert facts["paths"]
    assert facts["python"]


def test_a_libreoffice_without_unopkg_is_said(tmp_path):
    with pytest.raises(Refused, match="has no unopkg"):
        libreoffice_plan(linux(tmp_path), office(tmp_path))


def test_what_unopkg_says_is_passed_on_and_nothing_stays(tmp_path):
    found, system = office(tmp_path, "#!/bin/sh\necho 'LibreOffice is running' >&2\nexit 1\n"), linux(tmp_path)
    before = tree(tmp_path)
    with pytest.raises(Refused, match="unopkg could not do it: LibreOffice is running"):
        record.install(system, libreoffice_plan(system, found))
    assert tree(tmp_path) == before


@needs_office
@pytest.mark.libreoffice
def test_the_doctor_finds_libreoffice_and_asks_for_the_extension(tmp_path):
    found = {check.name: check for check in libreoffice_checks(linux(tmp_path))}
    assert found["program"].state == "ok"
    assert found["extension"].state in ("ok", "problem")


def test_very_high_macro_security_is_a_warning(tmp_path, monkeypatch):
    found, system = office(tmp_path), linux(tmp_path)
    monkeypatch.setenv("XLADDIN_SOFFICE", str(found.soffice))
    (found.program / "bootstraprc").write_text("ProductKey=LibreOffice 7.4\n")
    folder = tmp_path / "Users" / "anna" / ".config" / "libreoffice" / "4" / "user"
    folder.mkdir(parents=True)
    (folder / "registrymodifications.xcu").write_text('<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>')
    states = {check.name: check.state for check in libreoffice_checks(system)}
    assert states["macros"] == "warning"
    assert states["extension"] == "problem"


def test_no_libreoffice_is_one_problem_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("XLADDIN_SOFFICE", str(tmp_path / "soffice"))
    (check,) = libreoffice_checks(linux(tmp_path))
    assert check.state == "problem"
    assert "XLADDIN_SOFFICE" in check.text


@pytest.mark.parametrize(("name", "error"), [("a.gif", BadRequest), ("nowhere/a.png", BadRequest)])
def test_a_picture_that_cannot_be_made_is_refused(tmp_path, name, error):
    (tmp_path / "b.xlsx").write_bytes(b"x")
    with pytest.raises(error):
        make_picture(tmp_path / "b.xlsx", tmp_path / name)


def test_a_picture_of_no_workbook_is_refused(tmp_path):
    with pytest.raises(NotAWorkbook):
        make_picture(tmp_path / "b.xlsx", tmp_path / "a.png")


@needs_office
@pytest.mark.libreoffice
@pytest.mark.slow
def test_a_picture_holds_the_chosen_sheet_alone_and_leaves_the_workbook(tmp_path):
    from workbook.build import build_workbook

    book = tmp_path / "书.xlsm"
    build_workbook(book)
    before = book.read_bytes()
    (pdf,) = make_picture(book, tmp_path / "aging.pdf", ["aging"])
    assert book.read_bytes() == before
    text = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    assert "Aging" in text
    assert "How to work with it" not in text
    pictures = make_picture(book, tmp_path / "c.png", ["Function guide"])
    assert [path.name for path in pictures] == [f"c-{number}.png" for number in range(1, len(pictures) + 1)]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in pictures)
    with pytest.raises(BadRequest, match="there is no sheet Agin; there are Control"):
        make_picture(book, tmp_path / "d.png", ["Agin"])
