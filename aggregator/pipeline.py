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

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path

from aggregator.assemble import Rendered, assemble, with_related
from aggregator.blocked import Blocklist
from aggregator.catalogue import Catalogue
from aggregator.errors import PublishError, StateError
from aggregator.facts import Record, Snapshot
from aggregator.fetch import Budget, Clock, Progress, Terms
from aggregator.github import Endpoint, open_source
from aggregator.leave_out import disarmed
from aggregator.outputs import File, load_theme, render_site
from aggregator.outputs.search import documents_of
from aggregator.publish import publish, refuse_unsafe_output
from aggregator.readme import ReadmeSource, open_renderer, render_markdown
from aggregator.registry import Entry, Registry
from aggregator.related import Embedder, by_meaning, forget, model, packaged_model, passage, related
from aggregator.report import Report
from aggregator.store import CATALOGUE, export_catalogue, open_store, read_snapshot, rewrite_copy
from aggregator.update import update

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
    rendered = _render(workspace, registry, snapshot, web, workers)
    alone = assemble(registry, snapshot, rendered, web)
    found = likest(alone, embedder, workspace.vectors)
    catalogue = with_related(alone, found)
    theme = load_theme(registry.showcase.accent, workspace.templates)
    files = chain(render_site(catalogue, theme), _open_data(workspace, registry.showcase.blocklist))
    written = publish(files, workspace.output, workspace.kept)
    return Built(catalogue, written, _unmet(registry, embedder))


def prepare(
    workspace: Workspace, registry: Registry, snapshot: Snapshot, web: str, workers: int = 2
) -> Catalogue:
    """Render the READMEs and stories, and join everything but related projects."""
    rendered = _render(workspace, registry, snapshot, web, workers)
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


def readme_sources(
    entries: Iterable[Entry], snapshot: Snapshot, web: str
) -> Mapping[str, ReadmeSource]:
    """Say for each entry whose README is known what to render and where it stands."""
    sources = ((e.repo.key, _readme_source(e, snapshot, web)) for e in entries)
    return {key: source for key, source in sources if source}


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
) -> Rendered:
    sources = readme_sources(registry.projects, snapshot, web)
    with open_renderer(workspace.cache, workers) as renderer:
        return Rendered(
            readmes=renderer.render_all(sources),
            stories={e.repo.key: render_markdown(e.story) for e in registry.projects if e.story},
        )


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


def _open_data(workspace: Workspace, blocked: Blocklist) -> Iterator[File]:
    """Publish the facts themselves; the next run on a fresh machine starts from them."""
    if not workspace.database.exists():
        return
    copy = workspace.state / "published.db"
    export_catalogue(workspace.database, copy)
    if blocked:
        facts = partial(disarmed, blocked=blocked)
        rewrite_copy(copy, facts, blocked.disarmed)
    yield File(f"data/{CATALOGUE}", copy.read_bytes())
    copy.unlink()
