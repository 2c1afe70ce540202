"""Whose sign the amounts of a ledger outside the workbook have: the rule of an import, asked with a few sums instead of the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from workbook.headers import field_names, plain
from workbook.importing.signs import find_sign
from workbook.schema import LEDGER
from workbook.written import Lazily
from xladdin.errors import BadRequest

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir

    from workbook.large.engine import Engine
    from workbook.large.mapped import Mapped
else:
    ibis = Lazily("ibis")

#: types whose documents lower the debt, and those that do so by their sign alone
TURNED: Final = ("credit note", "payment", "advance", "adjustment")
_SAY: Final = (
    "say signs==debt where a minus lowers the debt, signs==type where the type alone does, in the setting ledger_columns or with --map"
)


def sign_of(engine: Engine, found: Mapped, *, negative: bool) -> str:
    """Return "debt" or "type". `negative`: some amount is. Raises BadRequest where the ledger can be read in two ways."""
    if found.signs:
        return found.signs
    foreign = frozenset(found.words.values())
    if not negative and "adjustment" not in foreign:
        return "type"
    ours = not foreign and all(plain(name) in field_names(LEDGER) for name in found.names.values())
    rows = engine.ask([found.key, "signs"], lambda: _sums(found)).to_pylist()
    if ours and _taken_back(rows):
        return "type"
    amounts = np.array([row["total"] if row["kind"] == "invoice" else row["one"] for row in rows], dtype=np.float64)
    types = np.array([row["kind"] for row in rows], dtype=object)
    counts = np.array([row["documents"] for row in rows], dtype=np.int64)
    back = np.zeros(len(rows), np.bool_)
    return find_sign(amounts, types, engine.name, ours=ours, foreign=foreign, back=back, say=_SAY, counts=counts)


def _taken_back(rows: list[dict[str, Any]]) -> bool:
    """Tell whether a minus takes credits and payments back, as in our own columns and words: of each kind some are positive."""
    signs = {(row["kind"], row["up"]) for row in rows if row["kind"] in ("credit note", "payment", "advance")}
    negative = {kind for kind, up in signs if not up}
    return bool(negative) and all((kind, True) in signs for kind in negative)


def _sums(found: Mapped) -> ir.Table:
    table = found.table()
    table = table.select(kind=table.document_type, amount=table.amount.cast("float64"))
    table = table.filter(table.kind.notnull() & (table.amount != 0))
    groups = table.group_by(kind=table.kind, up=table.amount > 0)
    return groups.aggregate(total=table.amount.sum(), one=table.amount.max(), documents=table.count())


def turned(table: ir.Table, amounts: tuple[str, ...]) -> ir.Table:
    """Make what lowers the debt positive, as our ledger has it, where the sign of an amount is that of the debt."""
    lowers = table.document_type.isin(TURNED)
    changed: dict[str, Any] = {
        name: ibis.ifelse(lowers & (table[name] * table.amount > 0), -table[name], table[name]).cast("decimal(18, 4)")
        for name in amounts
    }
    return table.mutate(**changed)


def check_said(signs: str) -> str:
    """Return what was said of the signs. Raises BadRequest for anything else."""
    if signs not in ("", "debt", "type"):
        raise BadRequest(f"signs are debt or type; got {signs}")
    return signs
