"""Counts in sentences: one is singular, all else plural, and no sentence of the product counts otherwise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from workbook.claim.words import ABROAD
from workbook.claim.words import WORDS as CLAIM
from workbook.labels import WORDS
from workbook.messages import M
from workbook.reports.contract_words import SENTENCES
from workbook.reports.insurance_words import INSURANCE_WORDS
from workbook.reports.register_words import REGISTER_WORDS
from workbook.reports.trends_words import TRENDS_WORDS
from xladdin.counted import counted, fill_in

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("count", "words", "text"),
    [
        (0, ("row",), "0 rows"),
        (1, ("row",), "1 row"),
        (2, ("row",), "2 rows"),
        (1_234, ("company", "companies"), "1,234 companies"),
        (1, ("company", "companies"), "1 company"),
        (1, ("row is", "rows are"), "1 row is"),
        (11, ("row is", "rows are"), "11 rows are"),
    ],
)
def test_one_is_singular_and_all_else_is_plural(count, words, text):
    assert counted(count, *words) == text


@pytest.mark.parametrize(
    ("sentence", "values", "text"),
    [
        ("{count:row} of {name}", {"count": 1, "name": "A"}, "1 row of A"),
        ("{count:row is|rows are} left", {"count": 1}, "1 row is left"),
        ("{count:row is|rows are} left", {"count": 1_000}, "1,000 rows are left"),
        ("{count:row}", {"count": "1"}, "1 row"),
        ("{count:row}", {"count": "1,001"}, "1,001 rows"),
        ("{days:credit day}", {"days": "?"}, "? credit days"),
        ("{weeks:.1f} weeks, {all:,}", {"weeks": 2.25, "all": 1000}, "2.2 weeks, 1,000"),
        ("{count} 行", {"count": 1}, "1 行"),
        ("no places", {}, "no places"),
    ],
)
def test_places_of_a_sentence_are_counted_where_it_says_what(sentence, values, text):
    assert fill_in(sentence, values) == text


def test_a_place_without_a_value_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        fill_in("{count:row}", {})


PAIRS = {
    **{f"message {key}": (one.en, one.zh) for key, one in M.items()},
    **{f"{name} {key}": pair for name, table in {
        "label": WORDS, "claim": CLAIM, "abroad": ABROAD, "contract": SENTENCES, "insurance": INSURANCE_WORDS, "register": REGISTER_WORDS,
        "trends": TRENDS_WORDS,
    }.items() for key, pair in table.items()},
}  # fmt: skip


@pytest.mark.parametrize("key", [key for key, pair in PAIRS.items() if re.search(r"{\w+:[a-z]", pair[0])])
def test_sentences_that_count_read_right_for_one_and_for_two_and_chinese_needs_no_plural(key):
    english, chinese = PAIRS[key]
    names = set(re.findall(r"{(\w+)", english))
    assert names == set(re.findall(r"{(\w+)", chinese))
    assert not re.search(r"{\w+:[a-z]", chinese)
    nouns = [spec.partition("|")[0] for spec in re.findall(r"{\w+:([a-z][^}]*)}", english)]
    one, two = (fill_in(english, dict.fromkeys(names, count)) for count in (1, 2))
    for noun in nouns:
        assert f"1 {noun}" in one
        assert f"1 {noun}s" not in one
        assert f"2 {noun} " not in f"{two} "


#: what is counted in sentences; a number before one of these is written by `counted` or by its place, never as it is
NOUNS = (
    "rows|customers|findings|notes|documents|letters|items|alerts|sheets|columns|reports|companies|contracts|plans|promises|disputes|"
    "entries|errors|warnings|months|pages|snapshots|files|clauses|templates"
)
#: sentences in which the number is above one whenever they are said
ABOVE_ONE = (
    "{len(places)} columns named", "{REVIEW_MONTHS} months: -", "{new} months, or none", "{new} months whose", "{months} months loses",
    "{rect.height:,} rows from row", "{MAX_ROW:,} rows and {MAX_COLUMN:,} columns",
    "{row} rows down and {column} columns right", "{shown} of {rows} rows are shown", "{MOST_PAGES:,} is not read",
    "{count:,} pages; a contract of more than", "{new.height:,} rows: {cell}", "{done:,}{total} companies",
    "{footer.num_columns:,} columns and", "{rows:,} rows, a sheet holds", "{marks + 1:,} columns, a sheet has", "{address.MAX_ROW:,} rows: the workbook",
)  # fmt: skip


@pytest.mark.parametrize("path", sorted(path for folder in ("functions", "workbook", "xladdin") for path in (ROOT / folder).rglob("*.py")))
def test_no_sentence_counts_in_the_plural_alone(path):
    text = path.read_text(encoding="utf-8")
    for allowed in ABOVE_ONE:
        text = text.replace(allowed, "")
    assert re.findall(rf"{{[^{{}}\n]*}} (?:{NOUNS})\b[^\n]*", text) == []
