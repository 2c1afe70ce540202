"""The commands as a user types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest


def xladdin(*words, home):
    environment = os.environ | {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XLADDIN_SOFFICE": str(home / "soffice")}
    return subprocess.run([sys.executable, "-m", "xladdin", *map(str, words)], check=False, capture_output=True, text=True, env=environment)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Excel may really be there")
def test_a_dry_run_for_excel_is_printed_where_excel_cannot_run(tmp_path):
    done = xladdin("install", "excel", "--dry-run", home=tmp_path)
    assert done.returncode == 0
    assert "INTERPRETER_WIN" in done.stdout
    assert done.stdout.endswith("nothing was changed (--dry-run)\n")
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_says_what_to_do_and_exits_with_1(tmp_path):
    done = xladdin("doctor", "libreoffice", "--json", home=tmp_path)
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert {one["state"] for one in found if one["program"] == "files"} == {"ok"}
    [problem] = [one for one in found if one["state"] == "problem"]
    assert "XLADDIN_SOFFICE" in problem["text"]


@pytest.mark.parametrize("words", [("install", "word"), ("uninstall", "word"), ("doctor", "word")])
def test_another_program_is_refused(tmp_path, words):
    done = xladdin(*words, home=tmp_path)
    assert done.returncode == 2
    assert "the program is excel" in done.stderr


def test_without_libreoffice_a_picture_is_refused_in_one_line(tmp_path):
    (tmp_path / "b.xlsx").write_bytes(b"x")
    done = xladdin("picture", tmp_path / "b.xlsx", tmp_path / "b.pdf", home=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "XLADDIN_SOFFICE" in done.stderr
