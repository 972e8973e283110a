"""The recorded answers of the real GitHub, played again over HTTP to the client."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from aggregator.facts.protocol import Trouble, TroubleKind
from aggregator.github.client import Client
from aggregator.github.session import Wire, open_session
from aggregator.github.transport import NoAnswerError, Transport
from aggregator.words.outcomes import Outcome

HEADERS = ("retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "link")


def _answers(corpus: Path) -> list[dict[str, Any]]:
    found = []
    for path in sorted((corpus / "recordings").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            found += [json.loads(line) for line in lines]
    return [e for e in found if e["method"] == "GET" and e["status"] not in {202, 204, 205, 304}]


@contextmanager
def _played(exchanges: list[dict[str, Any]]) -> Iterator[str]:
    class Player(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # headers and body in one piece, or the other side waits to confirm

        def do_GET(self) -> None:
            exchange = exchanges[int(self.path.rpartition("/")[2])]
            body = exchange["body"]
            content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(exchange["status"])
            sent = {k.lower(): v for k, v in (exchange["response_headers"] or {}).items()}
            for name in HEADERS:
                if name in sent:
                    self.send_header(name, str(sent[name]))
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Player) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def _fits(status: int, body: Any, failure: Trouble | Outcome | None) -> bool:
    message = str(body.get("message", "")) if isinstance(body, dict) else ""
    if status < 300:
        return failure is None or not isinstance(body, dict | list)
    if status in {404, 410}:
        return failure is Outcome.GONE
    if status == 429 or "rate limit" in message.lower():
        return isinstance(failure, Trouble) and failure.kind is TroubleKind.LIMITED
    if status == 401:
        return isinstance(failure, Trouble) and failure.kind is TroubleKind.REFUSED
    if status >= 500:
        return isinstance(failure, Trouble) and failure.kind is TroubleKind.BROKEN
    return failure is not None


@pytest.mark.corpus
def test_recorded_answers(corpus: Path) -> None:
    """Of every answer ever recorded the client tells good from bad, and names the bad rightly."""
    exchanges = _answers(corpus)
    assert len(exchanges) > 800
    wire = Wire()
    with _played(exchanges) as url, open_session(wire) as session:
        client = Client(Transport(session, wire, url), f"{url}/graphql")
        for number, exchange in enumerate(exchanges):
            failure = _failure(client, f"/recorded/{number}")
            told = (exchange["recording"], exchange["status"], failure)
            assert _fits(exchange["status"], exchange["body"], failure), told


def _failure(client: Client, path: str) -> Trouble | Outcome | None:
    try:
        client.get(path)
    except NoAnswerError as error:
        return error.failure
    return None
