"""Which column is which, what a profile does, and the plan that is shown before anything is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.book import RawTable
from workbook.headers import plain
from workbook.importing.mapping import known_names, map_columns
from workbook.importing.options import ImportOptions, read_pairs
from workbook.importing.plan import make_plan
from workbook.importing.profile import Profile, load_profile, profile_names, profile_text, read_profile, save_profile
from workbook.importing.synonyms import SYNONYMS
from workbook.schema import LEDGER
from workbook.tables import TABLES
from xladdin.errors import BadRequest, CannotWrite

CSV = """Invoice number,Customer code,Invoice date,Due date,Currency,Invoice amount,Type,Remark
A1,C1,1/31/2026,3/22/2026,USD,"1,234.50",invoice,=1+1
A2,C2,2/1/2026,3/3/2026,USD,7.25,invoice,
"""


def plan_of(tmp_path, text=CSV, existing=None, customers=None, language="en", **options):
    path = tmp_path / "items.csv"
    path.write_text(text, "utf-8")
    tables = [value or RawTable([], []) for value in (existing, customers)]
    return make_plan(path, "Ledger", ImportOptions(**options), *tables, language)


def refused(tmp_path, text=CSV, **options):
    with pytest.raises(BadRequest) as error:
        plan_of(tmp_path, text, **options)
    return str(error.value)


# ---- mapping


def test_columns_are_found_by_the_names_other_systems_use(tmp_path):
    plan = plan_of(tmp_path)
    assert plan.mapping == {
        "document_no": "Invoice number", "document_type": "Type", "customer_id": "Customer code", "document_date": "Invoice date",
        "due_date": "Due date", "currency": "Currency", "amount": "Invoice amount",
    }  # fmt: skip
    assert plan.unmapped == ["Remark"]
    assert plan.cells["amount"] == [1234.5, 7.25]
    assert plan.cells["document_date"] == [46053.0, 46054.0]
    assert plan.formats == {"document_date": "m/d/y", "due_date": "m/d/y", "amount": "1,234.56"}


@pytest.mark.parametrize("language", ["en", "zh", "key"])
def test_our_own_headers_map_the_whole_table(language):
    for table in TABLES.values():
        header = [getattr(field, language) for field in table.fields]
        assert list(map_columns(table, header, "x", {}, automatic=True)) == [field.key for field in table.fields]


def test_no_name_of_another_system_means_two_of_our_columns():
    for key, synonyms in SYNONYMS.items():
        names = known_names(TABLES[key])
        for field, words in synonyms.items():
            assert TABLES[key].field(field)
            assert [names[plain(word)] for word in words] == [field] * len(words), (key, field)


def test_two_columns_for_one_field_are_refused_with_both(tmp_path):
    text = CSV.replace("Remark", "Document number")
    assert refused(tmp_path, text) == (
        'items.csv: the columns "Invoice number" and "Document number" both look like Document no. (document_no); '
        'choose one with --map document_no="Document number"'
    )
    assert plan_of(tmp_path, text, mapping={"document_no": "Invoice number"}).cells["document_no"] == ["A1", "A2"]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"amount": "Invoice amout"}, 'items.csv has no column "Invoice amout"; did you mean Invoice amount or Invoice date or Invoice number?'),
        ({"amout": "Invoice amount"}, "table Ledger has no column amout; did you mean amount or settled_amount or promise_amount?"),
        ({"amount": "zzz"}, 'items.csv has no column "zzz"; there are Invoice number, Customer code, Invoice date, Due date, Currency, Invoice amount, Type, Remark'),
    ],
)  # fmt: skip
def test_an_unknown_name_is_refused_with_near_ones(tmp_path, mapping, message):
    assert refused(tmp_path, mapping=mapping) == message


def test_a_file_of_which_nothing_is_known_is_refused(tmp_path):
    assert refused(tmp_path, "foo,bar\n1,2\n").startswith(
        "no column of items.csv is known: foo, bar; give the header's row with --header-row, or say which is which with --map field=column, fields are document_no, document_type"
    )


def test_a_column_told_twice_by_name_is_refused(tmp_path):
    assert refused(tmp_path, "amount,amount\n1,2\n", mapping={"amount": "amount"}) == 'items.csv has 2 columns named "amount"; call one of them "amount#1" or "amount#2"'


def test_options_are_pairs_and_say_one_thing_each():
    assert read_pairs(["amount=Betrag netto", "m/d/y"], "--map") == {"amount": "Betrag netto", "": "m/d/y"}
    with pytest.raises(BadRequest, match="--map says two things about amount: a and b"):
        read_pairs(["amount=a", "amount=b"], "--map")
    with pytest.raises(BadRequest, match="--map amount= names nothing after the ="):
        read_pairs(["amount="], "--map")


# ---- what is told before writing


def test_the_plan_says_what_was_found_and_shows_the_first_rows(tmp_path):
    assert plan_of(tmp_path).lines() == [
        "items.csv: format CSV, encoding utf-8, delimiter comma",
        "2 rows read; 2 go into Ledger, below the rows there are",
        "  document_no <- Invoice number, 2 filled",
        "  document_type <- Type, 2 filled",
        "  customer_id <- Customer code, 2 filled",
        "  document_date <- Invoice date (m/d/y), 2 filled",
        "  due_date <- Due date (m/d/y), 2 filled",
        "  currency <- Currency, 2 filled",
        "  amount <- Invoice amount (1,234.56), 2 filled",
        "not imported: Remark",
        "2 customers are not in Customers; --add-customers adds them: C1, C2",
        "document_no | document_type | customer_id | document_date | due_date | currency | amount",
        "A1 | invoice | C1 | 2026-01-31 | 2026-03-22 | USD | 1234.5",
        "A2 | invoice | C2 | 2026-02-01 | 2026-03-03 | USD | 7.25",
        "findings: 2 warnings",
        '  row 2: Customer "C1" is not on the sheet Customers (1 row).',
        '  row 3: Customer "C2" is not on the sheet Customers (1 row).',
    ]


def test_the_plan_is_plain_data_for_programs(tmp_path):
    import json

    data = json.loads(json.dumps(plan_of(tmp_path).as_json()))
    assert (data["rows"], data["mapping"]["amount"], data["first_rows"][0]["document_date"]) == (2, "Invoice amount", "2026-01-31")


def test_what_cannot_be_read_is_kept_as_text_and_told_at_its_row_of_the_file(tmp_path):
    text = CSV.replace("7.25", "n/a").replace("3/3/2026", "2/31/2026").replace("A2", "")
    plan = plan_of(tmp_path, text, customers=RawTable(["Customer"], [["C1", "C2"]]))
    assert plan.cells["amount"] == [1234.5, "n/a"]
    assert plan.cells["due_date"] == [46103.0, "2/31/2026"]
    assert [(f.row, f.column, f.message) for f in plan.findings] == [
        (3, "due_date", 'Due date names a day that does not exist: "2/31/2026".'),
        (3, "amount", 'Amount must be a number; got the text "n/a". Type it again as a number without separators, such as 1234.5.'),
        (3, "document_no", "Document no. is blank."),
    ]
    assert plan.errors == 3


def test_ambiguous_formats_are_refused_until_they_are_said(tmp_path):
    text = CSV.replace("1/31/2026", "1/3/2026")
    assert refused(tmp_path, text) == (
        'column "Invoice date": 1/3/2026 may be m/d/y or d/m/y, no day is above 12; say it with --date-format m/d/y or d/m/y'
    )
    assert plan_of(tmp_path, text, date_formats={"": "d/m/y", "Due date": "m/d/y"}).cells["document_date"] == [46082.0, 46024.0]
    assert plan_of(tmp_path, text, date_formats={"Invoice date": "m/d/y", "due_date": "m/d/y"}).cells["due_date"] == [46103.0, 46084.0]


def test_blank_rows_of_the_file_are_no_rows(tmp_path):
    plan = plan_of(tmp_path, CSV + ",,,,,,,\n", constants={"contract_no": "K1"})
    assert (plan.read, plan.rows) == (3, 2)


def test_a_file_without_rows_is_refused(tmp_path):
    assert refused(tmp_path, CSV.splitlines()[0] + "\n") == "items.csv has a header but no rows"


def test_a_column_cannot_be_told_and_constant_at_once(tmp_path):
    message = refused(tmp_path, mapping={"currency": "Currency"}, constants={"currency": "USD"})
    assert message == "currency of Ledger is both a constant and a column; choose one"


def test_a_constant_goes_before_a_column_that_was_found(tmp_path):
    plan = plan_of(tmp_path, constants={"currency": "CAD"})
    assert plan.cells["currency"] == ["CAD", "CAD"]
    assert plan.unmapped == ["Currency", "Remark"]


def test_choices_are_written_in_the_language_of_the_workbook(tmp_path):
    assert plan_of(tmp_path, language="zh").cells["document_type"] == ["发票", "发票"]


# ---- rows that are there already

EXISTING = RawTable(
    ["Document no.", "Type", "Customer", "Currency", "Amount", "Document date", "Due date", "Promise date", "Our note"],
    [["A1", "A7"], ["invoice", "invoice"], ["C1", "C1"], ["USD", "USD"], [1234.5, 9.0], [46053.0, 46000.0], [46103.0, 46030.0], [46100.0, None], ["call Li", "court"]],
    3,
)  # fmt: skip


def test_rows_that_are_there_already_alike_are_left_out_and_counted(tmp_path):
    plan = plan_of(tmp_path, existing=EXISTING)
    assert (plan.cells["document_no"], plan.known) == (["A2"], 1)
    assert "left out: 1 row that is in Ledger already, alike in every column" in plan.lines()


def test_rows_that_are_there_already_with_other_contents_are_refused(tmp_path):
    changed = EXISTING._replace(columns=[*EXISTING.columns[:4], [1234.51, 9.0], *EXISTING.columns[5:]])
    assert refused(tmp_path, existing=changed) == (
        "1 row of items.csv is in the table Ledger already, with other contents: A1; import with --replace, or leave them out of the file"
    )


def test_a_row_that_stands_twice_in_the_file_is_left_out_with_a_finding(tmp_path):
    plan = plan_of(tmp_path, CSV + CSV.splitlines()[1] + "\n", customers=RawTable(["Customer"], [["C1", "C2"]]))
    assert (plan.rows, plan.repeated) == (2, 1)
    assert [(f.row, f.message) for f in plan.findings] == [(4, "The row repeats row 2 in every column and is left out.")]


def test_one_key_with_two_contents_in_the_file_is_imported_twice_and_told(tmp_path):
    plan = plan_of(tmp_path, CSV + "A1,C1,1/31/2026,3/22/2026,USD,5.00,invoice,\n", customers=RawTable(["Customer"], [["C1", "C2"]]))
    assert plan.rows == 3
    assert [(f.row, f.message) for f in plan.findings] == [(4, "Document no. A1, Type invoice stands in row 2 already.")]


def test_replacing_keeps_what_analysts_typed_beside_rows_that_come_again(tmp_path):
    plan = plan_of(tmp_path, existing=EXISTING, mode="replace")
    assert plan.cells["document_no"] == ["A1", "A2"]
    assert plan.kept == {"promise_date": [46100.0, None], "Our note": ["call Li", None]}
    assert (plan.disappearing, plan.noted) == (1, ["A7"])
    assert "with them go entries that no file brings back, in A7" in plan.lines()


def test_new_customers_get_a_row_with_their_most_frequent_name(tmp_path):
    text = "no,cust,name\n1,C1,Acme\n2,C1,Acme Ltd\n3,C1,Acme Ltd\n4,C2,Bond\n"
    save_profile(Profile(table="ledger", columns={"document_no": "no", "customer_id": "cust"}, customers={"name": "name"}), "p", tmp_path)
    plan = plan_of(tmp_path, text, customers=RawTable(["Customer"], [["C2"]]), profile="p", profiles_folder=tmp_path, add_customers=True)
    assert plan.new_customers == {"customer_id": ["C1"], "name": ["Acme Ltd"]}
    assert plan.unmapped == []


# ---- profiles


def test_the_bundled_profiles_can_be_read_and_name_only_our_columns():
    assert profile_names() == ["erpnext-sales-invoice", "ibm-receivables", "kingdee-receivable", "open-items-sap", "sap-fbl5n"]
    for name in profile_names():
        profile = load_profile(name)
        table = TABLES[profile.table]
        assert profile.about
        for key in [*profile.columns, *profile.constants, *profile.flag_to_amount, *profile.words]:
            assert table.field(key)
        assert all(TABLES["customers"].field(key) for key in profile.customers)


def test_an_unknown_profile_is_refused_with_those_there_are(tmp_path):
    assert refused(tmp_path, profile="ibm").startswith("there is no profile ibm; there are erpnext-sales-invoice, ibm-receivables")


def test_a_profile_for_another_table_is_refused(tmp_path):
    save_profile(Profile(table="customers"), "p", tmp_path)
    assert refused(tmp_path, profile="p", profiles_folder=tmp_path) == "profile p is for the table customers, not for Ledger"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("columns = 5", "profile p: an entry has the wrong form ('int' object has no attribute 'items')"),
        ("colums = {}", "profile p: there is no entry colums; there are table, about, columns, constants, dates, numbers, flag_to_amount, "),
        ("= x", "profile p is not TOML: "),
        ("[columns]\namount = 5", "profile p: an entry has the wrong form (5 is not a text)"),
    ],
)  # fmt: skip
def test_a_profile_with_a_mistake_is_refused_with_its_place(text, message):
    with pytest.raises(BadRequest) as error:
        read_profile("p", text)
    assert str(error.value).startswith(message)


_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
_MAP = st.dictionaries(_TEXT, _TEXT, max_size=3)


@given(st.builds(
    Profile, name=st.just("p"), table=st.just("ledger"), about=_TEXT, columns=_MAP, constants=_MAP, dates=_MAP, numbers=_MAP,
    flag_to_amount=st.dictionaries(_TEXT, st.tuples(_TEXT, _TEXT), max_size=2), negative_to_credit_note=st.booleans(),
    words=st.dictionaries(_TEXT, _MAP.filter(bool), max_size=2), customers=_MAP, ignored=st.lists(_TEXT, max_size=2).map(tuple),
))  # fmt: skip
def test_a_saved_profile_comes_back_as_it_was(profile):
    assert read_profile("p", profile_text(profile)) == profile


def test_a_saved_profile_remembers_the_formats_that_its_file_decided(tmp_path):
    profile = plan_of(tmp_path).profile
    save_profile(profile, "ours", tmp_path / "profiles")
    assert "ours" in profile_names(tmp_path / "profiles")
    ambiguous = CSV.replace("1/31/2026", "1/3/2026").replace('"1,234.50"', '"1,234"').replace("7.25", "7")
    plan = plan_of(tmp_path, ambiguous, profile="ours", profiles_folder=tmp_path / "profiles")
    assert plan.cells["document_date"] == [46025.0, 46054.0]
    assert plan.cells["amount"] == [1234.0, 7.0]


def test_a_profile_needs_a_plain_name_and_a_folder_that_can_be_written(tmp_path):
    with pytest.raises(BadRequest, match=r"a profile's name is made of letters, digits, - and _; got \.\./x"):
        save_profile(Profile(), "../x", tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite, match="profile p cannot be saved to"):
        save_profile(Profile(), "p", tmp_path / "file")


def test_the_four_transformations_of_a_profile(tmp_path):
    text = "no,kind,when,value,bad\n1,RV,2026-01-31,100,Yes\n2,RV,2026-01-31,-20,No\n3,DZ,2026-01-31,-30,\n4,AB,2026-01-31,5,\n5,??,2026-01-31,-6,\n"
    profile = Profile(
        table="ledger", columns={"document_no": "no", "document_type": "kind", "document_date": "when", "amount": "value"},
        constants={"currency": "USD"}, flag_to_amount={"disputed_amount": ("bad", "yes")}, negative_to_credit_note=True,
        words={"document_type": {"RV": "invoice", "DZ": "payment", "AB": "adjustment"}},
    )  # fmt: skip
    save_profile(profile, "p", tmp_path)
    plan = plan_of(tmp_path, text, profile="p", profiles_folder=tmp_path)
    assert plan.cells["document_type"] == ["invoice", "credit note", "payment", "adjustment", "??"]
    assert plan.cells["amount"] == [100.0, 20.0, 30.0, -5.0, -6.0]
    assert plan.cells["disputed_amount"] == [100.0, None, None, None, None]
    assert plan.changes == [
        'currency = "USD" in every row',
        "document_type: AB = adjustment, DZ = payment, RV = invoice",
        "the sign of an amount is that of the debt: 1 negative invoice becomes a credit note",
        "disputed_amount = the amount where the flag says yes (1 row)",
    ]
    assert plan.cells["document_no"] == ["1", "2", "3", "4", "5"]
    assert plan.table is LEDGER
