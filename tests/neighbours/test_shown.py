"""Projects of other showcases as visitors meet them: marked, once, and counted nowhere."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.catalogue.assemble import Rendered, assemble
from aggregator.catalogue.listed_elsewhere import NOT_YET, listed_elsewhere
from aggregator.catalogue.types import Catalogue
from aggregator.facts.neighbour import Neighbour, NeighbourProject
from aggregator.facts.snapshot import Snapshot
from aggregator.facts.visit import WHY, VisitEnd
from aggregator.registry.community import Inclusion
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry
from aggregator.registry.settings import Showcase
from aggregator.searching.build import index_files
from aggregator.searching.engine import search
from aggregator.searching.index import Index
from aggregator.site.data.neighbour_listing import read_listing
from aggregator.site.data.search_index import corpus_of
from aggregator.site.frame import frame_of
from aggregator.site.pages.neighbours import elsewhere_pages
from aggregator.site.renderers import render_site
from aggregator.site.theme import load_theme
from aggregator.store.neighbours_file import neighbours_text
from aggregator.words.names import RepoName
from tests.neighbours.listings import SECOND, SOURCE, listing, neighbour, row
from tests.outputs import factory

ENTRIES = ("harbour/tide", "harbour/seeds")


def registry(*included: Inclusion, **said: object) -> Registry:
    """A showcase of two projects that includes others."""
    showcase = Showcase(title="Harbour software", include=included, **said)  # type: ignore[arg-type]
    entries = (Entry(repo=RepoName.parse(repo)) for repo in ENTRIES)
    return Registry(showcase, projects=tuple(entries))


def catalogue(written: Registry, *kept: Neighbour) -> Catalogue:
    """What a build would show of it."""
    alone = assemble(written, Snapshot(), Rendered(), factory.WEB)
    return replace(alone, elsewhere=listed_elsewhere(written, alone.projects, kept))


def site(shown: Catalogue) -> dict[str, bytes]:
    """Every file of the site, by its path."""
    return {file.path: file.data for file in render_site(shown, load_theme("#225faa"))}


def index(shown: Catalogue) -> Index:
    return Index(dict(index_files(corpus_of(shown))).__getitem__)


ONE = Inclusion(from_=SOURCE)
TWO = Inclusion(from_=SECOND, title="The orchard")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The site of a showcase that includes two others."""
    shown = catalogue(
        registry(ONE, TWO),
        neighbour(row("plot/seeds"), row("Harbour/Tide", title="Ours")),
        neighbour(
            row("PLOT/seeds"),
            row("tree/graft", title=factory.HOSTILE, summary=factory.HOSTILE),
            source=SECOND,
            problem=WHY[VisitEnd.LATE],
            confirmed=datetime(2026, 10, 1, tzinfo=UTC),
            failing_since=datetime(2026, 10, 2, tzinfo=UTC),
        ),
    )
    return site(shown)


def test_each_leads_to_its_page_there_and_to_its_repository(files: dict[str, bytes]) -> None:
    """A visitor gets to where the project is looked after, and to its code."""
    page = files["elsewhere/allotment-example/index.html"].decode()
    assert 'href="https://allotment.example/projects/plot/seeds/"' in page
    assert 'href="https://github.com/plot/seeds"' in page
    assert 'href="https://allotment.example/"' in page
    assert "Finds who has seeds to spare." in page


def test_a_showcase_is_known_by_what_was_worked_on_last_and_can_be_searched_alone() -> None:
    """Its line names three of its projects, by the day of their last push; none where none is."""
    days = {"spade": "2026-09-03", "rake": "2026-09-01", "hoe": "2026-09-04", "fork": "2026-08-09"}
    rows = [row(f"shed/{n}", title=n, pushed_at=f"{day}T01:00:00Z") for n, day in days.items()]
    undated = neighbour(row("tree/graft", title="Graft"), source=SECOND)
    made = site(catalogue(registry(ONE, TWO), neighbour(*rows), undated))
    page = made["elsewhere/index.html"].decode()
    told = re.findall(r'href="https://allotment\.example/projects/shed/(\w+)/"', page)
    assert told == ["hoe", "spade", "rake"]
    assert page.count("Among them:") == 1
    alone = made["elsewhere/allotment-example/index.html"].decode()
    assert 'href="../../search/?from=allotment-example"' in alone


def test_what_is_listed_here_is_shown_once_as_ours(files: dict[str, bytes]) -> None:
    """A double is left to us, or to the first of two others, whatever the case of its letters."""
    assert b">Ours<" not in b"".join(files.values())
    first = files["elsewhere/allotment-example/index.html"].decode()
    second = files["elsewhere/the-orchard/index.html"].decode()
    assert "1 more of its projects is shown as listed here" in first
    assert "plot/seeds" in first
    assert "plot/seeds" not in second.lower()


def test_nothing_of_it_is_counted_or_exported(files: dict[str, bytes]) -> None:
    """Every file but its pages, the search and the memory is as if nobody was included."""
    alone = site(catalogue(registry()))
    own = {path for path in files if not path.startswith(("elsewhere/", "search/"))}
    assert own - alone.keys() == {"data/neighbours.json"}
    words = re.compile(rb"plot/seeds|tree/graft|Seed swap", re.IGNORECASE)
    told = {path for path in own if words.search(files[path])}
    assert told == {"data/neighbours.json"}
    for path in ("data/catalogue.json", "data/catalogue.csv", "feed.xml", "llms.txt"):
        assert files[path] == alone[path], path


def test_without_others_the_site_is_as_it_was() -> None:
    """Who includes nobody has no page, no file and no word of it."""
    alone = site(catalogue(registry()))
    assert not [path for path in alone if "elsewhere" in path or "neighbours" in path]
    assert b"elsewhere/" not in b"".join(
        data for path, data in alone.items() if path.endswith((".html", ".xml", ".json"))
    )
    boot = json.loads(alone["search/index/boot.json"])
    assert "others" not in boot
    assert "from" not in boot["fields"]


def test_a_list_that_could_not_be_read_says_since_when(files: dict[str, bytes]) -> None:
    """What is shown of it may be old, and the reader is told how old."""
    for path in ("elsewhere/index.html", "elsewhere/the-orchard/index.html"):
        page = " ".join(files[path].decode().split())
        assert "could not be read since 2 October 2026: it did not answer in time." in page
        assert "What was known of it is of 1 October 2026." in page


def test_what_strangers_wrote_is_text(files: dict[str, bytes]) -> None:
    """Markup of another showcase's projects is shown as it was written."""
    page = files["elsewhere/the-orchard/index.html"]
    assert b"&lt;script&gt;alert(1)" in page
    assert b"<script>alert(1)" not in page
    assert b"<img src=x" not in page


def test_the_menu_leads_there(files: dict[str, bytes]) -> None:
    """Without JavaScript too, every one of them can be reached."""
    assert b'href="./elsewhere/"' in files["index.html"]
    assert b'href="../elsewhere/the-orchard/"' in files["elsewhere/index.html"]
    assert b'href="../elsewhere/"' in files["search/index.html"]


def test_the_search_finds_them_marked_with_a_facet() -> None:
    """One search over several communities; each result says whose it is."""
    shown = catalogue(registry(ONE, TWO), neighbour(row("plot/seeds"), row("plot/shed")))
    opened = index(shown)
    found = search(opened, "seeds").hits
    assert {(hit.key, hit.origin) for hit in found} == {
        ("harbour/seeds", ""),
        ("plot/seeds", "Allotment software"),
        ("plot/shed", "Allotment software"),
    }
    there = next(hit for hit in found if hit.key == "plot/seeds")
    assert there.url == "https://allotment.example/projects/plot/seeds/"
    facet = next(one for one in opened.facets if one.name == "from")
    assert {(value, label, len(held)) for value, label, held in facet.values} == {
        ("-own", "this showcase", 2),
        ("allotment-example", "Allotment software", 2),
    }
    narrowed = search(opened, "seeds", filters={"from": ["-own"]})
    assert [hit.key for hit in narrowed.hits] == ["harbour/seeds"]
    typed = search(opened, "seeds from:allotment")
    assert [hit.key for hit in typed.hits] == ["plot/seeds", "plot/shed"]
    assert [hit.key for hit in search(opened, "seeds -from:allotment").hits] == ["harbour/seeds"]
    assert search(index(catalogue(registry())), "seeds from:allotment").unknown == ("from",)


def test_programs_that_ask_for_our_own_find_our_own() -> None:
    """Judged searches, the library and assistants are answered by what is listed here."""
    mixed = index(catalogue(registry(ONE), neighbour(row("plot/seeds"))))
    alone = index(catalogue(registry()))
    for words in ("seeds", "", "-tide", "swap"):
        keys = [hit.key for hit in search(mixed, words, own_only=True).hits]
        assert keys == [hit.key for hit in search(alone, words, own_only=True).hits], words
    assert mixed.size == 3
    assert len(mixed.own) == 2


def test_a_card_names_the_showcase_and_the_repository() -> None:
    """What the results page needs is in the file that it reads."""
    made = dict(index_files(corpus_of(catalogue(registry(ONE), neighbour(row())))))
    files = [json.loads(data)["c"] for name, data in made.items() if re.match(r"c\d", name)]
    cards = {card["k"]: card for held in files for card in held}
    assert cards["plot/seeds"]["f"] == "Allotment software"
    assert cards["plot/seeds"]["h"] == "https://github.com/plot/seeds"
    assert not {"f", "h"} & cards["harbour/seeds"].keys()


def test_a_blocked_domain_is_blocked_in_their_words_too() -> None:
    """Nothing of another showcase leads to where the community leads nobody."""
    written = registry(ONE, blocked_domains=("lapsed.example", "allotment.example"))
    told = row(title="See https://lapsed.example/x", summary="At http://www.lapsed.example now")
    gone = row("plot/gone", url="https://git.lapsed.example/plot/gone")
    shown = catalogue(written, neighbour(told, gone))
    assert [(one.repo, one.page) for one in shown.elsewhere[0].projects] == [("plot/seeds", "")]
    files = site(shown)
    pages = b"".join(data for path, data in files.items() if "elsewhere/" in path)
    assert b"lapsed.example/x" not in pages
    assert b"www.lapsed" not in pages
    assert b'href="https://allotment.example' not in pages
    assert b"git.lapsed.example" not in b"".join(files.values())


def test_one_that_was_never_asked_says_so() -> None:
    """Before the first answer there is a page without projects, and the reason."""
    shown = catalogue(registry(Inclusion(from_=SECOND)))
    assert shown.elsewhere[0].known.problem == NOT_YET
    assert shown.elsewhere[0].title == "orchard.example"
    page = " ".join(site(shown)["elsewhere/orchard-example-list/index.html"].decode().split())
    assert "Its list could not be read: it has not been asked yet." in page


def test_two_of_one_name_have_two_pages() -> None:
    """The second showcase of one title does not take the place of the first."""
    written = registry(Inclusion(from_=SOURCE, title="The orchard"), TWO)
    shown = catalogue(written, neighbour(row("a/b")), neighbour(row("c/d"), source=SECOND))
    assert [one.slug for one in shown.elsewhere] == ["the-orchard", "the-orchard-2"]


def test_a_showcase_that_takes_another_name_keeps_its_address_here() -> None:
    """Links to its page here go on leading there, before its first answer and after any other."""
    slugs = {
        catalogue(registry(ONE), *kept).elsewhere[0].slug
        for kept in ((), (neighbour(title="Gardens"),), (neighbour(title="Allotments"),))
    }
    assert slugs == {"allotment-example"}


def test_long_lists_go_over_pages() -> None:
    """However much another showcase lists, no page of it is too long."""
    rows = (row(f"plot/p{number:03}", title=f"Plot {number:03}") for number in range(150))
    made = site(catalogue(registry(ONE), neighbour(*rows)))
    first = made["elsewhere/allotment-example/index.html"].decode()
    second = made["elsewhere/allotment-example/page/2/index.html"].decode()
    assert first.count('<li class="row">') == 100
    assert second.count('<li class="row">') == 50
    assert 'href="../../../../elsewhere/allotment-example/"' in second


def test_the_memory_is_published_for_a_fresh_machine(
    files: dict[str, bytes],
) -> None:
    """The site holds what was known, so that a night on another machine loses none of it."""
    told = json.loads(files["data/neighbours.json"])
    assert [one["source"] for one in told["neighbours"]] == [SOURCE, SECOND]
    assert len(told["neighbours"][0]["projects"]) == 2  # doubles too: ours may leave the registry


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=6,
)


READ = sorted({*NeighbourProject.model_fields, "state", "organisation_name", "language"})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(READ), ANYTHING), ANYTHING)
def test_nothing_that_another_showcase_writes_stops_a_build(
    said: dict[str, object], fetched: object
) -> None:
    """Whatever stands in its fields, its pages and the index are made, and ours stay."""
    told = {**row("plot/seeds"), **said, "repo": "plot/seeds"}
    content = listing(told, row("plot/shed"), title=said.get("title"), fetched_at=fetched)
    shown = catalogue(registry(ONE), read_listing(content, SOURCE))
    with_its_pages = {page.page.path for page in elsewhere_pages(frame_of(shown), shown.elsewhere)}
    assert "elsewhere/allotment-example/index.html" in with_its_pages
    hits = search(index(shown), "seeds").hits
    assert {"harbour/seeds", "plot/shed"} <= {hit.key for hit in hits}
    neighbours_text(one.known for one in shown.elsewhere).encode()
