from __future__ import annotations

import shutil

import pytest

from tests.file import sample
from xladdin.hosts.file import open_book


@pytest.fixture(scope="session")
def original(tmp_path_factory):
    """The workbook with one of everything; not to be changed."""
    return sample.build(tmp_path_factory.mktemp("sample") / "Credit.xlsm")


@pytest.fixture
def path(original, tmp_path):
    """A copy to work on."""
    return shutil.copy(original, tmp_path / "Credit.xlsm")


@pytest.fixture
def book(path):
    opened = open_book(path)
    yield opened
    opened.close()
