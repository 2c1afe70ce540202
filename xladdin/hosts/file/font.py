"""Fonts and colours of ranges, as xlwings sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import base_classes, utils

from xladdin.errors import BadRequest
from xladdin.hosts.file.unsupported import complete

if TYPE_CHECKING:
    from xladdin.hosts.file.formats import Formats
    from xladdin.hosts.file.styles import Color


def color_of(value: Any) -> Color | None:
    """Read a colour as xlwings takes it: (255, 0, 0), "#ff0000", Excel's integer, or None."""
    if value is None:
        return None
    if isinstance(value, str):
        red, green, blue = utils.hex_to_rgb(value)  # type: ignore[no-untyped-call]
    elif isinstance(value, int):
        red, green, blue = utils.int_to_rgb(value)  # type: ignore[no-untyped-call]
    else:
        red, green, blue = value
    if not all(0 <= part <= 255 for part in (red, green, blue)):
        raise BadRequest(f"a colour has three parts from 0 to 255; got {value!r}")
    return red, green, blue


@complete(base_classes.Font)
class Font:
    """The font of a range; a property in which its cells differ is None."""

    def __init__(self, cells: Formats) -> None:
        self._cells = cells

    @property
    def api(self) -> Font:
        """There is no native object below this one."""
        return self

    def _get(self, name: str) -> Any:
        styles = self._cells.sheet.book.workbook.styles
        found = {styles.font(style, name) for style in self._cells.sheet.part.styles(self._cells.rect)}
        return found.pop() if len(found) == 1 else None

    def _set(self, name: str, value: Any) -> None:
        styles = self._cells.sheet.book.workbook.styles
        self._cells.sheet.part.restyle(self._cells.rect, lambda style: styles.with_font(style, name, value))

    @property
    def bold(self) -> bool | None:
        """Bold."""
        return self._get("bold")  # type: ignore[no-any-return]

    @bold.setter
    def bold(self, value: bool) -> None:
        self._set("bold", bool(value))

    @property
    def italic(self) -> bool | None:
        """Italic."""
        return self._get("italic")  # type: ignore[no-any-return]

    @italic.setter
    def italic(self, value: bool) -> None:
        self._set("italic", bool(value))

    @property
    def size(self) -> float | None:
        """Size in points."""
        return self._get("size")  # type: ignore[no-any-return]

    @size.setter
    def size(self, value: float) -> None:
        self._set("size", float(value))

    @property
    def name(self) -> str | None:
        """Name of the typeface."""
        return self._get("name")  # type: ignore[no-any-return]

    @name.setter
    def name(self, value: str) -> None:
        self._set("name", value)

    @property
    def color(self) -> Color | None:
        """Colour; None for the automatic one."""
        return self._get("color")  # type: ignore[no-any-return]

    @color.setter
    def color(self, value: Any) -> None:
        self._set("color", color_of(value))
