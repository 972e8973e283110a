"""Trouble on demand arrives over the socket as GitHub's trouble does."""

import socket
import time
from datetime import timedelta

import pytest
import requests

from tests.demo.conftest import Client, Hands
from tests.stand_in import actions
from tests.stand_in.faults import Action, Fault

SOUP = "/repos/health-data-guild/acronym-soup"
NAMES = [("a", "acronym-soup"), ("b", "chart-clinic"), ("c", "first-pull-request")]


def batch(*names: tuple[str, str]) -> str:
    """Write a query for repositories of the guild."""
    asked = [
        f'{a}: repository(owner: "health-data-guild", name: "{n}") {{ name }}' for a, n in names
    ]
    return "{ " + " ".join(asked) + " rateLimit { cost } }"


@pytest.mark.parametrize("code", [500, 502, 503, 504])
def test_once(client: Client, code: int) -> None:
    """A fault that is scripted once hits one request and no more."""
    fault = client.server.faults.once(actions.status(code))
    assert [client.get(SOUP).status_code for _ in range(3)] == [code, 200, 200]
    assert fault.hits == 1


def test_always_until_cleared(client: Client) -> None:
    """A fault that is scripted for always hits until the script is cleared."""
    client.server.faults.always(actions.bad_gateway(504), path="/graphql")
    assert [client.ask(batch(*NAMES)).status_code for _ in range(3)] == [504] * 3
    assert client.get(SOUP).status_code == 200
    client.server.faults.clear()
    assert client.ask(batch(*NAMES)).status_code == 200


def test_above_a_number_of_aliases(client: Client) -> None:
    """A fault above two repositories lets smaller batches through."""
    client.server.faults.add(Fault(actions.bad_gateway(), above=2))
    statuses = [client.ask(batch(*NAMES[:size])).status_code for size in (3, 2, 1)]
    assert statuses == [502, 200, 200]


def test_above_a_number_of_ids(client: Client) -> None:
    """Ids of `nodes` count like aliases."""
    client.server.faults.add(Fault(actions.bad_gateway(), above=2))
    ids = [repository.node_id for repository in client.server.world.repositories]
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert [client.ask(query, ids=ids[:size]).status_code for size in (3, 2)] == [502, 200]


def test_after_some_requests(client: Client) -> None:
    """A fault can wait for its turn and stop after it."""
    client.server.faults.add(Fault(actions.status(500), after=1, times=2))
    assert [client.get(SOUP).status_code for _ in range(5)] == [200, 500, 500, 200, 200]


def test_matched_by_path_and_text(client: Client) -> None:
    """A fault hits only the path, the query string or the document that it names."""
    client.server.faults.always(actions.status(500), path="/repos/*/languages")
    client.server.faults.always(actions.status(503), contains="per_page=7")
    client.server.faults.always(actions.status(502), contains="chart-clinic")
    assert client.get(f"{SOUP}/languages").status_code == 500
    assert client.get(f"{SOUP}/tags?per_page=7").status_code == 503
    assert client.ask(batch(NAMES[1])).status_code == 502
    assert client.ask(batch(NAMES[0])).status_code == 200


def test_secondary_limits(client: Client, clock: Hands) -> None:
    """A secondary limit comes with seconds, with a date, with much too much, or with nothing."""
    later = clock.now + timedelta(seconds=90)
    script = [
        actions.secondary_limit(30),
        actions.secondary_limit(at=later, code=429),
        actions.secondary_limit(86_400),
        actions.secondary_limit(),
    ]
    for action in script:
        client.server.faults.once(action)
    answers = [client.get(SOUP) for _ in script]
    assert [a.headers.get("retry-after") for a in answers] == [
        "30",
        "Fri, 20 Nov 2026 06:01:30 GMT",
        "86400",
        None,
    ]
    assert [a.status_code for a in answers] == [403, 429, 403, 403]
    assert [a.headers["x-ratelimit-remaining"] for a in answers] == ["4999", "4998", "4997", "4996"]
    assert all("secondary rate limit" in a.json()["message"] for a in answers)


@pytest.mark.parametrize(("code", "reset_in"), [(403, 5), (429, 3_000)])
def test_primary_limits(client: Client, clock: Hands, code: int, reset_in: int) -> None:
    """A primary limit tells when it ends, near or far."""
    client.server.faults.once(actions.primary_limit(clock, reset_in, code))
    answer = client.get(SOUP)
    assert answer.status_code == code
    assert answer.headers["x-ratelimit-remaining"] == "0"
    assert int(answer.headers["x-ratelimit-reset"]) == int(clock().timestamp()) + reset_in


@pytest.mark.parametrize("kind", ["RATE_LIMIT", "RATE_LIMITED"])
def test_limits_with_status_200(client: Client, kind: str) -> None:
    """GraphQL says that the hour is used up with status 200 and an error."""
    client.server.faults.once(actions.rate_limited_query(kind))
    answer = client.ask(batch(*NAMES))
    assert answer.status_code == 200
    assert answer.json()["errors"][0]["type"] == kind
    assert "data" not in answer.json()


def test_primary_limit_with_status_200(client: Client, clock: Hands) -> None:
    """The same with the headers of a primary limit."""
    client.server.faults.once(actions.primary_limit(clock, 60, code=200))
    answer = client.ask(batch(*NAMES))
    assert (answer.status_code, answer.headers["x-ratelimit-resource"]) == (200, "graphql")
    assert answer.json()["errors"][0]["type"] == "RATE_LIMITED"


def test_resource_limits_leave_a_part(client: Client) -> None:
    """RESOURCE_LIMITS_EXCEEDED leaves the last aliases null and the first ones intact."""
    client.server.faults.once(actions.resource_limits(share=0.4))
    body = client.ask(batch(*NAMES)).json()
    assert [bool(body["data"][alias]) for alias, _ in NAMES] == [True, False, False]
    assert {error["type"] for error in body["errors"]} == {"RESOURCE_LIMITS_EXCEEDED"}


def test_partial_data(client: Client) -> None:
    """Several aliases can be missing at once."""
    client.server.faults.once(actions.missing("a", "c"))
    body = client.ask(batch(*NAMES)).json()
    assert body["data"]["b"] == {"name": "chart-clinic"}
    assert [error["path"] for error in body["errors"]] == [["a"], ["c"]]


def test_a_token_without_scopes(client: Client) -> None:
    """A token can lack scopes, as its headers or a refused query tell."""
    client.server.set_scopes("token-of-a-person", "")
    client.server.faults.once(actions.insufficient_scopes(), path="/graphql")
    assert client.get(SOUP).headers["x-oauth-scopes"] == ""
    assert client.ask(batch(*NAMES)).json()["errors"][0]["type"] == "INSUFFICIENT_SCOPES"


def test_null_data(client: Client) -> None:
    """A query can be answered with nothing but an apology."""
    client.server.faults.once(actions.null_data())
    assert client.ask(batch(*NAMES)).json()["data"] is None


def test_bodies_that_cannot_be_read(client: Client) -> None:
    """Malformed JSON and a web page with status 200 arrive as they are."""
    client.server.faults.once(actions.malformed_json())
    client.server.faults.once(actions.html_with_200())
    broken, page = client.get(SOUP), client.get(SOUP)
    assert broken.status_code == page.status_code == 200
    for answer in (broken, page):
        with pytest.raises(requests.exceptions.JSONDecodeError):
            answer.json()
    assert page.headers["content-type"].startswith("text/html")


def test_endless_202(client: Client) -> None:
    """202 can go on for ever."""
    client.server.faults.always(actions.still_working(), path="/repos/*")
    assert {client.get(SOUP).status_code for _ in range(5)} == {202}


def test_bad_credentials(client: Client) -> None:
    """A token can be refused in the middle of a run."""
    client.server.faults.add(Fault(actions.bad_credentials(), after=1))
    assert [client.get(SOUP).status_code for _ in range(2)] == [200, 401]


@pytest.mark.parametrize("action", [actions.connection_reset(), actions.truncated()])
def test_connections_that_break(client: Client, action: Action) -> None:
    """A reset or a truncated body is an error of the connection; the next request works."""
    client.server.faults.once(action)
    with pytest.raises(requests.exceptions.RequestException):
        client.get(SOUP)
    assert client.get(SOUP).status_code == 200


def test_answers_that_do_not_come(client: Client) -> None:
    """A hanging answer keeps the client waiting, and stopping the server ends it at once."""
    client.server.faults.once(actions.hang())
    with pytest.raises(requests.exceptions.Timeout):
        requests.get(client.server.api_url + SOUP, timeout=0.2)


def test_answers_that_come_in_drops(client: Client) -> None:
    """A dripping answer sends byte after byte, so that no time-out of a single read ends it."""
    client.server.faults.once(actions.drip(0.02))
    came = b""
    with socket.create_connection(("127.0.0.1", client.server.port), timeout=1) as raw:
        raw.sendall(f"GET {SOUP} HTTP/1.1\r\nHost: sandbox\r\n\r\n".encode())
        for _ in range(12):
            came += raw.recv(1)
        assert came == b"HTTP/1.1 200"
        raw.settimeout(0)
        with pytest.raises(BlockingIOError):
            raw.recv(100)


def test_latency(client: Client) -> None:
    """Latency holds every answer back."""
    client.get(SOUP)
    client.server.latency = 0.05
    started = time.monotonic()
    client.get(SOUP)
    assert time.monotonic() - started >= 0.05


def test_everything_is_counted(client: Client) -> None:
    """Requests, points and bytes are counted, faults included, and counting can start again."""
    client.get(SOUP)
    client.server.faults.once(actions.status(500))
    client.get(SOUP)
    client.ask(batch(*NAMES))
    counts = client.server.counts
    assert (counts.requests, counts.rest, counts.graphql) == (3, 2, 1)
    assert (counts.points, counts.charged) == (1, 1)
    assert counts.statuses == {200: 2, 500: 1}
    assert counts.log[-1].batch == 3
    assert counts.bytes_in > 100 < counts.bytes_out
    counts.reset()
    assert (counts.requests, counts.log) == (0, [])
