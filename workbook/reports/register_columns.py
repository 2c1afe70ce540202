"""The columns of a register: what it shows, wrapped where texts are long, and the analyst's own columns at the end."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from workbook.reports.register_words import say
from workbook.sheet import Column, ColumnKind

#: a text column at least this wide holds sentences or names: they break into lines
WRAPPED_FROM: Final = 21
OWNER_NOTE: Final[dict[str, tuple[ColumnKind, int]]] = {"owner": ("text", 12), "note": ("text", 28)}


def register_columns(
    shown: Mapping[str, tuple[ColumnKind, int]],
    language: str,
    keys: Collection[str],
    strong: Collection[str] = (),
    inputs: Mapping[str, tuple[ColumnKind, int]] = OWNER_NOTE,
) -> tuple[Column, ...]:
    """Make the columns of a register from key -> (kind, width). `inputs` belong to the analyst."""
    made = [
        Column(
            key, say(key, language), kind, width, "key" if key in keys else "strong" if key in strong else "plain",
            wrap=kind == "text" and width >= WRAPPED_FROM,
        )
        for key, (kind, width) in shown.items()
    ]  # fmt: skip
    return (*made, *(Column(key, say(key, language), kind, width, "input") for key, (kind, width) in inputs.items()))
