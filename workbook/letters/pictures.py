r"""Texts that a number picture of a merge field (`\# "#,##0.00"`) can format: those that are figures know their number."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Self

import numpy as np

from functions.money import round_half_up
from xladdin.plain_text import xml_safe

_PLACES: Final = re.compile(r"\.(\d+)f$")


class Text(str):
    """A value of a merge field; a picture formats its number, and leaves a text without one as it is."""

    __slots__ = ("number",)

    number: float | None

    def __new__(cls, text: str, number: float | None = None) -> Self:
        """Make a text that XML can hold; what was a figure stays one."""
        made = super().__new__(cls, xml_safe(text))
        made.number = number if number is not None or not isinstance(text, Text) else text.number
        return made

    def __format__(self, spec: str) -> str:
        """Format the number where there is one and a number's format is asked for."""
        if not spec or self.number is None:
            return str(self)
        places = _PLACES.search(spec)
        if places is None:
            return format(self.number, spec)
        rounded = round_half_up(np.array([self.number]), int(places[1]))[0]  # as Word rounds
        return format(float(rounded), spec)


@contextmanager
def pictures_told(name: str, told: set[str]) -> Iterator[None]:
    """Tell in a line of ours what the merge could not format in a template; its text then stands as it is."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        yield
    told.update(f"the template {name}: {' '.join(str(one.message).split())}; the text stands as it is" for one in seen)
