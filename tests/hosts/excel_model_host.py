"""Excel as the holder of an open workbook, without Excel: a model of its objects behind the real Windows engine of xlwings."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.excel_model.engine import open_model
from tests.hosts.arguments import Call
from tests.hosts.hosts import Shown


class ExcelModelHost:
    """Excel's objects without Excel; whatever Excel would show as something else fails the test."""

    name = "excel-model"
    title = "Excel (object model)"
    marks = (pytest.mark.skipif(sys.platform == "win32", reason="the model stands in for Excel where there is none"),)
    no_cells = "the model of Excel's objects holds workbooks; cells that ask Python are in the column beside"

    def show(self, calls: Sequence[Call], folder: Path) -> list[Shown]:
        raise NotImplementedError

    @contextmanager
    def open(self, path: Path) -> Iterator[Any]:
        book, model = open_model(path)
        yield book
        assert model.end() == []
