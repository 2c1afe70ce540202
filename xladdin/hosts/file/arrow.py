"""The two things asked of Arrow all over: one text type with 64-bit offsets, and texts joined row by row."""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

TEXT: Final = pa.large_string()


def join(*parts: Any, null_as_empty: bool = False) -> pa.LargeStringArray:
    """Concatenate texts row by row, plain strings standing for every row; null where any part is null, unless told."""
    typed = [pa.scalar(part, TEXT) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*typed, pa.scalar("", TEXT), null_handling="replace" if null_as_empty else "emit_null")
