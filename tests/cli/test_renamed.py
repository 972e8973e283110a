"""A member follows the showcase's own advice for a rename: no visitor meets a dead end."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.together import problems_of
from tests.cli.test_site import asking, clean_environment
from tests.program import run_program
from tests.stand_in.server import Server, serve
from tests.stand_in.synthetic import synthetic_world


class Showcase:
    """A folder with a registry, and the nights that pass over it."""

    def __init__(self, folder: Path, github: Server) -> None:
        self.folder, self.github = folder, github
        self.names = list(github.world.names)

    def night(self, *more: str) -> subprocess.CompletedProcess[str]:
        """Write the registry as it is now and run once."""
        lines = "".join(f"  - {name}\n" for name in self.names)
        text = f"showcase:\n  title: Movers\nprojects:\n{lines}"
        (self.folder / "registry.yaml").write_text(text, encoding="utf-8")
        environment = clean_environment() | asking(self.github)
        done = run_program(["run", *more], self.folder, environment)
        assert done.returncode == 0, done.stderr
        assert problems_of(self.folder / "output") == []
        return done

    def read(self, path: str) -> str:
        """Read a file of the site."""
        return (self.folder / "output" / path).read_text(encoding="utf-8")


@pytest.fixture
def showcase(tmp_path: Path) -> Iterator[Showcase]:
    """A showcase of four repositories."""
    with serve(synthetic_world(4)) as github:
        yield Showcase(tmp_path, github)


def test_old_addresses_and_badges_go_on_working(showcase: Showcase) -> None:
    """After two renames, each followed in the registry, every old page and badge still answers."""
    first = showcase.names[0]
    second, third = f"{first.split('/')[0]}/second", "third-owner/third"
    showcase.night()
    showcase.github.world.rename(first, second)
    showcase.night()
    showcase.names[0] = second
    showcase.night()
    showcase.github.world.rename(second, third)
    showcase.names[0] = third
    showcase.night()
    badge = showcase.read(f"badges/{third}.svg")
    for old in (first, second):
        assert f"url=../../../projects/{third}/" in showcase.read(f"projects/{old}/index.html")
        assert showcase.read(f"badges/{old}.svg") == badge
    feed = json.loads(showcase.read("feed.json"))
    said = " ".join(item["title"] for item in feed["items"])
    assert "left the showcase" not in said
    assert "joined the showcase" not in said


def test_news_keep_their_marks_when_an_entry_is_renamed(showcase: Showcase) -> None:
    """A feed reader that has read the news is not shown them again after a rename."""
    old = showcase.names[0]
    showcase.night()
    before = {item["id"] for item in json.loads(showcase.read("feed.json"))["items"]}
    new = f"{old.split('/')[0]}/renamed"
    showcase.github.world.rename(old, new)
    showcase.names[0] = new
    showcase.night()
    after = {item["id"] for item in json.loads(showcase.read("feed.json"))["items"]}
    assert before < after
    assert len(after - before) == 1


def test_other_letters_leave_the_address_as_it_is(showcase: Showcase) -> None:
    """A rename that only changes capitals breaks no link: the page stays where it was."""
    old = showcase.names[0]
    showcase.night()
    showcase.github.world.rename(old, old.upper())
    showcase.night()
    assert old.upper() in showcase.read(f"projects/{old}/index.html")
    assert (showcase.folder / "output" / "badges" / f"{old}.svg").is_file()


def test_a_name_in_other_hands_has_a_page_of_its_own(showcase: Showcase) -> None:
    """When somebody else's repository takes an old name and is listed, both have their pages."""
    old = showcase.names[0]
    new = "another-owner/moved"
    showcase.night()
    showcase.github.world.rename(old, new)
    showcase.names[0] = new
    showcase.night()
    showcase.github.world.reuse_name(old, description="Not the same thing at all")
    showcase.names.append(old)
    showcase.night()
    assert "Not the same thing at all" in showcase.read(f"projects/{old}/index.html")
    assert 'http-equiv="refresh"' not in showcase.read(f"projects/{old}/index.html")
    exported = json.loads(showcase.read("data/catalogue.json"))["projects"]
    summaries = {project["repo"]: project["summary"] for project in exported}
    assert summaries[old] == "Not the same thing at all"
    assert summaries[new] != summaries[old]


def test_a_followed_name_links_to_the_repository_that_was_listed(showcase: Showcase) -> None:
    """When a listed name is another's, the page leads to the original and never to the other."""
    old = showcase.names[0]
    showcase.night()
    showcase.github.world.rename(old, "another-owner/original")
    showcase.github.world.reuse_name(old, description="Not the same thing at all")
    showcase.night()
    page = showcase.read("projects/another-owner/original/index.html")
    assert "github.com/another-owner/original" in page
    assert f'href="https://github.com/{old}"' not in page
    assert "url=../../../projects/another-owner/original/" in showcase.read(
        f"projects/{old}/index.html"
    )
