"""Values into cells, by type: a text is always written as text, so nothing that starts with "=" becomes a formula."""

from __future__ import annotations

import datetime as dt
from typing import Any

from xladdin.cells import is_blank, serial_from_date


def put(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    """Write one value; a blank keeps the format."""
    if is_blank(value):
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, dt.date):
        sheet.write_number(row, column, serial_from_date(value), style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)
