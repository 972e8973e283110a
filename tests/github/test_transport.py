"""What stands between PyGithub and the network follows GitHub's own redirects and no others."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from aggregator.facts.protocol import Trouble
from aggregator.github.client import Client
from aggregator.github.session import Wire, open_session
from aggregator.github.transport import NoAnswerError, Transport


@contextmanager
def _redirecting(target: str) -> Iterator[tuple[Client, list[str]]]:
    """Redirect every question about a name, and answer every other; give what was asked."""
    asked: list[str] = []

    class Moved(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            moved = self.path.startswith("/repos/")
            self.send_response(301 if moved else 200)
            if moved:
                self.send_header("location", target)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    wire = Wire()
    with ThreadingHTTPServer(("127.0.0.1", 0), Moved) as server, open_session(wire) as session:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield Client(Transport(session, wire, url), f"{url}/graphql"), asked
        finally:
            server.shutdown()
            thread.join()


def test_a_redirect_is_followed_with_its_query() -> None:
    """What was asked of a renamed repository is asked of the one that it became, in full."""
    with _redirecting("/repositories/7/git/trees/main?recursive=1") as (client, asked):
        client.get("/repos/old/name/git/trees/main", recursive="1")
    assert asked[-1] == "/repositories/7/git/trees/main?recursive=1"
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("/login?to=/repos/a/b", "not GitHub's"),
        ("http://filter.example/repos/a/b", "redirected away from GitHub"),
        ("http://[", "the answer cannot be read"),
        ("/repos/old/other", "in a circle"),
    ],
)
def test_a_redirect_to_elsewhere_is_not_followed(target: str, said: str) -> None:
    """A login page or a filter in GitHub's place is named, and a circle ends."""
    with _redirecting(target) as (client, asked), pytest.raises(NoAnswerError) as caught:
        client.get("/repos/old/name")
    assert isinstance(caught.value.failure, Trouble)
    assert said in caught.value.failure.message
    assert len(asked) <= 6


def test_an_answer_that_is_late_ends_no_other() -> None:
    """Of two questions open at once, the one that hangs is given up and the other answered."""
    over = threading.Event()

    class Late(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            over.wait(30.0 if self.path == "/hangs" else 1.5)
            with suppress(ConnectionError):  # whoever asked for what hangs is gone
                self.send_response(200)
                self.send_header("content-length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    wire = Wire()
    with ThreadingHTTPServer(("127.0.0.1", 0), Late) as server, open_session(wire) as session:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        client = Client(Transport(session, wire, url, seconds=3.0), f"{url}/graphql")
        with ThreadPoolExecutor(2) as pool:
            hangs = pool.submit(client.get, "/hangs")
            time.sleep(2.0)
            answered = pool.submit(client.get, "/answers")
            assert answered.result() is not None
            assert isinstance(hangs.exception(), NoAnswerError)
        over.set()
        server.shutdown()
    assert client.spent.requests == 2
