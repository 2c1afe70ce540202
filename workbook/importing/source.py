"""What was read from a file: its columns as they stand in it, and what a reader of the file should know about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xladdin.errors import BadRequest

Ints = npt.NDArray[np.int64]

#: a sheet has no more rows; a longer file is a ledger to be read where it lies
MOST_ROWS: Final = 1_048_576
#: a sheet has no more columns
MOST_COLUMNS: Final = 16_384
#: the largest file that is read into memory
MOST_BYTES: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Source:
    """A file's columns. `columns` are Arrow texts (CSV), Arrow values (Parquet) or lists of cells (Excel).

    `numbers` holds the number of each row in the file, as an editor or a spreadsheet shows it. `told` are sentences for the preview.
    `unvalued` holds by column and place among the rows the formulas that have no value in the file.
    """

    name: str
    header: list[str]
    columns: list[Any]
    numbers: Ints
    detected: dict[str, str] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    unvalued: Mapping[int, Mapping[int, str]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Number of data rows."""
        return len(self.columns[0]) if self.columns else 0


def refuse_length(name: str, rows: int) -> None:
    """Refuse more rows than a sheet holds. Raises BadRequest saying where such a file is read instead."""
    if rows > MOST_ROWS:
        raise BadRequest(
            f"{name} has {rows:,} rows, a sheet holds {MOST_ROWS:,}. "
            "Leave the file where it is and name it in the setting Ledger, as docs/large-ledgers.md tells"
        )


def clean_header(cell: Any) -> str:
    """Write a header cell as one line."""
    return " ".join(str(cell).split()) if cell is not None else ""
