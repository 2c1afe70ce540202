"""CONTRIBUTING.md is followed to the letter: the function that it shows is added to a copy of the code, and answers what is printed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def blocks():
    """The indented blocks of the page, dedented."""
    return [textwrap.dedent(block).strip() for block in re.findall(r"(?m)(?:^ {4}.*\n|^\n+(?= {4}))+", TEXT)]


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """The code in a folder of its own, with the function of the page added to it."""
    folder = tmp_path_factory.mktemp("copied")
    for name in ("functions", "workbook", "xladdin"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    code = next(block for block in blocks() if block.startswith("# functions/"))
    (folder / code.splitlines()[0].removeprefix("# ")).write_text(code + "\n", encoding="utf-8")
    return folder


def test_the_function_of_the_page_answers_what_the_page_prints(copied):
    command, answer = next(block for block in blocks() if block.startswith("xladdin call")).splitlines()
    done = subprocess.run([sys.executable, "-m", *command.split()], check=True, capture_output=True, text=True, cwd=copied)
    assert json.loads(done.stdout) == json.loads(answer)


def test_the_function_of_the_page_passes_the_linters(copied):
    path = next(block for block in blocks() if block.startswith("# functions/")).splitlines()[0].removeprefix("# ")
    done = subprocess.run([sys.executable, "-m", "ruff", "check", "--config", ROOT / "pyproject.toml", path], check=False, capture_output=True, text=True, cwd=copied)
    assert done.returncode == 0, done.stdout


def test_every_file_that_the_two_pages_name_is_there():
    text = TEXT + (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:tests|workbook|xladdin|functions|docs|reports|hosts)/[\w/]+\.(?:py|md))`", text))
    assert len(named) > 10
    roots = (ROOT, ROOT / "workbook", ROOT / "xladdin")
    assert [name for name in named if "NAME" not in name and not any((root / name).exists() for root in roots)] == []
