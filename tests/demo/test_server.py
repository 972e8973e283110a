"""Starting, stopping and misusing the server."""

import socket
import threading
from queue import Queue

import pytest
import requests

from aggregator.demo import server as plain
from aggregator.words.errors import UsageError
from tests.demo.conftest import Client
from tests.stand_in.server import Server, serve
from tests.stand_in.synthetic import synthetic_world
from tests.stand_in.world import sample_community


def test_run_forever_tells_where_it_is() -> None:
    """The command line's server tells its addresses, answers, and ends when it is stopped."""
    told: Queue[plain.Server] = Queue()
    world = synthetic_world(1)
    path = f"/repos/{world.names[0]}"
    thread = threading.Thread(target=plain.run_forever, args=(world, told.put))
    thread.start()
    server = told.get(timeout=5)
    assert requests.get(f"{server.api_url}{path}", timeout=5).status_code == 200
    server.stopping.set()
    thread.join(timeout=5)
    assert not thread.is_alive()
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(f"{server.api_url}{path}", timeout=5)


def test_a_chosen_port() -> None:
    """A port can be chosen, and one that is taken or none is refused with a cure."""
    with serve(synthetic_world(1)) as first:
        for port in (first.port, 70_000):
            with pytest.raises(UsageError, match="choose another"), serve(synthetic_world(1), port):
                pass
        chosen = first.port
    with serve(synthetic_world(1), chosen) as second:
        assert second.api_url == f"http://127.0.0.1:{chosen}"


def test_only_this_machine_can_ask(server: Server) -> None:
    """It listens on the loopback address only."""
    assert server.server_address[0] == "127.0.0.1"


def test_connections_stay_open(client: Client) -> None:
    """Several requests go over one connection."""
    for _ in range(5):
        assert client.get("/rate_limit").status_code == 200
    pools = client.session.get_adapter("http://").poolmanager.pools  # type: ignore[attr-defined]
    assert [pools[key].num_connections for key in pools.keys()] == [1]  # noqa: SIM118


@pytest.mark.parametrize("length", ["nonsense", "-1", "99999999999"])
def test_nonsense_lengths(server: Server, length: str) -> None:
    """A body whose length cannot be read is refused and the connection closed."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as raw:
        raw.sendall(f"POST /graphql HTTP/1.1\r\nContent-Length: {length}\r\n\r\n".encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 400")
    assert requests.get(f"{server.api_url}/rate_limit", timeout=5).status_code == 200


def test_many_at_once(server: Server) -> None:
    """Requests from several threads are all answered and all counted."""
    with requests.Session() as _:
        threads = [
            threading.Thread(target=Client(server).get, args=("/rate_limit",)) for _ in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=10)
    assert server.counts.requests == 20


def test_a_client_that_hangs_up(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    """A client that hangs up leaves no trace on the screen."""
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as raw:
            raw.sendall(b"GET / HTTP/1.1\r\n")
    assert requests.get(f"{server.api_url}/rate_limit", timeout=5).status_code == 200
    assert capfd.readouterr().err == ""


def test_worlds_are_apart() -> None:
    """Two servers at once do not see each other's changes."""
    with serve(sample_community()) as one, serve(sample_community()) as two:
        one.world.delete("health-data-guild/acronym-soup")
        statuses = [
            requests.get(f"{s.api_url}/repos/health-data-guild/acronym-soup", timeout=5).status_code
            for s in (one, two)
        ]
    assert statuses == [404, 200]
