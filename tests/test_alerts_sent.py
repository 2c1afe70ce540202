"""xladdin alerts: sent once, to a file, a mail server or a web hook on this computer; nothing is marked that was not taken."""

from __future__ import annotations

import datetime as dt
import json
import socketserver
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.workbook.test_watch_list import paid_later
from workbook.build import build_workbook
from workbook.refresh import refresh
from xladdin.errors import BadRequest
from xladdin.hosts.file import open_book
from xladdin.jobs.exchange import push_alerts
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


def hook(status=204):
    got = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
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
    server.got, server.refuse = [], refuse
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


def test_nothing_is_sent_unless_said_and_a_workbook_without_the_list_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.delenv("XLADDIN_ALERTS_TO", raising=False)
    build_workbook(tmp_path / "new.xlsm")
    assert push_alerts(tmp_path / "new.xlsm", None, dry=True).data == {"sent": 0, "alerts": []}
    with pytest.raises(BadRequest):
        push("", [ALERT], "w")
