"""All that a claim pack holds, put together once for both of its files."""

from __future__ import annotations

from dataclasses import dataclass

from workbook.claim.debt import Debt, DebtItem
from workbook.claim.evidence import FOUND, MISSING, Evidence
from workbook.claim.rights import Deadline, Right
from workbook.claim.words import put
from workbook.letters.law import listed
from workbook.reports.common import amount_text
from workbook.settings import Settings


@dataclass(frozen=True, slots=True)
class Pack:
    """A claim pack as data, in one language."""

    debt: Debt
    rights: list[Right]
    evidence: list[Evidence]
    deadlines: list[Deadline]
    settings: Settings
    language: str

    def say(self, key: str, **values: object) -> str:
        """Return a text in the pack's language."""
        return put(key, self.language, abroad=self.debt.abroad, **values)

    @property
    def debtor(self) -> str:
        """Name of the customer in the pack's language."""
        customer = self.debt.customer
        names = ("name_zh", "name") if self.language == "zh" else ("name", "name_zh")
        return customer.get(names[0]) or customer.get(names[1]) or self.debt.customer_id

    @property
    def rule(self) -> str:
        """How interest is worked out, in words: by each rule that an item follows."""
        terms = [one.terms for one in self.debt.items if one.terms and one.terms.rule]
        words = dict.fromkeys(one.words(self.language) for one in terms)
        return ("；" if self.language == "zh" else "; ").join(words) or self.say("rule_open")

    @property
    def missing(self) -> int:
        """Number of papers that are missing."""
        return sum(one.state == MISSING for one in self.evidence)

    @property
    def claimed(self) -> dict[str, int]:
        """What is claimed by currency: principal less set-off, and interest; nothing where the customer's money is more."""
        return {code: max(principal + credit + interest, 0) for code, (principal, credit, interest) in self.debt.sums().items()}

    @property
    def totals(self) -> str:
        """What is claimed, in words, by currency."""
        parts = [self.claimed_text(code) for code, amount in self.claimed.items() if amount or code in self.debt.unquantified]
        return ("、" if self.language == "zh" else " and ").join(parts) or amount_text(0, self.settings.report_currency)

    def claimed_text(self, code: str) -> str:
        """Write what is claimed in a currency; interest that cannot be stated yet is claimed all the same."""
        amount = amount_text(self.claimed[code], code)
        return self.say("and_interest", amount=amount) if code in self.debt.unquantified else amount

    def interest_text(self, code: str, amount: str) -> str:
        """Write the interest of a currency: never 0.00 for what is not known."""
        if code not in self.debt.unquantified:
            return amount
        return self.say("and_more", amount=amount) if self.debt.sums()[code][2] else self.say("not_quantified")

    def internal(self) -> list[tuple[str, str, str]]:
        """List what is for us only, before the claim is handed in: gaps, papers that lack, rights to look after (kind, what, state)."""
        debt, settings = self.debt, self.settings
        gap = self.say("internal_gap")
        number = debt.customer.get("register_no")
        gaps = [("gap_name", settings.creditor), ("gap_address", settings.creditor_address), ("gap_register", number)]
        made = [(gap, self.say(key), "–") for key, value in gaps if not value]
        bare = list(dict.fromkeys(one.document_no for one in debt.items if not one.contract_no))
        if bare:
            made.append((gap, self.say("gap_contract", documents=listed(bare, zh=self.language == "zh")), "–"))
        unknown = [one for one in debt.items if one.problem]
        made += [(self.say("internal_interest"), one.document_no, self.say("no_rate", why=one.problem)) for one in unknown]
        made += [(self.say("internal_right"), f"{one.name}: {one.on_what}", one.basis) for one in self.rights]
        made += [
            (one.purpose, one.what, f"{self.say(f'state_{one.state}')}{f': {one.where}' if one.where else ''}")
            for one in self.evidence
            if one.state != FOUND
        ]
        return made

    @property
    def bridged(self) -> bool:
        """Tell whether payments go to costs and interest first, so that the principal is led over from the ledger's."""
        return self.settings.allocation != "as booked"

    def converted(self) -> int | None:
        """Return the claim in the report currency at the rates of the day of acceptance; None where one is missing."""
        total = 0
        for code, amount in self.claimed.items():
            rate = self.debt.exchange.rate(code)
            if rate is None:
                return None
            total += round(amount * rate / 100) * 100
        return total

    def remark(self, item: DebtItem) -> str:
        """Say what is special about an item."""
        parts = []
        if item.due_date >= self.debt.accepted and not item.paid_on:
            parts.append(self.say("not_due" if item.due_shown else "without_due"))
        if item.disputed:
            parts.append(self.say("disputed", amount=amount_text(item.disputed, item.currency)))
        if item.set_against:
            parts.append(self.say("against_remark", amount=amount_text(item.set_against, item.currency)))
        if item.paid_on:
            parts.append(self.say("paid_late", day=item.paid_on))
        if item.interest is None:
            parts.append(f"{self.say('interest')}: {self.say('not_quantified')}")
        return ("；" if self.language == "zh" else "; ").join(parts)
