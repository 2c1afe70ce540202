"""How well CREDITSCORE tells defaulters from the rest, against a bare Altman Z'' on the same companies.

    python benchmarks/discrimination.py [folder of the data sets]

The scorecard was not fitted to any of these sets: its edges come from the literature. What a set does not hold counts as missing,
and the table says how much of the scorecard's points rests on data. Measures: AUC (chance that a defaulter scores below another
company, ties half; 0.5 is chance) and KS (largest gap between the two cumulative shares).

* kazakhstan: 400 borrowers of banks, half of them in default; ratios, litigation, audit. No retained earnings and no statement
  items, so Z'' lacks X2; in return the bare Z'' is taken from ratios of ratios (X1 = asset turnover / working capital turnover).
* polish: 7,027 companies, 271 bankrupt; ratios only. The set's authors call this file the first of the forecasting period, with
  the status five years later, which is far ahead for any balance sheet.
* german: 1,000 consumer loans, 300 bad. No company, hence no Z'' and no ratio of a balance sheet; the few fields that answer a
  question of the scorecard are mapped, personal ones (sex, age, nationality) are left out.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from functions.altman import z_double_prime
from functions.customer_score import score_columns

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "default"
Columns = dict[str, np.ndarray]


@dataclass(frozen=True)
class DataSet:
    """Columns for the scorecard, who defaulted, and the four ratios of Z'' (NaN where the set has none)."""

    name: str
    columns: Columns
    bad: np.ndarray
    z_ratios: tuple[np.ndarray, ...] | None
    z_note: str = ""


@dataclass(frozen=True)
class Measured:
    """AUC and KS of one score on one set, over `rows` companies."""

    auc: float
    ks: float
    rows: int


def measure(score: np.ndarray, bad: np.ndarray) -> Measured:
    """Measure a score that is higher for safer companies."""
    values, at = np.unique(score, return_inverse=True)
    bads = np.bincount(at, weights=bad, minlength=len(values))
    goods = np.bincount(at, weights=~bad, minlength=len(values))
    above = goods.sum() - np.cumsum(goods)
    auc = float((bads * (above + goods / 2)).sum() / (bads.sum() * goods.sum()))
    ks = float(np.abs(np.cumsum(bads) / bads.sum() - np.cumsum(goods) / goods.sum()).max())
    return Measured(auc, ks, len(score))


def _number(text: str) -> float:
    """Read a number; blanks stand between thousands, and a question mark or nothing is missing."""
    bare = text.replace(" ", "").replace("\u00a0", "")
    return np.nan if bare in {"", "?"} else float(bare)


def _table(path: Path) -> Columns:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([row[name] for row in rows], dtype=object) for name in rows[0]}


def _numbers(table: Columns, name: str) -> np.ndarray:
    return np.array([_number(text) for text in table[name]])


def kazakhstan(folder: Path) -> DataSet:
    """Ratios by their usual names. A coverage of 0 beside an operating profit is a ratio that could not be made: missing."""
    table = _table(folder / "kazakhstan_factors.csv")
    get = {name: _numbers(table, name) for name in table}
    with np.errstate(divide="ignore", invalid="ignore"):
        equity = np.where(get["LR"] == 0, np.nan, 1 / get["LR"])  # LR = assets / equity
        x1 = np.where(get["WC"] == 0, 0.0, get["TA"] / get["WC"])  # turnovers: sales / assets, sales / working capital
        x4 = equity / (1 - equity)
    margin, coverage = get["OPM"], get["IC"]
    columns = {
        "current_ratio": get["CR"],
        "quick_ratio": get["QR"],
        "cash_ratio": get["Cash_ratio"],
        "debt_to_assets": 1 - equity,
        "roa": get["ROA"],
        "interest_coverage": np.where((coverage == 0) & (margin > 0), np.nan, coverage),
        "cash_flow_to_debt": get["EBITDA_debt"],
        "litigation_count": get["LI"],
        "statements_verified": get["AuditSt"],
    }
    x3 = margin * get["TA"]  # EBIT / sales x sales / assets
    x4 = np.where(np.isfinite(x4), x4, np.nan)
    return DataSet("kazakhstan", columns, get["Default"] == 1, (x1, np.zeros(len(x1)), x3, x4), "without X2")


def polish(folder: Path) -> DataSet:
    """Column n is the ratio n of the set's description. An operating profit of exactly 0 was not reported: no coverage from it."""
    lines = (folder / "polish_1year.arff").read_text(encoding="utf-8").splitlines()
    start = next(at for at, line in enumerate(lines) if line.strip().lower() == "@data") + 1
    block = np.array([[_number(cell) for cell in line.split(",")] for line in lines[start:] if line.strip()])
    ratio = {number: block[:, number - 1] for number in range(1, 65)}
    columns = {
        "roa": ratio[1],
        "debt_to_assets": ratio[2],
        "current_ratio": ratio[4],
        "quick_ratio": ratio[46],
        "cash_ratio": ratio[40],
        "cash_flow_to_debt": ratio[26],
        "interest_coverage": np.where(ratio[22] == 0, np.nan, ratio[27]),
        "working_capital_to_assets": ratio[3],
        "retained_earnings_to_assets": ratio[6],
        "ebit_to_assets": ratio[7],
        "equity_to_liabilities": ratio[8],
    }
    return DataSet("polish", columns, block[:, -1] == 1, (ratio[3], ratio[6], ratio[7], ratio[8]))


_LATE = {  # classes of payment history in days; two tell no days: "critical" may mean credits elsewhere, "no credits" has no history
    "no credits taken/ all credits paid back duly": np.nan,
    "all credits at this bank paid back duly": 0.0,
    "existing credits paid back duly till now": 0.0,
    "delay in paying off in the past": 30.0,
    "critical account/ other credits existing (not at this bank)": np.nan,
}
_CHECKING = {"... < 0 DM": 0.0, "0 <= ... < 200 DM": 100.0, "... >= 200 DM / salary assignments for at least 1 year": 200.0}
_SAVINGS = {"... < 100 DM": 50.0, "100 <= ... < 500 DM": 300.0, "500 <= ... < 1000 DM": 750.0, "... >= 1000 DM": 1000.0}
_YEARS = {"unemployed": 0.0, "... < 1 year": 0.5, "1 <= ... < 4 years": 2.5, "4 <= ... < 7 years": 5.5, "... >= 7 years": 7.0}


def german(folder: Path) -> DataSet:
    """Three questions have an answer: days late, cash against a year's instalments, and years (of employment, not of trade)."""
    table = _table(folder / "german_credit.csv")

    def classes(name: str, meaning: dict[str, float]) -> np.ndarray:
        return np.array([meaning.get(text, np.nan) for text in table[name]])

    months = _numbers(table, "duration_in_month")
    year = _numbers(table, "credit_amount") * np.minimum(12 / months, 1)
    checking, savings = classes("status_of_existing_checking_account", _CHECKING), classes("savings_account_and_bonds", _SAVINGS)
    columns = {
        "average_days_late": classes("credit_history", _LATE),
        "cash_ratio": (checking + savings) / year,  # a sum with an unknown part is unknown
        "years_of_trade": classes("present_employment_since", _YEARS),
    }
    return DataSet("german", columns, table["creditability"] == "bad", None)


READERS = (kazakhstan, polish, german)


def compare(data: DataSet) -> tuple[Measured, Measured | None, Measured, float]:
    """Measure the score, and on the companies that have one the bare Z'' beside the score; the share of points known."""
    scored = score_columns(data.columns)
    alone = measure(scored.score, data.bad)
    known = float(scored.known.mean())
    if data.z_ratios is None:
        return alone, None, alone, known
    z = z_double_prime(*data.z_ratios)
    has = np.isfinite(z)
    return alone, measure(z[has], data.bad[has]), measure(scored.score[has], data.bad[has]), known


def main(folder: Path) -> int:
    """Print the table; 2 when the data are not there, 1 when a bare Z'' is better."""
    if not folder.is_dir():
        print(f"there is no folder {folder}; name the folder that holds the three data sets")
        return 2
    print(f"{'set':<12}{'score':<22}{'rows':>7}{'AUC':>8}{'KS':>8}   remark")
    worse = False
    for read in READERS:
        data = read(folder)
        alone, bare, beside, known = compare(data)
        remark = f"{known:.0%} of the points rest on data; {data.bad.sum()} bad"
        print(f"{data.name:<12}{'CREDITSCORE':<22}{alone.rows:>7}{alone.auc:>8.3f}{alone.ks:>8.3f}   {remark}")
        if bare is not None:
            label = f"bare Z'' {data.z_note}".strip()
            print(f"{'':<12}{label:<22}{bare.rows:>7}{bare.auc:>8.3f}{bare.ks:>8.3f}")
            print(f"{'':<12}{'CREDITSCORE, same rows':<22}{beside.rows:>7}{beside.auc:>8.3f}{beside.ks:>8.3f}")
            worse |= beside.auc <= bare.auc
    return int(worse)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA))
