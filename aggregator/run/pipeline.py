"""The whole flow, composed: each step can be run alone on what the one before it left.

    registry.yaml --load--> Registry --+-----------------------------+
                                       |                             |
    GitHub --fetch--> Observations --> catalogue.db --> Snapshot --> assemble --> Catalogue
    `------------- update -----------'  `---------------- build -----------.         |
                                                                           |       render, prove
                                                     output/ <--publish-- Files <----'

`update` is the half that needs the network, `build` the half that never does, and a
run is one after the other. Called by `cli`, which brings the clock and the environment.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from shutil import rmtree

from aggregator.catalogue.assemble import Rendered, assemble, with_related
from aggregator.catalogue.leave_out import disarmed
from aggregator.catalogue.types import Catalogue
from aggregator.facts.record import Record
from aggregator.facts.snapshot import Snapshot
from aggregator.fetch.conversation import Budget, Clock
from aggregator.fetch.run import Terms
from aggregator.fetch.state import Progress
from aggregator.github.opening import Endpoint, open_source
from aggregator.readme.readme import Readme, ReadmeSource, story_source
from aggregator.readme.workers import Renderer, open_renderer
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry
from aggregator.run.blame import Parts, bearable, made_without_the_faulty
from aggregator.run.clock import judge_clock
from aggregator.run.guard import STRICT, Guard, refuse_losses, remember_proof
from aggregator.run.proof import PROOF
from aggregator.run.publish import (
    checked_path,
    only_builder,
    publish,
    refuse_unsafe_output,
    strangers,
)
from aggregator.run.report import Report
from aggregator.run.update import update
from aggregator.search.analysis import Corpus
from aggregator.search.meaning import Embedder, by_meaning, packaged_model
from aggregator.search.related import related_to_each
from aggregator.site.data.database import database_statements
from aggregator.site.data.search_index import corpus_of
from aggregator.site.recipes import File
from aggregator.site.renderers import render_site
from aggregator.site.theme import load_theme
from aggregator.store.disk_memo import open_memo
from aggregator.store.opening import CATALOGUE, open_store, published_bytes, read_snapshot
from aggregator.words.errors import StateError
from aggregator.words.outcomes import Outcome
from aggregator.words.wall import Fault, attempt, each

_MOST_NAMED = 10
PUBLISHED_PROOF = f"data/{PROOF}"


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
    def proof(self) -> Path:
        """Give the file that says what the last published site held."""
        return self.state / PROOF

    @property
    def proofs(self) -> tuple[Path, ...]:
        """Give the places of that file: in the site itself, and beside the catalogue."""
        return (self.output / PUBLISHED_PROOF, self.proof)

    @property
    def cache(self) -> Path:
        """Give the folder that may be deleted at any time."""
        return self.state / "cache"

    @property
    def vectors(self) -> Path:
        """Give the file of what the language model made of READMEs."""
        return self.cache / "vectors.db"

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
    unread: str | None = None  # what of the stored facts this version could not read
    faults: tuple[Fault, ...] = ()  # at which projects this program failed


@dataclass(frozen=True, slots=True)
class Network:
    """Which GitHub to ask, how long, and who watches."""

    endpoint: Endpoint
    clock: Clock
    seconds: float
    watcher: Callable[[Progress], None]


def fetch_facts(
    workspace: Workspace,
    registry: Registry,
    network: Network,
    guard: Guard = STRICT,
) -> Report:
    """Ask GitHub about every entry and keep what it says.

    Args:
        workspace: where to keep the facts.
        registry: what members wrote.
        network: whom to ask, and for how long.
        guard: what tells this community from others, and which losses are meant.

    Raises:
        StateError: another run is at work, or the catalogue cannot be used or is not ours.
        SourceError: the clock of this machine is wrong; nothing was written.
        PublishError: the registry lost so many entries that it looks like an accident.
    """
    clock = network.clock
    share = 1.0 if guard.accept_losses else registry.showcase.vanish_limit_percent / 100
    budget = Budget(network.seconds, share)
    terms = Terms(clock.now(), budget, clock, network.watcher, _hidden(registry))
    with (
        open_store(workspace.database) as store,
        open_source(network.endpoint, workspace.cache, clock.now) as source,
    ):
        known = store.read()
        guard.refuse_stranger(known, registry, str(workspace.database))
        if not guard.accept_losses:
            refuse_losses(known, registry)
        previous = guard.last_proof(workspace.proofs, registry, known)
        ours = guard.community(registry, known, previous)
        return update(newest_first(registry), source, store, terms, ours)


def newest_first(registry: Registry) -> list[str]:
    """List the entries' names, those added last first: they matter most when time is short."""
    dated = sorted(registry.projects, key=lambda entry: entry.added or date.min, reverse=True)
    return [str(entry.repo) for entry in dated]


def build(
    workspace: Workspace,
    registry: Registry,
    web: str,
    workers: int = 2,
    guard: Guard = STRICT,
) -> Built:
    """Make the site from the registry and the last good facts, without any network.

    Args:
        workspace: where the facts are and the site goes.
        registry: what members wrote.
        web: address of the GitHub that people visit, without a slash at its end.
        workers: processes that render READMEs.
        guard: what tells this community from others, and which losses are meant.

    Raises:
        StateError: nothing was ever fetched, or the catalogue is not ours.
        SourceError: the clock of this machine is wrong, or was at the last run.
        PublishError: the site would lose projects by accident, cannot be written, or another
            process is at work on the folder.
        UsageError: the output folder may not be replaced.
    """
    # Held from the facts on, so that a slow build never puts older facts over newer ones.
    with only_builder(workspace.output):
        return _build(workspace, registry, web, workers, guard)


def _build(workspace: Workspace, registry: Registry, web: str, workers: int, guard: Guard) -> Built:
    refuse_unsafe_output(workspace.output, workspace.kept, registry.showcase.keep)
    snapshot = read_snapshot(workspace.database)
    _refuse_nothing(snapshot, registry, workspace)
    guard.refuse_stranger(snapshot, registry, str(workspace.database))
    if guard.now is not None:
        judge_clock(guard.now, None, snapshot.fetched_at)
    previous = guard.last_proof(workspace.proofs, registry, snapshot)
    if not guard.accept_losses:
        refuse_losses(snapshot, registry, previous)
    embedder = packaged_model() if registry.showcase.related == "semantic" else None
    rendered, faults = _render(workspace, registry, snapshot, web, workers)
    # A README at which the program failed is told of as a fault; many of them are a loss.
    unread = frozenset(fault.about.casefold() for fault in faults)
    if len(unread) > bearable(len(registry.projects)):
        unread = frozenset()
    theme = load_theme(registry.showcase.accent, workspace.templates)

    def catalogue_of(parts: Parts) -> tuple[Catalogue, Corpus]:
        alone = assemble(parts.registry, parts.snapshot, parts.rendered, web)
        corpus = corpus_of(alone)
        found = likest(alone, corpus, embedder, workspace.vectors)
        told = tuple(mistake.seen_from(workspace.registry) for mistake in alone.mistakes)
        whole = replace(with_related(alone, found), unmade=parts.unmade, mistakes=told)
        return whole, corpus

    def make(parts: Parts) -> Built:
        catalogue, corpus = catalogue_of(parts)
        proved = guard.prove(catalogue, snapshot, registry, previous, parts.plain | unread)
        catalogue = replace(catalogue, proven=proved.proven)
        shown = File.of_text(PUBLISHED_PROOF, proved.text())
        site = render_site(catalogue, theme, corpus)
        files = chain(site, _open_data(workspace, catalogue), [shown])
        survivors = registry.showcase.keep
        written = publish(files, workspace.output, workspace.kept, survivors=survivors)
        remember_proof(workspace.proof, proved)
        unknown = _left_alone(strangers(workspace.output, survivors), workspace.output)
        notice = "; ".join(filter(None, (unknown, _unmet(registry, embedder))))
        return Built(catalogue, written, notice, snapshot.unread)

    def probe(parts: Parts) -> None:
        catalogue, corpus = catalogue_of(parts)
        for file in render_site(catalogue, theme, corpus):
            checked_path(file.path)
            _ = file.data  # a file is made when it is asked for: only then a fault in it shows

    built, more = made_without_the_faulty(Parts(registry, snapshot, rendered), make, probe)
    return replace(built, faults=(*faults, *more))


def prepare(
    workspace: Workspace, registry: Registry, snapshot: Snapshot, web: str, workers: int = 2
) -> Catalogue:
    """Render the READMEs and stories, and join everything but related projects."""
    rendered, _ = _render(workspace, registry, snapshot, web, workers)
    return assemble(registry, snapshot, rendered, web)


def likest(
    catalogue: Catalogue, corpus: Corpus, embedder: Embedder | None, vectors: Path
) -> Mapping[str, tuple[str, ...]]:
    """Find for each project, by registry key, the keys of those most like it.

    Args:
        catalogue: all projects.
        corpus: the same as search reads them.
        embedder: looks again at what shares words; None lets the words decide alone.
        vectors: where what an embedder made is kept between builds.
    """
    # Earlier versions kept a folder of files; what was made of a README leaves with the README.
    rmtree(vectors.with_suffix(""), ignore_errors=True)
    again = None
    if embedder:
        with open_memo(vectors, embedder.version) as memo:
            again = by_meaning(corpus, embedder, memo)
    else:
        vectors.unlink(missing_ok=True)  # whoever turned the model off wants no trace kept
    found = related_to_each(corpus, again)
    keys = {project.repo: project.key for project in catalogue.projects}
    return {keys[repo]: tuple(keys[other] for other in others) for repo, others in found.items()}


def _hidden(registry: Registry) -> frozenset[str]:
    """List the keys of entries whose READMEs are neither fetched nor kept nor published."""
    return frozenset(entry.repo.key for entry in registry.projects if entry.readme != "show")


def _left_alone(names: Sequence[str], output: Path) -> str:
    if not names:
        return ""
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return (
        f"{output} holds files that no build wrote: {', '.join(names[:_MOST_NAMED])}{more}: they "
        "were left where they are; name them under showcase.keep in the registry, or delete them"
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
    judged = any(_says_something(record) for record in snapshot.records.values())
    if snapshot.fetched_at is None and registry.projects and not judged:
        raise StateError(
            "there is nothing to build from",
            f"GitHub never answered into {workspace.state}",
            "run `aggregator update` with the network up, or `aggregator restore URL`",
        )


def _says_something(record: Record) -> bool:
    """Tell whether GitHub ever said what an entry is: there, blocked, or not to be found."""
    return not record.outcome.inconclusive and record.outcome is not Outcome.FORBIDDEN


def _readme_source(entry: Entry, snapshot: Snapshot, web: str) -> ReadmeSource | None:
    record = snapshot.record(str(entry.repo))
    content = snapshot.readme(record) if record else None
    if record is None or content is None or entry.readme != "show":
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


def _open_data(workspace: Workspace, catalogue: Catalogue) -> Iterator[File]:
    """Publish the facts themselves; the next run on a fresh machine starts from them."""
    if not workspace.database.exists():
        return
    shown = [project.key for project in catalogue.projects if project.readme_shown == "show"]
    blocked = catalogue.showcase.blocklist
    rewriting = (partial(disarmed, blocked=blocked), blocked.disarmed) if blocked else None
    data = published_bytes(
        workspace.database, shown, database_statements(catalogue), rewriting=rewriting
    )
    yield File(f"data/{CATALOGUE}", data)
