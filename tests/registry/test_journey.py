"""A first-time member, each way in, from nothing to the card on the site."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from aggregator.catalogue.assemble import Rendered, assemble
from aggregator.facts.record import Record
from aggregator.facts.repository import Glance, RepoFacts
from aggregator.facts.snapshot import Snapshot
from aggregator.github.opening import Endpoint, open_sightings
from aggregator.joining.add import Draft, plan_additions, questions, with_additions
from aggregator.joining.answers import read_answer
from aggregator.joining.check import check
from aggregator.joining.forms import ADD
from aggregator.joining.from_issue import IssueContext, from_issue
from aggregator.joining.proposal import rewrite
from aggregator.registry.loader import load
from aggregator.registry.sightings import Lookup
from aggregator.site.pages.preview import subset_text
from aggregator.site.renderers import render_site
from aggregator.site.theme import load_theme
from aggregator.words.names import RepoName
from aggregator.words.outcomes import Outcome
from tests.registry.conftest import Checkout
from tests.registry.test_forms import body_of
from tests.stand_in.server import serve
from tests.stand_in.world import sample_community

MINE = RepoName.parse("larkmere-hospitals/ward-weather")
NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SUMMARY = "Says how tomorrow looks on the ward: quiet, busy or stormy."


@pytest.fixture(scope="module")
def github() -> Iterator[Lookup]:
    """A look at the sandbox over real HTTP."""
    with serve(sample_community()) as server:
        endpoint = Endpoint(server.api_url, server.graphql_url, "token-of-a-person")
        with open_sightings(endpoint) as lookup:
            yield lookup


def by_form(checkout: Checkout, github: Lookup) -> None:
    """Fill in the form; it is wrong at first, and the answer says how to mend it."""
    answers = {"repository": "ward weather", "summary": SUMMARY, "stage": "in use", "tags": "Beds"}
    first = from_issue(body_of(ADD.fields, **answers), IssueContext(checkout.path, github))
    assert "write owner/name" in first.answer.replace("&#47;", "/")
    answers["repository"] = f"https://github.com/{MINE}"
    second = from_issue(body_of(ADD.fields, **answers), IssueContext(checkout.path, github))
    assert second.exit_code == 0, second.answer
    second.apply()


def by_hand(checkout: Checkout, github: Lookup) -> None:
    """Edit the file; the colon in the sentence is reported, with the line to write instead."""
    text = checkout.path.read_text()
    entry = f"  - repo: {MINE}\n    summary: {SUMMARY}\n    stage: in use\n    tags: [beds]\n"
    checkout.commit(text + entry)
    verdict = check(checkout.path, changed_since="main", lookup=github)
    assert verdict.exit_code == 2
    (mistake,) = verdict.errors
    assert mistake.line_text.strip() == f"summary: {SUMMARY}"
    cure = mistake.cure.removeprefix("write `").removesuffix("`")
    checkout.commit(text + entry.replace(f"summary: {SUMMARY}", cure))


def by_command(checkout: Checkout, github: Lookup) -> None:
    """Add it by its address, and answer the questions."""
    registry = load(checkout.path)
    ((draft,), _) = plan_additions(registry, [f"https://github.com/{MINE}.git"], github)
    replies = {"summary": SUMMARY, "stage": "In use", "tags": "Beds", "organisation": "ect"}
    fields = {
        field: value
        for field in questions(registry, draft.repo)
        if (value := read_answer(registry, field, replies[field])[0])
    }
    full, today = Draft(draft.repo, fields=fields), date(2026, 11, 22)
    rewrite(checkout.path, lambda text: with_additions(text, [full], today))


@pytest.mark.parametrize("way_in", [by_form, by_hand, by_command])
def test_every_way_in_ends_with_a_card(
    checkout: Checkout, github: Lookup, way_in: Callable[[Checkout, Lookup], None]
) -> None:
    """Whichever way a member takes, the project is on the site in their own words."""
    way_in(checkout, github)
    verdict = check(checkout.path, changed_since="main", lookup=github)
    assert verdict.exit_code == 0, verdict.mistakes
    assert [card.repo for card in verdict.judged] == [str(MINE)]
    pages = site_of(checkout.path)
    assert SUMMARY in pages["projects/index.html"]
    assert SUMMARY in pages[f"projects/{MINE}/index.html"]
    assert "In use" in pages[f"projects/{MINE}/index.html"]


def test_the_preview_shows_only_what_changed(checkout: Checkout, github: Lookup) -> None:
    """The pages attached to a pull request are those of the touched project."""
    by_command(checkout, github)
    verdict = check(checkout.path, changed_since="main")
    small = checkout.folder / "touched.yaml"
    small.write_text(
        subset_text(load(checkout.path), [RepoName.parse(card.repo) for card in verdict.judged])
    )
    assert load(small).mistakes == ()
    projects = [name for name in site_of(small) if re.match(r"projects/[^/]+/[^/]+/", name)]
    assert sorted(projects) == [f"projects/{MINE}/card/index.html", f"projects/{MINE}/index.html"]
    assert subset_text(load(checkout.path), []) == ""


def seen(repo: RepoName) -> Record:
    """Make the record of a repository that answered with next to nothing."""
    glance = Glance(repository_id=len(repo.key), name_with_owner=str(repo), confirmed_at=NIGHT)
    return Record(
        listed_as=str(repo),
        outcome=Outcome.ACTIVE,
        since=NIGHT,
        first_seen=NIGHT,
        last_tried=NIGHT,
        last_succeeded=NIGHT,
        facts=RepoFacts(glance=glance),
    )


def site_of(path: Path) -> dict[str, str]:
    """Build the pages of a registry whose repositories have answered once."""
    registry = load(path)
    records = {entry.repo.key: seen(entry.repo) for entry in registry.projects}
    snapshot = Snapshot(fetched_at=NIGHT, records=records)
    catalogue = assemble(registry, snapshot, Rendered(), "https://github.com")
    files = render_site(catalogue, load_theme(registry.showcase.accent))
    return {file.path: file.data.decode() for file in files if file.path.endswith(".html")}
