"""Everything that people wrote at length, made into safe HTML before a catalogue is assembled.

    READMEs, stories, own pages, texts about the showcase --memo, workers--> Rendered

One text at which the program fails costs none of the others. Called by `pipeline`.
"""

from collections.abc import Mapping

from aggregator.catalogue.assemble import Rendered
from aggregator.facts.snapshot import Snapshot
from aggregator.readme.labels import said_in
from aggregator.readme.readme import Readme, ReadmeSource, own_page_source, story_source
from aggregator.readme.workers import Renderer, open_renderer
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry
from aggregator.registry.settings import Showcase
from aggregator.run.crews import Hands
from aggregator.run.workspace import Workspace
from aggregator.site.theme import find_templates
from aggregator.site.translations import load_speech
from aggregator.words.crew import Mapper
from aggregator.words.wall import Fault, attempt, each

_ABOUT = "about"  # beside the keys of entries, which all hold a slash
_PROBLEMS = "problems"
_PAGE = "page "


def render_texts(  # noqa: PLR0913, PLR0917 - those of `build`, and how to look
    workspace: Workspace,
    registry: Registry,
    snapshot: Snapshot,
    web: str,
    hands: Hands,
    thorough: bool,
) -> tuple[Rendered, tuple[Fault, ...]]:
    """Render what people wrote, in workers, where none can hurt the rest.

    Returns:
        What was made, and a fault for each text at which this program failed.
    """
    entries = {entry.repo.key: entry for entry in registry.projects}
    folders = filter(None, (workspace.templates, find_templates()))
    words = said_in(load_speech(registry.showcase.language, folders))
    sources, unread = each(
        entries,
        "preparing its README",
        lambda _, entry: _readme_source(entry, snapshot, web, words),
    )
    stories = {key: story_source(e.story, words) for key, e in entries.items() if e.story}
    for key, text in _texts_of(registry.showcase).items():
        stories[key] = story_source(text, words)
    own = {
        f"{_PAGE}{page.slug}": own_page_source(page.text, page.file, words)
        for page in registry.own.pages
    }
    with open_renderer(workspace.cache, hands.workers, thorough=thorough) as renderer:
        readmes, failed = _each_rendered(renderer, sources, hands.readers)
        told, untold = _each_rendered(renderer, stories, hands.readers)
        pages, unmade = _each_rendered(renderer, own, hands.readers)
        wrong = (*unread.values(), *failed.values(), *untold.values(), *unmade.values())
        faults = (*wrong, *renderer.faults.values())
    html = {key: str(story.html) for key, story in told.items()}  # few write one, and briefly
    languages = {key: story.language for key, story in told.items()}
    about, problems = (html.pop(key, None) for key in (_ABOUT, _PROBLEMS))
    by_slug = {key.removeprefix(_PAGE): page for key, page in pages.items()}
    return Rendered(readmes, html, about, problems, languages, by_slug), faults


def _texts_of(showcase: Showcase) -> Mapping[str, str]:
    """Give what a community says in Markdown of itself, by keys that no entry can have."""
    texts = {_ABOUT: showcase.about, _PROBLEMS: showcase.accessibility.problems}
    return {key: text for key, text in texts.items() if text}


def _each_rendered(
    renderer: Renderer, sources: Mapping[str, ReadmeSource], mapped: Mapper | None
) -> tuple[Mapping[str, Readme], Mapping[str, Fault]]:
    """Render all at once; one by one when that fails, to keep what can be kept."""
    done = attempt("all of them", "rendering them", lambda: renderer.render_all(sources, mapped))
    if not isinstance(done, Fault):
        return done, {}
    doing = "rendering its README"
    return each(sources, doing, lambda key, source: renderer.render_all({key: source})[key])


def _readme_source(
    entry: Entry, snapshot: Snapshot, web: str, words: tuple[tuple[str, str], ...]
) -> ReadmeSource | None:
    """Give what a README is rendered from, or None where none is known or shown."""
    record = snapshot.record(str(entry.repo))
    if not (record and record.facts and record.details and record.readme):
        return None
    content = snapshot.readme(record)
    if content is None or entry.readme != "show":
        return None
    glance, blob = record.facts.glance, record.readme
    branch = glance.default_branch or "HEAD"
    return ReadmeSource(
        data=content,
        path=blob.path,
        repository=glance.name_with_owner,
        ref=record.details.head_oid or glance.head_oid or branch,
        branch=branch,
        web_base=web,
        truncated=blob.size is not None and blob.size > len(content),
        github_html=snapshot.rendering(record),
        words=words,
    )
