"""What a formula becomes in another cell, for whoever moves rows through a host's object model, which has no word for it."""

from __future__ import annotations


def shift(formula: str, rows: int, columns: int) -> str:
    """Move the relative references of a formula, as copying it to another cell does; #REF! where that leaves the sheet."""
    from xladdin.hosts.file.formulas import shift as shift_text  # noqa: PLC0415 - the engine of files is loaded for formulas alone

    return shift_text(formula, rows, columns)
