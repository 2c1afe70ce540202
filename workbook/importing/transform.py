"""Transformations that a profile may ask for beside signs; anything else belongs into the system the file comes from."""

from __future__ import annotations

from typing import Any

from workbook.headers import plain
from xladdin.counted import counted

Cells = dict[str, list[Any]]


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
        known = {cell: ours.get(plain(cell), cell) if isinstance(cell, str) else cell for cell in set(cells[key])}
        used = sorted({f"{old} = {new}" for old, new in known.items() if old is not None and old != new})
        cells[key] = [known[cell] for cell in cells[key]]
        if used:
            told.append(f"{key}: {', '.join(used)}")
    return told


def flag_to_amount(cells: Cells, key: str, flags: list[Any], yes: str) -> str:
    """Fill an amount column with the row's amount where a flag says yes."""
    wanted = plain(yes)
    amounts = cells.get("amount", [None] * len(flags))
    cells[key] = [amount if flag is not None and plain(flag) == wanted else None for flag, amount in zip(flags, amounts, strict=True)]
    return f"{key} = the amount where the flag says {yes} ({counted(sum(cell is not None for cell in cells[key]), 'row')})"

