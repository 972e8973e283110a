"""Where messages arrive in the tests: a web server and a mail server of this machine, over TLS.

The web server is Slack, Teams, Mastodon and Bluesky as far as they are asked: it keeps what it was
sent, knows keys again as they do, and can be made to refuse, to fail, or to take a message and say
nothing.
"""

import json
import socket
import ssl
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

WEBHOOK, MASTODON_TOKEN = "T0SECRET/B0SECRET/marked-webhook", "marked-mastodon-token"
BLUESKY_PASSWORD, MAIL_PASSWORD = "marked-bluesky-pass", "marked-mail-password"
SESSION = "marked-session-token"


@dataclass
class Heard:
    """One request."""

    path: str
    headers: Mapping[str, str]
    document: Any


@dataclass
class Places:
    """The web server: what stands in each place, and what it is to do wrong.

    Args:
        faults: by the beginning of a path, what becomes of the next requests there: a status, "cut"
            (nothing is taken and nothing answered) or "lost" (it is taken, and nothing answered).
        chat, statuses, records: what stands in chats, on Mastodon and on Bluesky.
        says: what it answers then; `echoes` that it repeats all that it was sent.
    """

    port: int = 0
    heard: list[Heard] = field(default_factory=list)
    faults: dict[str, list[int | str]] = field(default_factory=lambda: defaultdict(list))
    chat: list[Any] = field(default_factory=list)
    statuses: dict[str, Any] = field(default_factory=dict)
    records: dict[str, Any] = field(default_factory=dict)
    says: bytes = b""
    echoes: bool = False

    @property
    def address(self) -> str:
        """Give where it is."""
        return f"https://localhost:{self.port}"

    def take(self, heard: Heard) -> tuple[int, Any]:
        """Keep a message as the place that it is sent to does."""
        if heard.path.startswith("/services/"):
            self.chat.append(heard.document)
            return 200, "ok"
        if heard.path == "/api/v1/statuses":
            return self._status(heard)
        if heard.path.endswith("createSession"):
            if heard.document["password"] != BLUESKY_PASSWORD:
                return 401, {"error": "AuthenticationRequired", "message": "Invalid password"}
            return 200, {"accessJwt": SESSION, "did": "did:plc:somebody"}
        if heard.path.endswith("putRecord"):
            return self._record(heard)
        return 404, {"error": "nothing here"}

    def _status(self, heard: Heard) -> tuple[int, Any]:
        if heard.headers.get("Authorization") != f"Bearer {MASTODON_TOKEN}":
            return 401, {"error": "The access token is invalid"}
        self.statuses.setdefault(heard.headers["Idempotency-Key"], heard.document)
        return 200, {"id": "1"}

    def _record(self, heard: Heard) -> tuple[int, Any]:
        if heard.headers.get("Authorization") != f"Bearer {SESSION}":
            return 401, {"error": "InvalidToken"}
        self.records[heard.document["rkey"]] = heard.document["record"]
        return 200, {"uri": "at://x", "cid": "y"}


def _handler(places: Places) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Take a message."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard = Heard(self.path, dict(self.headers), json.loads(body))
            places.heard.append(heard)
            queue = next((q for path, q in places.faults.items() if self.path.startswith(path)), [])
            fault = queue.pop(0) if queue else None
            if fault == "cut":
                self.close_connection = True
                return
            if isinstance(fault, int):
                echo = f"no: {heard}".encode() if places.echoes else b""
                self._answer(fault, echo or places.says or {"error": "as the test wants it"})
                return
            status, document = places.take(heard)
            if fault == "lost":
                self.close_connection = True
                return
            self._answer(status, document)

        def _answer(self, status: int, document: Any) -> None:
            data = document if isinstance(document, bytes) else json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing on the screen of the tests."""

    return Handler


@contextmanager
def serve_places(certificate: ssl.SSLContext) -> Iterator[Places]:
    """Serve the places."""
    places = Places()
    server = ThreadingHTTPServer(("localhost", 0), _handler(places))
    server.socket = certificate.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    places.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield places
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class MailBox:
    """The mail server: what arrived, from whom and for whom; `fault` answers the next mail."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    fault: str = ""
    refused: frozenset[str] = frozenset()

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _more: list[str]
    ) -> str:
        """Take or refuse one address."""
        if address in self.refused:
            return f"550 5.1.1 <{address.lower()}>: {address.partition('@')[0]} is not known"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep a mail."""
        if self.fault[:1].isdigit():
            return self.fault
        content = envelope.content
        assert isinstance(content, bytes)
        found = message_from_bytes(content, policy=policy.SMTP)
        assert isinstance(found, EmailMessage)
        self.mails.append(found)
        self.envelopes.append((str(envelope.mail_from), list(envelope.rcpt_tos)))
        if self.fault == "lost":
            assert server.transport is not None
            server.transport.close()
        return "250 OK"


@contextmanager
def serve_mail(certificate: ssl.SSLContext) -> Iterator[MailBox]:
    """Serve the mail server: STARTTLS first, then the login of `showcase`."""
    box = MailBox()

    def judge(_server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
        known = isinstance(data, LoginPassword) and data.password == MAIL_PASSWORD.encode()
        return AuthResult(success=known and data.login == b"showcase", handled=False)

    controller = Controller(
        box,
        hostname="localhost",
        port=_free_port(),
        tls_context=certificate,
        require_starttls=True,
        auth_required=True,
        authenticator=judge,
        ready_timeout=30,
    )
    box.port = controller.port
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("localhost", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass
class Trust:
    """A certificate authority of the tests: what servers show, and where clients find it."""

    folder: Path

    def __post_init__(self) -> None:
        authority = trustme.CA()
        self.bundle = self.folder / "authority.pem"
        authority.cert_pem.write_to_path(str(self.bundle))
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(self.server)

    @property
    def variables(self) -> dict[str, str]:
        """What lets this program believe the servers of the tests, as any machine's owner can."""
        return {"REQUESTS_CA_BUNDLE": str(self.bundle), "SSL_CERT_FILE": str(self.bundle)}


def variables_for(places: Places, box: MailBox) -> dict[str, str]:
    """Name the places by the variables of a community."""
    return {
        "ANNOUNCE_SLACK_WEBHOOK": f"{places.address}/services/{WEBHOOK}",
        "ANNOUNCE_TEAMS_WEBHOOK": f"{places.address}/services/{WEBHOOK}?sig=1",
        "ANNOUNCE_MASTODON_SERVER": places.address,
        "ANNOUNCE_MASTODON_TOKEN": MASTODON_TOKEN,
        "ANNOUNCE_BLUESKY_SERVER": places.address,
        "ANNOUNCE_BLUESKY_HANDLE": "showcase.example.org",
        "ANNOUNCE_BLUESKY_PASSWORD": BLUESKY_PASSWORD,
        "ANNOUNCE_EMAIL_SERVER": f"localhost:{box.port}",
        "ANNOUNCE_EMAIL_USER": "showcase",
        "ANNOUNCE_EMAIL_PASSWORD": MAIL_PASSWORD,
        "ANNOUNCE_EMAIL_FROM": "showcase@example.org",
        "ANNOUNCE_EMAIL_TO": "news@lists.example.org",
    }
