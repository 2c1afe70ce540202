"""What reports ask a ledger: sums by customer and time in place of its documents, so that its size does not matter.

Each question is one Ibis expression. The sheet's own ledger is answered by DuckDB in this process, a ledger that lies elsewhere
by its engine; both give the same whole numbers, in the same order.

    asking      who answers, and how dates and small tables reach a question
    spans       the days between which payments, sales and disputes are summed
    balances    what was open on days past
    standing    what is open on the day
    paid        how customers paid
    traded      what was sold and disputed
    documents   the few documents that a register needs whole
"""
