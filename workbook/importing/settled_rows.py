"""Columns that say of a row, in a word, that nothing of it is open: Status = Paid, Open = No, 状态 = 已结清.

Words as the states of QuickBooks, Zoho, Odoo, Stripe, ERPNext, Kingdee and DATEV are called; those of further languages were not checked.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import numpy as np

from workbook.importing.money_names import words_of
from workbook.reading import FLAGS

_SETTLED: Final = frozenset((
    "paid", "fully paid", "paid in full", "payed", "closed", "settled", "cleared", "reconciled", "void", "voided", "cancelled", "canceled", "draft",
    "written off", "deleted", "reversed", "bezahlt", "ausgeglichen", "erledigt", "storniert", "entwurf", "payé", "payée", "soldé", "lettré", "annulé",
    "pagado", "pagada", "cobrado", "anulado", "pago", "liquidado", "pagato", "pagata", "saldato", "betaald", "zapłacone", "已付", "已付款", "已收款",
    "已结清", "已核销", "已结算", "已结", "完全核销", "全部核销", "已作废", "作废", "已关闭", "已清", "草稿",
))  # fmt: skip
#: of these, those that make a row no document: nothing of it was ever owed
_VOID: Final = frozenset((
    "void", "voided", "cancelled", "canceled", "draft", "deleted", "reversed", "storniert", "entwurf", "annulé", "anulado", "已作废", "作废", "草稿",
))  # fmt: skip
_OPEN_NAMES: Final = frozenset(("open", "unpaid", "outstanding", "offen", "abierto", "aberto"))
_SETTLED_NAMES: Final = frozenset((
    "paid", "closed", "settled", "cleared", "void", "voided", "cancelled", "canceled", "bezahlt", "ausgeglichen", "storniert", "reversed",
))  # fmt: skip
_FLAGS: Final = {**FLAGS, "ja": True, "nein": False, "oui": True, "non": False, "si": True, "sí": True, "t": True, "f": False}
_FEW: Final = 30  # a column of states has no more different words


def may_be_states(distinct: Collection[Any]) -> bool:
    """Tell whether a column has so few different words that they may be states."""
    return 0 < len(distinct) <= _FEW


def says_settled(name: str, cells: Sequence[Any], *, only_void: bool = False) -> np.ndarray | None:
    """Tell which rows a column says to be settled or void, or only void; None where it says nothing of the kind."""
    distinct = {cell for cell in set(cells) if cell is not None}
    if not may_be_states(distinct):
        return None
    words = {cell: _word(cell) for cell in distinct}
    names = set(words_of(name)) - {"is", "has"}
    if not only_void and names and (names <= _OPEN_NAMES or names <= _SETTLED_NAMES) and all(word in _FLAGS for word in words.values()):
        settled = {cell for cell, word in words.items() if _FLAGS[word] == (names <= _SETTLED_NAMES)}
    else:
        settled = {cell for cell, word in words.items() if word in (_VOID if only_void else _SETTLED)}
    return np.array([cell in settled for cell in cells], dtype=np.bool_) if settled else None


def _word(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return f"{cell:.15g}" if isinstance(cell, float) else " ".join(str(cell).split()).casefold()
