"""The same credit functions registered as stock xlwings registers functions: what `benchmarks/excel_server.py` compares with."""

from __future__ import annotations

from typing import Any

import xlwings as xw

from xladdin.call import call


@xw.func
def days_overdue(due: Any, as_of: Any) -> Any:
    """DAYSOVERDUE."""
    return call("DAYSOVERDUE", due, as_of).value


@xw.func
def aging_bucket(due: Any, as_of: Any) -> Any:
    """AGINGBUCKET."""
    return call("AGINGBUCKET", due, as_of).value


@xw.func
@xw.arg("due", ndim=2)
def aging_buckets(due: Any, as_of: Any) -> Any:
    """AGINGBUCKET of a column."""
    return call("AGINGBUCKET", due, as_of).value


@xw.func
@xw.arg("due", ndim=2)
def aging_bucket_each(due: Any, as_of: Any) -> Any:
    """AGINGBUCKET of a column, cell by cell, as functions of stock xlwings are written by those who know no arrays."""
    return [[call("AGINGBUCKET", cell, as_of).value for cell in row] for row in due]
