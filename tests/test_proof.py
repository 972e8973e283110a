"""What one site held against the next may lose, and what may not: every kind, in random nights."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.catalogue.assemble import Rendered, assemble
from aggregator.cli.console import exit_code_for
from aggregator.facts.protocol import Spent, Trouble, TroubleKind
from aggregator.facts.record import Record
from aggregator.facts.repository import Details, Glance, Identity, ReadmeBlob, RepoFacts
from aggregator.facts.snapshot import Day, Snapshot
from aggregator.fetch.state import Ending
from aggregator.readme.readme import Readme
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry
from aggregator.run.clock import UNKNOWN, judge_clock, mended
from aggregator.run.guard import Community, Guard, losses, refuse, strangeness
from aggregator.run.proof import Proof, made_from, newest, read_proof
from aggregator.run.report import Report
from aggregator.words.errors import PublishError, RegistryError, SourceError, StateError, UsageError
from aggregator.words.exits import MEANINGS
from aggregator.words.names import RepoName
from aggregator.words.outcomes import Outcome

FIRST = datetime(2026, 5, 1, 3, tzinfo=UTC)
NAMES = tuple(f"some-town/tool-{number}" for number in range(6))
README = Readme(html="<p>Hello</p>", text="Hello", excerpt="It counts things.", headings=())
RUNNING = "1/1"


class Nights:
    """A showcase as plain values; each event is what one answer, or one accident, does to it."""

    def __init__(self) -> None:
        self.now = FIRST
        self.entries = {name: Entry(repo=RepoName.parse(name)) for name in NAMES}
        self.records = {name: self._record(name, place) for place, name in enumerate(NAMES)}
        self.unrendered: set[str] = set()
        self.days = 1

    def pass_a_night(self) -> None:
        """Confirm everything that is still public a day later."""
        self.now += timedelta(days=1)
        self.days += 1
        for name, record in self.records.items():
            if record.facts:
                self._facts(name)

    def registry(self) -> Registry:
        """What members wrote."""
        return Registry(projects=tuple(self.entries.values()))

    def snapshot(self) -> Snapshot:
        """What is known."""
        listed = {name: r for name, r in self.records.items() if name in self.entries}
        days = (self.now.date() - timedelta(days=n) for n in reversed(range(self.days)))
        day = {"listed": 6, "answering": 6, "archived": 0, "stars": 0, "forks": 0}
        return Snapshot(
            fetched_at=self.now,
            records=listed,
            history=tuple(Day(date=date, **day) for date in days),
        )

    def proof(self, previous: Proof | None = None) -> Proof:
        """The proof of the site of this night."""
        snapshot = self.snapshot()
        shown = {
            name: README
            for name, record in snapshot.records.items()
            if self._has_readme(record) and name not in self.unrendered
        }
        catalogue = assemble(self.registry(), snapshot, Rendered(readmes=shown), "https://x.org")
        return made_from(catalogue, snapshot, previous, RUNNING)

    def lost(self, before: Proof) -> list[str]:
        """What the site of this night lacks without a reason."""
        found = losses(before, self.proof(before), self.registry(), self.snapshot())
        return [what for some in found.values() for what in some]

    # Answers: each explains what it takes away.

    def leaves(self, name: str) -> None:
        """A member takes the entry out."""
        del self.entries[name]

    def turns_private(self, name: str) -> None:
        """GitHub says that it is no longer public."""
        self._change(name, outcome=Outcome.PRIVATE, facts=None, last_tried=self.now)

    def has_no_readme(self, name: str) -> None:
        """GitHub says that there is no README."""
        self._facts(name, readme=None)

    def has_no_words(self, name: str) -> None:
        """GitHub says that there is neither README nor description."""
        self._facts(name, description=None, readme=None)

    def hides_readme(self, name: str) -> None:
        """A member hides the README."""
        self.entries[name] = replace(self.entries[name], readme="hide")

    # Accidents: nothing explains them.

    def is_forgotten(self, name: str) -> None:
        """The memory of it is lost."""
        del self.records[name]

    def loses_facts(self, name: str) -> None:
        """A run stored no facts, and has no answer."""
        self._change(name, outcome=Outcome.UNREACHABLE, facts=None)

    def is_gone_to_a_stranger(self, name: str) -> None:
        """A run that never knew it finds nothing."""
        self._change(name, outcome=Outcome.GONE, facts=None, identity=None, last_tried=self.now)

    def crashes_the_reader(self, name: str) -> None:
        """The same README is no longer rendered."""
        self.unrendered.add(name)

    def loses_readme_unasked(self, name: str) -> None:
        """A README is missing that nobody asked about."""
        self._facts(name, readme=None, readme_asked=False)

    def _change(self, name: str, **fields: Any) -> None:
        self.records[name] = self.records[name].model_copy(update=fields)

    def _facts(self, name: str, **fields: Any) -> None:
        facts = self.records[name].facts
        assert facts
        assert facts.details
        glance = {k: v for k, v in fields.items() if k == "description"}
        details = {k: v for k, v in fields.items() if k != "description"}
        at = {"confirmed_at": self.now}
        renewed = facts.model_copy(
            update={
                "glance": facts.glance.model_copy(update={**glance, **at}),
                "details": facts.details.model_copy(update={**details, **at}),
            }
        )
        self._change(name, facts=renewed, last_tried=self.now, last_succeeded=self.now)

    def _record(self, name: str, place: int) -> Record:
        blob = ReadmeBlob(path="README.md", oid=f"{place:040x}", size=9)
        glance = Glance(
            repository_id=place + 1,
            name_with_owner=name,
            description="It counts." if place % 2 else None,
            confirmed_at=self.now,
        )
        details = Details(readme=blob, readme_asked=True, confirmed_at=self.now)
        return Record(
            listed_as=name,
            outcome=Outcome.UNCHANGED,
            since=self.now,
            first_seen=self.now,
            last_tried=self.now,
            last_succeeded=self.now,
            identity=Identity(repository_id=place + 1, name_with_owner=name),
            facts=RepoFacts(glance=glance, details=details),
        )

    @staticmethod
    def _has_readme(record: Record) -> bool:
        details = record.facts.details if record.facts else None
        return details is not None and details.readme is not None


ANSWERS = ("leaves", "turns_private", "has_no_readme", "has_no_words", "hides_readme")
ACCIDENTS = (
    "is_forgotten",
    "loses_facts",
    "is_gone_to_a_stranger",
    "crashes_the_reader",
    "loses_readme_unasked",
)
SOME = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(ANSWERS), max_size=4)


@settings(max_examples=60, deadline=None)
@given(st.lists(SOME, min_size=1, max_size=5))
def test_what_an_answer_takes_away_is_never_refused(story: list[dict[str, str]]) -> None:
    """Whatever members and GitHub really change, night after night, the site follows."""
    nights, touched = Nights(), set[str]()
    before = nights.proof()
    for events in story:
        nights.pass_a_night()
        for name, event in events.items():
            if name not in touched:
                getattr(nights, event)(name)
                touched.add(name)
        assert nights.lost(before) == []
        after = nights.proof(before)
        assert after.generation == before.generation + 1
        before = after


@settings(max_examples=60, deadline=None)
@given(SOME, st.sampled_from(NAMES), st.sampled_from(ACCIDENTS))
def test_what_nothing_explains_is_refused(
    events: dict[str, str], victim: str, accident: str
) -> None:
    """One project's facts, README or summary that vanish by accident stop the publication."""
    nights = Nights()
    before = nights.proof()
    nights.pass_a_night()
    for name, event in events.items():
        if name != victim:
            getattr(nights, event)(name)
    getattr(nights, accident)(victim)
    found = losses(before, nights.proof(before), nights.registry(), nights.snapshot())
    assert set(found) == {victim}
    with pytest.raises(PublishError, match=victim) as refused:
        refuse(found)
    assert "--accept-losses" in refused.value.cure


def test_a_shorter_memory_is_a_loss() -> None:
    """History, change log and facts of a later day are held against the site as a whole."""
    nights = Nights()
    for _ in range(3):
        nights.pass_a_night()
    before = nights.proof().model_copy(update={"changes": 7})
    nights.days, nights.now = 2, nights.now - timedelta(days=2)
    said = " ".join(nights.lost(before))
    assert "2 of 4 days of its history" in said
    assert "7 of 7 lines of its change log" in said
    assert "would become those of" in said


def test_ten_losses_are_named_and_the_rest_counted() -> None:
    """The message of a bad night can be read."""
    shown = {f"a/b{n}": {"listed_as": f"a/b{n}", "facts": True} for n in range(13)}
    before = Proof.model_validate({"shown": shown})
    entries = tuple(Entry(repo=RepoName.parse(key)) for key in shown)
    with pytest.raises(PublishError) as refused:
        refuse(losses(before, Proof(), Registry(projects=entries), Snapshot()))
    assert refused.value.cause.count("the whole entry") == 10
    assert refused.value.cause.endswith("3 more")


def test_the_same_site_again_is_the_same_proof() -> None:
    """Building twice from the same facts changes no byte."""
    nights = Nights()
    first = nights.proof()
    assert nights.proof(first).text() == first.text()
    assert read_proof(first.text().encode(), "here") == first


def test_a_proof_is_published_in_two_halves_and_read_as_one() -> None:
    """What moves every night is in the file that every night changes; both make the whole."""
    nights = Nights()
    proof = nights.proof(nights.proof())
    half = proof.lasting_text().encode()
    moved = {
        name: getattr(proof, name) for name in ("generation", "confirmed", "nights", "history")
    }
    told = {"proof": {**moved, "ages": asdict(proof.ages)}, "fetched_at": f"{proof.fetched_at}"}
    assert read_proof(half, "here", last_run=json.dumps(told, default=str).encode()) == proof
    assert not {*moved, "fetched_at", "ages"} & json.loads(half).keys()


@pytest.mark.parametrize("last_run", [None, b"", b"[]", b'{"proof": null}', b"[" * 100_000])
def test_the_lasting_half_of_a_proof_says_enough(last_run: bytes | None) -> None:
    """Where the other file was lost, or says nothing of it, nothing that was shown is forgotten."""
    proof = Nights().proof()
    read = read_proof(proof.lasting_text().encode(), "here", last_run=last_run)
    assert (read.shown, read.changes, read.generation) == (proof.shown, proof.changes, 1)


def test_a_proof_that_an_earlier_version_published_whole_counts_as_it_is() -> None:
    """A status of another night beside it changes no number of it."""
    proof = Nights().proof()
    other = b'{"fetched_at": "2020-01-01T00:00:00Z", "proof": {"generation": 9}}'
    assert read_proof(proof.text().encode(), "here", last_run=other).generation == proof.generation


def test_nights_in_a_row_are_counted_by_their_facts() -> None:
    """A night missed begins the count anew; a second run on one day does not add to it."""
    nights = Nights()
    before = nights.proof()
    counts = []
    for hours in (24, 2, 25, 70, 24):
        nights.now += timedelta(hours=hours)
        before = nights.proof(before)
        counts.append(before.nights)
    assert counts == [2, 2, 3, 1, 2]


def test_a_proof_of_a_newer_version_is_read_and_of_none_is_named() -> None:
    """Unknown fields are passed over; a file that is no proof is said to be none."""
    assert read_proof(b'{"generation": 4, "sealed": true}', "x").generation == 4
    hostile = b'{"shown": {"a/b": {"listed_as": "\\u001b[2J"}}}'
    for content in (b"", b"[]", b"<html>", b'{"generation": -1}', b"\xff", hostile):
        with pytest.raises(StateError, match="is not the proof of a site"):
            read_proof(content, "x")
    assert newest([]) is None
    assert newest([Proof(generation=2), Proof(generation=9)]) == Proof(generation=9)


def test_a_proof_from_the_future_counts_without_its_dates() -> None:
    """What a clock that ran ahead wrote cannot stop an honest night."""
    late = Proof(fetched_at=FIRST + timedelta(days=900), history=7, changes=9, generation=3)
    content = late.text().encode()
    mended_proof = read_proof(content, "here", FIRST)
    assert (mended_proof.fetched_at, mended_proof.history, mended_proof.changes) == (None, 0, 0)
    assert mended_proof.generation == 3
    assert read_proof(content, "here", FIRST + timedelta(days=900)) == late


def test_dates_that_are_yet_to_come_leave_a_catalogue_and_facts_stay() -> None:
    """A healed catalogue has no date later than now, and asks for its details again."""
    nights = Nights()
    honest = nights.snapshot()
    assert mended(honest, FIRST) is honest
    early = FIRST - timedelta(days=400)
    healed = mended(honest, early)
    assert healed.fetched_at is None
    assert healed.history == ()
    for record in healed.records.values():
        assert record.facts
        assert record.facts.details
        assert record.facts.glance.confirmed_at == UNKNOWN
        assert record.facts.details.basis.head_oid is None
        assert record.last_succeeded is None
        assert record.since == record.first_seen == early


@pytest.mark.parametrize(
    ("server", "last", "believed_"),
    [(0, None, True), (0, 900, True), (2, None, False), (-2, None, False), (None, 2, False)],
)
def test_a_server_decides_before_the_last_run_does(
    server: int | None, last: int | None, believed_: bool
) -> None:
    """GitHub's own clock outweighs a catalogue, which may have been written with a wrong one."""

    def day(number: int | None) -> datetime | None:
        return None if number is None else FIRST + timedelta(days=number)

    if believed_:
        judge_clock(FIRST, day(server), day(last))
        return
    with pytest.raises(SourceError, match="the clock of this machine is wrong"):
        judge_clock(FIRST, day(server), day(last))


@pytest.mark.parametrize(
    ("ours", "theirs", "known", "strange"),
    [
        (Community("a" * 8, 1), Community("a" * 8, 2), {"x/y"}, True),
        (Community("a" * 8, 1), Community("b" * 8, 1), {"x/y"}, True),
        (Community("a" * 8), Community("a" * 8), {"q/q"}, False),
        (Community(None, 1), Community("a" * 8, 1), {"q/q"}, False),
        (Community(), Community("a" * 8), {"q/q"}, True),
        (Community(), Community(), {"q/q", "x/y"}, False),
        (Community(), Community(), set(), False),
    ],
)
def test_whose_a_memory_is(
    ours: Community, theirs: Community, known: set[str], strange: bool
) -> None:
    """Numbers outweigh names, names outweigh entries, and no entries at all tell nothing."""
    assert (strangeness(ours, theirs, {"x/y"}, known) is not None) == strange


def test_a_copy_with_the_same_registry_is_told_by_the_number_known_here() -> None:
    """A machine that no workflow numbers still knows from its catalogue whose memory is its own."""
    ours = Guard().community(Registry(), Snapshot(community="x", repository_id=5))
    assert strangeness(ours, Community("x", 6), ["a/b"], ["a/b"])
    assert strangeness(ours, Community("x", 5), ["a/b"], ["c/d"]) is None


def test_an_entry_under_the_new_name_of_its_repository_is_not_lost() -> None:
    """Following renames in the registry is tidying, however many there are."""
    nights = Nights()
    before = nights.proof()
    for name in NAMES:
        new = name.replace("tool", "renamed")
        identity = nights.records[name].identity
        assert identity
        moved = identity.model_copy(update={"name_with_owner": new})
        nights.records[name] = nights.records[name].model_copy(update={"identity": moved})
    known = nights.snapshot()
    entries = (Entry(repo=RepoName.parse(n.replace("tool", "renamed"))) for n in NAMES)
    Guard().refuse_losses(known, replace(nights.registry(), projects=tuple(entries)), before)
    with pytest.raises(PublishError, match="would lose 6 of 6"):
        Guard().refuse_losses(known, Registry(), before)


ANSWERED, SILENT, SKIPPED = Outcome.ACTIVE, Outcome.UNREACHABLE, Outcome.SKIPPED
ERROR, PLANNED = TroubleKind.OVERLOADED, TroubleKind.LIMITED


@pytest.mark.parametrize(
    ("outcomes", "stopped", "code"),
    [
        ([], None, 0),
        ([ANSWERED, Outcome.GONE], None, 0),
        ([ANSWERED, SKIPPED, SKIPPED], PLANNED, 0),
        ([SKIPPED, SKIPPED], PLANNED, 1),
        ([ANSWERED, SILENT], None, 0),
        ([ANSWERED, SILENT], ERROR, 1),
        ([ANSWERED, ANSWERED], TroubleKind.REFUSED, 1),
        ([Outcome.FORBIDDEN, Outcome.FORBIDDEN], None, 1),
        ([Outcome.FORBIDDEN, Outcome.GONE], None, 1),
        ([Outcome.GONE, Outcome.PRIVATE], None, 0),
        ([SILENT], None, 1),
        ([ANSWERED] * 9 + [SILENT] * 6, None, 1),
    ],
)
def test_the_exit_code_of_a_run(
    outcomes: list[Outcome], stopped: TroubleKind | None, code: int
) -> None:
    """A planned end is 0; whatever else leaves entries without an answer calls somebody."""
    looks = {str(place): outcome for place, outcome in enumerate(outcomes)}
    ended = Ending(Trouble(stopped, "so") if stopped else None)
    report = Report(FIRST, 1.0, Spent(), ended, looks, ())
    assert report.exit_code == code
    doubtful = Ending(suspicious="many vanished at once")
    assert replace(report, ending=doubtful).exit_code == 1
    assert replace(report, interrupted=True).exit_code == 130


def test_each_exit_code_is_in_the_table() -> None:
    """What the operator reads about exit codes is what the program decides."""
    page = (Path(__file__).parents[1] / "docs" / "messages.md").read_text(encoding="utf-8")
    for code, meaning in MEANINGS.items():
        assert f"| {code} | {meaning} |" in page
    problems = (RegistryError("x"), UsageError("x"), StateError("x"), OSError("x"))
    assert [exit_code_for(problem) for problem in problems] == [2, 2, 1, 1]
