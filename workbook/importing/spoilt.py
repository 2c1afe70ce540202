"""What spreadsheets and copying do to numbers of documents and customers: cleaned where that is certain, else refused.

    ="00123"  '00123  C1 + zero-width space  2.02601E+11  number formats that show zeros

A wrong letter that nobody can see makes two customers of one; digits that are gone make one customer of two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from workbook.schema import Field
from xladdin.errors import BadRequest

#: characters without width, marks of direction, the soft hyphen, the byte order mark: no part of a number or a code
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)
_WIDE_SPACE: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_FORMULA_TEXT: Final = re.compile(r'=\s*"((?:[^"]|"")*)"\Z')
_APOSTROPHE: Final = re.compile(r"['\u2019`](?![a-z][\s-])(?=[^'\u2019`\s]+\Z)")
_SCIENTIFIC: Final = re.compile(r"[+-]?\d(?:[.,]\d+)?[eE]\+\d{2,3}\Z")
_EXACT: Final = 1e15  # Excel and CSV files it writes keep 15 digits
_REST: Final = "their last digits are lost; format the column as text in the source and export it again"


def is_identifier(field: Field) -> bool:
    """Tell whether a column holds numbers or codes that name something, not words."""
    return field.kind == "text" and (field.key.endswith(("_no", "_id")) or field.key in ("reference", "currency", "terms"))


def clean(text: str, *, code: bool = True) -> str:
    """Take off what spreadsheets and copying add around a text; inside too where it is a code, a date or a number.

    Names keep joiners inside, which Indian and Persian scripts need.
    """
    text = _WIDE_SPACE.sub(" ", text)
    if code:
        text = _INVISIBLE.sub("", text)
    else:
        text = re.sub(rf"^(?:{_INVISIBLE.pattern}|\s)+|(?:{_INVISIBLE.pattern}|\s)+$", "", text).replace("\ufeff", "").replace("\u200b", "")
    text = text.strip()
    match = _FORMULA_TEXT.match(text)
    if match:
        text = match[1].replace('""', '"').strip()
    return _APOSTROPHE.sub("", text, count=1) if code and _APOSTROPHE.match(text) else text


def refuse_lost_digits(column: str, texts: Sequence[Any], raw: Sequence[Any]) -> None:
    """Raise BadRequest for numbers of documents or customers that were saved as 2.02601E+11, or with more than 15 digits as a number."""
    for text in dict.fromkeys(texts):
        if isinstance(text, str) and _SCIENTIFIC.match(text):
            raise BadRequest(f'column "{column}" holds {text}: its numbers were saved in scientific notation and {_REST}')
    for cell in raw:
        if isinstance(cell, float) and abs(cell) >= _EXACT:
            raise BadRequest(f'column "{column}" holds {cell:.0f} as a number of more than 15 digits: {_REST}')
