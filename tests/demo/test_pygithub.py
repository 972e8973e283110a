"""PyGithub, the library that real clients use, works against the sandbox unchanged."""

from collections.abc import Iterator

import pytest
from github import Auth, Github, GithubException, UnknownObjectException

from tests.stand_in.server import Server


@pytest.fixture
def library(server: Server) -> Iterator[Github]:
    """PyGithub with a token, pointed at the sandbox, without pauses or retries."""
    made = Github(
        auth=Auth.Token("token-of-a-person"),
        base_url=server.api_url,
        retry=None,
        seconds_between_requests=0,
        seconds_between_writes=0,
    )
    yield made
    made.close()


def test_a_repository_with_everything(library: Github) -> None:
    """Facts, lists and files of a repository arrive as PyGithub's objects."""
    found = library.get_repo("larkmere-hospitals/ward-weather")
    assert (found.stargazers_count, found.language, found.default_branch) == (143, "Python", "main")
    assert found.get_readme().decoded_content.startswith(b"# Ward weather")
    assert found.get_topics()[0] == "forecasting"
    assert found.get_languages()["Python"] == 86210
    assert found.get_license().license.spdx_id == "MIT"
    assert found.get_releases()[0].tag_name == "v2.3.0"
    assert found.get_latest_release().name == "Storms have names now"
    assert found.get_contributors().totalCount == 3
    assert found.get_commits().totalCount == 412
    assert {content.name for content in found.get_contents("docs")} == {
        "method.md",
        "score-card.md",
    }
    assert found.get_issues(labels=["good first issue"]).totalCount == 2
    assert found.owner.login == "larkmere-hospitals"


def test_renamed_repositories_are_followed(library: Github) -> None:
    """An old name gives the repository under its new one."""
    assert library.get_repo("wrenford-icb/wl-sim").name == "waiting-list-ladder"


def test_by_number(library: Github) -> None:
    """A repository is found by its number."""
    number = library.get_repo("health-data-guild/acronym-soup").id
    assert library.get_repo(number).full_name == "health-data-guild/acronym-soup"


def test_missing_and_blocked(library: Github, server: Server) -> None:
    """Missing is 404 and blocked 451, as exceptions that carry the status."""
    server.world.block("health-data-guild/acronym-soup")
    with pytest.raises(UnknownObjectException):
        library.get_repo("nobody/nothing")
    with pytest.raises(GithubException) as raised:
        library.get_repo("health-data-guild/acronym-soup")
    assert raised.value.status == 451


def test_graphql_through_the_requester(library: Github, server: Server) -> None:
    """A GraphQL request can be sent through PyGithub's requester."""
    body = {"query": "{ viewer { login } }"}
    _, data = library.requester.requestJsonAndCheck("POST", server.graphql_url, input=body)
    assert data["data"]["viewer"]["login"] == "sandbox-visitor"


def test_limits_and_search(library: Github) -> None:
    """Limits and searches arrive as PyGithub's objects."""
    assert library.get_rate_limit().resources.core.limit == 5000
    found = library.search_issues('label:"help wanted" is:open org:wrenford-icb')
    assert found.totalCount == 2
