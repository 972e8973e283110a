"""Every text of a member says what it is written in wherever its page speaks another language."""

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from aggregator.catalogue.assemble import NEVER_ASKED, Rendered, assemble
from aggregator.catalogue.claims import Claim, Speaker
from aggregator.catalogue.tongues import language_of_title
from aggregator.catalogue.types import Catalogue
from aggregator.facts.snapshot import Change, ChangeKind
from aggregator.readme.readme import Quote, Readme
from aggregator.registry.community import Talk
from aggregator.searching.build import index_files
from aggregator.searching.columns import read_corpus
from aggregator.site.data.search_index import documents_of, render_index
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme, load_theme
from aggregator.site.translations import spoken_for
from aggregator.words.natural_language import Tongues
from aggregator.words.outcomes import Outcome
from aggregator.words.speech import speaking, translation_missing
from tests.conftest import ROOT
from tests.outputs import factory

HOME = "https://showcase.example.org/health/"
SPC = "data-saves/plain-spc"
PAGE = f"projects/{SPC}/"
FRENCH = "Un petit outil qui transforme les listes d'attente en graphiques que chacun comprend."
WELSH = "Offeryn syml i ddangos rhestrau aros mewn ysbytai fel siartiau y gall pawb eu deall."
ARABIC = "\u0631\u0633\u0648\u0645 \u0628\u064a\u0627\u0646\u064a\u0629"
ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def community(language: str = "en-GB") -> Catalogue:
    """Assemble a community one of whose projects speaks French, with a story in Welsh."""
    written = factory.registry(HOME)
    (lead, *others) = written.organisations
    talk = Talk(title=ARABIC, url="https://talks.example.org/arabic")
    entries = tuple(
        replace(one, summary=FRENCH, talks=(talk,)) if one.repo.key == SPC else one
        for one in written.projects
    )
    (person,) = written.people
    (path,) = written.paths
    written = replace(
        written,
        showcase=replace(written.showcase, language=language),
        organisations=(replace(lead, about=WELSH), *others),
        projects=entries,
        people=(replace(person, about=FRENCH),),
        paths=(replace(path, summary=WELSH),),
    )
    readme = replace(
        factory.README,
        language="fr",
        excerpt=FRENCH,
        caution=Quote("Ne pas utiliser en production.", "Attention", "user-content-attention"),
    )
    known = factory.snapshot()
    joined = Change(date=factory.NOW, kind=ChangeKind.ADDED, repo=SPC, name=SPC)
    return assemble(
        written,
        known.model_copy(update={"changes": (*known.changes, joined)}),
        Rendered(
            readmes={SPC: readme},
            stories={SPC: factory.STORY},
            about="<p>Qui nous sommes.</p>",
            languages={SPC: "cy", "about": "fr"},
        ),
        "https://github.com",
    )


def made(catalogue: Catalogue, theme: Theme) -> dict[str, bytes]:
    """Make every file of a site, with its index."""
    files = {file.path: file.data for file in render_site(catalogue, theme)}
    with speaking(theme.speech):
        corpus = read_corpus(documents_of(catalogue), {})
    return files | {file.path: file.data for file in render_index(index_files(corpus))}


@pytest.fixture(scope="module")
def english(theme: Theme) -> dict[str, bytes]:
    """The site of the community in English."""
    return made(community(), theme)


def marks(page: bytes, selector: str) -> list[tuple[str | None, str | None]]:
    """Give `lang` and `dir` of the elements of a page."""
    found = LexborHTMLParser(page).css(selector)
    return [(each.attributes.get("lang"), each.attributes.get("dir")) for each in found]


@pytest.mark.parametrize(
    ("page", "selector", "language"),
    [
        (PAGE, ".project-head .lead", "fr"),
        (PAGE, ".readme", "fr"),
        (PAGE, ".toc ul", "fr"),
        (PAGE, ".reuse-caution q", "fr"),
        (PAGE, ".story", "cy"),
        (f"{PAGE}card/", ".card-summary", "fr"),
        (f"stories/{SPC}/", ".story", "cy"),
        ("stories/", f'.story-entry:has(a[href$="{SPC}/"]) .story', "cy"),
        ("about/", ".prose .prose", "fr"),
        ("paths/to-a-pipeline/", ".page-head .lead", "cy"),
        ("paths/", ".row .small", "cy"),
        ("people/", ".row .small", "fr"),
        ("people/ada-fen/", ".page-head .lead", "fr"),
    ],
)
def test_an_element_says_what_its_text_is_written_in(
    english: dict[str, bytes], page: str, selector: str, language: str
) -> None:
    """A screen reader reads French as French and Welsh as Welsh on an English page."""
    assert marks(english[f"{page}index.html"], selector)[0] == (language, None)


def _readme(language: str) -> Readme:
    return replace(factory.README, language=language)


@pytest.mark.parametrize(
    ("title", "source", "language", "told"),
    [
        ("Outil d'attente", "README", "fr", "fr"),
        ("Outil d'attente", "registry", "fr", "en"),
        ("\u75c5\u623f\u5730\u56f3", "README", "zh", "zh"),
        ("ward-map", "README", "zh", "en"),
        (ARABIC, "GitHub", "", "und-Arab"),
        ("Plain SPC", "README", "", "en"),
    ],
)
def test_a_title_is_in_the_language_of_the_readme_that_it_heads(
    title: str, source: Speaker, language: str, told: str
) -> None:
    """A title is too short to show its language, so its script and its place tell it."""
    used = Claim(title, source, "README.md", title)
    assert language_of_title(used, title, _readme(language), Tongues()) == told


def test_a_title_says_what_it_is_written_in_wherever_it_heads_something(theme: Theme) -> None:
    """On its page, on cards, in results and in lists that know it."""
    catalogue = community()
    french = {"title": "Courbes", "title_language": "fr"}
    site = made(factory.changed(catalogue, plain_spc=french), theme)
    card = f'.card-title a[href$="{PAGE}"]'
    assert marks(site[f"{PAGE}index.html"], "h1") == [("fr", None)]
    assert marks(site["projects/index.html"], card) == [("fr", None)]
    assert marks(site["stories/index.html"], f'.card-title a[href$="{SPC}/"]') == [("fr", None)]
    shown = [data for path, data in site.items() if path.startswith("search/index/c")]
    cards = [card for data in shown for card in json.loads(data)["c"]]
    assert {one["k"]: one["b"] for one in cards if "b" in one} == {SPC: "fr"}
    told = {one["repo"]: one for one in json.loads(site["data/catalogue.json"])["projects"]}
    assert (told[SPC]["title_language"], told[SPC]["summary_language"]) == ("fr", "fr")
    assert told["northmoor-icb/rap-starter"]["title_language"] == "en-GB"


def test_what_was_written_down_for_the_terminal_is_english_on_a_welsh_page() -> None:
    """A problem that the translation has is Welsh; any other one says that it is English."""
    catalogue = community("cy")
    first, second, *_ = catalogue.projects
    stored = replace(first.standing, outcome=Outcome.UNREACHABLE, message="The proxy said 418")
    known = replace(second.standing, outcome=Outcome.SKIPPED, message=NEVER_ASKED)
    standings = {first.key: stored, second.key: known}
    projects = tuple(
        replace(p, standing=replace(standings.get(p.key, p.standing), cure=None))
        for p in catalogue.projects
    )
    troubled = replace(catalogue, projects=projects, notices=("Half of them are gone.",))
    site = made(troubled, load_theme("#225faa", None, "cy"))
    told = LexborHTMLParser(site["status/index.html"]).css(
        "section[aria-labelledby=troubled] p > span:first-child"
    )
    said = {one.text(strip=True): one.attributes.get("lang") for one in told}
    assert said["The proxy said 418"] == "en"
    assert [text for text, language in said.items() if language is None]
    assert marks(site["status/index.html"], ".notice.stale > p") == [("en", None)]


def test_text_from_the_right_says_so(english: dict[str, bytes]) -> None:
    """A title in Arabic letters runs from the right, whatever the language of the page."""
    title = 'aside a[href="https://talks.example.org/arabic"]'
    assert marks(english[f"{PAGE}index.html"], title) == [("und-Arab", "rtl")]


def test_what_is_in_the_language_of_the_page_says_nothing(english: dict[str, bytes]) -> None:
    """English texts on an English page have no mark, though the setting names its country."""
    page = english["projects/northmoor-icb/rap-starter/index.html"]
    assert marks(page, "main [lang]") == []
    assert marks(page, "html") == [("en-GB", None)]


def test_lists_and_feeds_say_it_too(english: dict[str, bytes]) -> None:
    """Programs that pass a sentence on can say what it is written in."""
    listing = {item["path"]: item for item in yaml.safe_load(english["data/listing.yml"].decode())}
    feed = {one["url"]: one for one in json.loads(english["data/listing.json"])["items"]}
    assert listing[HOME + PAGE]["lang"] == feed[HOME + PAGE]["language"] == "fr"
    assert sum("lang" in one for one in listing.values()) == 1
    assert f'<span lang="fr">{FRENCH[:9]}' in english["data/listing.md"].decode()


def test_news_keep_what_happened_apart_from_words_in_another_language(
    english: dict[str, bytes],
) -> None:
    """An entry of a feed says in English what happened, and in French what the project is."""
    root = ET.fromstring(english[f"{PAGE}feed.xml"])
    told = [(one, one.find(f"{ATOM}content")) for one in root.iter(f"{ATOM}entry")]
    foreign = [(one, content) for one, content in told if content is not None]
    assert foreign
    for entry, content in foreign:
        assert (content.get(LANG), content.text) == ("fr", FRENCH)
        assert FRENCH not in (entry.findtext(f"{ATOM}summary") or "")
    items = json.loads(english["feed.json"])["items"]
    french = [one for one in items if one.get("language") == "fr"]
    assert {one["content_text"] for one in french} == {FRENCH}
    assert all(one["summary"] for one in french)


def test_structured_data_says_it_too(english: dict[str, bytes]) -> None:
    """JSON-LD has a description with its language, and a story the one that it is told in."""
    (about,) = _things(english[f"{PAGE}index.html"], "SoftwareSourceCode")
    assert about["description"] == {"@language": "fr", "@value": FRENCH}
    (story,) = _things(english[f"stories/{SPC}/index.html"], "Article")
    assert story["inLanguage"] == "cy"
    assert json.loads(english[f"{PAGE}codemeta.json"])["description"] == FRENCH


def _things(page: bytes, kind: str) -> list[dict[str, object]]:
    script = LexborHTMLParser(page).css_first('script[type="application/ld+json"]').text()
    graph = json.loads(script)["@graph"]
    return [one["mainEntity"] for one in graph if one.get("mainEntity", {}).get("@type") == kind]


def test_results_of_the_search_say_it_too(english: dict[str, bytes]) -> None:
    """The card that a result is made of names the languages of its summary and its sentences."""
    shown = [data for path, data in english.items() if path.startswith("search/index/c")]
    cards = [card for data in shown for card in json.loads(data)["c"]]
    assert {card["w"] for card in cards if card["k"] == SPC} == {"fr"}
    assert [card["k"] for card in cards if "w" in card or "v" in card] == [SPC]


def test_a_site_without_a_translation_says_what_its_words_and_its_texts_are_in() -> None:
    """Where members write French and the pages speak English, neither says to be the other."""
    site = made(community("fr"), load_theme("#225faa", None, "fr"))
    page = site[f"{PAGE}index.html"]
    assert marks(page, "html") == [("en", None)]
    assert marks(page, ".project-head .lead") == [("fr", None)]
    plain = site["projects/northmoor-icb/rap-starter/index.html"]
    assert marks(plain, ".project-head .lead") in ([("fr", None)], [(None, None)])
    # What the program says of a format or counts is nobody's text.
    assert marks(site["index.html"], ".nav [lang], footer [lang], h2[lang]") == []


def test_the_translation_in_the_documentation_works(tmp_path: Path) -> None:
    """Whoever follows docs/languages.md gets pages that say in French what the file says."""
    page = (ROOT / "docs" / "languages.md").read_text("utf-8")
    (example,) = re.findall(r"```po\n(.*?)```", page, re.DOTALL)
    folder = tmp_path / "languages"
    folder.mkdir()
    (folder / "fr.po").write_text(example, "utf-8")
    home = made(community("fr"), load_theme("#225faa", tmp_path, "fr"))["index.html"]
    assert marks(home, "html") == [("fr", None)]
    shown = home.decode()
    assert all(words in shown for words in ("Aller au contenu", "Menu", "Données ouvertes"))
    assert spoken_for("fr-CA", [tmp_path]) == "fr-CA"
    assert translation_missing("fr", spoken_for("fr", [])).split(";")[0] in page
    assert translation_missing("fr", spoken_for("fr", [tmp_path])) == ""


def test_a_page_from_the_right_turns_what_runs_the_other_way(tmp_path: Path) -> None:
    """On a Hebrew page French says that it runs from the left; Hebrew says nothing."""
    skip = "\u05d3\u05dc\u05d2\u05d5 \u05dc\u05ea\u05d5\u05db\u05df"
    folder = tmp_path / "languages"
    folder.mkdir()
    (folder / "he.po").write_text(
        'msgid ""\nmsgstr ""\n"Language: he\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        f'msgid "Skip to the content"\nmsgstr "{skip}"\n',
        "utf-8",
    )
    site = made(community("he"), load_theme("#225faa", tmp_path, "he"))
    page = site[f"{PAGE}index.html"]
    assert marks(page, "html") == [("he", "rtl")]
    assert marks(page, ".project-head .lead") == [("fr", "ltr")]
    assert marks(page, 'aside a[href="https://talks.example.org/arabic"]') == [("und-Arab", None)]
    assert skip in page.decode()
