"""Why a cell shows an error: the sentence behind the error value.

A cell can hold only seven error values, an analyst needs to know which input is wrong. Every function of ours keeps its reason;
the host that calculated the cell hands it over with the cell.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from xladdin.cells import ExcelError, Referred
from xladdin.registry import Arg, Example, function

#: what is said of an error whose reason nobody kept: a formula of the spreadsheet's own, or a cell not calculated since it was opened
MEANINGS: Final = {
    "#NULL!": "two ranges that should overlap have no cell in common",
    "#DIV/0!": "a division by zero or by a blank",
    "#VALUE!": "a value of the wrong kind, such as a text where a number is needed",
    "#REF!": "a cell that the formula refers to was deleted",
    "#NAME?": "a function or name that is not known here",
    "#NUM!": "a number or date outside the range allowed",
    "#N/A": "the answer is not available: nothing was found",
}
CELL = Arg(
    "cell",
    "reference",
    "The cell to ask about, or a column of cells.",
    "要查询的单元格，或一列单元格。",
    shape="column",
    blank="missing",
    errors="accept",
)


@function(
    category="Help",
    help_zh="说明单元格为何出错，或对其结果有何提示；没有时为空。",
    args=(CELL,),
    result="text",
    source="House rule: an error value always has a reason in words.",
    examples=(
        Example(
            (ExcelError("#N/A"),), "the answer is not available: nothing was found", "An error that nobody explained.", "未附原因的错误值。"
        ),
        Example((100,), "", "A cell without error or remark.", "既无错误也无提示的单元格。"),
    ),
)
def creditwhy(cell: NDArray[np.object_]) -> NDArray[np.object_]:
    """Say why a cell shows an error, or what was remarked about its value; an empty text when there is nothing to say.

    `cell`: n cells, each its value and, where the host knows it, its reason. An error without a known reason gets the meaning of
    its code. Returns n texts.
    """
    return np.array([_why(one) for one in cell], dtype=object)


def _why(cell: Referred | ExcelError | None) -> str:
    referred = cell if isinstance(cell, Referred) else Referred(cell)
    if referred.reason:
        return referred.reason
    return MEANINGS[str(referred.value)] if isinstance(referred.value, ExcelError) else ""
