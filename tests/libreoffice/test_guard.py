"""LibreOffice started from a Python environment: it opens every document, and where the functions cannot work it says so."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tests.install.systems import mac
from xladdin.hosts.libreoffice.extension import build_extension, guard, this_product
from xladdin.hosts.libreoffice.office import NoOffice, find_office, load_uno
from xladdin.install.libreoffice import own_environment

try:
    OFFICE = find_office()
    load_uno(OFFICE)
    ABSENT = "" if OFFICE.python is None and sys.platform == "linux" else "LibreOffice has its own Python, which no environment can lead astray"
except NoOffice as error:
    ABSENT = str(error)

pytestmark = [pytest.mark.libreoffice, pytest.mark.slow, pytest.mark.skipif(bool(ABSENT), reason=ABSENT or "LibreOffice is there")]
CALCULATED, AS_IT_WAS = "31-60 days", "as it was"


def converted(folder, environment, name="in.xlsx"):
    """Have LibreOffice with the extension convert a document, in an environment; answers what became of the formula."""
    if not (folder / "ext").exists():
        with zipfile.ZipFile(build_extension(folder / "Credit.oxt")) as package:
            package.extractall(folder / "ext" / "Credit")
    if name == "in.xlsx":
        with xlsxwriter.Workbook(folder / name) as book:
            book.add_worksheet().write_formula("A1", '=AGINGBUCKET("2026-01-31","2026-03-03")', value=AS_IT_WAS)
    else:
        (folder / name).write_text(f"{AS_IT_WAS}\n", encoding="utf-8")
    kind = "txt" if name.endswith(".html") else "csv"
    command = [
        str(OFFICE.soffice), "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", f"-env:BUNDLED_EXTENSIONS={(folder / 'ext').as_uri()}",
        "--convert-to", kind, "--outdir", str(folder / "out"), str(folder / name),
    ]  # fmt: skip
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp", "XLADDIN_LOG": str(folder / "log.txt")}
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=180, env=clean | environment)
    assert done.returncode == 0, done.stderr
    return (folder / "out" / name).with_suffix(f".{kind}").read_text(encoding="utf-8-sig").strip()


def path(*folders):
    return {"PATH": os.pathsep.join([*map(str, folders), "/usr/bin", "/bin"])}


def bare(folder):
    venv.create(folder, with_pip=False)
    return folder / "bin"


def test_p22_with_the_product_s_environment_on_the_path_a_document_is_opened(tmp_path):
    assert converted(tmp_path, path(Path(sys.prefix) / "bin")) in (CALCULATED, AS_IT_WAS)
    assert converted(tmp_path, path(Path(sys.prefix) / "bin"), "page.html") == AS_IT_WAS


@pytest.mark.parametrize("environment", [
    lambda folder: path(bare(folder / "empty")), lambda folder: path(bare(folder / "a b")) | {"VIRTUAL_ENV": str(folder / "a b")},
    lambda _: {"PYTHONHOME": "/nowhere"}, lambda folder: path(folder / "nowhere", Path(sys.base_prefix) / "bin"),
], ids=["an environment", "one with a blank in its name", "PYTHONHOME", "a Python of its own"])  # fmt: skip
def test_p22_in_another_python_environment_libreoffice_lives_and_cells_keep_their_values(tmp_path, environment):
    assert converted(tmp_path, environment(tmp_path)) in (CALCULATED, AS_IT_WAS)


@pytest.mark.parametrize("environment", [
    lambda _: {}, lambda folder: path(folder / "no Python here"), lambda _: {"PYTHONPATH": "/nowhere"}, lambda _: {"VIRTUAL_ENV": "/nowhere"},
], ids=["none", "another folder", "PYTHONPATH", "VIRTUAL_ENV"])  # fmt: skip
def test_p22_where_nothing_is_wrong_the_functions_work(tmp_path, environment):
    assert converted(tmp_path, environment(tmp_path)) == CALCULATED


def test_p22_installed_the_functions_work_in_libreoffice_started_from_the_product_s_environment(tmp_path):
    bin_folder = bare(tmp_path / "product")
    assert converted(tmp_path, path(bin_folder)) == AS_IT_WAS
    system = dataclasses.replace(mac(tmp_path), platform="linux", prefix=tmp_path / "product")
    (step,) = own_environment(system, OFFICE)
    step.path.write_bytes(step.content)
    assert converted(tmp_path, path(bin_folder)) == CALCULATED
    # and no other program of the environment sees the packages of the system
    seen = subprocess.run([bin_folder / "python3", "-c", "import sys; print(sys.path)"], check=True, capture_output=True, text=True, timeout=60).stdout
    assert "dist-packages" not in seen


def test_p22_the_bar_that_says_why_speaks_both_languages():
    basic = guard.parts(this_product().python)[f"{guard.LIBRARY}/Guard.xba"]
    assert guard.ENGLISH in basic
    assert guard.CHINESE in basic
    assert "@" not in basic
