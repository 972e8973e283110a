"""What strangers wrote is read with care: the right type, within bounds, or not at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.facts.repository import FundingLink, Identity
from aggregator.github import values
from aggregator.github.parse import read_depth, read_glance, read_repository
from aggregator.github.repository_files import TreeEntry, find_readme
from aggregator.github.statements import read_statements
from aggregator.words.clean import clean_address, clean_text
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
        found = clean_address(candidate)
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
    details = read_depth(node, glance, FIRST_NIGHT).details
    assert details is not None
    assert details.readme_asked
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
    found = {s.path: s for s in read_statements(citation, codemeta, publiccode)[0]}
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
    assert read_statements(bomb, None, None) == ((), ())


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
    found = find_readme([TreeEntry(path, "blob", "a" * 40, 3) for path in names])
    assert (found.path if found else None) == chosen


NURSE = "\U0001f469\u200d\u2695\ufe0f"
WALES = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"


@pytest.mark.parametrize(
    "written",
    [
        f"{NURSE} rotas",
        f"Cymru {WALES}",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian needs a non-joiner
        "Kranken\u00adhaus",
        "\u0e01\u0e32\u0e23\u200b\u0e41\u0e1e\u0e17\u0e22\u0e4c",  # Thai, with marks between words
        "\u05d7\u05d3\u05e8\u200f (3)",
        "\u2764\ufe0f and \u2764\ufe0e",
        "\U0001fae9 younger than this Python",
        "\U0001f1ec\U0001f1e7 flags",
    ],
)
def test_texts_stay_as_they_were_written(written: str) -> None:
    """What joins and parts the signs of a language belongs to its text."""
    assert clean_text(written) == written
    assert values.spoken(written) == written


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a\x00b\x1b[31mc", "a b [31mc"),
        ("one\r\n two\u2028three\u00a0four\x85five", "one two three four five"),
        ("\u202eevil\u202c and \u2067turned\u2069", "evil and turned"),
        ("half \ud83d of one", "half of one"),
        ("\ufeffbegins", "begins"),
        ("word\ufffe\uffffs", "words"),
        ("\u200b\u200d\u00ad", None),
        ("\x00\x01", None),
        ("", None),
    ],
)
def test_what_belongs_to_no_text_is_left_out(sent: str, kept: str | None) -> None:
    """Controls end words; halves of signs and marks that turn a page round leave no trace."""
    assert clean_text(sent) == kept


def test_a_long_text_is_not_cut_inside_a_sign() -> None:
    """The end of a text that is too long is a whole sign."""
    assert clean_text("x" * 5 + WALES, 9) == "x" * 5 + WALES[0]
    assert clean_text("x" * 5 + WALES + "y", 12) == "x" * 5 + WALES
    assert clean_text("xx" + NURSE, 4) == "xx" + NURSE[0]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (":hospital: Ward rota :tada:", "\U0001f3e5 Ward rota \U0001f389"),
        ("ready:rocket:", "ready\U0001f680"),
        ("12:30:tada:", "12:30\U0001f389"),
        (":+1: :100:", "\U0001f44d \U0001f4af"),
        ("at 10:30:45", "at 10:30:45"),
        ("std::vector :no_such_sign:", "std::vector :no_such_sign:"),
        (":tada", ":tada"),
    ],
)
def test_shortcodes_are_the_signs_that_github_shows(sent: str, shown: str) -> None:
    """A description says with signs what its owner typed as shortcodes."""
    assert values.spoken(sent) == shown


def test_shortcodes_wherever_github_shows_signs() -> None:
    """Descriptions, releases and titles of issues speak in signs, over both ways of asking."""
    glance = read_glance(NODE | {"description": ":tada: Rota"}, FIRST_NIGHT)
    assert glance is not None
    assert glance.description == "\U0001f389 Rota"
    raw = {"id": 1, "full_name": "owner/name", "description": ":tada: Rota"}
    over_rest = read_repository(raw, FIRST_NIGHT)
    assert over_rest is not None
    assert over_rest.description == glance.description
    page = "https://github.com/owner/name"
    node = NODE | {
        "releases": {"nodes": [{"name": f":tada: {NURSE} 1", "tagName": "v1", "url": page}]},
        "goodFirst": {
            "nodes": [{"title": ":bug: Fix", "url": page, "createdAt": "2026-11-01T00:00:00Z"}]
        },
    }
    depth = read_depth(node, glance, FIRST_NIGHT)
    assert depth.details is not None
    assert depth.details.releases is not None
    assert depth.details.releases[0].name == f"\U0001f389 {NURSE} 1"
    assert depth.counts is not None
    assert depth.counts.newest_good_first_issue is not None
    assert depth.counts.newest_good_first_issue.title == "\U0001f41b Fix"


def test_statements_say_what_was_typed() -> None:
    """Versions, days and words of YAML 1.1 are what their author typed, not what YAML makes."""
    (said,), _ = read_statements(
        "title: yes\nversion: 1.10\nkeywords: [on, 1_000, 0o17]\n"
        "date-released: 2026-11-01\nabstract: !!binary tagged\nlicense: ~\n"
        "url: &site https://x.example\nauthors: [{name: Ann}]\n",
        None,
        None,
    )
    assert said.title == "yes"
    assert said.version == "1.10"
    assert said.keywords == ("on", "1_000", "0o17")
    assert str(said.released_on) == "2026-11-01"
    assert said.authors == ("Ann",)
    assert (said.description, said.licence) == (None, None)


@pytest.mark.parametrize("number", [10**30, -1, True, 1.5, float("nan"), "7", None])
def test_counts_that_are_none(number: object) -> None:
    """A number that no store could keep, or that is none, is not known."""
    assert values.count(number) is None


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "x"])
def test_moments_that_no_clock_shows(moment: str) -> None:
    """A commit from the first or the last year of the calendar has no known date."""
    assert values.when(moment) is None


@pytest.mark.parametrize("name", ["", "a\x00b", "half\ud800", "x" * 5_000, "turn\u202ed", 7, None])
def test_file_names_that_are_none(name: object) -> None:
    """A file whose name nobody could write down is passed over."""
    assert values.file_name(name) is None
