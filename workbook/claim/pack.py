"""All that a claim pack holds, put together once for both of its files."""

from __future__ import annotations

from dataclasses import dataclass

from workbook.claim.debt import Debt, DebtItem
from workbook.claim.evidence import MISSING, Evidence
from workbook.claim.rights import Deadline, Right
from workbook.claim.words import put
from workbook.letters.law import interest_words
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
        """How interest is worked out, in words."""
        return interest_words(self.settings.interest_rule, self.language)

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
        parts = [amount_text(amount, code) for code, amount in self.claimed.items() if amount]
        return ("、" if self.language == "zh" else " and ").join(parts) or amount_text(0, self.settings.report_currency)

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
        if item.due_date >= self.debt.accepted:
            parts.append(self.say("not_due"))
        if item.disputed:
            parts.append(self.say("disputed", amount=amount_text(item.disputed, item.currency)))
        if item.set_against:
            parts.append(self.say("against_remark", amount=amount_text(item.set_against, item.currency)))
        if item.problem:
            parts.append(self.say("no_rate", why=item.problem))
        return ("；" if self.language == "zh" else "; ").join(parts)
