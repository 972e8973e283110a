"""GraphQL answers as GitHub's do, under the sandbox's schema and under GitHub's own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from graphql import GraphQLInputObjectType, GraphQLObjectType, build_schema, parse, validate

from aggregator.github import documents
from tests.demo.conftest import Client, Hands
from tests.stand_in.graph import whole_schema
from tests.stand_in.server import Server, serve
from tests.stand_in.world import sample_community

CASES = Path(__file__).parent.parent / "cases" / "demo" / "queries"
QUERIES = sorted(CASES.glob("*.graphql"))
CLIENT_QUERIES = Path(__file__).parent.parent.parent / "aggregator" / "github" / "queries"


@pytest.fixture(scope="module")
def published(github_schema: Path) -> Any:
    """GitHub's published schema."""
    return build_schema(github_schema.read_text("utf-8"), assume_valid=True)


@pytest.fixture
def published_client(published: Any) -> Iterator[Client]:
    """Somebody who asks a sandbox that runs under GitHub's whole schema."""
    context = serve(sample_community(), clock=Hands(), schema=published)
    with context as server, requests.Session() as session:
        yield Client(server, session=session)


def test_own_schema_is_a_part_of_the_published_one(published: Any) -> None:
    """Every type, field and argument of the sandbox exists at GitHub with the same type."""
    wrong = []
    for name, kind in whole_schema().type_map.items():
        if isinstance(kind, GraphQLObjectType | GraphQLInputObjectType) and name[:2] != "__":
            theirs = published.type_map[name].fields
            for field, ours in kind.fields.items():
                if field not in theirs or str(theirs[field].type) != str(ours.type):
                    wrong.append(f"{name}.{field}")
                for argument, our in getattr(ours, "args", {}).items():
                    their = theirs[field].args.get(argument)
                    if their is None or str(their.type) != str(our.type):
                        wrong.append(f"{name}.{field}({argument})")
    assert wrong == []


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_cases_give_the_same_under_both_schemas(
    client: Client, published_client: Client, path: Path
) -> None:
    """A query is answered alike under the sandbox's schema and under GitHub's."""
    query = path.read_text("utf-8")
    ours, theirs = client.ask(query).json(), published_client.ask(query).json()
    assert ours == theirs
    assert ours["data"]


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_cases_are_valid_at_github(published: Any, path: Path) -> None:
    """Every query of the cases passes all rules under GitHub's schema."""
    assert validate(published, parse(path.read_text("utf-8"))) == []


def test_every_field_is_asked_in_some_case() -> None:
    """Each field of a repository that is answered stands in some case."""
    asked = " ".join(path.read_text("utf-8") for path in QUERIES)
    words = set(asked.replace("(", " ").replace("{", " ").replace(":", " ").split())
    assert set(whole_schema().type_map["Repository"].fields) - words == set()


def test_every_document_of_the_client_is_answered(client: Client) -> None:
    """What the fetcher asks about repositories is answered without an error."""
    ids = [repository.node_id for repository in client.server.world.repositories]
    detailed = documents.depth([(node, True, True) for node in ids[:25]])
    looked = documents.glance(["wrenford-icb/wl-sim"])
    depth = client.data(detailed.text, **detailed.variables)
    glance = client.data(looked.text, **looked.variables)
    assert all(depth[f"r{number}"] for number in range(25))
    assert glance["r0"]["nameWithOwner"] == "wrenford-icb/waiting-list-ladder"


def test_a_token_is_needed(stranger: Client) -> None:
    """GraphQL without a token is refused with 401."""
    assert stranger.ask("{viewer{login}}").status_code == 401


def test_missing_repositories_leave_the_others_intact(client: Client) -> None:
    """A missing or private repository is null with NOT_FOUND; its neighbours are answered."""
    client.server.world.make_private("odette-quill/rota-roulette")
    answer = client.ask(
        """{
        gone: repository(owner: "nobody", name: "nothing") { id }
        here: repository(owner: "health-data-guild", name: "acronym-soup") { name }
        shut: repository(owner: "odette-quill", name: "rota-roulette") { id }
        }"""
    )
    body = answer.json()
    assert answer.status_code == 200
    assert body["data"] == {"gone": None, "here": {"name": "acronym-soup"}, "shut": None}
    assert [(e["type"], e["path"]) for e in body["errors"]] == [
        ("NOT_FOUND", ["gone"]),
        ("NOT_FOUND", ["shut"]),
    ]
    assert "Could not resolve to a Repository with the name 'nobody/nothing'." in str(body)


def test_single_sign_on_and_blocks(client: Client) -> None:
    """Single sign-on and blocks are FORBIDDEN, and sign-on says that it is the reason."""
    client.server.world.forbid_by_saml("odette-quill/rota-roulette")
    client.server.world.block("health-data-guild/acronym-soup")
    query = """{
        a: repository(owner: "odette-quill", name: "rota-roulette") { id }
        b: repository(owner: "health-data-guild", name: "acronym-soup") { id }
    }"""
    saml, block = client.ask(query).json()["errors"]
    assert (saml["type"], saml["extensions"]) == ("FORBIDDEN", {"saml_failure": True})
    assert (block["type"], block["message"]) == ("FORBIDDEN", "Repository access blocked")


def test_renames_are_followed_silently(client: Client) -> None:
    """An old name finds the repository, unless the query asks not to follow."""
    body = client.ask(
        """{
        a: repository(owner: "odette-quill", name: "suppress") { nameWithOwner }
        b: repository(owner: "odette-quill", name: "suppress", followRenames: false) { id }
        }"""
    ).json()
    assert body["data"]["a"]["nameWithOwner"] == "office-for-health-measures/suppress"
    assert body["data"]["b"] is None


def test_nodes_by_id(client: Client) -> None:
    """Ids are answered in order, with null and an error for those that lead nowhere."""
    known = client.server.world.repositories[0]
    body = client.ask(
        "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Repository { databaseId } } }",
        ids=[known.node_id, "R_kgDOAAAAAQ", "rubbish"],
    ).json()
    assert body["data"]["nodes"] == [{"databaseId": known.id}, None, None]
    assert [error["path"] for error in body["errors"]] == [["nodes", 1], ["nodes", 2]]


def test_an_empty_repository_has_no_head(client: Client) -> None:
    """An empty repository has a null head and no objects."""
    data = client.data(
        """{ repository(owner: "wrenford-icb", name: "winter-plan-2026") {
        isEmpty defaultBranchRef { name } object(expression: "HEAD:") { oid } } }"""
    )
    assert data["repository"] == {"isEmpty": True, "defaultBranchRef": None, "object": None}


def test_blobs_are_cut_where_github_cuts(client: Client) -> None:
    """Text ends after 512,000 bytes and says so; binary has none."""
    name = "health-data-guild/acronym-soup"
    client.server.world.push(name, {"README.md": b"x" * 600_000, "logo.png": b"\x89PNG\0\0"})
    blob = "{ ... on Blob { text isTruncated isBinary byteSize } }"
    found = client.data(
        f"""{{ repository(owner: "health-data-guild", name: "acronym-soup") {{
        readme: object(expression: "HEAD:README.md") {blob}
        logo: object(expression: "HEAD:logo.png") {blob} }} }}"""
    )["repository"]
    assert len(found["readme"]["text"]) == 512_000
    assert (found["readme"]["isTruncated"], found["readme"]["byteSize"]) == (True, 600_000)
    assert (found["logo"]["isBinary"], found["logo"]["text"]) == (True, None)


def test_stargazers_are_refused(client: Client) -> None:
    """The list of stargazers is restricted while their number is not."""
    body = client.ask(
        """{ repository(owner: "health-data-guild", name: "acronym-soup") {
        stargazerCount stargazers(first: 1) { totalCount } } }"""
    ).json()
    assert body["errors"][0]["type"] == "FORBIDDEN"
    assert body["errors"][0]["path"] == ["repository", "stargazers"]


def test_points_are_counted_as_documented(client: Client) -> None:
    """Scalars of a hundred repositories cost 1 point, connections cost by their number."""
    one = '(owner: "health-data-guild", name: "acronym-soup")'
    scalars = " ".join(f"r{n}: repository{one} {{ name }}" for n in range(100))
    counts = " ".join(
        f"r{n}: repository{one} {{ issues {{ totalCount }} releases(first: 5) {{ totalCount }} }}"
        for n in range(100)
    )
    labels = "labels(first: 5) { totalCount }"
    nested = f"repository{one} {{ issues(first: 100) {{ nodes {{ {labels} }} }} }}"
    costs = [
        client.data(f"{{ {body} rateLimit {{ cost }} }}")["rateLimit"]["cost"]
        for body in (scalars, counts, nested)
    ]
    assert costs == [1, 2, 1]
    assert client.server.counts.points == 4


def test_nodes_by_id_are_multiplied(client: Client) -> None:
    """Two connections of fifty nodes are a hundred requests, and of a hundred nodes two points."""
    ids = [client.server.world.repositories[0].node_id] * 100
    query = """query($ids: [ID!]!) { rateLimit { cost } nodes(ids: $ids) { ... on Repository {
        issues { totalCount } pullRequests { totalCount } } } }"""
    costs = [client.data(query, ids=ids[:size])["rateLimit"]["cost"] for size in (50, 100)]
    assert costs == [1, 2]


def test_a_hundred_ids_at_most(client: Client) -> None:
    """More than a hundred ids at once are refused."""
    ids = [client.server.world.repositories[0].node_id] * 101
    body = client.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids).json()
    assert body["errors"][0]["type"] == "ARGUMENT_LIMIT"
    assert body["data"] is None


def test_points_run_out(client: Client, clock: Hands) -> None:
    """A caller without points gets status 200 with RATE_LIMITED, until the hour is over."""
    client.server.set_limit("token-of-a-person", "graphql", 2)
    answers = [client.ask("{ viewer { login } }") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert answers[2].json()["errors"][0]["type"] == "RATE_LIMITED"
    assert answers[2].headers["x-ratelimit-remaining"] == "0"
    assert answers[2].headers["x-ratelimit-resource"] == "graphql"
    clock.forward(hours=1)
    assert "errors" not in client.ask("{ viewer { login } }").json()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("issues(first: 101) { totalCount }", "EXCESSIVE_PAGINATION"),
        ("issues { nodes { title } }", "MISSING_PAGINATION_BOUNDARIES"),
    ],
)
def test_pages_have_bounds(client: Client, body: str, kind: str) -> None:
    """A page of more than a hundred, or without a size, is refused."""
    query = f'{{ repository(owner: "health-data-guild", name: "acronym-soup") {{ {body} }} }}'
    assert client.ask(query).json()["errors"][0]["type"] == kind


@pytest.mark.parametrize(
    "query",
    ["{ repository(owner: 1) { id } }", "{ nothing }", "{ viewer { ", "{ viewer { ...Absent } }"],
)
def test_mistaken_queries(client: Client, query: str) -> None:
    """A query with a mistake gets errors and no data, with status 200."""
    answer = client.ask(query)
    assert answer.status_code == 200
    assert answer.json().keys() == {"errors"}


def test_bodies_that_are_no_query(client: Client) -> None:
    """A body that is no JSON object with a query is refused with 400."""
    for body in (b"nonsense", b"[]", b'{"query": 1}', b""):
        answer = client.session.post(
            client.server.graphql_url,
            data=body,
            headers={"Authorization": "bearer token-of-a-person"},
            timeout=10,
        )
        assert answer.status_code == 400


def test_connections_come_in_pages(client: Client) -> None:
    """Cursors lead through all commits without gaps or repetition."""
    seen, cursor = [], None
    query = """query($after: String) {
      repository(owner: "larkmere-hospitals", name: "letter-lens") { defaultBranchRef { target {
      ... on Commit { history(first: 40, after: $after) {
        totalCount nodes { oid } pageInfo { endCursor hasNextPage } } } } } } }"""
    while True:
        page = client.data(query, after=cursor)["repository"]["defaultBranchRef"]["target"]
        seen += [node["oid"] for node in page["history"]["nodes"]]
        if not page["history"]["pageInfo"]["hasNextPage"]:
            break
        cursor = page["history"]["pageInfo"]["endCursor"]
    assert len(seen) == len(set(seen)) == page["history"]["totalCount"] == 88


def test_restricted_fields_can_be_chosen(server: Server, client: Client) -> None:
    """Watchers are counted unless the server restricts them too."""
    query = """{ repository(owner: "health-data-guild", name: "acronym-soup") {
        watchers { totalCount } } }"""
    assert client.data(query)["repository"]["watchers"]["totalCount"] == 9
    server.restrict("watchers")
    assert client.ask(query).json()["errors"][0]["type"] == "FORBIDDEN"


def test_a_hundred_repositories_are_one_exchange(client: Client) -> None:
    """A batch of a hundred comes back whole, each repository under its own name."""
    declared = " ".join(f"$o{n}: String! $n{n}: String!" for n in range(100))
    asked = " ".join(f"r{n}: repository(owner: $o{n}, name: $n{n}) {{ ...S }}" for n in range(100))
    query = f"query({declared}) {{ {asked} }} fragment S on Repository {{ nameWithOwner }}"
    owners = {f"o{n}": "health-data-guild" for n in range(100)}
    names = {f"n{n}": "acronym-soup" for n in range(100)}
    data = client.data(query, **owners, **names)
    assert data == {
        f"r{n}": {"nameWithOwner": "health-data-guild/acronym-soup"} for n in range(100)
    }
