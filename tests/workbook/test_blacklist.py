"""The blacklist: hits by number, by name and by hash; exchange between associations without a plain name."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.blacklist_hashes import salt_id, salted
from functions.names import plain_company
from tests.ledgers import book_of, report_of, rows_of
from workbook.blacklist_exchange import export_list, merge, read_list
from workbook.importing.write import write_table
from workbook.tables import BLACKLIST
from xladdin.errors import BadRequest
from xladdin.hosts.file import open_book
from xladdin.jobs.exchange import export_blacklist, import_blacklist
from xladdin.salt import find_salt, need_salt

D = dt.date
DAY = D(2026, 6, 30)
SALT, OTHER = "a secret of the associations", "quite another secret, as long"
CODE = "91110000600037341L"
WHO = {"customer_id": "C1", "name": "Acme Steel GmbH", "register_no": CODE, "country": "CN"}


def entry(name="Nobody Here", **more):
    return {"name": name, "source": "Association A", "listed_on": D(2026, 1, 1), **more}


def hits(entries, customers=(WHO,), salt="", given=None, ledger=()):
    book = replace(book_of(list(ledger), given, customers=list(customers), blacklist=entries), salt=salt)
    return report_of("blacklist", book, DAY)


@pytest.mark.parametrize(
    ("entries", "on", "score", "advice"),
    [
        ([entry("ACME STEEL LTD", register_no=CODE)], "hit_both", 100.0, "the same number: no deliveries on credit until cleared up"),
        ([entry("Somebody", register_no="9111 0000 6000 3734 1L")], "hit_number", 100.0, "the same number under another name: check the register, then hold"),
        ([entry("Acme Steels Co., Ltd.")], "hit_name", 95.2, "the name is alike: compare the numbers before deciding"),
        ([entry("Acme Steel", register_no="123")], "hit_name", 100.0, "the name is alike, the numbers differ: probably another company"),
    ],
)  # fmt: skip
def test_a_hit_says_by_what_how_alike_and_what_to_do(entries, on, score, advice):
    (row,) = rows_of(hits(entries))
    assert (row["hit_on"], row["hit_score"], row["hit_advice"]) == (on, score, advice)


def test_all_entries_that_hit_are_listed_not_only_the_nearest():
    assert len(rows_of(hits([entry("Acme Steel"), entry("Acme Steel AG", source="B"), entry("Other")]))) == 2


def test_the_chinese_name_hits_too():
    customer = {**WHO, "name": "Beijing Huaxin", "name_zh": "北京华信贸易有限公司"}
    assert rows_of(hits([entry("北京华信贸易")], [customer]))[0]["hit_score"] == 100.0


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({}, "in_force"), ({"expires_on": DAY}, "in_force"), ({"expires_on": D(2026, 6, 29)}, "expired"), ({"listed_on": D(2026, 7, 1)}, "later"),
        ({"appeal": "pending"}, "pending"), ({"appeal": "upheld"}, "upheld"), ({"appeal": "rejected"}, "in_force"),
    ],
)  # fmt: skip
def test_an_entry_counts_from_its_listing_to_its_expiry_unless_an_appeal_was_upheld(more, state):
    sheet = hits([entry("Acme Steel", **more)])
    (row,) = rows_of(sheet)
    assert row["entry_state"] == state
    assert sheet.facts[0][1].startswith("1" if state in ("in_force", "pending") else "0")
    assert ("appeal is pending" in row["hit_advice"]) == (state == "pending")


def test_hits_in_force_and_by_number_stand_first_with_their_exposure_counted_once():
    entries = [entry("Acme Steel", expires_on=D(2026, 2, 1), source="X"), entry("Acme Steel"), entry("Zed", register_no=CODE)]
    sheet = hits(entries, ledger=[{"document_no": "1", "amount": 500}])
    assert [row["hit_on"] for row in rows_of(sheet)] == ["hit_number", "hit_name", "hit_name"]
    assert sheet.facts[0][1] == "1 customer, exposure CNY 500.00"


def test_the_cutoff_is_a_setting():
    assert rows_of(hits([entry("Acme Steels")], given={"name_cutoff": 96})) == []


def test_the_number_is_checked_by_its_own_digits():
    assert rows_of(hits([entry("Acme Steel")]))[0]["number_check"] == "valid"
    assert rows_of(hits([entry("Acme Steel")], [{**WHO, "register_no": CODE[:-1] + "M"}]))[0]["number_check"] == "wrong checksum"


def exported(entries, salt=SALT, day=DAY):
    return export_list(book_of([], customers=[WHO], blacklist=entries).tables["blacklist"], salt, "Association A", day)


def test_a_list_that_leaves_holds_no_plain_name_number_or_note():
    made = exported([entry("Acme Steel GmbH", register_no=CODE, note="returned goods", appeal="pending", expires_on=D(2027, 1, 1))])
    assert not any(word in made.text for word in ("Acme", "acme", CODE, "returned", SALT))
    (line,) = csv.DictReader(made.text.splitlines())
    assert line == {
        "salt_id": salt_id(SALT), "name": salted("acme steel", SALT), "register_no": salted(CODE, SALT), "source": "Association A",
        "listed_on": "2026-01-01", "expires_on": "2027-01-01", "appeal": "pending",
    }  # fmt: skip


def test_ended_entries_and_the_hashes_of_others_stay_behind():
    made = exported([entry("A"), entry("B", expires_on=D(2026, 1, 2)), entry("C", appeal="upheld"), entry(salted("d", SALT), salt_id="x")])
    assert (made.entries, made.ended, made.hashed) == (1, 2, 1)


def test_what_one_association_lists_hits_the_customer_of_another():
    columns = read_list(exported([entry("ACME Steel Co., Ltd.", register_no=CODE)]).text, SALT, "list.csv")
    rows = [dict(zip(columns, line, strict=True)) for line in zip(*columns.values(), strict=True)]
    (row,) = rows_of(hits(rows, salt=SALT))
    assert (row["hit_on"], row["hit_score"], row["hit_advice"]) == ("hit_both_hash", 100.0, "hashed: ask Association A for its entry")
    assert row["listed_as"].startswith("hash ")


def test_hashes_without_a_salt_or_of_another_are_told_and_not_lost():
    rows = [entry(salted("acme steel", OTHER), salt_id=salt_id(OTHER))]
    for salt, why in (("", "no salt is known here"), (SALT, f"made with another salt ({salt_id(OTHER)}; yours is {salt_id(SALT)})")):
        sheet = hits(rows, salt=salt)
        assert rows_of(sheet) == []
        assert why in sheet.problems[0].message
        assert all(check.ok for check in sheet.invariants)


def test_a_list_of_another_salt_is_refused_with_both_ids():
    text = exported([entry("A")], OTHER).text
    with pytest.raises(BadRequest, match=rf"another salt \({salt_id(OTHER)}; yours is {salt_id(SALT)}\).*nothing was imported"):
        read_list(text, SALT, "list.csv")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: "name,number\nA,1\n", "is no hashed blacklist"),
        (lambda text: "", "is no hashed blacklist"),
        (lambda text: text.replace(salted("a", SALT), "Plain Name Ltd"), "line 2: name and register_no must be hashes"),
        (lambda text: text.replace("2026-01-01", "01/01/26"), 'listed_on must be like 2026-01-31; got "01/01/26"'),
        (lambda text: text.replace("Association A", ""), "an entry needs a source"),
        (lambda text: text.rstrip("\n") + "maybe\n", 'appeal must be pending, upheld, rejected or blank; got "maybe"'),
    ],
)  # fmt: skip
def test_a_list_that_does_not_fit_is_refused_with_its_line(change, message):
    with pytest.raises(BadRequest, match=message.replace("(", r"\(")):
        read_list(change(exported([entry("A")]).text), SALT, "list.csv")


def test_a_later_list_of_the_same_source_brings_its_entries_up_to_date():
    first = read_list(exported([entry("A"), entry("B")]).text, SALT, "list.csv")
    sheet = [entry("Own entry")] + [dict(zip(first, line, strict=True)) for line in zip(*first.values(), strict=True)]
    table = book_of([], customers=[WHO], blacklist=sheet).tables["blacklist"]
    second = read_list(exported([entry("B", appeal="pending"), entry("C")]).text, SALT, "list.csv")
    made = merge(table, second, DAY, "zh")
    place = {row["name"]: row["row"] for row in table.to_pylist()}
    assert made.added["name"] == [salted("c", SALT)]
    assert sorted(made.changed) == sorted([(place[salted("b", SALT)], "appeal", "申诉中"), (place[salted("a", SALT)], "expires_on", D(2026, 6, 29))])
    assert made.dropped == 1


def test_the_same_list_twice_changes_nothing():
    columns = read_list(exported([entry("A"), entry("B")]).text, SALT, "list.csv")
    rows = [dict(zip(columns, line, strict=True)) for line in zip(*columns.values(), strict=True)]
    made = merge(book_of([], customers=[WHO], blacklist=rows).tables["blacklist"], columns, DAY, "en")
    assert (made.added["name"], made.changed, made.dropped) == ([], [], 0)


def test_a_salt_comes_from_a_file_or_the_environment_and_is_long_enough(tmp_path, monkeypatch):
    for name in ("XLADDIN_BLACKLIST_SALT", "XLADDIN_BLACKLIST_SALT_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert find_salt() == ""
    with pytest.raises(BadRequest, match="no salt is known"):
        need_salt(None)
    file = tmp_path / "salt.txt"
    file.write_text(f"\ufeff{SALT}\n", encoding="utf-8")
    assert find_salt(file) == SALT
    monkeypatch.setenv("XLADDIN_BLACKLIST_SALT_FILE", str(file))
    assert find_salt() == SALT
    monkeypatch.setenv("XLADDIN_BLACKLIST_SALT", "short")
    with pytest.raises(BadRequest, match="has 5 characters; at least 16"):
        find_salt()
    with pytest.raises(BadRequest, match="cannot be read from"):
        find_salt(tmp_path / "absent")


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(["Acme GmbH", "Acme", "Bolt Ltd", "北京华信贸易有限公司", "Zed AG", "Bolts"]), max_size=6), st.lists(st.sampled_from(["ACME Ltd", "Bolt", "北京华信贸易", "Qux"]), max_size=6))
def test_hashes_hit_exactly_the_names_that_are_equal_without_their_legal_form(customers, entries):
    people = [{"customer_id": f"C{number}", "name": name} for number, name in enumerate(customers)]
    columns = read_list(exported([entry(name) for name in entries]).text, SALT, "list.csv")
    rows = [dict(zip(columns, line, strict=True)) for line in zip(*columns.values(), strict=True)]
    found = {row["customer_id"] for row in rows_of(hits(rows, people, SALT))}
    listed = {plain_company(name) for name in entries}
    assert found == {f"C{number}" for number, name in enumerate(customers) if plain_company(name) in listed}


@pytest.mark.slow
def test_five_thousand_customers_against_five_thousand_entries_find_the_one_listed():
    letters = np.random.Generator(np.random.PCG64(7))
    words = ["".join(letters.choice(list("abcdefghijklmnopqrstuvwxyz"), 7)) for _ in range(3000)]

    def name():
        return " ".join(letters.choice(words, 3)) + " Ltd"

    people = [{"customer_id": f"C{number}", "name": name()} for number in range(5000)]
    book = book_of([], customers=people, blacklist=[entry(name()) for _ in range(4999)] + [entry(people[17]["name"])])
    sheet = report_of("blacklist", book, DAY)
    assert "C17" in {row["customer_id"] for row in rows_of(sheet)}


def test_the_commands_hand_a_list_over_and_take_it_in(tmp_path, small):
    salt = tmp_path / "salt.txt"
    salt.write_text(SALT, encoding="utf-8")
    book = open_book(small)
    write_table(book, BLACKLIST, {"name": ["Bolt Ltd", "Zed AG"], "source": ["own", "own"]})
    book.save()
    book.close()
    line = export_blacklist(small, tmp_path / "list.csv", salt, "Association A", force=False)
    assert line == f"list.csv: 2 entries hashed, salt {salt_id(SALT)}"
    with pytest.raises(BadRequest, match="is already there"):
        export_blacklist(small, tmp_path / "list.csv", salt, "Association A", force=False)
    assert import_blacklist(small, tmp_path / "list.csv", salt) == "list.csv -> Blacklist: 2 entries added, 0 brought up to date, 0 no longer listed"
    assert import_blacklist(small, tmp_path / "list.csv", salt).startswith("list.csv -> Blacklist: 0 entries added")
    (tmp_path / "list.csv").write_text("\n".join((tmp_path / "list.csv").read_text().splitlines()[:2]) + "\n")
    assert import_blacklist(small, tmp_path / "list.csv", salt).endswith("0 entries added, 0 brought up to date, 1 no longer listed")
