"""`aggregator announce`, as a maintainer runs it."""

import json
import shlex
from pathlib import Path

import pytest

from aggregator.announcing.published import KINDS, PLACES, read_published
from aggregator.registry.loader import load
from aggregator.site.events import NEWS_KINDS
from aggregator.words.errors import SourceError
from tests.announcing.news import NOW, item, write_site
from tests.announcing.receivers import MailBox, Places, Trust, variables_for
from tests.documents import PAGES, blocks_of
from tests.program import clean_environment, run_program

REGISTRY = """\
showcase:
  title: Orchard software
  announce:
    targets:
      - service: slack
      - {service: mastodon, kinds: [spotlight]}
projects:
  - octo/alpha
"""
OLD, NEW = item("old", days=3), item("new", days=0.5)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a registry and a site with one piece of news; the day is always the same."""
    monkeypatch.setattr("aggregator.cli.announce.utc_now", lambda: NOW)
    (tmp_path / "registry.yaml").write_text(REGISTRY, encoding="utf-8")
    write_site(tmp_path / "output", [OLD])
    return tmp_path


@pytest.fixture
def environment(places: Places, mail_box: MailBox, trust: Trust) -> dict[str, str]:
    """The variables of the community."""
    return clean_environment() | trust.variables | variables_for(places, mail_box)


def test_it_shows_first_and_sends_when_told(
    here: Path, environment: dict[str, str], places: Places
) -> None:
    """Without --send nothing leaves the machine and nothing is noted; with it, each once."""
    shown = run_program(["announce"], here, environment)
    assert shown.returncode == 0
    assert "slack: begins now" in shown.stdout
    assert "nothing was sent; --send sends it" in shown.stdout
    assert not (here / ".aggregator").exists()
    assert run_program(["announce", "--send"], here, environment).returncode == 0
    write_site(here / "output", [OLD, NEW])
    shown = run_program(["announce"], here, environment)
    assert "slack: would be told 1 piece of news:\n    new joined the showcase." in shown.stdout
    assert places.heard == []
    sent = run_program(["announce", "--send"], here, environment)
    assert sent.returncode == 0
    assert "slack: told 1 piece of news" in sent.stdout
    again = run_program(["announce", "--send"], here, environment)
    assert "slack: nothing new" in again.stdout
    assert len(places.heard) == 1


def test_a_place_that_fails_is_an_exit_code(
    here: Path, environment: dict[str, str], places: Places
) -> None:
    """A workflow turns red when somebody must look, and the other places are told."""
    missing = {n: v for n, v in environment.items() if "MASTODON" not in n}
    done = run_program(["announce", "--send"], here, missing)
    assert done.returncode == 1
    assert "mastodon: nothing was told: ANNOUNCE_MASTODON_SERVER and" in done.stderr
    assert "slack: begins now" in done.stdout


def test_the_quiet_hours_of_the_registry_are_kept(
    here: Path, environment: dict[str, str], places: Places
) -> None:
    """At 09:43 in London it is 22:43 in Auckland, where people sleep."""
    quiet = (
        'timezone: Pacific/Auckland\n  announce:\n    quiet_from: "22:00"\n    quiet_until: "07:00"'
    )
    text = REGISTRY.replace("announce:", quiet)
    (here / "registry.yaml").write_text(text, encoding="utf-8")
    done = run_program(["announce", "--send", "--since", "2026-11-01"], here, environment)
    assert done.returncode == 0
    assert "it is quiet now" in done.stdout
    assert places.heard == []
    (here / "registry.yaml").write_text(text.replace("Pacific/Auckland", "Europe/London"))
    run_program(["announce", "--send", "--since", "2026-11-01"], here, environment)
    assert len(places.heard) == 1


def test_there_is_text_to_copy(here: Path, environment: dict[str, str]) -> None:
    """Who posts by hand takes the week as text, or a month as Markdown."""
    write_site(here / "output", [OLD, NEW, item("long-ago", days=20)])
    week = run_program(["announce", "--text"], here, environment).stdout
    assert "New in Orchard software" in week
    assert "old joined" in week
    assert "long-ago" not in week
    month = run_program(["announce", "--month", "2026-11"], here, environment).stdout
    assert month.startswith("# Orchard software: news of November 2026\n\n## New here\n")
    assert "[long\\-ago joined the showcase.]" in month
    for words in (["--month", "9999-12"], ["--month", "0001-01"], ["--since", "0206-11-01"]):
        absurd = run_program(["announce", "--text", *words], here, environment)
        assert absurd.returncode == 2
        assert "no news is of the year" in absurd.stderr
    ahead = run_program(["announce", "--month", "2199-12"], here, environment)
    assert ahead.stdout == "nothing has happened yet: that time begins on 1 December 2199\n"
    other = run_program(["announce", "--month", "2026-09"], here, environment).stdout
    assert other == "nothing happened in that time\n"


def test_a_registry_that_names_no_place_tells_nothing(here: Path) -> None:
    """The workflow of a community that wants none of it is green and short."""
    (here / "registry.yaml").write_text("projects: [octo/alpha]\n", encoding="utf-8")
    done = run_program(["announce", "--send"], here, clean_environment())
    assert done.returncode == 0
    assert "names no place" in done.stdout


def test_settings_that_cannot_be_read_tell_nothing_and_say_so(
    here: Path, environment: dict[str, str], places: Places
) -> None:
    """A slip in what is to be told does not have other things told, nor is it taken for silence."""
    text = REGISTRY.replace("    targets:", "    kinds: [releases, gossip]\n    targets:")
    (here / "registry.yaml").write_text(text, encoding="utf-8")
    done = run_program(["announce", "--send", "--since", "2026-11-01"], here, environment)
    assert done.returncode == 1
    assert "`gossip` is not a choice here" in done.stderr
    assert "mend the mistakes above" in done.stderr
    assert places.heard == []


def test_without_a_site_it_says_so(here: Path, environment: dict[str, str]) -> None:
    """Nobody takes a wrong folder for one without news."""
    done = run_program(["announce", "--send", "--site", "nowhere"], here, environment)
    assert done.returncode == 1
    assert "the site has no feeds" in done.stderr
    assert not (here / ".aggregator" / "announced.json").exists()


def test_a_damaged_ledger_is_said_and_left(
    here: Path, environment: dict[str, str], places: Places
) -> None:
    """It is neither taken for empty nor overwritten."""
    (here / ".aggregator").mkdir()
    ledger = here / ".aggregator" / "announced.json"
    ledger.write_text("{", encoding="utf-8")
    done = run_program(["announce", "--send"], here, environment)
    assert done.returncode == 1
    assert "announced.json" in done.stderr
    assert ledger.read_text(encoding="utf-8") == "{"


def test_the_ledger_holds_neither_words_nor_secrets(
    here: Path, environment: dict[str, str]
) -> None:
    """What a repository erases, and what opens a place, is not remembered."""
    for items in ([OLD], [OLD, NEW]):
        write_site(here / "output", items)
        run_program(["announce", "--send"], here, environment)
    text = (here / ".aggregator" / "announced.json").read_text(encoding="utf-8")
    assert set(json.loads(text)) == {"form", "targets"}
    assert "joined" not in text
    assert "octo" not in text
    assert "https" not in text
    values = (v for n, v in environment.items() if n.startswith("ANNOUNCE_"))
    assert not any(value in text for value in values)


def test_the_kinds_of_the_registry_are_those_of_the_feeds() -> None:
    """What a member may write for a kind is what the site calls it, and the spotlight."""
    assert [*PLACES] == [*(kind.slug for kind in NEWS_KINDS), "spotlight"]
    assert sorted(PLACES) == sorted(KINDS)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"items": 1}', "[" * 100_000],
    ids=["empty", "half", "list", "no", "deep"],
)
def test_what_is_no_feed_is_refused(text: str) -> None:
    """A site that answers something else is not taken for one without news."""
    content = text.encode() or None
    with pytest.raises(SourceError):
        read_published(lambda _: content)


def test_an_entry_that_cannot_be_read_costs_itself_alone() -> None:
    """One bad entry of a feed stops none of the others."""
    good = {"id": "urn:1", "title": "A joined", "date_published": "2026-11-30T00:00:00Z"}
    days = [{**good, "date_published": day} for day in ("soon", "0001-01-01T00:00:00+14:00")]
    bad = [None, {}, {**good, "id": 7}, *days, {**good, "title": "\0"}]
    hostile = {**good, "id": "urn:2", "url": "javascript:alert(1)", "content_text": 5}
    feed = json.dumps({"items": [*bad, good, hostile]}).encode()
    news = read_published({"new/releases/feed.json": feed}.get)
    assert [found.id for found in news.items] == ["urn:1", "urn:2"]
    assert [found.url for found in news.items] == ["", ""]


@pytest.mark.slow
def test_a_built_site_has_all_that_is_told(sample: Path) -> None:
    """The feeds that a build writes are those that are read: every kind, and the spotlight."""
    site = sample / "output"
    news = read_published(
        lambda path: (site / path).read_bytes() if (site / path).is_file() else None
    )
    assert news.kinds == frozenset(PLACES)
    star = next(found for found in news.items if found.kind == "spotlight")
    assert star.title.startswith("Project of the week: ")
    assert star.title.partition(": ")[2] in (site / "index.html").read_text(encoding="utf-8")
    url = load(sample / "registry.yaml").showcase.url
    assert url is not None
    assert star.url.startswith(url)
    assert news.home == f"{url}new/"


def test_the_commands_of_the_page_work(
    here: Path, environment: dict[str, str], places: Places
) -> None:
    """Whoever copies them from docs/announcing.md in their order shows, sends and copies news."""
    (page,) = (page for page in PAGES if page.name == "announcing.md")
    commands = [
        one for block in blocks_of(page) if block.language == "sh" for one in block.commands
    ]
    write_site(here / "output", [OLD, NEW])
    told = {}
    for command in commands:
        words = shlex.split(command, comments=True)
        done = run_program(words[1:], here, environment)
        assert done.returncode == 0, done.stderr
        told[" ".join(words)] = done.stdout
    assert "--send sends it" in told["aggregator announce"]
    assert "New in Orchard software" in told["aggregator announce --text"]
    assert "news of November 2026" in told["aggregator announce --month 2026-11"]
    assert places.heard == []  # what is published when a place is new is not told
