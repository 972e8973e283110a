"""The whole flow, composed: each step can be run alone on what the one before it left.

    registry.yaml --load--> Registry --+-----------------------------+
                                       |                             |
    GitHub --fetch--> Observations --> catalogue.db --> Snapshot --> assemble --> Catalogue
    `------------- update -----------'  `---------------- build -----------.         |
                                                                           |       render
                                                     output/ <--publish-- Files <----'

`update` is the half that needs the network, `build` the half that never does, and a
run is one after the other. Called by `cli`, which brings the clock and the environment.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path

from aggregator.assemble import Rendered, assemble
from aggregator.blame import Parts, made_without_the_faulty
from aggregator.catalogue import Catalogue
from aggregator.errors import PublishError, StateError
from aggregator.facts import Record, Snapshot
from aggregator.fetch import Budget, Clock, Progress, Terms
from aggregator.github import Endpoint, open_source
from aggregator.outputs import File, load_theme, render_site
from aggregator.outputs.search import documents_of
from aggregator.publish import checked_path, publish, refuse_unsafe_output
from aggregator.readme import Readme, ReadmeSource, Renderer, open_renderer, story_source
from aggregator.registry import Entry, Registry
from aggregator.related import Embedder, by_meaning, forget, model, packaged_model, passage, related
from aggregator.report import Report
from aggregator.store import CATALOGUE, export_catalogue, open_store, read_snapshot
from aggregator.update import update
from aggregator.wall import Fault, attempt, each

# Below this, a shorter registry is somebody tidying up, whatever share of it is gone.
_LOST_AT_LEAST = 5


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where one showcase lives on disk."""

    registry: Path
    state: Path
    output: Path
    templates: Path | None = None

    @property
    def database(self) -> Path:
        """Give the file that holds the last good facts."""
        return self.state / CATALOGUE

    @property
    def cache(self) -> Path:
        """Give the folder that may be deleted at any time."""
        return self.state / "cache"

    @property
    def vectors(self) -> Path:
        """Give the folder of what the language model made of READMEs."""
        return self.cache / "vectors"

    @property
    def kept(self) -> tuple[Path, ...]:
        """Give what building a site may never overwrite."""
        return (self.registry, self.state, *((self.templates,) if self.templates else ()))


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made."""

    catalogue: Catalogue
    files: int
    notice: str = ""  # what the registry asks for and this machine cannot do
    faults: tuple[Fault, ...] = ()  # at which projects this program failed


@dataclass(frozen=True, slots=True)
class Network:
    """Which GitHub to ask, how long, and who watches."""

    endpoint: Endpoint
    clock: Clock
    seconds: float
    watcher: Callable[[Progress], None]


def fetch_facts(
    workspace: Workspace, registry: Registry, network: Network, accept_losses: bool = False
) -> Report:
    """Ask GitHub about every entry and keep what it says.

    Args:
        workspace: where to keep the facts.
        registry: what members wrote.
        network: whom to ask, and for how long.
        accept_losses: believe it when many repositories or entries vanish at once.

    Raises:
        StateError: another run is at work, or the catalogue cannot be used.
        PublishError: the registry lost so many entries that it looks like an accident.
    """
    clock = network.clock
    share = 1.0 if accept_losses else registry.showcase.vanish_limit_percent / 100
    terms = Terms(clock.now(), Budget(network.seconds, share), clock, network.watcher)
    with (
        open_store(workspace.database) as store,
        open_source(network.endpoint, workspace.cache, clock.now) as source,
    ):
        if not accept_losses:
            refuse_losses(store.read(), registry)
        return update(newest_first(registry), source, store, terms)


def newest_first(registry: Registry) -> list[str]:
    """List the entries' names, those added last first: they matter most when time is short."""
    dated = sorted(registry.projects, key=lambda entry: entry.added or date.min, reverse=True)
    return [str(entry.repo) for entry in dated]


def build(
    workspace: Workspace,
    registry: Registry,
    web: str,
    workers: int = 2,
    accept_losses: bool = False,
) -> Built:
    """Make the site from the registry and the last good facts, without any network.

    Args:
        workspace: where the facts are and the site goes.
        registry: what members wrote.
        web: address of the GitHub that people visit, without a slash at its end.
        workers: processes that render READMEs.
        accept_losses: publish even when the site would lose many projects.

    Raises:
        StateError: nothing was ever fetched.
        PublishError: the site would lose projects by accident, or cannot be written.
        UsageError: the output folder may not be replaced.
    """
    refuse_unsafe_output(workspace.output, workspace.kept)
    snapshot = read_snapshot(workspace.database)
    _refuse_nothing(snapshot, registry, workspace)
    if not accept_losses:
        refuse_losses(snapshot, registry)
    embedder = packaged_model() if registry.showcase.related == "semantic" else None
    rendered, faults = _render(workspace, registry, snapshot, web, workers)
    theme = load_theme(registry.showcase.accent, workspace.templates)

    def catalogue_of(parts: Parts) -> Catalogue:
        alone = assemble(parts.registry, parts.snapshot, parts.rendered, web)
        found = likest(alone, embedder, workspace.vectors)
        rendered = replace(parts.rendered, related=found)
        whole = assemble(parts.registry, parts.snapshot, rendered, web)
        return replace(whole, unmade=parts.unmade)

    def make(parts: Parts) -> Built:
        catalogue = catalogue_of(parts)
        files = chain(render_site(catalogue, theme), _open_data(workspace))
        written = publish(files, workspace.output, workspace.kept)
        return Built(catalogue, written, _unmet(registry, embedder))

    def probe(parts: Parts) -> None:
        for file in render_site(catalogue_of(parts), theme):
            checked_path(file.path)

    built, more = made_without_the_faulty(Parts(registry, snapshot, rendered), make, probe)
    return replace(built, faults=(*faults, *more))


def prepare(
    workspace: Workspace, registry: Registry, snapshot: Snapshot, web: str, workers: int = 2
) -> Catalogue:
    """Render the READMEs and stories, and join everything but related projects."""
    rendered, _ = _render(workspace, registry, snapshot, web, workers)
    return assemble(registry, snapshot, rendered, web)


def likest(
    catalogue: Catalogue, embedder: Embedder | None, vectors: Path
) -> Mapping[str, tuple[str, ...]]:
    """Find for each project, by registry key, the keys of those most like it.

    Args:
        catalogue: all projects.
        embedder: looks again at what shares words; None lets the words decide alone.
        vectors: where what an embedder made is kept between builds.
    """
    keys = {project.repo: project.key for project in catalogue.projects}
    compared = model(documents_of(catalogue), catalogue.glossary)
    again = None
    if embedder:
        passages = {project.repo: passage(project) for project in catalogue.projects}
        again = by_meaning(compared, passages, embedder, vectors)
    else:
        forget(vectors)
    return {
        keys[repo]: tuple(keys[other] for other in related(compared, repo, compare=again))
        for repo in compared.keys
    }


def refuse_losses(snapshot: Snapshot, registry: Registry) -> None:
    """Raise PublishError when the registry lost so many entries that it looks like an accident."""
    before = snapshot.history[-1].listed if snapshot.history else 0
    lost = before - len(registry.projects)
    limit = before * registry.showcase.vanish_limit_percent / 100
    if lost < _LOST_AT_LEAST or lost <= limit:
        return
    mistakes = len(registry.errors)
    raise PublishError(
        f"the new site would lose {lost} of {before} projects",
        f"the registry became that much shorter, or its mistakes ({mistakes}) keep entries out"
        if mistakes
        else "the registry became that much shorter",
        "the old site stays; mend the registry, or say --accept-losses if it is meant",
    )


def _unmet(registry: Registry, embedder: Embedder | None) -> str:
    if embedder or registry.showcase.related != "semantic":
        return ""
    return (
        "related projects were found by words alone: showcase.related says semantic, "
        "but its extra is not installed: pip install 'aggregator[semantic]', or remove the setting"
    )


def _render(
    workspace: Workspace, registry: Registry, snapshot: Snapshot, web: str, workers: int
) -> tuple[Rendered, tuple[Fault, ...]]:
    """Render READMEs and stories in the workers, where none of them can hurt another."""
    entries = {entry.repo.key: entry for entry in registry.projects}
    sources, unread = each(
        entries, "preparing its README", lambda _, entry: _readme_source(entry, snapshot, web)
    )
    stories = {key: story_source(e.story) for key, e in entries.items() if e.story}
    with open_renderer(workspace.cache, workers) as renderer:
        readmes, failed = _each_rendered(renderer, sources)
        told, untold = _each_rendered(renderer, stories)
        faults = (*unread.values(), *failed.values(), *untold.values(), *renderer.faults.values())
    return Rendered(readmes, {key: story.html for key, story in told.items()}), faults


def _each_rendered(
    renderer: Renderer, sources: Mapping[str, ReadmeSource]
) -> tuple[Mapping[str, Readme], Mapping[str, Fault]]:
    """Render all at once; one by one when that fails, to keep what can be kept."""
    done = attempt("all of them", "rendering them", lambda: renderer.render_all(sources))
    if not isinstance(done, Fault):
        return done, {}
    doing = "rendering its README"
    return each(sources, doing, lambda key, source: renderer.render_all({key: source})[key])


def _refuse_nothing(snapshot: Snapshot, registry: Registry, workspace: Workspace) -> None:
    if snapshot.fetched_at is None and registry.projects:
        raise StateError(
            "there is nothing to build from",
            f"GitHub never answered into {workspace.state}",
            "run `aggregator update` with the network up, or `aggregator restore URL`",
        )


def _readme_source(entry: Entry, snapshot: Snapshot, web: str) -> ReadmeSource | None:
    record = snapshot.record(str(entry.repo))
    content = snapshot.readme(record) if record else None
    if record is None or content is None or entry.readme == "hide":
        return None
    source = _source_of(record, content, web)
    return replace(source, github_html=snapshot.rendering(record)) if source else None


def _source_of(record: Record, content: bytes, web: str) -> ReadmeSource | None:
    if record.facts is None or record.facts.details is None or record.facts.details.readme is None:
        return None
    glance, details = record.facts.glance, record.facts.details
    blob = record.facts.details.readme
    branch = glance.default_branch or "HEAD"
    return ReadmeSource(
        data=content,
        path=blob.path,
        repository=glance.name_with_owner,
        ref=details.head_oid or glance.head_oid or branch,
        branch=branch,
        web_base=web,
        truncated=blob.size is not None and blob.size > len(content),
    )


def _open_data(workspace: Workspace) -> Iterator[File]:
    """Publish the facts themselves; the next run on a fresh machine starts from them."""
    if not workspace.database.exists():
        return
    copy = workspace.state / "published.db"
    export_catalogue(workspace.database, copy)
    yield File(f"data/{CATALOGUE}", copy.read_bytes())
    copy.unlink()
