"""What the name of a column says about its money: what is still open, what was settled, the debit or the credit side.

Sources of the words, as these systems print them: QuickBooks "Open balance", Business Central "Remaining Amount", Odoo "Residual" and
"Amount due", NetSuite "Amount remaining", Oracle "Amount due remaining", Sage 50 "O/S", ERPNext "Outstanding Amount", DATEV
"Soll/Haben-Kennzeichen", SAP SHKZG, Kingdee 未核销金额, Yonyou 余额. Words of further languages are those of accounting there and
were not checked against an export.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal

Meaning = Literal["", "open", "settled", "debit", "credit", "side"]

_OPEN: Final = frozenset([
    "open", "pending", "remaining", "remain", "residual", "outstanding", "unpaid", "unsettled", "unapplied", "uncleared", "unallocated",
    "unreconciled", "balance", "balances", "o/s", "due", "owed", "owing", "arrears", "offen", "offene", "offener", "offenes", "offenen",
    "rest", "restbetrag", "restschuld", "restsaldo", "saldo", "ausstehend", "ausstehende", "ausstehender", "unbezahlt", "restant",
    "restante", "reste", "solde", "impaye", "impayee", "du", "pendiente", "pendientes", "adeudado", "vencido", "aberto", "pendente",
    "devido", "residuo", "aperto", "insoluto", "scoperto", "openstaand", "openstaande", "restbedrag", "resterend", "resterende",
    "saldos", "pozostalo", "nieoplacone", "nierozliczone", "zustatek", "zbyva", "neuhrazeno", "restantie", "sald", "utestaende",
    "obetalt", "restbelob", "udestaende", "kalan", "bakiye", "fennmarado",
])  # fmt: skip
_OPEN_PARTS: Final = (
    "余额", "餘額", "未核销", "未核銷", "未收", "未结", "未結", "未清", "未付", "未还", "未回款", "未达", "未销", "未冲", "欠款", "欠额", "结余", "結餘",
    "剩余", "尚欠", "待收", "未偿", "未到账", "待核销", "待结", "结欠", "残高", "未回収", "未消込", "未入金", "잔액", "미수", "미결", "остат", "задолж",
    "непогаш", "à payer", "a pagar", "por cobrar", "por pagar", "à recevoir", "a receber", "nog te betalen", "do zaplaty", "noch zu zahlen",
    "ausstand", "offenerbetrag", "restforder",
)  # fmt: skip
_SETTLED: Final = frozenset([
    "settled", "paid", "received", "applied", "cleared", "collected", "credited", "allocated", "reconciled", "payments", "receipts",
    "payment", "received", "bezahlt", "bezahlte", "bezahlter", "gezahlt", "beglichen", "ausgeglichen", "zahlung", "zahlungen",
    "zahlbetrag", "paye", "payee", "regle", "reglee", "encaisse", "encaissee", "verse", "reglement", "reglements", "lettre", "pagado",
    "cobrado", "abonado", "pagos", "cobros", "pago", "recebido", "liquidado", "pagato", "incassato", "saldato", "pagamenti", "betaald",
    "voldaan", "ontvangen", "afgeletterd", "zaplacono", "oplacono", "rozliczono", "uhrazeno", "zaplaceno", "betald", "betalt", "odenen",
    "fizetve", "achitat", "incasat",
])  # fmt: skip
_SETTLED_PARTS: Final = (
    "已核销", "已核銷", "已收", "已结", "已結", "已付", "已清", "已还", "已销", "已冲", "已到账", "回款", "核销金额", "核銷金額", "核销额", "收款金额", "实收",
    "累计收款", "入金", "消込", "回収", "수금", "입금", "оплач", "погаш",
)  # fmt: skip
_NOT_OPEN_DUE: Final = frozenset(("original", "initial", "date", "on", "by", "past", "net", "tax", "gross"))
_AMOUNT_WORDS: Final = frozenset((
    "amount", "amt", "total", "balance", "sum", "value", "money", "signed", "currency", "remaining", "residual", "still", "now", "betrag", "montant"
))  # fmt: skip
_TIME: Final = frozenset([
    "days", "day", "tage", "tag", "jours", "jour", "dias", "giorni", "dagen", "dni", "weeks", "months", "age", "aging", "ageing",
    "bucket", "limit", "rating", "score",
])  # fmt: skip
_TIME_PARTS: Final = ("天数", "账龄", "帐龄", "日期", "时间", "额度", "日数", "状态", "方式", "单号", "编号", "号码", "比例", "人", "币种", "币别")
_NO_MONEY_END: Final = frozenset([
    "no", "number", "nr", "num", "id", "ids", "ref", "reference", "code", "key", "method", "type", "mode", "status", "state", "rate",
    "percent", "pct", "level", "term", "terms", "flag", "to", "against", "by", "via", "with",
])  # fmt: skip
_DATE_WORDS: Final = frozenset(["date", "datum", "fecha", "data", "on", "at", "since", "time", "when", "seit", "le", "am"])
_SIDES: Final = {
    "debit": frozenset(("debit", "debits", "dr", "soll", "debe", "dare", "debet", "wn", "借方", "借", "debito", "charges")),
    "credit": frozenset(("credit", "credits", "cr", "haben", "haber", "avere", "kredit", "ma", "贷方", "貸方", "贷", "credito", "abono")),
}
_SIDE_ENDS: Final = frozenset([
    "amount", "amt", "betrag", "montant", "importe", "importo", "bedrag", "value", "in", "local", "document", "doc", "company", "base",
    "home", "currency", "curr", "lcy", "fcy", "dc", "lc", "hw", "bw", "金额", "本币", "原币", "发生额", "本币金额", "原币金额", "本位币", "本位币金额",
])  # fmt: skip
_INDICATOR: Final = re.compile(
    r"s/h|soll/haben|soll-/haben|d/c\b|dr/cr|debit/credit|debit ?/? ?credit ?(?:ind|code|flag|sign)|借贷|借貸|方向|shkzg|\bdrcr\b|\bsign\b|vorzeichen|\bsens\b|\bdc ?ind", re.IGNORECASE,
)  # fmt: skip
#: words of a debit/credit indicator: whether the row lowers the debt
SIDE_WORDS: Final = {
    "s": False, "h": True, "d": False, "c": True, "dr": False, "cr": True, "debit": False, "credit": True, "soll": False, "haben": True,
    "借": False, "贷": True, "貸": True, "借方": False, "贷方": True, "貸方": True, "+": False, "-": True, "debe": False, "haber": True,
}  # fmt: skip
_CLEAR_SIDES: Final = frozenset(("dr", "cr", "debit", "credit", "soll", "haben", "借", "贷", "貸", "借方", "贷方", "貸方"))


def words_of(name: str) -> list[str]:
    """Part a name into words in small letters without accents: "AmountDue_Signed" -> amount, due, signed."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", parted))
    bare = "".join(mark for mark in plain if not unicodedata.combining(mark)).casefold().replace("ł", "l").replace("ø", "o")
    return re.findall(r"o/s|[^\W_]+", bare)


def meaning_of(name: str) -> Meaning:
    """Say what a column of money is by its name; blank where the name says nothing about it."""
    words = words_of(name)
    folded = unicodedata.normalize("NFKC", name).casefold()
    if _INDICATOR.search(folded):
        return "side"
    side = _side(words)
    if side:
        return side
    if not words or any(word in _TIME for word in words) or words[-1] in _NO_MONEY_END or any(part in folded for part in _TIME_PARTS):
        return ""
    if words[0] in ("is", "has"):
        return ""
    if _is_open(words, folded):
        return "open"
    if any(word in _SETTLED for word in words) or any(part in folded for part in _SETTLED_PARTS):
        return "settled"
    return ""


def _is_open(words: list[str], folded: str) -> bool:
    """Tell whether a name means what is still open; "due" alone may be a day, and "amount due original" is the whole document."""
    if any(part in folded for part in _OPEN_PARTS):
        return True
    meant = {word for word in words if word in _OPEN}
    if meant & {"due", "du"}:
        rest = meant - {"due", "du"}
        if "due" in words and set(words) & {"original", "initial"} and not set(words) & {"remaining", "residual"}:
            return False
        return bool(rest) or (bool(set(words) & _AMOUNT_WORDS) and not set(words) & _NOT_OPEN_DUE) or words in (["due"], ["total", "due"])
    return bool(meant)


def _side(words: list[str]) -> Meaning:
    for side, names in _SIDES.items():
        longest_first = sorted(names, key=len, reverse=True)
        first = next((name for name in longest_first if words and _begins(words[0], name)), "")
        if first and all(not word or word in _SIDE_ENDS for word in (words[0].removeprefix(first), *words[1:])):
            return "debit" if side == "debit" else "credit"
    return ""


def _begins(word: str, name: str) -> bool:
    """Tell whether a word is a name, or begins with it where words are not parted by spaces."""
    return word == name or (not name.isascii() and word.startswith(name))


def says_day(name: str) -> bool:
    """Tell whether a name speaks of a day, so that 20260131 in it is one."""
    return any(word in _DATE_WORDS for word in words_of(name))


def indicator(name: str, words: set[str]) -> bool:
    """Tell whether a column says of each row on which side it stands: by its words, where these are letters by its name too."""
    known = {word.casefold() for word in words}
    if not known or not known <= SIDE_WORDS.keys():
        return False
    return known <= _CLEAR_SIDES or meaning_of(name) == "side"
