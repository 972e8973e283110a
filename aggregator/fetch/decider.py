"""The policy: what is worth asking this time, what an answer means, and when to believe nothing.

Values in, values out: one frozen ``Decider`` a run, which asks nobody and keeps nothing. ``run``
does what it decides; what becomes of the facts known before is said in ``merging``.
"""

import math
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.facts.protocol import (
    NEWEST_COMMITS,
    DeepLook,
    Sizes,
    Trouble,
    TroubleKind,
    Wanted,
)
from aggregator.facts.record import Observation, Record
from aggregator.facts.repository import (
    READER,
    Contributors,
    Counts,
    Details,
    Glance,
    Identity,
    RepoFacts,
)
from aggregator.fetch.conversation import Budget
from aggregator.fetch.merging import counts_all_people
from aggregator.words.outcomes import Outcome
from aggregator.words.phrases import sentence
from aggregator.words.wall import CURE, Fault

_ROTATION_DAYS = 7
_MUST = timedelta(days=6)  # so that a nightly run leaves nothing older than a week
_MAY = timedelta(hours=20)  # so that hourly runs do not rotate twenty-four times a day
_PEOPLE_A_NIGHT = 18  # requests that the smallest showcase may spend on counting people
_NO_COMMITS = ("The repository has no commits yet.", "Push a first commit, with a README.")

# What it means that we may not have a repository, and what a member can do about it.
_ABSENCES: Mapping[Outcome, tuple[str, str]] = {
    Outcome.GONE: (
        "It is no longer public: deleted, made private or moved without a redirect.",
        "Make it public again, list its new address, or remove the entry.",
    ),
    Outcome.PRIVATE: ("It is private.", "Make it public, or remove the entry."),
    Outcome.BLOCKED: (
        "GitHub has blocked access to it.",
        "See the notice on GitHub; remove the entry if it stays blocked.",
    ),
    Outcome.EMPTY: _NO_COMMITS,
    Outcome.FORBIDDEN: (
        "Its organisation does not let our token in.",
        (
            "Ask whoever runs the showcase to authorise the token for this organisation (single "
            "sign-on), or to use one without access to it."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Decider:
    """What one run decides by.

    ``now`` is one moment for the whole run: everything that it confirms carries the same time, so
    that "confirmed in this run" is an equality, and a run that lasts an hour rotates nothing twice.
    """

    now: datetime
    sizes: Sizes
    budget: Budget
    listed: int  # how many entries the registry has
    hidden: frozenset[str] = frozenset()  # keys of entries whose READMEs are not asked for

    def in_order(self, entries: Sequence[str], known: Mapping[str, Record]) -> list[str]:
        """Put entries never asked first, in the order given, then those asked longest ago."""

        def turn(name: str) -> float:
            record = known.get(name.casefold())
            tried = record.last_tried if record else None
            return tried.timestamp() if tried else -math.inf

        return sorted(entries, key=turn)

    def turn(self, known: Iterable[Record]) -> frozenset[str]:
        """Choose tonight's share of what is known, the oldest first, by key.

        By what earlier runs left, and not by what tonight answers: so those that share a night
        between them choose the same, each for its own part.
        """
        ages = [
            (self.now - record.details.confirmed_at, record.key)
            for record in known
            if record.details and record.outcome.answered
        ]
        ages.sort(reverse=True)
        share = math.ceil(len(ages) / _ROTATION_DAYS)
        return frozenset(key for age, key in ages[:share] if age >= _MAY)

    def due(self, live: Sequence[Record], turn: Container[str]) -> list[Record]:
        """Choose whose details are asked: what is news, and tonight's `turn` of the rest."""
        chosen = [r for r in live if r.facts and is_due(r.facts.details, r.facts.glance)]
        if not self.sizes.rotates:  # sixty requests an hour are for what is new
            return chosen
        taken = {record.key for record in chosen}
        rest = (
            (self.now - record.details.confirmed_at, record)
            for record in live
            if record.details and record.outcome.answered and record.key not in taken
        )
        late = [(age, r.key, r) for age, r in rest if age >= _MUST or r.key in turn]
        late.sort(key=lambda aged: aged[:2], reverse=True)
        return chosen + [record for _, _, record in late]

    def looks(self, due: Iterable[Record], stored: Container[str]) -> dict[str, DeepLook]:
        """Say how far to look into each repository, by its name today.

        What is not news is asked for its numbers alone: its README is stored, and who wrote it
        stands as it was.
        """
        found: dict[str, DeepLook] = {}
        for record in due:
            if record.facts is None:
                continue
            glance, blob = record.facts.glance, record.readme
            moved = record.details is None or record.details.basis.head_oid != glance.head_oid
            readme = moved or (blob is not None and blob.oid not in stored)
            before = found.get(glance.name_with_owner, DeepLook(glance))
            found[glance.name_with_owner] = DeepLook(
                before.glance,
                people=before.people or lacks_authors(record, moved=moved),
                readme=before.readme or (readme and self.shows_readme(record)),
            )
        return found

    def looks_ahead(self, known: Iterable[Record], listed: int) -> int:
        """Guess how many requests the looks of this run will take, before it is known what is due.

        Args:
            known: What earlier runs found out about the entries.
            listed: How many entries there are.
        """
        if not self.sizes.rotates:
            return 0
        deep = sum(record.details is not None for record in known)
        return math.ceil((2 * (listed - deep) + deep / _ROTATION_DAYS) / self.sizes.depth)

    def packed(self, looks: Mapping[str, DeepLook]) -> list[dict[str, DeepLook]]:
        """Put so many looks into one request as GitHub answers in its ten seconds.

        One that asks for people weighs as much as two.
        """
        packs: list[dict[str, DeepLook]] = []
        room = 0
        for name, look in looks.items():
            weight = 2 if look.people else 1
            if not packs or weight > room:
                packs.append({})
                room = self.sizes.depth
            packs[-1][name] = look
            room -= weight
        return packs

    def shows_readme(self, record: Record) -> bool:
        """Tell whether a README is wanted at all; one that members hide would be due for ever."""
        return record.key not in self.hidden

    def missing_readmes(
        self, shown: Iterable[Record], stored: Container[str]
    ) -> list[dict[str, Wanted]]:
        """Pack READMEs that the store lacks into requests, bounded in number and in bytes.

        Each is asked for once: forks share one.
        """
        packs: list[dict[str, Wanted]] = []
        room, taken = 0, set()
        for record in shown:
            blob = record.readme
            if record.facts is None or blob is None or blob.oid in stored or blob.oid in taken:
                continue
            taken.add(blob.oid)
            size = blob.size or 0
            if not packs or len(packs[-1]) >= self.sizes.readmes or size > room:
                packs.append({})
                room = self.sizes.readme_bytes
            glance = record.facts.glance
            packs[-1][glance.name_with_owner] = Wanted(glance, blob)
            room -= size
        return packs

    def lacking_people(self, live: Iterable[Record], known: Mapping[str, Record]) -> list[Record]:
        """Choose a few records without a full count of the people who contributed, by name.

        Small showcases have requests to spare; in large ones one a night has its turn, and what is
        new waits for a night that is not its first.
        """
        lacking = [
            record
            for record in live
            if record.facts
            and record.outcome.answered
            and record.outcome is not Outcome.EMPTY
            and not counts_all_people(record.facts.contributors)
        ]
        spare = _PEOPLE_A_NIGHT - self.listed // 10
        if spare < 1:
            lacking = [r for r in lacking if (past := known.get(r.key)) and past.details]
        return sorted(lacking, key=lambda r: r.key)[: max(1, spare)]

    def suspicion(self, vanished: int, known: int) -> str | None:
        """Say why a run must not be believed, or None when it may be."""
        share, floor = self.budget.shrink_share, self.budget.shrink_floor
        if vanished < floor or vanished <= share * known:
            return None
        return (
            f"{vanished} of {known} known repositories vanished in one run, more than "
            f"{share:.0%}: nothing was removed"
        )

    def seen(self, listed_as: str, glance: Glance, *, news: bool) -> Observation:
        """Judge a repository that answered."""
        name = glance.name_with_owner
        if name.casefold() != listed_as.casefold():
            same = name.partition("/")[0].casefold() == listed_as.partition("/")[0].casefold()
            outcome = Outcome.RENAMED if same else Outcome.TRANSFERRED
            words = (f"It is now called {name}.", f"Change {listed_as} to {name} in the registry.")
            return self._look(listed_as, outcome, *words, glance=glance)
        if glance.empty:
            return self._look(listed_as, Outcome.EMPTY, *_NO_COMMITS, glance=glance)
        outcome = Outcome.ACTIVE if news else Outcome.UNCHANGED
        return self._look(listed_as, outcome, glance=glance)

    def reused(self, listed_as: str, original: Glance | None) -> Observation:
        """Judge an entry whose name somebody else uses now; the original is followed by its id."""
        message = f"The name {listed_as} now belongs to a different repository."
        cure = (
            "Remove the entry; to list the new repository instead, ask whoever runs the showcase."
        )
        if original:
            message += f" The repository listed here is now {original.name_with_owner}."
            cure = f"Change {listed_as} to {original.name_with_owner} in the registry."
        return self._look(listed_as, Outcome.NAME_REUSED, message, cure, glance=original)

    def absent(self, listed_as: str, outcome: Outcome, known: Identity | None) -> Observation:
        """Judge a repository that GitHub does not let us have."""
        message, cure = _ABSENCES[outcome]
        if outcome is Outcome.GONE and known is None:
            message = f"GitHub knows no public repository called {listed_as}."
            cure = "Check the spelling, and that the repository is public."
        return self._look(listed_as, outcome, message, cure)

    def unanswered(self, listed_as: str, trouble: Trouble | Fault) -> Observation:
        """Judge an entry that got no answer; that says nothing about the repository."""
        if isinstance(trouble, Fault):
            return self._look(listed_as, Outcome.UNREACHABLE, trouble.message, CURE)
        outcome, said = Outcome.UNREACHABLE, trouble.message
        if trouble.kind is TroubleKind.LIMITED:
            outcome, said = Outcome.SKIPPED, f"not asked: {trouble.message}"
        cure = trouble.cure or "Nothing to do: the next run asks again."
        return self._look(listed_as, outcome, f"{sentence(said).rstrip('.')}.", cure)

    def held(self, vanished: Observation, message: str) -> Observation:
        """Judge a repository that vanished in a suspicious run: unknown, and kept."""
        cure = "Whoever runs the showcase must look at the last run."
        return self._look(vanished.listed_as, Outcome.UNREACHABLE, message, cure)

    def again(self, record: Record, **told: Details | Counts | Contributors | None) -> Observation:
        """Repeat what pass 1 said about a record, with the blocks that a later pass was told."""
        glance = record.facts.glance if record.facts else None
        words = (record.outcome, record.message, record.cure)
        look = self._look(record.listed_as, *words, glance=glance)
        return look.model_copy(update={"facts": look.facts and look.facts.model_copy(update=told)})

    def _look(
        self,
        listed_as: str,
        outcome: Outcome,
        message: str | None = None,
        cure: str | None = None,
        *,
        glance: Glance | None = None,
    ) -> Observation:
        return Observation(
            listed_as=listed_as,
            asked_at=self.now,
            outcome=outcome,
            facts=RepoFacts(glance=glance) if glance else None,
            message=message,
            cure=cure,
        )


def is_due(details: Details | None, glance: Glance) -> bool:
    """Tell whether the details must be asked: they may be news, or were read in an older way."""
    if is_news(details, glance):
        return True
    return not glance.empty and details is not None and details.reader < READER


def lacks_authors(record: Record, *, moved: bool) -> bool:
    """Tell whether the newest commits would say more of who wrote it than is known.

    They do not where nothing was committed since, nor where a longer history was counted over
    GitHub's own list, which a look at some commits does not replace.
    """
    people = record.facts.contributors if record.facts else None
    if people is None or not people.people_only:
        return True
    commits = record.details.commits_count if record.details else None
    return moved and (people.count is None or commits is None or commits <= NEWEST_COMMITS)


def is_news(details: Details | None, glance: Glance) -> bool:
    """Tell whether the details may have changed since they were asked.

    GitHub moves ``updatedAt`` for a new star as well as for new topics, so it counts only when
    stars and forks stayed; otherwise the rotation brings the topics within a week.
    """
    if glance.empty:
        return False
    if details is None:
        return True
    basis = details.basis
    if None not in {basis.head_oid, glance.head_oid} and basis.head_oid != glance.head_oid:
        return True
    if basis.pushed_at != glance.pushed_at:
        return True
    quiet = (basis.stars, basis.forks) == (glance.stars, glance.forks)
    return quiet and basis.updated_at != glance.updated_at
