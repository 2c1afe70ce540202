"""The four transformations that a profile may ask for; anything else belongs into the system the file comes from."""

from __future__ import annotations

from typing import Any, Final

from workbook.headers import plain
from workbook.reading import read_column
from workbook.schema import LEDGER
from xladdin.counted import counted

Cells = dict[str, list[Any]]
_LOWERING: Final = ("credit note", "payment", "advance", "adjustment")


def set_constants(cells: Cells, constants: dict[str, str], rows: int) -> list[str]:
    """Fill columns with one value."""
    for key, value in constants.items():
        cells[key] = [value] * rows
    return [f'{key} = "{value}" in every row' for key, value in constants.items()]


def change_words(cells: Cells, words: dict[str, dict[str, str]]) -> list[str]:
    """Replace words of the source by ours; those without one stay as they are."""
    told = []
    for key, table in words.items():
        if key not in cells:
            continue
        ours = {plain(word): meaning for word, meaning in table.items()}
        changed = [ours.get(plain(cell), cell) if isinstance(cell, str) else cell for cell in cells[key]]
        used = sorted({f"{old} = {new}" for old, new in zip(cells[key], changed, strict=True) if old is not None and old != new})
        cells[key] = changed
        if used:
            told.append(f"{key}: {', '.join(used)}")
    return told


def flag_to_amount(cells: Cells, key: str, flags: list[Any], yes: str) -> str:
    """Fill an amount column with the row's amount where a flag says yes."""
    wanted = plain(yes)
    amounts = cells.get("amount", [None] * len(flags))
    cells[key] = [amount if flag is not None and plain(flag) == wanted else None for flag, amount in zip(flags, amounts, strict=True)]
    return f"{key} = the amount where the flag says {yes} ({counted(sum(cell is not None for cell in cells[key]), 'row')})"


def unsign(cells: Cells) -> str:
    """Turn amounts whose sign is that of the debt into amounts whose type gives the sign.

    A negative invoice becomes a credit note; of credit notes, payments, advances and adjustments the sign turns, so that what
    lowers the debt is positive. Rows whose type is not known stay as they are.
    """
    amounts = cells.get("amount")
    if amounts is None:
        return ""
    words = cells.setdefault("document_type", ["invoice"] * len(amounts))
    types = read_column(LEDGER.field("document_type"), words, lambda *_, **__: None).values.to_pylist()
    credit_notes = 0
    for index, (amount, kind) in enumerate(zip(amounts, types, strict=True)):
        if not isinstance(amount, float) or not amount:
            continue
        if kind == "invoice" and amount < 0:
            words[index], amounts[index] = "credit note", -amount
            credit_notes += 1
        elif kind in _LOWERING:
            amounts[index] = -amount
    made = counted(credit_notes, "negative invoice becomes a credit note", "negative invoices become credit notes")
    return f"the sign of an amount is that of the debt: {made}"
