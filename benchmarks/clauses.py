"""How well contract clauses are found in text: recall and precision per clause and language, and the time of a long contract.

    python -m benchmarks.clauses            own labelled clauses, the tuned half and the held-out half
    python -m benchmarks.clauses FOLDER     and whole contracts: FOLDER/en/*.txt, FOLDER/zh/*.txt against benchmarks/contract_labels.csv

recall: labelled clauses that were found; precision: found clauses that were labelled; state: of both, those rightly called present or
weak; number: of those labelled with a number, a court, a law …, the ones read rightly.
"""

from __future__ import annotations

import csv
import math
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from functions.clause_words import CLAUSES
from functions.clauses import find_clauses

HERE = Path(__file__).resolve().parent
CASES = HERE.parent / "tests" / "functions" / "clause_cases"
HALVES = ("tuned", "held_out")
PAGE = 3_000  # characters
#: texts that make a search go back and forth
HOSTILE = {
    "words of clauses without a clause": "interest late title 5% ",
    "one Chinese word": "逾期" * 20,
    "brackets that stay open": "(",
    "sentences of single letters": "a " * 600,
    "plain English": "The parties shall meet and confer about deliveries, deposits, interest, title and courts, and so on",
    "plain Chinese": "双方应就交货、质量、所有权、逾期、法院等事项友好沟通，并保持记录",
}


class Label(NamedTuple):
    """What a text says of one clause."""

    state: str
    value: str = ""


class Case(NamedTuple):
    """A text with its clauses; those not named are absent."""

    text: str
    labels: dict[str, Label]


class Score(NamedTuple):
    """Counts of one clause."""

    labelled: int = 0
    found: int = 0
    both: int = 0
    state: int = 0
    valued: int = 0
    value: int = 0

    def plus(self, other: Score) -> Score:
        """Add counts."""
        return Score(*(a + b for a, b in zip(self, other, strict=True)))


def read_labels(words: str) -> dict[str, Label]:
    """Read "prepayment=0.3 dispute~ penalty=0.0005/day": `~` is weak, after `=` comes the number or the word found."""
    labels = {}
    for one in words.replace("-\n", "").split():
        name, _, value = one.partition("=")
        if one != "-":
            labels[name.rstrip("~")] = Label("weak" if name.endswith("~") else "present", value)
    if unknown := set(labels) - set(CLAUSES):
        raise ValueError(f"there is no clause {', '.join(sorted(unknown))}")
    return labels


def own_cases(language: str, half: str) -> list[Case]:
    """Read the labelled clauses of a language."""
    lines = (CASES / f"{language}_{half}.txt").read_text(encoding="utf-8").splitlines()
    return [Case(text, read_labels(labels)) for labels, text in (line.split(" | ", 1) for line in lines if line)]


def contract_cases(folder: Path, language: str) -> Iterator[tuple[str, Case]]:
    """Read whole contracts with the labels given to them by hand."""
    with (HERE / "contract_labels.csv").open(encoding="utf-8", newline="") as file:
        labels = {row["contract"]: read_labels(row["labels"]) for row in csv.DictReader(file)}
    for path in sorted((folder / language).glob("*.txt")):
        key = next((key for key in labels if path.name.startswith(key)), None)
        if key is not None:
            yield path.name, Case(path.read_text(encoding="utf-8", errors="replace"), labels[key])


def is_value(value: str, number: float | None, unit: str) -> bool:
    """Whether the number and the unit found are those labelled; of words, that the labelled one is among those found."""
    number_text, _, period = value.partition("/")
    try:
        wanted = float(number_text)
    except ValueError:
        return (value in unit) if value != "exclusive" else unit == value
    return number is not None and math.isclose(number, wanted, rel_tol=1e-6) and (not period or unit == f"per {period}")


def scores(cases: Iterable[tuple[str, Case]], wrong: list[str] | None = None) -> dict[str, Score]:
    """Count per clause; what is wrong is described in `wrong`."""
    total = dict.fromkeys(CLAUSES, Score())
    for name, case in cases:
        for found in find_clauses(case.text):
            label = case.labels.get(found.clause)
            here = found.state != "absent"
            right = bool(label and here and label.state == found.state)
            valued = bool(label and label.value)
            value = bool(label and here and label.value and is_value(label.value, found.number, found.unit))
            total[found.clause] = total[found.clause].plus(Score(bool(label), here, bool(label) and here, right, valued, value))
            if wrong is not None and ((label is None) == here or (label and (not right or valued != value))):
                wrong.append(f"{found.clause}: {label or 'absent'} found {found.state} {found.number} {found.unit}: {name}: {found.quote[:300]}")
    return total


def overall(total: dict[str, Score]) -> Score:
    """Add up the clauses."""
    made = Score()
    for score in total.values():
        made = made.plus(score)
    return made


def share(part: int, whole: int) -> str:
    """Write a share with its counts, so that few cases look like few."""
    return f"{part / whole:6.1%} {f'{part}/{whole}':>8}" if whole else f"{'-':>6} {'':>8}"


def show(title: str, total: dict[str, Score]) -> None:
    """Print a table."""
    print(f"\n{title}\n{'clause':<20}{'recall':>15}{'precision':>18}{'state':>18}{'number':>18}")
    for clause, one in [*total.items(), ("all", overall(total))]:
        print(
            f"{clause:<20}{share(one.both, one.labelled)}   {share(one.both, one.found)}   {share(one.state, one.both)}   {share(one.value, one.valued)}"
        )


def speed() -> None:
    """Time a contract of a hundred pages made of the labelled clauses' decoys, so that no clause is found early."""
    decoys = [case.text for language in ("en", "zh") for half in HALVES for case in own_cases(language, half) if not case.labels]
    text = "\n\n".join(decoys)
    text = (text * (100 * PAGE // len(text) + 1))[: 100 * PAGE]
    print(f"\na contract of 100 pages of decoys, Chinese and English ({len(text):,} characters): {_seconds(text):.2f} s (claim: under 1 s)")
    for name, phrase in HOSTILE.items():
        hostile = (phrase + ". ") * (100 * PAGE // len(phrase))
        print(f"100 pages of {name}: {_seconds(hostile):.2f} s")


def _seconds(text: str) -> float:
    started = time.process_time()
    find_clauses(text)
    return time.process_time() - started


def main(words: list[str]) -> None:
    """Print the tables; with --wrong, each miss of the tuned half and of the contracts."""
    wrong: list[str] = []
    for language in ("en", "zh"):
        for half in HALVES:
            cases = own_cases(language, half)
            seen = wrong if half == "tuned" else None
            show(f"own clauses, {language}, {half.replace('_', ' ')}: {len(cases)} texts", scores(((case.text, case) for case in cases), seen))
    for folder in [Path(word) for word in words if not word.startswith("-")]:
        for language in ("en", "zh"):
            whole = list(contract_cases(folder, language))
            if whole:
                show(f"whole contracts, {language}: {len(whole)}", scores(whole, wrong))
    if "--wrong" in words:
        print("\n" + "\n".join(wrong))
    speed()


if __name__ == "__main__":
    main(sys.argv[1:])
