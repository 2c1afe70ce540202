"""Whose sign an amount has: that of the debt, or none, the type giving it. Decided once for the whole file, or asked for.

In our ledger amounts are positive and the type says what they do. Other systems write credits and payments with a minus, others all
amounts positive, some the credits only. Whatever lowers the debt must lower it here; where a file can be read in two ways it is refused.
"""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np

from workbook.importing.transform import Cells
from workbook.reading import read_column
from workbook.schema import LEDGER
from xladdin.counted import counted
from xladdin.errors import BadRequest

#: what can be said of a file: the sign is that of the debt, or the type gives it
SIGNS: Final = ("debt", "type")
_LOWERING: Final = ("credit note", "payment", "advance")
_AMOUNTS: Final = ("settled_amount", "disputed_amount", "promise_amount")
_PERCENT: Final = re.compile(r"\s*(?:(\d+(?:[.,]\d+)?)\s*[%％]|[%％]\s*(\d+(?:[.,]\d+)?))\s*\Z")
_WHOLE: Final = 100.0
_NAMED: Final = 5
_SAY: Final = "say --signs debt where a minus lowers the debt, --signs type where the type alone does"


def numbers(cells: list[Any]) -> np.ndarray:
    """Return the numbers among cells, NaN for everything else."""
    return np.fromiter((cell if isinstance(cell, float) else np.nan for cell in cells), dtype=np.float64, count=len(cells))


def types_of(cells: Cells) -> np.ndarray:
    """Return each row's type as one of ours, blank where it is not known."""
    words = cells.get("document_type")
    if words is None:
        return np.full(len(cells["amount"]), "", dtype=object)
    typed = read_column(LEDGER.field("document_type"), words, lambda *_, **__: None).values
    return np.array([kind or "" for kind in typed.to_pylist()], dtype=object)


def give_signs(cells: Cells, asked: str, source: str, *, ours: bool, foreign: frozenset[str] = frozenset()) -> list[str]:
    """Make what lowers the debt positive, as the ledger has it. `asked` is one of `SIGNS` or blank; `ours`: the file has our own headers.

    `foreign` are types that were read from another system's words. Raises BadRequest where the file can be read in two ways.
    """
    if "amount" not in cells:
        return []
    if asked and asked not in SIGNS:
        raise BadRequest(f"there are no signs {asked}; there are {', '.join(SIGNS)}")
    if asked == "debt" and "document_type" not in cells:
        cells["document_type"] = ["invoice"] * len(cells["amount"])
    amounts, types = numbers(cells["amount"]), types_of(cells)
    told = asked or _found(amounts, np.where(_paid_back(cells, amounts, types), "", types), source, ours=ours, foreign=foreign)
    _check_settled(cells, amounts, source)
    return _turn(cells, amounts, types, asked=bool(asked)) if told == "debt" else []


def refuse_unknown_types(cells: Cells, words: list[Any], source: str) -> None:
    """Raise BadRequest for words that stand for types nobody told: their rows would be left out of what is open."""
    if "document_type" not in cells or "amount" not in cells:
        return
    types, amounts = types_of(cells), np.nan_to_num(numbers(cells["amount"]))
    lost = np.flatnonzero((types == "") & (amounts != 0))
    unknown = {str(words[place] if words else cells["document_type"][place]): place for place in reversed(lost.tolist())}
    named = [word for word in reversed(unknown) if word != "None" and any(mark.isalpha() for mark in word)]
    if named:
        example = f'--map "document_type:{named[0]}=adjustment"'
        raise BadRequest(
            f"{source}: it is not known whether {', '.join(named[:_NAMED])} {'raises' if len(named) == 1 else 'raise'} or lower the debt; "
            f"say for each which type it is, as in {example}; types are {', '.join(LEDGER.field('document_type').choices)}"
        )


def shares(cells: Cells) -> list[str]:
    """Read "50 %" of what is settled, disputed or promised as that share of the row's amount; of the amount itself it stays a text."""
    told = []
    amounts = numbers(cells["amount"]) if "amount" in cells else None
    for key in _AMOUNTS:
        count = 0
        for place, cell in enumerate(cells.get(key, ())):
            match = _PERCENT.match(cell) if isinstance(cell, str) else None
            if match is None or amounts is None or np.isnan(amounts[place]):
                continue
            share = float((match[1] or match[2]).replace(",", "."))
            if share <= _WHOLE:
                cells[key][place] = round(float(amounts[place]) * share / _WHOLE, 2)
                count += 1
        if count:
            told.append(f"{key}: per cent are that share of the amount ({counted(count, 'row')})")
    return told


def _found(amounts: np.ndarray, types: np.ndarray, source: str, *, ours: bool, foreign: frozenset[str]) -> str:
    """Find out whose sign the amounts have. Raises BadRequest where that cannot be told."""
    filled = np.nan_to_num(amounts)
    invoices = filled[types == "invoice"]
    lowering = np.isin(types, _LOWERING)
    up, down = np.flatnonzero(lowering & (filled > 0)), np.flatnonzero(lowering & (filled < 0))
    if (invoices < 0).any() and invoices.sum() <= 0:
        raise BadRequest(f"{source}: the invoices are negative in sum, so it is not clear which sign raises the debt; {_SAY}")
    if len(up) and len(down):
        one, other = (f"{types[place]} {filled[place]:,.2f}" for place in (down[0], up[0]))
        raise BadRequest(
            f"{source}: some credits and payments are negative ({counted(len(down), 'row')}, as {one}), some positive "
            f"({counted(len(up), 'row')}, as {other}); {_SAY}"
        )
    if len(down):
        if not (invoices > 0).any():
            raise BadRequest(f"{source}: its credits and payments are negative, and there is no invoice beside them; {_SAY}")
        return "debt"
    adjustments = (types == "adjustment") & (filled != 0)
    if adjustments.any() and not (ours and "adjustment" not in foreign) and ("adjustment" in foreign or not len(up)):
        count = counted(int(adjustments.sum()), "row")
        raise BadRequest(f"{source}: it is not clear whether its adjustments ({count}) raise the debt; {_SAY}")
    return "type"


def _paid_back(cells: Cells, amounts: np.ndarray, types: np.ndarray) -> np.ndarray:
    """Return which rows pay back a credit note, payment or advance they name: that they have the other sign says nothing of the file."""
    lowering = np.isin(types, _LOWERING) & (np.nan_to_num(amounts) != 0)
    back = np.zeros(len(amounts), dtype=bool)
    if "reference" not in cells or "document_no" not in cells or (amounts[lowering] > 0).all() or (amounts[lowering] < 0).all():
        return back
    signs = {_name(cells["document_no"][place]): np.sign(amounts[place]) for place in np.flatnonzero(lowering).tolist()}
    for place in np.flatnonzero(lowering).tolist():
        back[place] = signs.get(_name(cells["reference"][place]), 0.0) == -np.sign(amounts[place])
    return back


def _name(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _check_settled(cells: Cells, amounts: np.ndarray, source: str) -> None:
    """Refuse a settled amount whose sign is not that of its document: it would raise what is open."""
    if "settled_amount" not in cells:
        return
    settled = numbers(cells["settled_amount"])
    against = np.flatnonzero(np.nan_to_num(amounts) * np.nan_to_num(settled) < 0)
    if len(against):
        place = against[0]
        raise BadRequest(
            f"{source}: {counted(len(against), 'row')} settled with the other sign than the amount ({settled[place]:,.2f} of "
            f"{amounts[place]:,.2f}); say which column holds what is open with --map open_amount=COLUMN"
        )


def _turn(cells: Cells, amounts: np.ndarray, types: np.ndarray, *, asked: bool) -> list[str]:
    """Turn amounts whose sign is that of the debt; a negative invoice becomes a credit note. Rows of unknown type stay as they are."""
    negative = (types == "invoice") & (amounts < 0)
    turned = negative | (np.isin(types, (*_LOWERING, "adjustment")) & (np.nan_to_num(amounts) != 0))
    for key in ("amount", *(name for name in _AMOUNTS if name in cells)):
        column, values = cells[key], numbers(cells[key])
        for place in np.flatnonzero(turned & (np.nan_to_num(values) * amounts > 0)).tolist():
            column[place] = -float(values[place])
    for place in np.flatnonzero(negative).tolist():
        cells["document_type"][place] = "credit note"
    count = int(negative.sum())
    made = counted(count, "negative invoice becomes a credit note", "negative invoices become credit notes")
    if not asked and not turned.any():
        return []
    return [f"the sign of an amount is that of the debt: {made}"]
