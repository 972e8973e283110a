"""Every REST body of the sandbox is one that GitHub's own description allows."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.demo.conftest import Client
from tests.demo.openapi import complaints, read_description
from tests.stand_in.synthetic import synthetic_world
from tests.stand_in.world import World, load_corpus, sample_community

BELOW = (
    "",
    "/readme",
    "/languages",
    "/topics",
    "/license",
    "/contributors",
    "/releases",
    "/releases/latest",
    "/tags",
    "/branches",
    "/community/profile",
    "/commits",
)
# Where the answer depends on the repository: GitHub answers these as well.
MAY_MISS = {"/readme", "/license", "/releases/latest"}
ELSEWHERE = (
    ("/rate_limit", "/rate_limit"),
    ("/orgs/{org}", "/orgs/larkmere-hospitals"),
    ("/orgs/{org}/repos", "/orgs/larkmere-hospitals/repos"),
    ("/users/{username}", "/users/odette-quill"),
    ("/users/{username}/repos", "/users/odette-quill/repos"),
    ("/search/repositories", "/search/repositories?q=topic:rstats"),
)


@pytest.fixture(scope="module")
def description(corpus: Path) -> dict[str, Any]:
    """GitHub's description of its REST API."""
    return read_description(corpus)


def wrong_bodies(client: Client, description: dict[str, Any], name: str) -> list[str]:
    """Ask for everything below a repository and collect what GitHub would not send."""
    found = []
    for below in BELOW:
        answer = client.get(f"/repos/{name}{below}")
        if answer.status_code == 204 or (answer.status_code == 404 and below in MAY_MISS):
            continue
        if answer.status_code == 409 and below == "/commits":
            continue
        path = "/repos/{owner}/{repo}" + below
        assert answer.status_code == 200, (name, below, answer.text)
        found += [
            f"{name}{below} {line}"
            for line in complaints(description, path, answer.status_code, answer.json())
        ]
    return found


@pytest.mark.corpus
def test_sample_bodies(client: Client, description: dict[str, Any]) -> None:
    """Every body about a repository of the sample community fits GitHub's description."""
    wrong = [
        line
        for name in client.server.world.names
        for line in wrong_bodies(client, description, name)
    ]
    assert wrong == []


@pytest.mark.corpus
@pytest.mark.parametrize(("path", "address"), ELSEWHERE)
def test_other_bodies(client: Client, description: dict[str, Any], path: str, address: str) -> None:
    """Bodies about owners, limits and searches fit GitHub's description."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert complaints(description, path, 200, answer.json()) == []


@pytest.mark.corpus
def test_contents_and_trees(client: Client, description: dict[str, Any]) -> None:
    """Files, folders and git trees fit GitHub's description."""
    name = "larkmere-hospitals/ward-weather"
    contents, trees = (
        "/repos/{owner}/{repo}/contents/{path}",
        "/repos/{owner}/{repo}/git/trees/{tree_sha}",
    )
    for below, path in (
        ("/contents/README.md", contents),
        ("/contents/docs", contents),
        ("/contents", contents),
        ("/git/trees/main", trees),
        ("/git/trees/HEAD?recursive=1", trees),
    ):
        answer = client.get(f"/repos/{name}{below}")
        assert answer.status_code == 200
        assert complaints(description, path, 200, answer.json()) == [], below


@pytest.mark.corpus
def test_synthetic_bodies(
    open_client: Callable[[World], Client], description: dict[str, Any]
) -> None:
    """Made-up repositories of a benchmark look like real ones."""
    client = open_client(synthetic_world(12))
    wrong = [
        line
        for name in client.server.world.names
        for line in wrong_bodies(client, description, name)
    ]
    assert wrong == []


@pytest.mark.corpus
def test_real_data_bodies(
    corpus: Path, open_client: Callable[[World], Client], description: dict[str, Any]
) -> None:
    """Real repositories fit too, apart from dates of pushes that nobody knows."""
    client = open_client(load_corpus(corpus))
    names = client.server.world.names[::25]
    wrong = [line for name in names for line in wrong_bodies(client, description, name)]
    assert [line for line in wrong if "pushed_at" not in line] == []


@pytest.mark.corpus
def test_refusals_follow_the_description(client: Client, description: dict[str, Any]) -> None:
    """Renamed and missing repositories are refused as GitHub's description says."""
    path = "/repos/{owner}/{repo}"
    for name, status in (("wrenford-icb/wl-sim", 301), ("nobody/nothing", 404)):
        answer = client.get(f"/repos/{name}")
        assert answer.status_code == status
        assert complaints(description, path, status, answer.json()) == []


def test_issue_bodies(client: Client) -> None:
    """Issues and pull requests come in one list, and only pull requests say that they are."""
    found = client.get("/repos/larkmere-hospitals/ward-weather/issues?state=all").json()
    pulls = {issue["title"] for issue in found if "pull_request" in issue}
    assert pulls == {"Add a discharge-before-noon layer"}
    assert len(found) == 5


def test_every_world_has_its_names() -> None:
    """The sample community holds about two dozen repositories of eight owners."""
    world = sample_community()
    assert 22 <= len(world) <= 28
    assert len({name.partition("/")[0] for name in world.names}) == 8
