"""What a question is made of. A question is a function `Ask -> expression`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import ibis.expr.types as ir


LEDGER: Final = "ledger"
ITEMS: Final = "items"
VALUED: Final = "valued"


@dataclass(frozen=True, slots=True)
class Ask:
    """What a question is made of: the ledger, the open items of the day, named days, small tables of ours, and other questions.

    `kept`: the answer of another question, kept by the engine; `shared`: the same, kept only of a ledger in memory, as it may be large.
    """

    table: Callable[[str], ir.Table]
    on: Callable[[str], Any]
    kept: Callable[[Question], ir.Table]
    shared: Callable[[Question], ir.Table]

    @property
    def ledger(self) -> ir.Table:
        """Every document, with `usable`."""
        return self.table(LEDGER)

    @property
    def items(self) -> ir.Table:
        """The open items and unapplied amounts of the day."""
        return self.table(ITEMS)

    @property
    def valued(self) -> ir.Table:
        """The same with `worth` and `contested`, the worth of the disputed part, in the report currency."""
        return self.table(VALUED)


Question = Callable[[Ask], "ir.Table"]
