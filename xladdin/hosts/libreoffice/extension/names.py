"""The names under which LibreOffice knows the extension, and those of arguments in its interface."""

from __future__ import annotations

from typing import Final

IDENTIFIER: Final = "org.xladdin.credit"
INTERFACE: Final = "org.xladdin.XCredit"
ADDIN: Final = "org.xladdin.Credit"
JOB: Final = "org.xladdin.CreditLoadJob"
RUNNER: Final = "org.xladdin.CreditRunner"


def parameter(name: str) -> str:
    """Return an argument's name in the interface: as_of -> aAsOf. No underscore is allowed there, and no word of the language itself."""
    return "a" + "".join(part.capitalize() for part in name.split("_"))
