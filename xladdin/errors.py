"""One class per mistake, and how each one reaches a user.

    CreditError                         everything we raise on purpose; str() is one clear sentence
    ├── CellError                       becomes an Excel error value plus a reason (=CREDITWHY)
    │   ├── InvalidValue    #VALUE!     wrong kind of value, unknown word, shapes that do not fit
    │   ├── OutOfRange      #NUM!       a number or date outside what the rule allows
    │   ├── NotAvailable    #N/A        the answer is not known: no rate, no calendar, too few values
    │   ├── DivisionByZero  #DIV/0!     a ratio without a denominator
    │   └── PropagatedError             an argument already was an error value: it comes out unchanged
    ├── BadDefinition                   a @function or @report description that no host could serve (at import)
    └── Refused                         a command will not start or finish: exit code 2, nothing was changed
        ├── WorkbookOpen                the workbook is open in another program
        ├── NotAWorkbook                not a zip, truncated, encrypted, or without our tables
        ├── CannotWrite                 read-only folder, disk full
        └── BadRequest                  an unknown report, setting, column, profile or date format
"""

from __future__ import annotations


class CreditError(Exception):
    """Base of every error raised on purpose; its text is meant for an analyst."""


class CellError(CreditError):
    """A function cannot answer; the cell shows `code`, `=CREDITWHY()` shows the text."""

    code = "#VALUE!"


class InvalidValue(CellError):
    """Wrong kind of value, an unknown word, or shapes that do not fit."""

    code = "#VALUE!"


class OutOfRange(CellError):
    """A number or a date outside what the rule allows."""

    code = "#NUM!"


class NotAvailable(CellError):
    """The answer is not known: no rate for the date, no calendar for the year, too few values."""

    code = "#N/A"


class DivisionByZero(CellError):
    """A ratio without a denominator."""

    code = "#DIV/0!"


class PropagatedError(CellError):
    """An argument already was an error value; it comes out unchanged, as Excel's own functions do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class BadDefinition(CreditError):
    """A description of a function or report that no host could serve; raised at import."""


class Refused(CreditError):
    """A command will not start or finish; nothing was changed."""


class WorkbookOpen(Refused):
    """The workbook is open in another program."""


class NotAWorkbook(Refused):
    """Not a zip, truncated, encrypted, or without our tables."""


class CannotWrite(Refused):
    """The folder is read-only, or the disk is full."""


class BadRequest(Refused):
    """An unknown report, setting, column, profile or date format."""
