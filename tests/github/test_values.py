"""What strangers wrote is read with care: the right type, within bounds, or not at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.facts import FundingLink, Identity
from aggregator.github import values
from aggregator.github.files import Named, find_readme
from aggregator.github.parse import read_depth, read_glance
from aggregator.github.rest import read_repository
from aggregator.github.statements import read_statements
from tests.fetch.conftest import FIRST_NIGHT

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
NODE = {
    "id": "R_1",
    "databaseId": 1,
    "nameWithOwner": "owner/name",
    "defaultBranchRef": {"name": "main", "target": {"oid": "a" * 40}},
}
FIELDS = [
    "description",
    "homepageUrl",
    "stargazerCount",
    "pushedAt",
    "licenseInfo",
    "owner",
    "defaultBranchRef",
    "parent",
    "repositoryTopics",
    "languages",
    "releases",
    "tags",
    "openIssues",
    "goodFirst",
    "fundingLinks",
    "root",
    "docs",
    "citation",
]


@given(st.text(max_size=60))
def test_web_addresses(text: str) -> None:
    """An address that is let through is one that the facts accept."""
    for candidate in (text, f"https://{text}", f"javascript:{text}"):
        found = values.web_address(candidate)
        if found is not None:
            assert FundingLink(platform="x", url=found).url.lower().startswith("http")


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://", "mailto:a@b.c", 7],
)
def test_addresses_that_are_none(text: object) -> None:
    """Anything but http and https is dropped."""
    assert values.homepage(text) is None


def test_homepage_without_a_scheme() -> None:
    """A homepage written without a scheme is taken for https."""
    assert values.homepage("example.org/docs") == "https://example.org/docs"


@pytest.mark.parametrize(
    "name", ["../..", "a/..", "a/.", "a/b/c", "a", "/b", "a/b\n", "a b/c", None, 3]
)
def test_names_that_are_none(name: object) -> None:
    """A name that could lead out of a folder is no name."""
    assert values.repo_name(name) is None
    if isinstance(name, str):
        with pytest.raises(ValueError, match="not owner/name"):
            Identity(repository_id=1, name_with_owner=name)


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING))
def test_any_answer_is_read(fields: dict[str, object]) -> None:
    """No answer, however odd, stops a run: what makes no sense is left unknown."""
    node = NODE | fields
    glance = read_glance(node, FIRST_NIGHT)
    assert glance is not None
    assert read_depth(node, glance, FIRST_NIGHT).details.readme_asked
    read_repository(node | {"id": 1, "full_name": "owner/name"}, FIRST_NIGHT)


@given(st.text(max_size=200), ANYTHING)
def test_any_file_is_read(text: str, content: object) -> None:
    """No CITATION.cff, codemeta.json or publiccode.yml, however odd, stops a run."""
    whole = json.dumps(content)
    read_statements(text, whole, text)
    read_statements(
        whole, json.dumps({"author": content, "license": content, "name": content}), whole
    )


def test_statements() -> None:
    """What projects say of themselves is read from all three files, publiccode.yml first."""
    citation = (
        "cff-version: 1.2.0\ntitle: Bed model\nversion: 1.10\ndoi: 10.5281/zenodo.1\n"
        "license: MIT\ndate-released: 2026-01-02\nkeywords: [beds]\n"
        "authors:\n- {given-names: Ada, family-names: Byron}\n- name: The team\n"
    )
    codemeta = json.dumps(
        {
            "name": "bedmodel",
            "license": "https://spdx.org/licenses/MIT",
            "developmentStatus": "active",
            "author": [{"givenName": "Ada", "familyName": "Byron"}],
            "keywords": "beds, flow",
        }
    )
    publiccode = (
        "publiccodeYmlVersion: '0.4'\nname: Bed model\nlegal: {license: MIT}\n"
        "developmentStatus: stable\ndescription:\n  en: {shortDescription: Counts beds.}\n"
    )
    found = {s.path: s for s in read_statements(citation, codemeta, publiccode)}
    assert list(found) == ["publiccode.yml", "codemeta.json", "CITATION.cff"]
    assert found["publiccode.yml"].description == "Counts beds."
    assert found["publiccode.yml"].status == "stable"
    assert found["codemeta.json"].licence == "https://spdx.org/licenses/MIT"  # as it stands there
    assert found["codemeta.json"].keywords == ("beds", "flow")
    assert found["CITATION.cff"].authors == ("Ada Byron", "The team")
    assert found["CITATION.cff"].released_on is not None


def test_yaml_that_multiplies_itself_is_refused() -> None:
    """A file whose anchors would grow to billions of words is left out."""
    bomb = "a: &a [x, x, x]\nb: &b [*a, *a, *a]\ntitle: [*b, *b]\n"
    assert read_statements(bomb, None, None) == ()


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["README.rst", "README.md"], "README.md"),
        (["readme.txt", "Readme.rst"], "Readme.rst"),
        (["README", "docs/README.md"], "README"),
        ([".github/README.txt", "README.md"], ".github/README.txt"),
        (["docs/readme.md"], "docs/readme.md"),
        (["README.exe", "READMEs.md"], None),
        ([], None),
    ],
)
def test_which_file_is_the_readme(names: list[str], chosen: str | None) -> None:
    """The README is the one that GitHub shows: by folder first, then by format, in any case."""
    listings: dict[str, list[Named]] = {"": [], ".github": [], "docs": []}
    for path in names:
        folder, _, name = path.rpartition("/")
        listings[folder].append(Named(name, "blob", "a" * 40, 3))
    found = find_readme(listings)
    assert (found.path if found else None) == chosen
