"""Sends alerts where the person said: a file, a mail server, a web hook. Nothing is sent without that, and no address comes from a cell."""

from __future__ import annotations

import hashlib
import http.client
import ipaddress
import json
import os
import smtplib
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any, Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from xladdin.addresses import without_password
from xladdin.errors import BadRequest

SECONDS: Final = 30  # a server that does not answer by then is down
SECONDS_IN_ALL: Final = 90  # nor is one that is still at it then
PASSWORD: Final = "XLADDIN_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
TOKEN: Final = "XLADDIN_WEBHOOK_TOKEN"  # noqa: S105 - the name of a variable
WAYS: Final = "file:PATH, smtp://HOST:PORT?from=…&to=…, or https://…"


def push(to: str, alerts: Sequence[dict[str, Any]], source: str, begun: int | None = None) -> str:
    """Send alerts in one message; answers where they went. Raises BadRequest, and then the receiver did not say that it took them.

    `begun` is given for a message that a killed run may have sent already: of a file, how many bytes were in it before that run.
    """
    way = to.partition(":")[0].lower()
    if way == "file":
        return _to_file(file_of(to) or Path(), alerts, begun)
    if way in ("smtp", "smtps"):
        return _in_time(lambda: _by_mail(to, alerts, source))
    if way in ("http", "https"):
        return _in_time(lambda: _to_hook(to, alerts, source))
    raise BadRequest(f"alerts can be sent to {WAYS}; got {without_password(to) or 'nothing'}")


def bytes_before(to: str) -> int:
    """Return how many bytes the file of a place holds now; 0 for any other place."""
    path = file_of(to)
    try:
        return path.stat().st_size if path else 0
    except OSError:
        return 0


def file_of(to: str) -> Path | None:
    """Return the file that a place names; None for any other place."""
    way, _, rest = to.partition(":")
    return Path(rest.removeprefix("//") or ".") if way.lower() == "file" else None


def _in_time(work: Callable[[], str]) -> str:
    """Give a server so long in all: one that answers a byte now and then would hold a scheduler for ever."""
    ended: Queue[str | BaseException] = Queue()

    def run() -> None:
        try:
            ended.put(work())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            ended.put(error)

    Thread(target=run, daemon=True).start()
    try:
        answer = ended.get(timeout=SECONDS_IN_ALL)
    except Empty:
        raise BadRequest(
            f"the server did not say within {SECONDS_IN_ALL} s that it took the alerts; "
            "the next run sends them again, as the same message"
        ) from None
    if isinstance(answer, BaseException):
        raise answer
    return answer


def _to_file(path: Path, alerts: Sequence[dict[str, Any]], begun: int | None) -> str:
    """Add lines to a file: JSON where its name ends with .jsonl or .json, else one readable line each."""
    as_json = path.suffix.lower() in (".jsonl", ".json")
    lines = "".join((json.dumps(one, ensure_ascii=False) if as_json else one["line"].replace("\n", " ")) + "\n" for one in alerts)
    text = lines.encode()
    try:
        with path.open("ab+") as file:
            if begun is not None:
                file.seek(begun)
                there = file.read()
                text = b"" if text in there else text.removeprefix(there) if text.startswith(there) else text
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise BadRequest(f"cannot write to {path}: {error.strerror}") from None
    return str(path)


def _local(host: str) -> bool:
    """Whether a host is this computer."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _address(to: str, form: str) -> SplitResult:
    """Take an address apart. What is wrong with it is said without it: it may hold a password."""
    try:
        place = urlsplit(to)
        _ = place.port
    except ValueError:  # a bracket that is not closed, a port that is no number
        raise BadRequest(form) from None
    if not place.hostname:
        raise BadRequest(form)
    return place


def _by_mail(to: str, alerts: Sequence[dict[str, Any]], source: str) -> str:
    form = "a mail server is written smtp://HOST:PORT?from=me@example.com&to=you@example.com"
    place = _address(to, form)
    options = {key: values[-1] for key, values in parse_qs(place.query).items()}
    host, sender, receivers = place.hostname or "", options.get("from"), options.get("to")
    if not host or not sender or not receivers:
        raise BadRequest(form)
    if place.password is not None:
        raise BadRequest(f"a password does not belong into an address: put it into the variable {PASSWORD}")
    message = EmailMessage()
    counts = {state: sum(one["state"] == state for one in alerts) for state in ("alarm", "watch", "green")}
    message["Subject"] = f"Credit alerts: {counts['alarm']} alarm, {counts['watch']} watch, {counts['green']} over"
    message["From"], message["To"], message["Date"] = sender, receivers, formatdate(localtime=True)
    message["Message-ID"] = f"<{_identity(alerts)}@xladdin>"
    message.set_content("\n".join([*(one["line"] for one in alerts), "", source]))
    implicit = place.scheme.lower() == "smtps"
    try:
        port = place.port or (465 if implicit else 587)
        context = ssl.create_default_context()
        made = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context) if implicit else smtplib.SMTP(host, port, timeout=SECONDS)
        with made as server:
            server.ehlo()
            if not implicit and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            elif not implicit and not _local(host):
                raise BadRequest(f"{host} offers no encryption; alerts name customers, so they are not sent in the clear")
            if place.username:
                password = os.environ.get(PASSWORD)
                if not password:
                    raise BadRequest(f"the password of {unquote(place.username)} belongs into the variable {PASSWORD}")
                server.login(unquote(place.username), password)
            refused = server.send_message(message)
    except (smtplib.SMTPException, OSError, socket.gaierror) as error:
        raise BadRequest(f"the mail server {host} did not take the alerts: {_plain(error)}") from None
    left = f"; not taken for {', '.join(refused)}" if refused else ""
    return f"{receivers} by {host}{left}"


def _to_hook(to: str, alerts: Sequence[dict[str, Any]], source: str) -> str:
    place = _address(to, "a web hook is an address like https://example.com/hook")
    if place.username is not None or place.password is not None:
        raise BadRequest(f"a password does not belong into an address: give the hook a token, in the variable {TOKEN}")
    if place.scheme.lower() == "http" and not _local(place.hostname or ""):
        raise BadRequest("a web hook needs https: alerts name customers, so they are not sent in the clear")
    body = json.dumps({"source": source, "alerts": list(alerts)}, ensure_ascii=False).encode()
    # the key lets a receiver recognise a message that was sent again because nobody could say that it had come
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": _identity(alerts), "User-Agent": "xladdin"}
    if os.environ.get(TOKEN):
        headers["Authorization"] = f"Bearer {os.environ[TOKEN]}"
    request = urllib.request.Request(to, data=body, headers=headers, method="POST")  # noqa: S310 - http and https only, see above
    # what goes to this computer goes there itself: a proxy would get the token and the customers in the clear
    opener = urllib.request.build_opener(_Stay, *([urllib.request.ProxyHandler({})] if place.scheme.lower() == "http" else []))
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            status = answer.status
    except urllib.error.HTTPError as error:
        raise BadRequest(f"{place.hostname} did not take the alerts: it answered {error.code}") from None
    except (urllib.error.URLError, OSError) as error:
        raise BadRequest(f"{place.hostname} cannot be reached: {_plain(getattr(error, 'reason', error))}") from None
    except (http.client.HTTPException, ValueError) as error:  # their texts quote the address, or what the server wrote
        raise BadRequest(f"{place.hostname} cannot be asked: {type(error).__name__}") from None
    return f"{place.hostname} ({status})"


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follow no redirect: the person named one address."""

    def redirect_request(self, *_args: Any, **_named: Any) -> None:
        """Answer that there is nothing to follow."""


def _identity(alerts: Sequence[dict[str, Any]]) -> str:
    """Return what the same message has in common whenever it is sent."""
    return hashlib.sha256(json.dumps(list(alerts), sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def _plain(error: object) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).replace("\n", " ")
