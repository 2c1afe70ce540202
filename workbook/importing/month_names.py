"""Names of months and of days of the week in the languages whose dates are read.

A name may be cut after three letters. Names that mean two months (the Polish lis. is November, the Croatian October) are not here.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_NAMES: Final = (
    ("january", "januar", "januari", "janvier", "enero", "janeiro", "gennaio", "ianuarie", "jän", "jänner"),
    ("february", "februar", "februari", "février", "febrero", "fevereiro", "febbraio", "feber"),
    ("march", "märz", "maerz", "mrz", "maart", "mrt", "mars", "marzo", "março"),
    ("april", "avril", "abril", "aprile", "apr"),
    ("may", "mai", "mei", "mayo", "maio", "maggio", "maj"),
    ("june", "juni", "juin", "junio", "junho", "giugno", "jun"),
    ("july", "juli", "juillet", "julio", "julho", "luglio", "jul"),
    ("august", "augustus", "août", "agosto", "aug"),
    ("september", "septembre", "septiembre", "setembro", "settembre", "sept", "setiembre"),
    ("october", "oktober", "octobre", "octubre", "outubro", "ottobre", "okt"),
    ("november", "novembre", "noviembre", "novembro", "nov"),
    ("december", "dezember", "décembre", "diciembre", "dezembro", "dicembre", "desember"),
)
_DAYS: Final = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "tues", "wed", "thu", "thur", "thurs",
    "fri", "sat", "sun", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "sonnabend", "mo", "di", "mi",
    "do", "fr", "sa", "so", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lun", "mar", "mer", "jeu", "ven",
    "sam", "dim", "lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo", "mie", "jue", "vie", "sab", "dom", "lunedi",
    "martedi", "mercoledi", "giovedi", "venerdi", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag",
]  # fmt: skip
_SHORTEST: Final = 3


def plain_letters(text: str) -> str:
    """Write a word in small letters without accents."""
    return "".join(mark for mark in unicodedata.normalize("NFD", text) if not unicodedata.combining(mark)).casefold()


def _numbers() -> dict[str, int]:
    found: dict[str, set[int]] = {}
    for number, names in enumerate(_NAMES, 1):
        for name in map(plain_letters, names):
            for length in {_SHORTEST, 4, len(name)}:
                found.setdefault(name[:length], set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}


#: names of months, whole or cut, without accents -> 1 to 12; only those that mean one month
MONTHS: Final = _numbers()
WEEKDAYS: Final = frozenset(_DAYS)
