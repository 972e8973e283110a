"""A night that several machines share gives what one machine would have given, or says why not."""

import json
import random
import shutil
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.facts.protocol import TroubleKind
from aggregator.facts.recording import Shard
from aggregator.facts.snapshot import ChangeKind, Snapshot
from aggregator.fetch.conversation import Clock
from aggregator.github.opening import Endpoint
from aggregator.registry.loader import load
from aggregator.registry.registry import Registry
from aggregator.run.guard import Guard
from aggregator.run.report import Report, as_lines
from aggregator.run.sharded import Merged, ask_for_shard, forget_shards, merge_shards
from aggregator.run.update import Network, fetch_facts
from aggregator.run.workspace import Workspace
from aggregator.store.shard_file import path_of_shard
from aggregator.store.store import Store, open_store, read_snapshot
from aggregator.words.errors import SourceError, StateError
from aggregator.words.exits import DONE, LOOK
from aggregator.words.outcomes import Outcome
from tests.fetch.conftest import FIRST_NIGHT, TOKEN
from tests.stand_in.actions import bad_credentials
from tests.stand_in.server import Server, serve
from tests.stand_in.synthetic import synthetic_world
from tests.stand_in.world import World

OF = 8


@dataclass
class Community:
    """One registry, one GitHub, and machines that each have a state of their own."""

    server: Server
    folder: Path
    now: datetime = FIRST_NIGHT
    names: list[str] = field(default_factory=list)
    settings: str = ""

    @property
    def world(self) -> World:
        """Return the world that the server shows."""
        return self.server.world

    def registry(self) -> Registry:
        """Read what members wrote."""
        path = self.folder / "registry.yaml"
        listed = "".join(f"  - {name}\n" for name in self.names)
        path.write_text(f"showcase:\n  title: Small\n{self.settings}projects:\n{listed}")
        return load(path)

    def workspace(self, name: str) -> Workspace:
        """Name a machine's places."""
        place = self.folder / name
        return Workspace(self.folder / "registry.yaml", place, place / "output")

    def snapshot(self, name: str) -> Snapshot:
        """Read what a machine knows."""
        return read_snapshot(self.workspace(name).database)

    def network(self, token: str = TOKEN) -> Network:
        """Lead to the server, at one moment for the whole night."""
        endpoint = Endpoint(self.server.api_url, self.server.graphql_url, token)
        clock = Clock(now=lambda: self.now, sleep=lambda _: None)
        return Network(endpoint, clock, 600, lambda _: None)

    def alone(self, name: str = "alone", guard: Guard = Guard()) -> Report:  # noqa: B008 - frozen
        """Let one machine ask about everything."""
        return fetch_facts(self.workspace(name), self.registry(), self.network(), guard)

    def ask(self, number: int, of: int = OF, base: str = "whole", token: str = TOKEN) -> Path:
        """Let a machine that remembers nothing but `base` ask about one part."""
        here = self.workspace(f"machine-{number}-{of}")
        shutil.rmtree(here.state, ignore_errors=True)
        here.state.mkdir()
        published = self.workspace(base).database
        if published.exists():
            with open_store(here.database) as store:  # as a restore does: what left is not in it
                store.replace(read_snapshot(published))
        shard = Shard(number=number, of=of)
        _, path = ask_for_shard(here, self.registry(), shard, self.network(token), Guard())
        return path

    def asked(self, of: int = OF) -> list[Path]:
        """Let all machines ask."""
        return [self.ask(number, of) for number in range(1, of + 1)]

    def merge(
        self,
        parts: Sequence[Path],
        guard: Guard = Guard(),  # noqa: B008 - frozen
        into: str = "whole",
    ) -> Merged:
        """Join parts."""
        clock = Clock(now=lambda: self.now)
        return merge_shards(self.workspace(into), self.registry(), parts, clock, guard)

    def tomorrow(self) -> None:
        """Let a night pass."""
        self.now += timedelta(days=1)
        self.server.faults.clear()

    def of_shard(self, number: int, of: int = OF) -> list[str]:
        """List the entries of one part."""
        shard = Shard(number=number, of=of)
        return [name for name in self.names if shard.holds(name.casefold())]


@pytest.fixture
def open_community(tmp_path: Path) -> Iterator[Callable[[int], Community]]:
    """Open a community of so many made-up repositories."""
    made: list[Community] = []
    servers = []

    def open_(count: int) -> Community:
        world = synthetic_world(count)
        serving = serve(world, clock=lambda: made[0].now if made else FIRST_NIGHT)
        servers.append(serving)
        made.append(Community(serving.__enter__(), tmp_path, names=list(world.names)))
        return made[0]

    yield open_
    for serving in servers:
        serving.__exit__(None, None, None)


@pytest.fixture
def community(open_community: Callable[[int], Community]) -> Community:
    """Forty repositories: five in a part, more or less."""
    return open_community(40)


def happen(community: Community, chance: random.Random) -> None:
    """Let about everything happen to a few repositories that can between two nights."""
    world, names = community.world, community.names
    chosen = chance.sample([n for n in names if world.find(n) and not world.moved(n)], 10)
    world.push(chosen[0], {"README.md": b"# Written anew\n\nOn another day.\n"})
    world.change(chosen[1], stars=4711)
    world.change(chosen[2], archived_at=world.now)
    world.make_private(chosen[3])
    owner, _, rest = chosen[4].partition("/")
    world.rename(chosen[4], f"{owner}/{rest}-renamed")
    world.rename(chosen[5], f"somebody-else/{rest}-given")
    names.append(f"{owner}/{rest}-renamed")  # follows the advice, and a double of the other
    world.reuse_name(chosen[6], stars=3)
    names.remove(chosen[7])  # leaves the registry
    names[names.index(chosen[8])] = chosen[8].upper()
    world.delete(chosen[9])
    names.remove(chosen[4])


@pytest.mark.parametrize("seed", [1, 2])
def test_eight_parts_in_any_order_are_one_night(community: Community, seed: int) -> None:
    """Whatever happens between the nights, the joined catalogue is that of one machine."""
    chance = random.Random(seed)
    for night in range(3):
        if night:
            happen(community, chance)
        parts = community.asked()
        chance.shuffle(parts)
        merged = community.merge(parts)
        report = community.alone()
        assert community.snapshot("whole") == community.snapshot("alone")
        assert merged.report.looks == report.looks
        assert merged.report.changes == report.changes
        assert merged.report.exit_code == report.exit_code
        assert not merged.passed_over
        community.tomorrow()
    assert len(community.snapshot("whole").changes) > 40


def test_a_first_night_opens_the_showcase_once(community: Community) -> None:
    """The projects of all parts together are one event."""
    merged = community.merge(community.asked())
    assert merged.report.opening == 40
    assert merged.report.exit_code == DONE
    (day,) = community.snapshot("whole").history
    assert day.listed == day.answering == 40


def test_a_part_asks_about_nothing_but_its_own(community: Community) -> None:
    """Eight parts ask no more, all together, than a machine alone would of each repository."""
    community.asked()
    queries = community.server.counts.requests
    community.server.counts.reset()
    community.ask(3)
    own = len(community.of_shard(3))
    assert community.server.counts.requests < queries / 4
    assert 0 < own < 40


def test_another_entry_moves_none_between_the_parts() -> None:
    """In which part an entry is depends on its own name alone."""
    names = [f"owner/tool-{number}" for number in range(1000)]
    parts = [Shard.that_holds(name, 8) for name in names]
    assert parts == [Shard.that_holds(name, 8) for name in ["new/one", *names][1:]]
    sizes = [parts.count(Shard(number=number, of=8)) for number in range(1, 9)]
    assert sum(sizes) == 1000
    assert min(sizes) > 90


@pytest.mark.parametrize("wrong", ["", "3", "0/8", "9/8", "3/0", "-1/8", "3/999", "a/b", "1/2/3"])
def test_a_part_that_cannot_be_is_refused(wrong: str) -> None:
    """Only a number from one to how many there are names a part."""
    with pytest.raises(ValueError):  # noqa: PT011 - pydantic's or ours, both are told
        Shard.parse(wrong)


def test_another_number_of_parts_on_the_next_night_changes_nothing(community: Community) -> None:
    """Parts remember nothing, so an entry may move to another of them."""
    community.merge(community.asked(8))
    community.alone()
    community.tomorrow()
    happen(community, random.Random(3))
    community.merge(community.asked(3))
    community.alone()
    assert community.snapshot("whole") == community.snapshot("alone")


def test_a_part_that_failed_keeps_its_last_good_facts(community: Community) -> None:
    """A missing part costs nobody else anything, and the report and the exit code say so."""
    community.merge(community.asked())
    community.tomorrow()
    happen(community, random.Random(4))
    lost = community.of_shard(5)
    merged = community.merge([community.ask(n) for n in range(1, 9) if n != 5])
    snapshot = community.snapshot("whole")
    for name in lost:
        record = snapshot.record(name)
        assert record is not None
        if record.ever_found:
            assert record.facts is not None
            assert record.facts.glance.confirmed_at == FIRST_NIGHT
        assert merged.report.looks[name] is Outcome.SKIPPED
    told = "\n".join(as_lines(merged.report))
    assert "shard 5/8 brought nothing" in told
    assert merged.report.exit_code == LOOK
    community.tomorrow()
    assert community.merge(community.asked()).report.exit_code == DONE
    found = community.snapshot("whole").records.values()
    assert all(record.last_tried == community.now for record in found)


def test_a_night_of_which_nothing_came_keeps_everything(community: Community) -> None:
    """Without any part the catalogue stays, and somebody must look."""
    community.merge(community.asked())
    before = community.snapshot("whole")
    community.tomorrow()
    merged = community.merge([community.folder / "nowhere"])
    after = community.snapshot("whole")
    assert merged.report.exit_code == LOOK
    assert "nowhere is not there" in merged.passed_over[0]
    assert after.fetched_at == before.fetched_at
    assert [r.facts for r in after.records.values()] == [r.facts for r in before.records.values()]


def test_a_part_that_was_killed_counts_as_far_as_it_came(community: Community) -> None:
    """What is cut off anywhere is a part that ended early, and never a mistake."""
    community.merge(community.asked())
    community.tomorrow()
    parts = community.asked()
    whole = parts[2].read_bytes()
    before = community.workspace("whole").database.read_bytes()
    for length in (0, 10, len(whole) // 3, len(whole) // 2, len(whole) - 2):
        parts[2].write_bytes(whole[:length])
        community.workspace("whole").database.write_bytes(before)
        merged = community.merge(parts)
        snapshot = community.snapshot("whole")
        own = [snapshot.record(name) for name in community.of_shard(3)]
        assert all(record and record.facts for record in own)
        assert merged.report.ending.stopped is not None
        assert "shard 3/8" in merged.report.ending.stopped.message
        others = set(community.names) - set(community.of_shard(3))
        for name in others:
            record = snapshot.record(name)
            assert record is not None
            assert record.last_succeeded == community.now


def test_bytes_that_are_no_recording_are_a_part_that_brought_nothing(community: Community) -> None:
    """A damaged file is named; the others count."""
    parts = community.asked()
    lines = parts[0].read_bytes().splitlines(keepends=True)
    chance = random.Random(5)
    for damage in (
        chance.randbytes(4000),
        b"[]\n" * 9,
        b'{"shard_file": 2, "heading": {}}\n',
        lines[0]
        + b'{"question":"glance","said":{"a/b":{"glance":{"stars":"many"}}}}\n'
        + lines[-1],
        lines[0] + b'{"question":"glance","said":' + b"[" * 100_000,
        lines[0] + chance.randbytes(4000),
    ):
        parts[0].write_bytes(damage)
        merged = community.merge(parts)
        shutil.rmtree(community.workspace("whole").state)
        stopped = merged.report.ending.stopped
        assert stopped is not None
        assert "shard 1/8" in stopped.message
        assert stopped.kind is TroubleKind.BROKEN
        assert merged.report.exit_code == LOOK
        assert merged.report.confirmed == 40 - len(community.of_shard(1))


def test_a_part_is_not_asked_about_entries_of_another(community: Community) -> None:
    """What a part claims of entries that it was not to ask about is passed over."""
    parts = community.asked()
    names = community.of_shard(5)
    claims = {name: {"outcome": Outcome.GONE.value} for name in names}
    lines = parts[0].read_text().splitlines()
    for question in ("glance", "glance_by_id", "absence"):
        lines.insert(1, json.dumps({"question": question, "said": claims}))
    parts[0].write_text("\n".join(lines) + "\n")
    merged = community.merge(parts)
    assert merged.report.confirmed == len(community.names)
    community.alone()
    assert community.snapshot("whole") == community.snapshot("alone")


@pytest.mark.parametrize("whole", [False, True], ids=["no heading", "a heading"])
def test_a_line_without_an_end_is_not_held(community: Community, whole: bool) -> None:
    """However large a file is, no more of it is read at once than an answer can be long."""
    parts = community.asked()
    heading = parts[0].read_bytes().splitlines(keepends=True)[0]
    with parts[0].open("wb") as stream:
        stream.write(heading if whole else b"")
        stream.truncate(3_000_000_000)  # of nothing, which takes no room on the disk
    tracemalloc.start()
    try:
        merged = community.merge(parts)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000_000
    assert merged.report.confirmed == 40 - len(community.of_shard(1))


def test_losses_are_judged_over_the_whole(community: Community) -> None:
    """A few in each part are many together: then nothing is erased; all of one part may be few."""
    community.merge(community.asked())
    community.alone()
    community.tomorrow()
    for number in range(1, 9):
        for name in community.of_shard(number)[:2]:
            community.world.delete(name)
    merged = community.merge(community.asked())
    assert merged.report.ending.suspicious
    assert merged.report.exit_code == LOOK
    community.alone()
    assert community.snapshot("whole") == community.snapshot("alone")
    assert "vanished in one run" in (community.snapshot("whole").notice or "")
    community.tomorrow()
    merged = community.merge(community.asked(), Guard(accept_losses=True))
    assert len([o for o in merged.report.looks.values() if o is Outcome.GONE]) >= 15


def test_a_part_that_loses_most_is_no_bad_night_when_the_whole_is_well(
    open_community: Callable[[int], Community],
) -> None:
    """Five of six in one part are few of sixty, and what was private is erased in that night."""
    community = open_community(60)
    community.merge(community.asked())
    community.tomorrow()
    gone = community.of_shard(2)[:5]
    for name in gone:
        community.world.make_private(name)
    merged = community.merge(community.asked())
    assert merged.report.ending.suspicious is None
    snapshot = community.snapshot("whole")
    assert len(gone) == 5
    for name in gone:
        record = snapshot.record(name)
        assert record is not None
        assert record.facts is None


def test_a_rename_leads_from_one_part_to_another(community: Community) -> None:
    """An entry that follows its repository keeps its past, whichever part asks about it now."""
    community.merge(community.asked())
    community.tomorrow()
    old = community.names[0]
    new = next(
        name
        for name in (f"{old.partition('/')[0]}/moved-{n}" for n in range(99))
        if Shard.that_holds(name, OF) != Shard.that_holds(old, OF)
    )
    community.world.rename(old, new)
    community.names[0] = new
    merged = community.merge(community.asked())
    assert [change.kind for change in merged.report.changes] == [ChangeKind.RENAMED]
    record = community.snapshot("whole").record(new)
    assert record is not None
    assert record.first_seen == FIRST_NIGHT
    assert old in record.former_names


def test_two_names_of_one_repository_in_two_parts(community: Community) -> None:
    """Whichever parts they are in, they join once and stay one repository."""
    old = community.names[3]
    new = next(
        name
        for name in (f"{old.partition('/')[0]}/called-{n}" for n in range(99))
        if Shard.that_holds(name, OF) != Shard.that_holds(old, OF)
    )
    community.world.rename(old, new)
    community.names.append(new)
    for _ in range(2):
        merged = community.merge(community.asked())
        community.alone()
        assert community.snapshot("whole") == community.snapshot("alone")
        community.world.push(new, {"README.md": b"# Of both\n"})
        community.tomorrow()
    assert merged.report.looks[old] is Outcome.RENAMED
    news = [c for c in community.snapshot("whole").changes if c.name == new]
    assert [c.kind for c in news] == [ChangeKind.ADDED]


def test_a_part_of_another_community_is_refused(community: Community) -> None:
    """It is named, and nothing is merged, not even of the others."""
    parts = community.asked()
    head, *rest = parts[3].read_bytes().splitlines(keepends=True)
    told = json.loads(head)
    told["heading"]["community"] = "another-one"
    parts[3].write_bytes(json.dumps(told).encode() + b"\n" + b"".join(rest))
    community.settings = "  identity: this-one\n"
    with pytest.raises(StateError, match=r"shard-4-of-8\.jsonl is a shard of another community"):
        community.merge(parts)
    assert community.snapshot("whole") == Snapshot()


def test_a_part_that_began_from_another_catalogue_is_refused(community: Community) -> None:
    """A recording of an older night never takes the place of newer facts."""
    community.merge(community.asked())
    old = community.ask(1).read_bytes()
    community.tomorrow()
    community.merge(community.asked())
    community.tomorrow()
    parts = community.asked()
    parts[0].write_bytes(old)
    merged = community.merge(parts)
    (refused,) = merged.passed_over
    assert "shard-1-of-8.jsonl is refused" in refused
    assert "2026-11-21" in refused
    assert "shard 1/8 brought nothing" in "\n".join(as_lines(merged.report))


def test_a_part_of_an_older_first_night_is_refused(community: Community) -> None:
    """Where no catalogue tells the nights apart, the clock does."""
    old = community.ask(1).read_bytes()
    community.tomorrow()
    parts = community.asked()
    parts[0].write_bytes(old)
    (refused,) = community.merge(parts).passed_over
    assert "is of an older night" in refused


def test_a_part_given_twice_counts_once(community: Community, tmp_path: Path) -> None:
    """The same recording in two places is one; two that differ are named."""
    parts = community.asked()
    twin = tmp_path / "twin" / parts[0].name
    twin.parent.mkdir()
    shutil.copy(parts[0], twin)
    merged = community.merge([*parts, parts[0], twin])
    assert merged.report.exit_code == DONE
    assert merged.report.confirmed == 40
    shutil.rmtree(community.workspace("whole").state)
    twin.write_bytes(b"".join(twin.read_bytes().splitlines(keepends=True)[:2]))
    with pytest.raises(StateError, match="different recordings of shard 1/8"):
        community.merge([*parts, twin])


def test_parts_of_different_splittings_are_refused(community: Community) -> None:
    """Eighths and thirds leave holes between them."""
    with pytest.raises(StateError, match="different splittings"):
        community.merge([community.ask(1, of=8), community.ask(2, of=3)])


def test_more_parts_than_entries(open_community: Callable[[int], Community]) -> None:
    """A part without entries asks nobody, and is not missed."""
    community = open_community(3)
    parts = [community.ask(number) for number in range(1, 9)]
    filled = [n for n in range(1, 9) if community.of_shard(n)]
    merged = community.merge([parts[n - 1] for n in filled])
    assert merged.report.exit_code == DONE
    assert merged.report.confirmed == 3


def test_a_token_that_is_refused_is_told_of_the_part(community: Community) -> None:
    """The whole night says which part's token does not work, and the others count."""
    parts = [community.ask(number) for number in range(1, 8)]
    community.server.faults.always(bad_credentials())
    parts.append(community.ask(8))
    merged = community.merge(parts)
    stopped = merged.report.ending.stopped
    assert stopped is not None
    assert stopped.kind is TroubleKind.REFUSED
    assert "shard 8/8" in stopped.message
    assert merged.report.exit_code == LOOK


def test_a_wrong_clock_leaves_no_part(community: Community) -> None:
    """A machine whose clock is wrong writes nothing that anybody could merge."""
    community.server.faults.clear()
    here = community.workspace("wrong")
    shard = Shard(number=1, of=1)
    network = community.network()
    ahead = Clock(now=lambda: datetime(2030, 1, 1, tzinfo=UTC), sleep=lambda _: None)
    wrong = Network(network.endpoint, ahead, 600, network.watcher)
    with pytest.raises(SourceError, match="clock"):
        ask_for_shard(here, community.registry(), shard, wrong, Guard())
    assert not path_of_shard(here.state, shard).exists()


def test_merged_parts_are_deleted(community: Community) -> None:
    """What a repository erases later is not left lying in a recording."""
    parts = community.asked()
    merged = community.merge(parts)
    forget_shards(merged.used)
    assert not any(path.exists() for path in parts)


def test_a_killed_merge_leaves_the_old_catalogue(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At whatever batch a merge dies, everything is as it was; then it can be done again."""
    community.merge(community.asked())
    before = community.snapshot("whole")
    community.tomorrow()
    happen(community, random.Random(6))
    parts = community.asked()

    class Died(BaseException):
        """Stands for the end of the process."""

    genuine = Store.write
    for at in (1, 2, 3, 5):
        calls = iter(range(1, 100))

        def write(store: Store, *given: object, at: int = at, calls: Iterator[int] = calls) -> None:
            genuine(store, *given)  # type: ignore[arg-type]
            if next(calls) == at:
                raise Died

        with monkeypatch.context() as patch:
            patch.setattr(Store, "write", write)
            with pytest.raises(Died):
                community.merge(parts)
        assert community.snapshot("whole") == before
    community.merge(parts)
    assert community.snapshot("whole").fetched_at == community.now
