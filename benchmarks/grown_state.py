"""A community of any size with facts and READMEs, grown from real repositories.

Used by the benchmarks of building. The same corpus and count give the same state. Beyond what was
recorded names are numbered, and each README is put together from blocks of real ones, so that no
two are alike and words spread as they do in real text.
"""

import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aggregator.catalogue.assemble import activity_of, last_push
from aggregator.facts.record import ReadmeText, Record, blob_oid
from aggregator.facts.snapshot import Snapshot
from aggregator.fetch.conversation import Clock
from aggregator.github.opening import Endpoint
from aggregator.registry.loader import load
from aggregator.run.guard import Guard
from aggregator.run.update import Network, fetch_facts
from aggregator.run.workspace import Workspace
from aggregator.store.store import open_store, read_snapshot
from tests.stand_in.server import serve
from tests.stand_in.world import load_corpus

NIGHT = datetime(2026, 11, 21, 6, tzinfo=UTC)
_BATCH = 500
_BORROWED = 3  # every third block comes from another README
_HEAD = "showcase:\n  title: Grown from real repositories\n  identity: grown\nprojects:\n"


@dataclass(frozen=True, slots=True)
class Grown:
    """A state on disk, and what it was made from."""

    workspace: Workspace
    records: tuple[Record, ...]
    readmes: dict[str, bytes]  # by listed name
    tags: dict[str, tuple[str, ...]]  # as members would have written them, by listed name
    borrowed: tuple[str, ...]  # blocks to change a README with


def grow(corpus: Path, count: int, folder: Path, seed: int = 7) -> Grown:
    """Write a registry and a state with `count` repositories into a folder."""
    chance = random.Random(seed)
    real = _fetched(corpus)
    texts = {r.key: real.readme(r) or b"" for r in real.records.values() if r.facts}
    blocks = tuple(block for text in texts.values() for block in _blocks(text))
    records, readmes = [], {}
    for number, base in _endless([r for r in real.records.values() if r.facts], count):
        text = texts[base.key]
        if number >= len(texts):
            text = _mixed(text, blocks, chance)
        records.append(_renamed(base, number, len(texts), text))
        readmes[records[-1].listed_as] = text
    workspace = Workspace(folder / "registry.yaml", folder / "state", folder / "output")
    tags = {record.listed_as: _tags(number) for number, record in enumerate(records)}
    entries = (f"  - repo: {name}\n    tags: [{', '.join(some)}]\n" for name, some in tags.items())
    workspace.registry.write_text(_HEAD + "".join(entries), encoding="utf-8")
    grown = Grown(workspace, tuple(records), readmes, tags, blocks)
    keep(grown, records)
    return grown


def keep(grown: Grown, records: Sequence[Record]) -> None:
    """Store records with their READMEs as a night would that confirmed all entries."""
    with open_store(grown.workspace.database) as store:
        for start in range(0, len(records), _BATCH):
            batch = records[start : start + _BATCH]
            texts = (grown.readmes[record.listed_as] for record in batch)
            store.write(batch, [ReadmeText(oid=blob_oid(t), content=t) for t in texts if t])
        store.finish([record.listed_as for record in grown.records], NIGHT)


def rewritten(grown: Grown, every: int) -> list[Record]:
    """Give each `every`-th record with a README that says one sentence more."""
    found = []
    for number, record in enumerate(grown.records):
        if number % every == 0 and grown.readmes[record.listed_as]:
            text = grown.readmes[record.listed_as] + b"\n\nOne sentence more than the day before.\n"
            grown.readmes[record.listed_as] = text
            found.append(_with_readme(record, text))
    return found


def a_day_later(grown: Grown) -> list[Record]:
    """Give every record as a night without news leaves it: confirmed a day later."""
    now = (_with_readme(record, grown.readmes[record.listed_as]) for record in grown.records)
    return [_confirmed_later(record, timedelta(days=1)) for record in now]


def _fetched(corpus: Path) -> Snapshot:
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(load_corpus(corpus), clock=lambda: NIGHT) as server,
    ):
        place = Path(folder)
        workspace = Workspace(corpus / "registry.yaml", place / "state", place / "output")
        to = Endpoint(server.api_url, server.graphql_url, "any-word")
        network = Network(to, Clock(now=lambda: NIGHT), 300.0, lambda _: None)
        fetch_facts(workspace, load(workspace.registry), network, Guard(accept_losses=True))
        return read_snapshot(workspace.database)


def _tags(number: int) -> tuple[str, ...]:
    """Give two of many tags: a few are at many projects, most at a few, as people tag."""
    return tuple(dict.fromkeys((f"field-{number * 7 % 12}", f"kind-{number * 31 % 97}")))


def _endless(records: Sequence[Record], count: int) -> Iterator[tuple[int, Record]]:
    for number in range(count):
        yield number, records[number % len(records)]


def _renamed(record: Record, number: int, real: int, text: bytes) -> Record:
    lap = number // real
    name = f"{record.listed_as}-{lap}" if lap else record.listed_as
    identity = {"repository_id": number + 1, "name_with_owner": name, "node_id": f"R_{number}"}
    facts = record.facts
    if facts is None or record.identity is None:
        raise ValueError(f"{record.listed_as} has no facts")
    glance = facts.glance.model_copy(update=identity)
    update = {
        "listed_as": name,
        "identity": record.identity.model_copy(update=identity),
        "facts": facts.model_copy(update={"glance": glance}),
        "former_names": (),
        "moved_to": None,
    }
    return _with_readme(_settled(record.model_copy(update=update)), text)


def _settled(record: Record) -> Record:
    """Let nothing be a day short of growing quiet: where something does, that is news."""
    facts, later = record.facts, _confirmed_later(record, timedelta(days=1)).facts
    pushed = last_push(facts) if facts else None
    if facts is None or pushed is None or activity_of(facts) is activity_of(later):
        return record
    earlier = pushed - timedelta(days=2)
    glance = facts.glance.model_copy(update={"pushed_at": earlier})
    return record.model_copy(update={"facts": facts.model_copy(update={"glance": glance})})


def _with_readme(record: Record, text: bytes) -> Record:
    facts = record.facts
    if facts is None or facts.details is None or facts.details.readme is None or not text:
        return record
    blob = facts.details.readme.model_copy(update={"oid": blob_oid(text), "size": len(text)})
    details = facts.details.model_copy(update={"readme": blob})
    return record.model_copy(update={"facts": facts.model_copy(update={"details": details})})


def _confirmed_later(record: Record, later: timedelta) -> Record:
    facts = record.facts
    if facts is None:
        raise ValueError(f"{record.listed_as} has no facts")
    when = facts.glance.confirmed_at + later
    glance = facts.glance.model_copy(update={"confirmed_at": when})
    update = {
        "facts": facts.model_copy(update={"glance": glance}),
        "last_tried": when,
        "last_succeeded": when,
    }
    return record.model_copy(update=update)


def _blocks(text: bytes) -> list[str]:
    found = re.split(r"\n\s*\n", text.decode("utf-8", "replace"))
    return [block for block in found if 60 < len(block) < 1_500 and block[0].isalpha()]


def _mixed(text: bytes, blocks: Sequence[str], chance: random.Random) -> bytes:
    own = re.split(r"\n\s*\n", text.decode("utf-8", "replace"))
    mixed = [
        chance.choice(blocks) if number % _BORROWED == _BORROWED - 1 else block
        for number, block in enumerate(own)
    ]
    return "\n\n".join([*mixed, chance.choice(blocks)]).encode()
