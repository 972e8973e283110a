"""What a published site showed, in numbers and by name, so that the next can be held against it.

    catalogue + snapshot + previous proof --made_from--> proof --losses--> may it be published?

Written with the site as `data/proof.json` and beside the catalogue; `guard` compares the two
before anything is replaced. Whatever made a project, its README or its summary vanish (a memory
that was not restored, two builds at once, a crash, a wrong clock), it has no explanation here,
and so it stops the publication. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, groupby
from math import ceil

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aggregator.catalogue.types import Catalogue, Project, Proven
from aggregator.facts.base import NameWithOwner
from aggregator.facts.record import Record
from aggregator.facts.repository import RepoFacts
from aggregator.facts.snapshot import Snapshot
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry
from aggregator.run.clock import TOLERANCE
from aggregator.words.errors import PublishError, StateError

PROOF = "proof.json"
_MOST_NAMED = 10
_BLOB_DIGITS = 12
# A nightly job drifts by an hour or two; one and a half days without news is a night missed.
_ONE_NIGHT = timedelta(hours=36)


class _Stored(BaseModel):
    """Frozen, and ignoring what a newer version may have added."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Shown(_Stored):
    """What the site showed of one project."""

    listed_as: NameWithOwner
    repository_id: int | None = None
    facts: bool = False
    readme: str | None = None  # the first digits of the git blob whose rendering was shown
    summary: str | None = None  # whose words it was


class Ages(_Stored):
    """How old the facts were, in days before the last run."""

    newest: int = 0
    middle: int = 0
    tenth_oldest: int = 0  # nine in ten are younger
    oldest: int = 0


class Proof(_Stored):
    """What one published site held."""

    version: int = 1
    community: str | None = None
    repository_id: int | None = None
    generation: int = Field(default=1, ge=0)  # rises by one with each publication
    renderer: str = ""
    fetched_at: datetime | None = None
    projects: int = 0
    with_facts: int = 0
    with_readme: int = 0
    with_summary: int = 0
    tombstones: int = 0
    identities: int = 0
    confirmed: int = 0  # in the last run, which may have confirmed nothing
    history: int = 0  # days in the numbers over time
    changes: int = 0  # lines in the change log
    ages: Ages = Ages()
    nights: int = 0  # without a gap
    lossless_since: date | None = None
    shown: Mapping[str, Shown] = Field(default_factory=dict)  # by key of the entry

    def text(self) -> str:
        """Write the file: the same proof gives the same bytes."""
        return self.model_dump_json(exclude_none=True, indent=1) + "\n"

    @property
    def proven(self) -> Proven:
        """Give what the status page says of it."""
        return Proven(
            confirmed=self.confirmed,
            projects=self.projects,
            oldest_days=self.ages.oldest,
            nights=self.nights,
            lossless_since=self.lossless_since,
        )


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that the last site had, the next has not, and nothing explains."""

    what: str  # "facts", "README", ...
    listed_as: str = ""  # empty: it concerns the showcase as a whole


def read_proof(content: bytes, where: str) -> Proof:
    """Read a proof that came from a disk or from the network.

    Raises:
        StateError: it is none.
    """
    try:
        return Proof.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise StateError(
            f"{where} is not the proof of a site",
            str(first["msg"]),
            "nothing was changed; bring the file back, or take it away and say --accept-losses",
        ) from error


def newest(proofs: Iterable[Proof]) -> Proof | None:
    """Choose the proof of the latest publication."""
    return max(
        proofs,
        key=lambda p: (p.generation, p.fetched_at.timestamp() if p.fetched_at else 0.0),
        default=None,
    )


def believed(proof: Proof, now: datetime) -> Proof:
    """Take out of a proof what a clock that ran ahead wrote into it."""
    if proof.fetched_at is None or proof.fetched_at <= now + TOLERANCE:
        return proof
    since = min(proof.lossless_since or now.date(), now.date())
    unknown = {"fetched_at": None, "history": 0, "changes": 0, "nights": 0}
    return proof.model_copy(update={**unknown, "lossless_since": since})


def made_from(
    catalogue: Catalogue,
    snapshot: Snapshot,
    previous: Proof | None = None,
    renderer: str = "",
    faulty: frozenset[str] = frozenset(),
) -> Proof:
    """Draw up the proof of a site; making the same site again gives the same proof.

    Args:
        catalogue: what the site shows.
        snapshot: what it was made from.
        previous: the proof of the site before it.
        renderer: names the version of what renders READMEs.
        faulty: keys of projects that this program failed to show. Nothing of them is lost: what
            was shown of them last is to be shown again when the program is mended.
    """
    before = previous or Proof(generation=0)
    at, projects = snapshot.fetched_at, catalogue.projects
    ran = _last_run(catalogue, at)
    shown = {project.key: _shown(project, snapshot) for project in projects}
    shown |= {key: one for key, one in before.shown.items() if key in faulty}
    proof = Proof(
        community=catalogue.showcase.identity or snapshot.community,
        repository_id=snapshot.repository_id,
        generation=before.generation,
        renderer=renderer,
        fetched_at=at,
        projects=len(projects),
        with_facts=sum(one.facts for one in shown.values()),
        with_readme=sum(one.readme is not None for one in shown.values()),
        with_summary=sum(one.summary is not None for one in shown.values()),
        tombstones=sum(p.facts is None and p.standing.outcome.erases for p in projects),
        identities=sum(one.repository_id is not None for one in shown.values()),
        confirmed=sum(ran is not None and p.standing.last_succeeded == ran for p in projects),
        history=len(snapshot.history),
        changes=len(snapshot.changes),
        ages=_ages(catalogue, ran),
        nights=_nights(before, at),
        lossless_since=before.lossless_since or (at.date() if at else None),
        shown=dict(sorted(shown.items())),
    )
    if proof == previous:
        return proof
    return proof.model_copy(update={"generation": before.generation + 1})


def losses(before: Proof, after: Proof, registry: Registry, snapshot: Snapshot) -> tuple[Loss, ...]:
    """List what the next site lacks without an explanation.

    Explained are: entries that left the registry (how many may leave at once is judged
    elsewhere), what was erased because its repository is no longer public, what an answer
    confirmed since then says is no longer there, what the registry hides, and what another
    version of the renderer makes of the same bytes.
    """
    entries = {entry.repo.key: entry for entry in registry.projects}
    still = {one.repository_id for one in after.shown.values()} - {None}
    anew = before.renderer != after.renderer
    lost = list(_of_memory(before, after))
    for key, old in before.shown.items():
        entry, new = entries.get(key), after.shown.get(key)
        if entry and (new or old.repository_id not in still):
            evidence = _Evidence(entry, snapshot.record(key), before.fetched_at, anew)
            lost += [Loss(what, old.listed_as) for what in evidence.missing(old, new)]
    return tuple(lost)


def refuse(lost: Iterable[Loss]) -> None:
    """Raise PublishError when anything was lost, naming the first ten and the cure."""
    found = tuple(lost)
    if not found:
        return
    projects = sorted((loss.listed_as, loss.what) for loss in found if loss.listed_as)
    grouped = [
        f"{name} ({', '.join(what for _, what in same)})"
        for name, same in groupby(projects, key=lambda pair: pair[0])
    ]
    more = [f"{len(grouped) - _MOST_NAMED} more"] if len(grouped) > _MOST_NAMED else []
    whole = [loss.what for loss in found if not loss.listed_as]
    raise PublishError(
        "the new site would lose what the published one has, without a reason",
        "; ".join([*whole, *grouped[:_MOST_NAMED], *more]),
        "nothing was replaced; bring the memory back with `aggregator restore URL` and run "
        "again, or say --accept-losses if it is meant",
    )


def _shown(project: Project, snapshot: Snapshot) -> Shown:
    record = snapshot.record(project.listed_as)
    return Shown(
        listed_as=project.listed_as,
        repository_id=record.identity.repository_id if record and record.identity else None,
        facts=project.facts is not None,
        readme=_blob(record) if project.readme else None,
        summary=project.summary.source if project.summary else None,
    )


def _blob(record: Record | None) -> str | None:
    details = record.facts.details if record and record.facts else None
    return details.readme.oid[:_BLOB_DIGITS] if details and details.readme else None


def _last_run(catalogue: Catalogue, at: datetime | None) -> datetime | None:
    """Say when the last run was: later than `at` where it confirmed nothing, or asked nobody."""
    noted = ((p.standing.last_tried, p.standing.since) for p in catalogue.projects)
    return max(filter(None, (at, *chain.from_iterable(noted))), default=None)


def _ages(catalogue: Catalogue, at: datetime | None) -> Ages:
    dates = (p.facts.glance.confirmed_at for p in catalogue.projects if p.facts)
    days = sorted(max(0, (at - when).days) for when in dates) if at else []
    if not days:
        return Ages()
    middle, tenth = (days[ceil(len(days) * share) - 1] for share in (0.5, 0.9))
    return Ages(newest=days[0], middle=middle, tenth_oldest=tenth, oldest=days[-1])


def _nights(before: Proof, at: datetime | None) -> int:
    """Count the nights in a row up to `at`; a second run on one day does not add to them."""
    if at is None or before.fetched_at is None:
        return 0 if at is None else 1
    days = (at.date() - before.fetched_at.date()).days
    if days <= 0:
        return before.nights
    return before.nights + 1 if days == 1 or at - before.fetched_at <= _ONE_NIGHT else 1


def _of_memory(before: Proof, after: Proof) -> Iterator[Loss]:
    if before.history > after.history:
        yield Loss(f"{before.history - after.history} of {before.history} days of its history")
    if before.changes > after.changes:
        yield Loss(f"{before.changes - after.changes} of {before.changes} lines of its change log")
    if before.fetched_at and (after.fetched_at is None or after.fetched_at < before.fetched_at):
        older = f"{after.fetched_at:%Y-%m-%d %H:%M}" if after.fetched_at else "no day"
        yield Loss(f"facts of {before.fetched_at:%Y-%m-%d %H:%M} would become those of {older}")


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What may explain that something of one project is no longer shown."""

    entry: Entry
    record: Record | None
    since: datetime | None  # when the published site's facts were fetched; later answers count
    rendered_anew: bool  # by another version of the renderer

    @property
    def facts(self) -> RepoFacts | None:
        return self.record.facts if self.record else None

    def missing(self, old: Shown, new: Shown | None) -> Iterator[str]:
        """Name what is gone without a reason."""
        if new is None:
            yield "the whole entry"
            return
        another = None not in {old.repository_id, new.repository_id} and new.facts
        if self._erased(old) or (another and old.repository_id != new.repository_id):
            return
        if old.facts and not new.facts:
            yield "facts"
            return
        if old.repository_id is not None and new.repository_id is None:
            yield "which repository it is"
        if old.readme and not new.readme and not self._readme_explained(old.readme):
            yield "README"
        if old.summary and not new.summary and not self._summary_explained(old):
            yield "summary"

    def _erased(self, old: Shown) -> bool:
        """Tell whether an answer since then took it off, of the repository that was shown."""
        record = self.record
        if record is None or record.facts is not None or record.outcome.inconclusive:
            return False
        known = record.identity is not None and (
            old.repository_id in {None, record.identity.repository_id}
        )
        return known and self._answered(record.last_tried)

    def _answered(self, moment: datetime | None) -> bool:
        return moment is not None and (self.since is None or moment >= self.since)

    def _readme_explained(self, blob: str) -> bool:
        if self.entry.readme != "show" or self.rendered_anew:
            return True
        if self.facts is None:
            return False
        glance, details = self.facts.glance, self.facts.details
        if glance.empty and self._answered(glance.confirmed_at):
            return True
        if details is None or not details.readme_asked or not self._answered(details.confirmed_at):
            return False
        # Another README that shows as nothing is an answer; the same one is not.
        return details.readme is None or not details.readme.oid.startswith(blob)

    def _summary_explained(self, old: Shown) -> bool:
        if old.summary == "registry" or self.rendered_anew:
            return True
        if old.summary == "README":
            return self._readme_explained(old.readme or "-")
        if self.facts is None:
            return False
        # Words that are still known and no longer shown are judged otherwise, not lost.
        glance, details = self.facts.glance, self.facts.details
        if old.summary == "GitHub":
            return bool(glance.description) or self._answered(glance.confirmed_at)
        if details is None:
            return False
        held = any(statement.description for statement in details.statements or ())
        return held or self._answered(details.confirmed_at)
