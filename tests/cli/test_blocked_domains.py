"""Domains that a community blocks: nothing published leads there, and each place says so."""

import json
import re
import sqlite3
from pathlib import Path

import pytest

from aggregator.readme.readme import story_source
from aggregator.readme.rendering import render
from aggregator.readme.unlink import unlink
from aggregator.words.blocked import Blocklist
from tests.cli.test_evidence import command, repository
from tests.cli.test_site import files
from tests.stand_in.server import serve
from tests.stand_in.world import World

LAPSED = "ward-club.example"
NOTE = f"link to {LAPSED} left out: the community blocks this domain"
README = f"""# Ward club

Made with [the club](https://{LAPSED}/about), shown at https://www.{LAPSED.upper()}:443/talks today.

![Our board](https://cdn.{LAPSED}/board.png) <https://{LAPSED}> www.{LAPSED} hello@{LAPSED}

<a href="//{LAPSED}/x"><img src="https://img.example.org/ok.png" alt="kept"></a>
<picture><source srcset="https://{LAPSED}/dark.png 2x"><img src="https://img.example.org/l.png"
srcset="https://{LAPSED}/l.png 2x"></picture> <q cite="https://{LAPSED}/q">said</q>

`pip install --index-url https://{LAPSED}/simple`
<a href="https:\\\\{LAPSED}\\b">b</a> <a href="HTTPS:{LAPSED}/c">c</a> &#119;ard <https://{LAPSED}>
<a href="https://&#119;{LAPSED[1:]}/d">d</a>
[kept](https://not-{LAPSED}/) [kept too](https://{LAPSED}.org/)
"""
CITATION = f"""cff-version: 1.2.0
title: Ward club
message: See https://{LAPSED}/cite
url: https://{LAPSED}/home
abstract: Counts wards, as told on https://{LAPSED}/wards.
authors:
- name: The club
"""
REGISTRY = f"""showcase:
  title: Wards
  url: https://showcase.example.org/
  home: https://{LAPSED}/
  contact: people@{LAPSED}
  about: Made by [the club](https://{LAPSED}/us).
  blocked_domains: [{LAPSED}]
organisations:
  - slug: club
    name: Ward club https://{LAPSED}/name
    kind: Trust
    url: https://{LAPSED}/trust
projects:
  - repo: bed-boards/wards
    organisation: club
    story: It began on [a page](https://{LAPSED}/story).
    links: {{docs: "https://docs.{LAPSED}/", demo: "https://demo.example.org/"}}
    talks:
      - {{title: Counting wards https://{LAPSED}/t, date: 2026-10-28, url: "https://{LAPSED}/talk"}}
  - repo: bed-boards/plain
    summary: Beds, as told on https://{LAPSED}/beds.
  - bed-boards/described
"""
# Anything a browser, a feed reader or a program would follow.
_FOLLOWED = re.compile(
    rb"(?:(?:[a-z][a-z0-9+.-]*:)?//|https?:\\\\*)(?:[^\s/\"'<>]*[@.])?"
    rb"(?:w|&#119;)ard-club\.example(?![.\w-])|"
    rb"mailto:[^\s\"'<>]*@ward-club\.example|[\w.+-]+@ward-club\.example",
    re.IGNORECASE,
)


def world() -> World:
    """A GitHub on which three projects link to a domain that lapsed."""
    first = {"files": {"README.md": README, "CITATION.cff": CITATION}}
    site = f"https://{LAPSED}./wards"
    made = [
        repository(1, "wards", first, homepage=site, description=f"Wards (https://{LAPSED}/d)"),
        repository(2, "plain", {"files": {"README.md": f"# Plain\n\nSee {LAPSED}.\n"}}),
        repository(3, "described", {"github": {"release": "v1"}}, description=f"//{LAPSED}/a"),
    ]
    return World(made, now="2026-11-20T06:00:00Z")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published site of a community that blocks a domain."""
    folder = tmp_path_factory.mktemp("blocked")
    (folder / "registry.yaml").write_text(REGISTRY)
    with serve(world()) as server:
        done = command(folder, server, "run")
    assert done.returncode == 0, done.stderr
    return folder


def test_no_published_byte_leads_to_a_blocked_domain(built: Path) -> None:
    """Pages, feeds, exports, index and database hold no address of it, in any spelling."""
    published = files(built / "output")
    assert any(NOTE.encode() in content for content in published.values())
    found = {name: _FOLLOWED.findall(content) for name, content in published.items()}
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_each_place_says_that_a_link_was_left_out(built: Path) -> None:
    """Readers learn what stood there; nothing disappears silently."""
    page = (built / "output" / "projects" / "bed-boards" / "wards" / "index.html").read_text()
    for words in (
        f"Documentation: {NOTE}",
        f"Talk “Counting wards {LAPSED}”: {NOTE}",
        f"Website: {NOTE}",
        f"the club ({NOTE})",
        f"Our board ({NOTE})",
        f"a page ({NOTE})",
    ):
        assert words in page
    assert f'href="https://not-{LAPSED}/"' in page
    assert f'href="https://{LAPSED}.org/"' in page
    assert "https://img.example.org/ok.png" in page
    assert NOTE in (built / "output" / "organisations" / "club" / "index.html").read_text()
    assert NOTE in (built / "output" / "about" / "index.html").read_text()
    exported = json.loads((built / "output" / "data" / "catalogue.json").read_text())
    wards = next(p for p in exported["projects"] if p["repo"] == "bed-boards/wards")
    assert (wards["website"], wards["links"]["docs"]) == (None, None)
    assert wards["links"]["demo"] == "https://demo.example.org/"
    assert f"Documentation: {NOTE}" in wards["left_out"]


def test_what_is_stored_stays_as_github_said_it(built: Path) -> None:
    """Unblocking a domain brings its links back at the next build, without asking GitHub."""
    registry = built / "registry.yaml"
    registry.write_text(REGISTRY.replace(f"  blocked_domains: [{LAPSED}]\n", ""))
    with serve(World()) as nobody:
        assert command(built, nobody, "build", "--output", "open").returncode == 0
    registry.write_text(REGISTRY)
    page = (built / "open" / "projects" / "bed-boards" / "wards" / "index.html").read_text()
    assert f'href="https://{LAPSED}/about"' in page
    assert NOTE not in page


def test_the_published_catalogue_can_be_restored_and_is_asked_again(
    built: Path, tmp_path: Path
) -> None:
    """A fresh machine has every README, notes in place, and reads the real ones at its next run."""
    (tmp_path / ".aggregator").mkdir()
    copy = built / "output" / "data" / "catalogue.db"
    (tmp_path / ".aggregator" / "catalogue.db").write_bytes(copy.read_bytes())
    (tmp_path / "registry.yaml").write_text(REGISTRY)
    page = tmp_path / "output" / "projects" / "bed-boards" / "wards" / "index.html"
    with serve(world()) as server:
        assert command(tmp_path, server, "build").returncode == 0
        assert f"the club ({NOTE})" in page.read_text()
        assert "blocked.invalid" not in page.read_text()
        assert command(tmp_path, server, "update").returncode == 0
    with sqlite3.connect(tmp_path / ".aggregator" / "catalogue.db") as database:
        held = {row[0] for row in database.execute("SELECT content FROM readmes")}
    assert README.encode() in held


def test_a_member_is_told_about_an_address_that_is_blocked(built: Path, tmp_path: Path) -> None:
    """The check names line, domain and cure, and everything else of the entry is shown."""
    (tmp_path / "registry.yaml").write_text(REGISTRY)
    with serve(World()) as nobody:
        done = command(tmp_path, nobody, "check")
    assert done.returncode == 2
    said = done.stdout + done.stderr
    lines = REGISTRY.splitlines()
    for part in ("slug: club", "docs: ", "Counting wards"):
        line = next(number for number, text in enumerate(lines, 1) if part in text)
        assert f"registry.yaml:{line}:" in said
    assert said.count(f"the community blocks {LAPSED}") == 3
    assert "story: the community blocks a domain" in said


@pytest.mark.parametrize(
    ("written", "cure"),
    [
        ("https://lapsed.example/home", "write lapsed.example"),
        ("'*.lapsed.example'", "write lapsed.example"),
        ("lapsed", "write a domain, as example.org"),
        ("10.0.0.1", "write a domain, as example.org"),
    ],
)
def test_what_is_no_domain_is_answered_with_its_cure(
    written: str, cure: str, tmp_path: Path
) -> None:
    """An operator who pastes an address is told the domain in it."""
    (tmp_path / "registry.yaml").write_text(
        f"showcase:\n  blocked_domains: [{written}]\nprojects: []\n"
    )
    with serve(World()) as nobody:
        done = command(tmp_path, nobody, "check")
    assert done.returncode == 2
    assert "registry.yaml:2:" in done.stdout + done.stderr
    assert cure in done.stdout + done.stderr


@pytest.mark.parametrize(
    "url",
    [
        "https://ward-club.example",
        "HTTPS://WWW.Ward-Club.EXAMPLE.:8443/a?b#c",
        "//ward-club.example/a",
        "https:ward-club.example",
        "https:\\\\ward-club.example",
        "https:///ward-club.example",
        "https://somebody:secret@ward-club.example/",
        "https://example.org@ward-club.example/",
        "https://ward%2Dclub.example",
        "https://ward-club\u3002example",
        "https://\uff57ard-club.example",
        "https://ward-\u00adclub.example",
        "ht\ntps://ward-club.example",
        "mailto:somebody@ward-club.example?subject=x",
        "https://go.example.org/?to=https%3A%2F%2Fward-club.example%2F",
        "https://xn--wrd-club-0za.example",
        "https://w\u00e4rd-club.example",
        "https://wa\u0308rd-club.example",
    ],
)
def test_no_spelling_of_an_address_gets_past_the_block(url: str) -> None:
    """Case, ports, users, dots, slashes, encodings and other scripts make no difference."""
    assert Blocklist((LAPSED, "w\u00e4rd-club.example")).domain_of(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://not-ward-club.example",
        "https://ward-club.example.org",
        "https://ward-club.example@example.org/",
        "https://archive.example.org/2020/https://ward-club.example/",
        "#ward-club.example",
        "https://[::1]:80/",
        "https://",
        "",
        None,
    ],
)
def test_other_addresses_are_let_through(url: str | None) -> None:
    """Only the domain and what is below it is blocked; an archive's copy is not."""
    assert Blocklist((LAPSED,)).domain_of(url) is None


def test_blocking_changes_nothing_else_in_a_page() -> None:
    """HTML without such links comes out byte for byte as it went in."""
    written = "# A\n\n[b](https://example.org) *c* <kbd>d</kbd>\n\n- [x] e\n"
    page = render(story_source(written)).html
    assert unlink(page, Blocklist((LAPSED,))) == page
