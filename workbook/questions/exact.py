"""Sums that are the same in every engine: whole numbers, and products that no int64 holds as decimals until the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from workbook.written import Lazily

if TYPE_CHECKING:
    import ibis
else:
    ibis = Lazily("ibis")


WIDE: Final = "decimal(38, 0)"


def summed(amount: Any, where: Any = None) -> Any:
    """Sum whole numbers; 0 where there are none."""
    return amount.sum(where=where).fill_null(0).cast("int64")


def counted(where: Any) -> Any:
    """Count the rows for which something is true."""
    return ibis.ifelse(where, 1, 0).sum().fill_null(0).cast("int64")


def times(amount: Any, factor: Any, where: Any = None) -> Any:
    """Sum products of whole numbers exactly; the answer is a number."""
    return (amount.cast(WIDE) * factor.cast(WIDE)).sum(where=where).fill_null(0).cast("float64")
