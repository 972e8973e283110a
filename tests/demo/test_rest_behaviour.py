"""The habits of api.github.com on which a client depends, one by one."""

import base64

import pytest

from aggregator.demo.sample import REGISTRY
from tests.demo.conftest import Client, Hands
from tests.stand_in.server import Server

WEATHER = "/repos/larkmere-hospitals/ward-weather"


def test_headers_of_a_usual_answer(client: Client) -> None:
    """An answer carries the headers that GitHub sends."""
    headers = client.get(WEATHER).headers
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["x-ratelimit-limit"] == "5000"
    assert headers["x-ratelimit-remaining"] == "4999"
    assert headers["x-ratelimit-used"] == "1"
    assert headers["x-ratelimit-resource"] == "core"
    assert headers["x-ratelimit-reset"] == "1795158000"
    assert headers["x-github-request-id"]
    assert headers["x-github-media-type"] == "github.v3; format=json"
    assert headers["cache-control"] == "private, max-age=60, s-maxage=60"
    assert headers["date"] == "Fri, 20 Nov 2026 06:00:00 GMT"


def test_vary_comes_in_two_lines(client: Client, stranger: Client) -> None:
    """`Vary` is sent twice, and names Authorization only to those who sent one."""
    with_token = client.get(WEATHER).raw.headers.getlist("vary")
    without = stranger.get(WEATHER).raw.headers.getlist("vary")
    assert with_token == [
        "Accept, Authorization, Cookie, X-GitHub-OTP",
        "Accept-Encoding, Accept, X-Requested-With",
    ]
    assert without == ["Accept", "Accept-Encoding, Accept, X-Requested-With"]


def test_etags_differ_for_each_token(server: Server, client: Client, stranger: Client) -> None:
    """Two callers get different ETags for the same body."""
    other = Client(server, token="token-of-another")
    answers = [who.get(WEATHER) for who in (client, stranger, other)]
    assert len({answer.headers["etag"] for answer in answers}) == 3
    assert len({answer.content for answer in answers}) == 1


def test_not_modified_is_free_with_a_token(client: Client) -> None:
    """A conditional request that finds nothing new costs an authorised caller nothing."""
    first = client.get(WEATHER)
    again = client.get(WEATHER, If_None_Match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["x-ratelimit-remaining"] == first.headers["x-ratelimit-remaining"]
    assert client.server.counts.not_modified == 1
    assert client.server.counts.charged == 1


def test_not_modified_costs_a_stranger(stranger: Client) -> None:
    """Without a token the same request is charged."""
    first = stranger.get(WEATHER)
    again = stranger.get(WEATHER, If_None_Match=first.headers["etag"])
    assert again.status_code == 304
    assert again.headers["x-ratelimit-remaining"] == "58"


def test_the_date_counts_only_without_an_etag(client: Client) -> None:
    """An outdated ETag is answered in full although the date would match."""
    first = client.get(WEATHER)
    modified = first.headers["last-modified"]
    assert client.get(WEATHER, If_Modified_Since=modified).status_code == 304
    both = client.get(WEATHER, If_Modified_Since=modified, If_None_Match='"outdated"')
    assert both.status_code == 200


def test_an_etag_changes_with_the_repository(client: Client) -> None:
    """After a push the old ETag is answered in full."""
    tag = client.get(WEATHER).headers["etag"]
    client.server.world.push("larkmere-hospitals/ward-weather", {"README.md": b"# New\n"})
    assert client.get(WEATHER, If_None_Match=tag).status_code == 200


def test_a_stranger_has_sixty_an_hour(stranger: Client, clock: Hands) -> None:
    """The sixty-first request of an hour without a token is refused, until the hour is over."""
    answers = [stranger.get(WEATHER) for _ in range(61)]
    assert [answer.status_code for answer in answers] == [200] * 60 + [403]
    assert answers[-1].headers["x-ratelimit-remaining"] == "0"
    assert "API rate limit exceeded" in answers[-1].json()["message"]
    clock.forward(minutes=61)
    assert stranger.get(WEATHER).status_code == 200


def test_limits_depend_on_the_token(server: Server) -> None:
    """A person's token has 5,000 an hour, the token of a workflow 1,000."""
    limits = {
        token: Client(server, token=token).get(WEATHER).headers["x-ratelimit-limit"]
        for token in ("ghp_person", "ghs_workflow", None)
    }
    assert limits == {"ghp_person": "5000", "ghs_workflow": "1000", None: "60"}


def test_asking_for_the_limits_is_free(client: Client) -> None:
    """`/rate_limit` tells all allowances and takes nothing."""
    client.get(WEATHER)
    for _ in range(3):
        answer = client.get("/rate_limit").json()
    assert answer["resources"]["core"]["used"] == 1
    assert answer["resources"]["graphql"]["limit"] == 5000


def test_names_have_no_case(client: Client) -> None:
    """A name in any case finds the repository, and the answer has the owner's spelling."""
    answer = client.get("/repos/LARKMERE-Hospitals/Ward-WEATHER")
    assert answer.status_code == 200
    assert answer.json()["full_name"] == "larkmere-hospitals/ward-weather"


@pytest.mark.parametrize("below", ["", "/readme", "/releases?per_page=1"])
def test_a_renamed_repository_redirects(client: Client, below: str) -> None:
    """An old name leads to the number of the repository, and from there to the same answer."""
    answer = client.get(f"/repos/wrenford-icb/wl-sim{below}")
    assert answer.status_code == 301
    target = answer.headers["location"]
    assert target.startswith(f"{client.server.api_url}/repositories/")
    assert target.endswith(below)
    assert client.get(target).status_code == 200


def test_private_looks_like_gone(client: Client) -> None:
    """A private repository answers word for word like one that never was."""
    client.server.world.make_private("larkmere-hospitals/ward-weather")
    private, missing = client.get(WEATHER), client.get("/repos/nobody/nothing")
    assert private.status_code == missing.status_code == 404
    assert private.content == missing.content


def test_blocked_repositories(client: Client) -> None:
    """A takedown notice answers 451 with its reason, a breach of terms 403."""
    client.server.world.block("larkmere-hospitals/ward-weather")
    client.server.world.block("health-data-guild/acronym-soup", reason="tos")
    taken = client.get(f"{WEATHER}/readme")
    breach = client.get("/repos/health-data-guild/acronym-soup")
    assert (taken.status_code, taken.json()["block"]["reason"]) == (451, "dmca")
    assert (breach.status_code, breach.json()["block"]["reason"]) == (403, "tos")


def test_single_sign_on(client: Client, stranger: Client) -> None:
    """A token without single sign-on is refused where a stranger may look."""
    client.server.world.forbid_by_saml("larkmere-hospitals/ward-weather")
    refused = client.get(WEATHER)
    assert refused.status_code == 403
    assert refused.headers["x-github-sso"].startswith("required; url=")
    assert stranger.get(WEATHER).status_code == 200


def test_revoked_tokens(client: Client) -> None:
    """A revoked token gets 401 for everything."""
    client.server.revoke("token-of-a-person")
    assert client.get(WEATHER).status_code == 401
    assert client.ask("{viewer{login}}").status_code == 401
    assert client.get("/user").json()["message"] == "Bad credentials"


def test_lists_come_in_pages(client: Client) -> None:
    """`Link` leads through a list, in pages of the size asked for."""
    seen, url = [], f"{WEATHER}/commits?per_page=100"
    while url:
        answer = client.get(url)
        seen += [commit["sha"] for commit in answer.json()]
        url = answer.links.get("next", {}).get("url", "")
    assert len(seen) == len(set(seen)) == 412


def test_the_last_page_tells_the_number(client: Client) -> None:
    """One item a page makes the number of the last page the number of items."""
    answer = client.get(f"{WEATHER}/contributors?per_page=1&anon=1")
    assert answer.links["last"]["url"].endswith("page=3")


def test_commits_since(client: Client) -> None:
    """`since` leaves out what is older."""
    answer = client.get(f"{WEATHER}/commits?since=2026-11-01T00:00:00Z&per_page=100")
    dates = [commit["commit"]["author"]["date"] for commit in answer.json()]
    assert dates
    assert min(dates) >= "2026-11-01"
    assert dates == sorted(dates, reverse=True)


def test_readme_in_three_forms(client: Client) -> None:
    """A README comes as metadata with base64, as its bytes, or rendered."""
    path = "repositories/larkmere-hospitals/ward-weather/files/README.md"
    written = (REGISTRY.parent / path).read_bytes()
    plain = client.get(f"{WEATHER}/readme").json()
    raw = client.get(f"{WEATHER}/readme", Accept="application/vnd.github.raw+json")
    page = client.get(f"{WEATHER}/readme", Accept="application/vnd.github.html+json")
    assert base64.b64decode(plain["content"]) == raw.content == written
    assert "<h1>Ward weather</h1>" in page.text


def test_blobs_by_oid(client: Client) -> None:
    """The README's oid leads to the same bytes."""
    readme = client.get(f"{WEATHER}/readme").json()
    blob = client.get(f"{WEATHER}/git/blobs/{readme['sha']}").json()
    assert blob["content"] == readme["content"]


def test_a_large_readme(client: Client) -> None:
    """Above one megabyte metadata has no content, while the raw form has all of it."""
    text = b"# Large\n" + b"word " * 250_000
    client.server.world.push("larkmere-hospitals/ward-weather", {"README.md": text})
    assert client.get(f"{WEATHER}/readme").json()["encoding"] == "none"
    raw = client.get(f"{WEATHER}/readme", Accept="application/vnd.github.raw")
    assert raw.content == text


def test_an_empty_repository(client: Client) -> None:
    """An empty repository exists, has no README, and answers 409 for its commits."""
    path = "/repos/wrenford-icb/winter-plan-2026"
    statuses = [client.get(path + below).status_code for below in ("", "/readme", "/commits")]
    assert statuses == [200, 404, 409]
    assert client.get(f"{path}/contributors").status_code == 204


def test_a_fork_names_its_parent(client: Client) -> None:
    """A fork names the public repository it came from."""
    body = client.get("/repos/skerrin-ambulance/drive-time-rings").json()
    assert body["fork"] is True
    assert body["parent"]["full_name"] == "eastmarch-care-modelling/isochrone-kit"


def test_search_for_issues(client: Client) -> None:
    """Issues are found by label, state and repository."""
    query = 'is:issue is:open label:"good first issue" repo:larkmere-hospitals/ward-weather'
    answer = client.get(f"/search/issues?q={query}")
    assert answer.json()["total_count"] == 2
    assert answer.headers["x-ratelimit-resource"] == "search"


def test_bytes_travel_packed(client: Client) -> None:
    """Large answers are gzipped for clients that accept it, and the content stays the same."""
    packed = client.get(WEATHER)
    plain = client.get(WEATHER, Accept_Encoding="identity")
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content


def test_writing_is_refused(client: Client) -> None:
    """Nothing can be changed over HTTP."""
    answer = client.session.delete(client.server.api_url + WEATHER, timeout=10)
    assert answer.status_code in (404, 405, 501)
    assert client.get(WEATHER).status_code == 200
