"""Lists of repositories come whole from GitHub, page by page, or the command says why not."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from aggregator.demo.world import Account
from aggregator.github.listings import Listings
from aggregator.github.opening import Endpoint, open_listings
from aggregator.words.errors import AbsentError, SourceError
from aggregator.words.names import RepoName
from tests.stand_in import actions
from tests.stand_in.server import Server, serve
from tests.stand_in.synthetic import synthetic_world
from tests.stand_in.world import World, sample_community

OWNER = "larkmere-hospitals"


@pytest.fixture
def server() -> Iterator[Server]:
    """A stand-in for GitHub with the sample community."""
    with serve(sample_community()) as made:
        yield made


@pytest.fixture(params=["any-word", None], ids=["token", "no-token"])
def github(server: Server, request: pytest.FixtureRequest) -> Iterator[Listings]:
    """What asks it for lists, with a token and without one."""
    with open_listings(Endpoint(server.api_url, server.graphql_url, request.param)) as made:
        yield made


def test_an_owner_is_asked_for_by_what_they_are(github: Listings, server: Server) -> None:
    """An organisation and a person each give their public repositories, and private ones stay."""
    hidden = server.world.owned_by(OWNER)[0].full_name
    server.world.make_private(hidden)
    found = github.owner(OWNER.upper())
    assert (found.login, found.is_organisation) == (OWNER, True)
    assert found.name == "Larkmere University Hospitals"
    names = [one.name for one in github.owned_by(found).repositories]
    assert names == [one.full_name for one in server.world.owned_by(OWNER)]
    assert hidden not in names
    person = github.owner("odette-quill")
    assert not person.is_organisation
    assert github.owned_by(person).repositories


@pytest.mark.parametrize(("length", "more"), [(230, False), (2_001, True)])
def test_a_long_list_is_read_page_by_page(length: int, more: bool) -> None:
    """A list of several pages comes whole; of one without an end it is said that there is more."""
    world = World(replace(one, owner="many") for one in synthetic_world(length).repositories)
    with (
        serve(world) as server,
        open_listings(Endpoint(server.api_url, server.graphql_url, "any-word")) as github,
    ):
        found = github.owned_by(github.owner("many"))
    assert len({one.name for one in found.repositories}) == min(length, 2_000)
    assert found.more is more


def test_a_topic_and_stars_are_lists_too(github: Listings, server: Server) -> None:
    """What GitHub lists under a topic, and what somebody has starred."""
    topic = next(topic for one in server.world.repositories for topic in one.topics)
    wanted = {one.full_name for one in server.world.public if topic in one.topics}
    assert {one.name for one in github.with_topic(topic).repositories} == wanted
    starred = (min(wanted), "nobody/nothing")
    server.world._accounts["odette-quill"] = Account("odette-quill", starred=starred)
    (one,) = github.starred_by("odette-quill").repositories
    assert one.name == min(wanted)


def test_the_readme_of_a_list_comes_as_text(github: Listings) -> None:
    """An awesome list is read as its README stands in the repository."""
    assert github.readme_of(RepoName.parse(f"{OWNER}/ward-weather")).startswith("#")


@pytest.mark.parametrize("login", ["nobody-at-all", "../../user", "a b"])
def test_an_owner_that_is_not_there_is_absent(github: Listings, login: str) -> None:
    """A slip is told as one; no name reaches another address of GitHub."""
    with pytest.raises(AbsentError, match="check how it is spelt"):
        github.owner(login)


@pytest.mark.parametrize(
    "action", [actions.bad_gateway(502), actions.connection_reset(), actions.malformed_json()]
)
def test_a_list_that_does_not_come_is_said(
    github: Listings, server: Server, action: actions.Action
) -> None:
    """No answer is never an empty list."""
    owner = github.owner(OWNER)
    server.faults.always(action)
    with pytest.raises(SourceError, match="GitHub did not give the projects of"):
        github.owned_by(owner)
