"""Which file is a repository's README: every name GitHub knows, and links followed."""

from collections.abc import Callable

import pytest

from aggregator.demo.git import LinkTo
from aggregator.facts.repository import ReadmeBlob
from aggregator.github.repository_files import TreeEntry, find_readme, link_target
from tests.fetch.conftest import Nights
from tests.stand_in import actions

# Where a link is asked about: without a token, and with one.
LINK_QUESTION = (("*graphql*", "query Linked"), ("*/git/blobs/*",))
PAGE = b"# Beds\n\nBeds is a library that plans beds.\n\n![Plot](plot.png)\n"


POLISH = "# Dyżury\n\nTen program układa dyżury pielęgniarek.\n".encode("iso8859-2")


@pytest.fixture(params=["token", "no token"])
def night(request: pytest.FixtureRequest, open_nights: Callable[..., Nights]) -> Nights:
    """A showcase of one repository, with and without a token."""
    nights = open_nights(1, token="ghp_" + "b" * 36 if request.param == "token" else None)
    nights.server.set_limit(None, "core", 1000)
    return nights


def _readme_after(night: Nights, **files: bytes) -> ReadmeBlob | None:
    """Fetch a repository that has these files (`__` for a slash, `_` for a full stop)."""
    name = night.names[0]
    gone = dict.fromkeys(entry.path for entry in night.world.find(name).tree.walk())
    named = {path.replace("__", "/").replace("_", "."): text for path, text in files.items()}
    night.world.push(name, {**gone, **named}, at=f"{night.clock.now():%FT%TZ}")
    night.run()
    facts = night.record(name).facts
    assert facts is not None
    assert facts.details is not None
    return facts.details.readme


@pytest.mark.parametrize(
    "target", [b"docs/start.rst", b"./docs//start.rst", b"docs/../docs/start.rst"]
)
def test_a_link_leads_to_its_file(night: Nights, target: bytes) -> None:
    """A README that is a symbolic link is the file it leads to: its text and its place."""
    found = _readme_after(night, README_md=LinkTo(target), docs__start_rst=PAGE)
    assert found is not None
    assert found.path == "docs/start.rst"
    assert found.size == len(PAGE)
    assert night.snapshot().readme(night.record(night.names[0])) == PAGE


def test_a_link_in_a_folder_starts_from_there(night: Nights) -> None:
    """A link counts from the folder it stands in, and may lead through other links."""
    found = _readme_after(
        night,
        docs__README_md=LinkTo(b"../handbook/second.md"),
        handbook__second_md=LinkTo(b"third.md"),
        handbook__third_md=PAGE,
    )
    assert found is not None
    assert found.path == "handbook/third.md"


@pytest.mark.parametrize(
    ("target", "folder", "path"),
    [
        (b"docs/start.md", b"handbook", "handbook/start.md"),
        (b"docs/start.md", b"./books/../handbook/en", "handbook/en/start.md"),
        (b"docs/en/start.md", b"handbook", "handbook/en/start.md"),
    ],
)
def test_a_link_leads_through_a_linked_folder(
    night: Nights, target: bytes, folder: bytes, path: str
) -> None:
    """A folder on the way may be a link itself; the README is the file behind it."""
    tree = {path.replace("/", "__").replace(".", "_"): PAGE}
    found = _readme_after(night, README_md=LinkTo(target), docs=LinkTo(folder), **tree)
    assert found is not None
    assert found.path == path
    assert night.snapshot().readme(night.record(night.names[0])) == PAGE


@pytest.mark.parametrize("folder", [b"docs", b"../..", b"handbook/a.md", b"missing", b"/etc"])
def test_a_linked_folder_to_nothing_holds_no_readme(night: Nights, folder: bytes) -> None:
    """A link to a folder that is none, is outside or leads to itself holds no README."""
    links = {"README_md": LinkTo(b"docs/a.md"), "docs": LinkTo(folder)}
    assert _readme_after(night, **links, handbook__a_md=PAGE) is None


@pytest.mark.parametrize(
    "target",
    [b"../../../etc/passwd", b"/etc/passwd", b"handbook", b"missing.md", b"README.md", b"", b"."],
)
def test_a_link_to_nothing_is_no_readme(night: Nights, target: bytes) -> None:
    """A link out of the repository, to a folder, to nothing or to itself is no README."""
    assert _readme_after(night, README_md=LinkTo(target), handbook__a_md=PAGE) is None


def test_bytes_that_cannot_be_had_are_asked_again(night: Nights) -> None:
    """A README in another encoding is stored byte for byte, or asked for again the next night."""
    name = night.names[0]
    night.world.push(name, {"README.md": POLISH})
    night.server.faults.always(actions.bad_gateway(), "*/git/blobs/*")
    night.run()
    assert night.snapshot().readme(night.record(name)) is None
    night.server.faults.clear()
    night.run()
    assert night.snapshot().readme(night.record(name)) == POLISH


def test_a_link_is_asked_again_when_github_fails(night: Nights) -> None:
    """A night on which GitHub does not say where a link leads leaves the question open."""
    name = night.names[0]
    _readme_after(night, README_md=b"# Before\n")
    night.server.faults.always(actions.bad_gateway(), *LINK_QUESTION[night.token is None])
    night.world.push(
        name, {"README.md": LinkTo(b"a.md"), "a.md": PAGE}, at=f"{night.clock.now():%FT%TZ}"
    )
    night.run()
    assert night.snapshot().readme(night.record(name)) == b"# Before\n"
    night.server.faults.clear()
    night.run()
    assert night.snapshot().readme(night.record(name)) == PAGE


def test_a_link_that_moves_is_followed_anew(night: Nights) -> None:
    """When a link is pointed elsewhere the page shows the other file the next night."""
    _readme_after(night, README_md=LinkTo(b"one.md"), one_md=b"# One\n", two_md=PAGE)
    found = _readme_after(night, README_md=LinkTo(b"two.md"), two_md=PAGE)
    assert found is not None
    assert found.path == "two.md"


NAMES = """
    README.md readme.MDOWN README.mkdown README.workbook README.mdwn README.mkdn README.mdn
    README.rst README.ReST README.rst.txt README.rest.txt README.adoc README.asc README.org
    README.textile README.creole README.mediawiki README.wiki README.pod README.rdoc
    README.ipynb README.Rmd README.qmd README.txt README
"""


@pytest.mark.parametrize("name", NAMES.split())
def test_every_format_is_found(name: str) -> None:
    """A README is found in every format that GitHub renders, however its name is capitalised."""
    found = find_readme([TreeEntry("a.md", "blob", "1"), TreeEntry(name, "blob", "2")])
    assert found == ReadmeBlob(path=name, oid="2")


def test_folders_and_submodules_are_no_readme() -> None:
    """A folder or a submodule called README hides no README in another place."""
    root = [TreeEntry("README", "tree", "1"), TreeEntry("README.md", "commit", "2")]
    found = find_readme([*root, TreeEntry("docs/readme.txt", "blob", "3")])
    assert found == ReadmeBlob(path="docs/readme.txt", oid="3")


def test_markdown_goes_first() -> None:
    """Of several READMEs GitHub shows Markdown before others and plain text last."""
    names = ["README", "README.txt", "README.ipynb", "README.rst", "README.md"]
    found = find_readme([TreeEntry(name, "blob", name) for name in names])
    assert found is not None
    assert found.path == "README.md"


@pytest.mark.parametrize("written", ["a\0b", "x" * 5000, "a\nb", "..", "../x", "C:\\x"])
def test_hostile_targets_lead_nowhere(written: str) -> None:
    """A link's text is checked before it is looked up as a path."""
    assert link_target("README.md", written) is None
