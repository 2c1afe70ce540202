"""xladdin alerts: sent once, to a file, a mail server or a web hook on this computer; nothing is marked that was not taken."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import socketserver
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.workbook.test_watch_list import paid_later
from workbook.build import build_workbook
from workbook.refresh import refresh
from xladdin.errors import BadRequest
from xladdin.hosts.file import open_book
from xladdin.jobs.exchange import push_alerts
from xladdin.lock import only_one
from xladdin.push import push

DAY = dt.date(2026, 6, 30)
ALERT = {"line": "one line", "state": "alarm", "customer": "C1", "name": "甲公司"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("alerts") / "w.xlsm"
    ledger = [row for n in range(3) for row in paid_later(f"C{n}")]
    columns = {key: [row.get(key) for row in ledger] for key in ("document_no", "customer_id", "amount", "document_date", "due_date", "settled_date")}
    columns |= {"document_type": ["invoice"] * len(ledger), "currency": ["CNY"] * len(ledger)}
    customers = {"customer_id": ["C0", "C1", "C2"], "name": ["甲公司\nBcc: x@example.com", "=1+1", "Third"]}
    build_workbook(path, data={"ledger": columns, "customers": customers}, settings={"as_of": DAY})
    book = open_book(path)
    refresh(book, today=DAY, keys=["alerts"])
    book.save()
    book.close()
    return path.read_bytes()


@pytest.fixture
def workbook(made, tmp_path):
    path = tmp_path / "w.xlsm"
    path.write_bytes(made)
    return path


@contextmanager
def served(server):
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def hook(status=204, wait=0.0, before=lambda: None):
    """A web hook; `before` is called when it has the message and has not answered."""
    got = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            before()
            time.sleep(wait)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()

        def log_message(self, *_):
            pass

    return HTTPServer(("127.0.0.1", 0), Hook), got


class Mail(socketserver.StreamRequestHandler):
    """As much of a mail server as takes a message."""

    refuse = False

    def handle(self):
        def say(text):
            self.wfile.write(text.encode() + b"\r\n")

        say("220 here")
        data = False
        lines = []
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            if data:
                if line == ".":
                    data = False
                    self.server.got.append("\n".join(lines))
                    self.server.before()
                    say("250 taken")
                else:
                    lines.append(line)
            elif line.upper().startswith("EHLO"):
                say("250 here")
            elif line.upper().startswith("RCPT") and self.server.refuse:
                say("550 no such person")
            elif line.upper() == "DATA":
                data = True
                say("354 go on")
            elif line.upper() == "QUIT":
                say("221 bye")
                return
            else:
                say("250 fine")


def mail(refuse=False):
    server = socketserver.TCPServer(("127.0.0.1", 0), Mail)
    server.got, server.refuse, server.before = [], refuse, lambda: None
    return server


def test_alerts_go_to_a_file_once(workbook, tmp_path):
    out = tmp_path / "a.jsonl"
    done = push_alerts(workbook, f"file:{out}")
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 3 == done.data["sent"]
    assert {row["customer"] for row in rows} == {"C0", "C1", "C2"}
    assert push_alerts(workbook, f"file:{out}").data["sent"] == 0
    book = open_book(workbook)
    refresh(book, today=DAY, keys=["alerts"])
    book.save()
    book.close()
    assert push_alerts(workbook, f"file:{out}").data["sent"] == 0, "a refresh keeps what was sent"
    assert len(out.read_text(encoding="utf-8").splitlines()) == 3


def test_a_web_hook_takes_one_message_and_a_refusal_marks_nothing(workbook, monkeypatch):
    monkeypatch.setenv("XLADDIN_WEBHOOK_TOKEN", "secret")
    server, _ = hook(500)
    with served(server) as port, pytest.raises(BadRequest, match="answered 500"):
        push_alerts(workbook, f"http://127.0.0.1:{port}/")
    server, got = hook()
    with served(server) as port:
        assert push_alerts(workbook, f"http://127.0.0.1:{port}/").data["sent"] == 3
        push_alerts(workbook, f"http://127.0.0.1:{port}/")
    ((headers, body),) = got
    assert headers["Authorization"] == "Bearer secret"
    assert headers["Idempotency-Key"]
    assert len(json.loads(body)["alerts"]) == 3


def test_a_redirect_is_not_followed(workbook):
    server, _ = hook(302)
    with served(server) as port, pytest.raises(BadRequest, match="302"):
        push_alerts(workbook, f"http://127.0.0.1:{port}/")


def test_a_mail_server_takes_one_message_without_a_header_from_a_cell(workbook):
    server = mail()
    with served(server) as port:
        done = push_alerts(workbook, f"smtp://127.0.0.1:{port}?from=me@example.com&to=you@example.com")
    assert done.data["sent"] == 3
    (message,) = server.got
    head = message.partition("\n\n")[0]
    assert "Subject: Credit alerts: 3 alarm, 0 watch, 0 over" in head
    assert "Bcc" not in head


def test_a_mail_that_is_not_taken_marks_nothing(workbook):
    server = mail(refuse=True)
    with served(server) as port, pytest.raises(BadRequest, match="did not take"):
        push_alerts(workbook, f"smtp://127.0.0.1:{port}?from=me@example.com&to=you@example.com")
    assert push_alerts(workbook, None, dry=True).data["alerts"]


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("", "say where"),
        ("ftp://x", "can be sent to"),
        ("smtp://127.0.0.1:1", "is written smtp"),
        ("smtp://me:secret@127.0.0.1:1?from=a&to=b", "XLADDIN_SMTP_PASSWORD"),
        ("smtp://127.0.0.1:1?from=a@b.example&to=c@d.example", "did not take"),
        ("http://example.com/hook", "needs https"),
        ("http://127.0.0.1:1/", "cannot be reached"),
        ("file:/no/such/folder/a.txt", "there is no folder"),
    ],
)
def test_what_cannot_be_sent_is_said_in_a_line(workbook, to, says, monkeypatch):
    monkeypatch.delenv("XLADDIN_ALERTS_TO", raising=False)
    before = workbook.read_bytes()
    with pytest.raises(BadRequest, match=says) as error:
        push_alerts(workbook, to)
    assert "\n" not in str(error.value)
    assert workbook.read_bytes() == before


# ---- once: two runs at once, and a run that is killed between sending and marking

ROOT = Path(__file__).resolve().parents[1]
#: the command in a process of its own; with a number it dies at the n-th time that it forces something to the disk
COMMAND = """
import os, signal, sys
left = [int(sys.argv.pop(1))]
real = os.fsync
def fsync(handle):
    real(handle)
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
os.fsync = fsync
from xladdin.__main__ import start
start()
"""


def command(workbook, to, dies=0, **environment):
    words = [sys.executable, "-c", COMMAND, str(dies), "alerts", str(workbook), "--to", to, "--json"]
    return subprocess.Popen(words, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(run):
    said, wrong = run.communicate(timeout=120)
    return run.returncode, json.loads(said) if said else None, wrong


def test_p27_two_runs_at_once_send_everything_once(workbook):
    server, got = hook(wait=1.0)
    with served(server) as port:
        runs = [command(workbook, f"http://127.0.0.1:{port}/") for _ in range(3)]
        answers = [ended(run) for run in runs]
    assert [code for code, _, _ in answers] == [0, 0, 0], answers
    assert sorted(told["sent"] for _, told, _ in answers) == [0, 0, 3]
    assert len(got) == 1
    assert [path.name for path in (workbook.parent / ".credit-backups").iterdir() if "alerts" in path.name] == []


def test_p27_a_run_that_is_held_up_for_too_long_by_another_is_refused_in_a_line(workbook, tmp_path, monkeypatch):
    monkeypatch.setattr(only_one.__wrapped__, "__defaults__", (0.2,))
    folder = workbook.parent / ".credit-backups"
    folder.mkdir()
    with only_one(folder / f"{workbook.name}.alerts-lock", ""), pytest.raises(BadRequest, match=r"another run is sending the alerts of w\.xlsm: try again"):
        push_alerts(workbook, f"file:{tmp_path / 'a.txt'}")
    assert not (tmp_path / "a.txt").exists()


@pytest.mark.parametrize("refreshed", [False, True])
def test_p27_killed_while_the_receiver_has_the_message_the_next_run_sends_the_same_one(workbook, refreshed):
    """Nobody can know whether it arrived: it comes again with the identity by which a receiver drops it, and new alerts are a message of their own."""
    server, got = hook(before=lambda: running[0].kill() if len(got) == 1 else None)
    running = []
    with served(server) as port:
        running.append(command(workbook, f"http://127.0.0.1:{port}/"))
        assert ended(running[0])[0] == -signal.SIGKILL
        if refreshed:
            worse(workbook)
        code, told, wrong = ended(command(workbook, f"http://127.0.0.1:{port}/"))
    assert code == 0, wrong
    keys = [headers["Idempotency-Key"] for headers, _ in got]
    bodies = [json.loads(body)["alerts"] for _, body in got]
    assert keys[0] == keys[1]
    assert bodies[0] == bodies[1]
    assert len(got) == (3 if refreshed else 2)
    assert len({one["id"] for body in bodies for one in body}) == told["sent"] == (4 if refreshed else 3)
    assert push_alerts(workbook, None, dry=True).data["alerts"] == []


def worse(workbook):
    """One more alert on the list: one that was made earlier, of another customer."""
    book = open_book(workbook)
    page = next(one for one in book.sheets if one.name == "Alerts")
    table = page.tables["rpt_alerts"]
    last = table.range.last_cell
    row = page.range((last.row, table.range.column), (last.row, last.column)).value
    table.resize(page.range((table.range.row, table.range.column), (last.row + 1, last.column)))
    row[[str(cell) for cell in table.header_row_range.value].index("Customer")] = "C9"
    page.range((last.row + 1, table.range.column)).value = row
    book.save()
    book.close()


def test_p27_mail_that_is_sent_again_after_a_kill_has_the_message_id_it_had(workbook):
    server = mail()
    server.before = lambda: running[0].kill() if len(server.got) == 1 else None
    running = []
    with served(server) as port:
        to = f"smtp://127.0.0.1:{port}?from=me@example.com&to=you@example.com"
        running.append(command(workbook, to))
        assert ended(running[0])[0] == -signal.SIGKILL
        assert ended(command(workbook, to))[0] == 0
    first, second = (next(line for line in message.splitlines() if line.startswith("Message-ID")) for message in server.got)
    assert first == second


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_p27_a_run_killed_at_any_step_writes_every_alert_into_a_file_once(workbook, tmp_path, name):
    out = tmp_path / name
    out.write_text("what was there\n")
    kills = 0
    for dies in range(1, 9):
        workbook.write_bytes(workbook.read_bytes())
        code, told, wrong = ended(command(workbook, f"file:{out}", dies))
        kills += code == -signal.SIGKILL
        if code == 0 and told["sent"] == 0:
            break
        assert code in (0, -signal.SIGKILL), wrong
    assert kills >= 3
    lines = out.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "what was there"
    assert len(lines) == len(set(lines)) == 4


@pytest.mark.parametrize("written", [0, 5, 60, -1])
def test_p27_a_line_that_a_kill_cut_off_is_completed(workbook, tmp_path, written):
    out = tmp_path / "a.txt"
    out.write_bytes(b"before\n")
    alerts = push_alerts(workbook, None, dry=True).data["alerts"]
    text = "".join(one["line"].replace("\n", " ") + "\n" for one in alerts).encode()
    push(f"file:{out}", alerts, "w")
    whole = out.read_bytes()
    assert whole == b"before\n" + text
    out.write_bytes(b"before\n" + text[: written % (len(text) + 1)])
    push(f"file:{out}", alerts, "w", 7)
    assert out.read_bytes() == whole


def test_p27_what_could_not_be_marked_is_marked_by_the_next_run_and_not_sent_again(workbook, tmp_path):
    opened = workbook.parent / f"~${workbook.name}"
    server, got = hook(before=lambda: opened.write_text(""))
    with served(server) as port:
        with pytest.raises(BadRequest, match=r"could not be marked.*sends nothing twice"):
            push_alerts(workbook, f"http://127.0.0.1:{port}/")
        opened.unlink()
        push_alerts(workbook, f"http://127.0.0.1:{port}/")
    assert len(got) == 1
    assert push_alerts(workbook, None, dry=True).data["alerts"] == []


def test_p27_a_list_in_which_nothing_could_be_marked_is_not_sent(workbook, tmp_path):
    book = open_book(workbook)
    header = book.sheets["Alerts"].tables["rpt_alerts"].header_row_range
    header[header.value.index("Sent on")].value = "Gone out"
    book.save()
    book.close()
    with pytest.raises(BadRequest, match="has no column Sent on or"):
        push_alerts(workbook, f"file:{tmp_path / 'a.txt'}")
    assert not (tmp_path / "a.txt").exists()


# ---- secrets, and servers that never come to an end


def test_p28_a_token_for_this_computer_never_goes_through_a_proxy(workbook, monkeypatch):
    monkeypatch.setenv("XLADDIN_WEBHOOK_TOKEN", "secret")
    proxy, heard = hook()
    server, got = hook()
    with served(server) as port, served(proxy) as other:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{other}")
        push_alerts(workbook, f"http://127.0.0.1:{port}/")
    assert len(got) == 1
    assert heard == []


@pytest.mark.parametrize("to", [
    "https://me:s3cr3t@hooks.example/x", "https://me:s3cr3t@127.0.0.1:9/x", "https://s3cr3t@hooks.example/x", "http://me:s3cr3t@127.0.0.1:9/",
    "https://me:s3cr3t/s3cr3t@127.0.0.1/x", "https://[s3cr3t/x", "https://127.0.0.1:s3cr3t/x", "ftp://me:s3cr3t@far.example/", "me:s3cr3t@far.example",
    "smtp://me:s3cr3t@far.example?from=a@b.example&to=c@d.example", "smtp://me:s3cr3t/x@far.example?from=a@b.example&to=c@d.example",
    "smtp://far.example:s3cr3t?from=a@b.example&to=c@d.example", "mailto:x?token=s3cr3t", "http://far.example/?token=s3cr3t", "https://127.0.0.1:9/?key=s3cr3t",
    "https://127.0.0.1:9/ s3cr3t", "s3://AKIA:s3cr3t@bucket/x", "https:/me:s3cr3t@h/x",
])  # fmt: skip
def test_p28_no_password_of_an_address_stands_in_a_message(workbook, to):
    with pytest.raises(BadRequest) as told:
        push_alerts(workbook, to)
    assert "s3cr3t" not in str(told.value)


def test_p22_a_server_that_answers_a_byte_now_and_then_does_not_hold_the_command(workbook, monkeypatch):
    monkeypatch.setattr("xladdin.push.SECONDS_IN_ALL", 2)

    class Drip(socketserver.StreamRequestHandler):
        def handle(self):
            with suppress(OSError):
                while True:
                    self.wfile.write(b"H")
                    time.sleep(0.3)

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Drip)
    server.daemon_threads = True
    with served(server) as port:
        began = time.monotonic()
        with pytest.raises(BadRequest, match="did not say within 2 s"):
            push_alerts(workbook, f"http://127.0.0.1:{port}/")
    assert time.monotonic() - began < 20


def test_nothing_is_sent_unless_said_and_a_workbook_without_the_list_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.delenv("XLADDIN_ALERTS_TO", raising=False)
    build_workbook(tmp_path / "new.xlsm")
    assert push_alerts(tmp_path / "new.xlsm", None, dry=True).data == {"sent": 0, "alerts": []}
    with pytest.raises(BadRequest):
        push("", [ALERT], "w")
