"""What other systems call the types of documents. Only a word that means one thing stands here; a row of any other type is asked for.

Codes of two letters mean different things in different systems (SA is a payment on account in Sage 50 and a general-ledger document
in SAP), so they count only where all codes of the file belong to one system.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from workbook.headers import plain

_I, _C, _P, _A, _J = "invoice", "credit note", "payment", "advance", "adjustment"

#: words that mean the same everywhere: Business Central's enum "Gen. Journal Document Type", QuickBooks, Odoo, Xero, Zoho, NetSuite,
#: Kingdee and Yonyou. Left out, as they mean two things: "Refund" (money given back, or a credit note), "Deposit", "Sales receipt" (a sale
#: for cash in QuickBooks), "Bill", "Lastschrift".
_WORDS: Final = {
    _I: (
        "invoices", "sales", "sales invoice", "customer invoice", "standard invoice", "tax invoice", "inv", "debit note", "debit memo",
        "customer debit note", "finance charge", "finance charge memo", "interest invoice", "rechnung", "ausgangsrechnung", "facture", "factura",
        "fattura", "fatura", "factuur", "faktura", "销售发票", "应收单", "标准应收单", "销售应收单", "蓝字发票", "accrec", "out_invoice", "custinvc",
        "invoice (standard)", "销售普通发票", "销售专用发票",
    ),
    _C: (
        "credit memo", "creditmemo", "credit notes", "credit", "customer credit note", "customer credit memo", "sales credit note", "sales credit memo",
        "sales credit", "credit invoice", "crn", "cn", "gutschrift", "rechnungskorrektur", "avoir", "nota de credito", "nota de crédito",
        "nota di credito", "creditnota", "korekta", "贷项", "贷项单", "贷项凭单", "红字发票", "销售退货", "退货单", "红字应收单", "accreccredit",
        "out_refund", "custcred",
    ),
    _P: (
        "payments", "customer payment", "receipt", "receipts", "cash receipt", "payment received", "customer receipt", "pmt",
        "zahlung", "zahlungseingang", "paiement", "règlement", "reglement", "pago", "cobro", "pagamento", "incasso", "recebimento", "betaling",
        "收款单", "收款", "回款", "custpymt", "bank receipt", "incoming payment",
    ),
    _A: ("advance payment", "prepayment", "customer prepayment", "payment on account", "on account payment", "anzahlung", "acompte", "anticipo", "预收", "预收单", "预收款单"),
    _J: ("journal", "journal entry", "general journal", "write-off", "write off", "writeoff", "umbuchung", "journal voucher", "custjrnl"),
}  # fmt: skip
#: SAP: standard types of table T003 (OBA7). DA, AB and SA are general documents, so only their sign tells what they do.
_SAP: Final = {"RV": _I, "DR": _I, "DV": _I, "DG": _C, "DZ": _P, "ZP": _P, "AB": _J, "DA": _J, "SA": _J, "SB": _J}
#: Sage 50: "Transaction types" of its knowledge base (article 200427112211627). SP, a refund to the customer, raises the debt, and SD is
#: a discount there but a debit journal elsewhere: both left out.
_SAGE: Final = {"SI": _I, "SC": _C, "SR": _P, "SA": _A}


def meanings(words: Iterable[str]) -> dict[str, str]:
    """Return our word for each word of a file's types that is known and is not ours already."""
    known = {plain(word): ours for ours, others in _WORDS.items() for word in others}
    given = list(dict.fromkeys(word.strip() for word in words))
    found = {word: known[plain(word)] for word in given if plain(word) in known}
    codes = {word.upper(): word for word in given if word not in found and len(word) == 2 and word.isalpha() and word.isascii()}
    systems = [system for system in (_SAP, _SAGE) if codes and codes.keys() <= system.keys()]
    if len(systems) == 1:
        found |= {word: systems[0][code] for code, word in codes.items()}
    return found
