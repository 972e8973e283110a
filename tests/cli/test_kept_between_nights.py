"""What a nightly workflow keeps for the next night: it saves time, and changes nothing else."""

import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.test_nights import Showcase, showcase
from tests.program import files
from tests.registry.test_workflows import shell, step

__all__ = ["showcase"]  # a fixture

LOCK, UNLOCK = "Lock what was made with the memory", "Unlock it with the memory"
SECRET = "The periwinkle procedure explains how shifts were really counted"


@dataclass
class Nights:
    """Nights of the workflow, on fresh machines that get nothing but a kept file."""

    showcase: Showcase

    def tonight(self, kept: bytes | None) -> bytes:
        """Run a night as the workflow does, with a kept file or without; give the next one."""
        machine, published = self.showcase.machine, self.showcase.published
        shutil.rmtree(machine, ignore_errors=True)
        (machine / "memory").mkdir(parents=True)
        if published.exists():
            for name in ("catalogue.db", "proof.json", "status.json"):
                shutil.copy(published / "data" / name, machine / "memory")
        if kept is not None:
            (machine / "made.locked").write_bytes(kept)
        assert self._step(UNLOCK) == 0
        assert self.showcase.run("--restore") == 0, self.showcase.says()
        assert self._step(LOCK) == 0
        return (machine / "made.locked").read_bytes()

    def publish(self) -> None:
        """Publish what tonight's machine made, and let a day pass."""
        published = self.showcase.published
        shutil.rmtree(published, ignore_errors=True)
        shutil.copytree(self.site, published)
        self.showcase.now += timedelta(days=1)

    @property
    def site(self) -> Path:
        """What tonight's machine made."""
        return self.showcase.machine / "output"

    def _step(self, name: str) -> int:
        # The state of these machines has another name.
        return shell(step(name).replace(".aggregator", "state"), self.showcase.machine, "none")

    def opened(self, kept: bytes) -> dict[str, bytes]:
        """Unlock a kept file with what is published now."""
        place = self.showcase.place / "opened"
        shutil.rmtree(place, ignore_errors=True)
        (place / "memory").mkdir(parents=True)
        (place / "made.locked").write_bytes(kept)
        shutil.copy(self.showcase.published / "data" / "catalogue.db", place / "memory")
        assert shell(step(UNLOCK), place, "none") == 0
        shutil.rmtree(place / "memory")
        return files(place)


@pytest.fixture
def nights(showcase: Showcase) -> Nights:
    """A community whose first night is over."""
    name = showcase.names[0]
    showcase.github.world.push(name, {"README.md": f"# Ledger\n\n{SECRET}.\n".encode()})
    return Nights(showcase)


def test_a_kept_file_saves_the_making(nights: Nights) -> None:
    """What was made last night is taken over, down to the pages that have not changed."""
    kept = nights.tonight(None)
    nights.publish()
    begun = time.time_ns()
    nights.tonight(kept)
    stood = {path: path.stat().st_mtime_ns for path in nights.site.rglob("*") if path.is_file()}
    taken_over = [path for path, moment in stood.items() if moment < begun]
    assert len(taken_over) > len(stood) / 4
    nights.tonight(None)
    assert all(path.stat().st_mtime_ns > begun for path in nights.site.rglob("*.html"))


def _none(_: bytes) -> bytes | None:
    return None


def _noise(kept: bytes) -> bytes:
    return random.Random(1).randbytes(len(kept))


def _half(kept: bytes) -> bytes:
    return kept[: len(kept) // 2]


def _turned(kept: bytes) -> bytes:
    middle = len(kept) // 2
    return kept[:middle] + bytes([kept[middle] ^ 1]) + kept[middle + 1 :]


def _nothing(_: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("spoil", [_noise, _half, _turned, _nothing, _none])
def test_a_lost_or_damaged_file_changes_nothing_but_time(
    nights: Nights, spoil: Callable[[bytes], bytes | None]
) -> None:
    """With the file, without it and with any damage to it, the site has the same bytes."""
    kept = nights.tonight(None)
    nights.publish()
    world, names = nights.showcase.github.world, nights.showcase.names
    world.push(names[1], {"README.md": b"# Written anew\n"})
    nights.tonight(kept)
    whole = files(nights.site)
    nights.tonight(spoil(kept))
    assert files(nights.site) == whole


def test_a_file_of_another_night_or_community_is_not_opened(nights: Nights) -> None:
    """Only the memory that it was made from opens it."""
    kept = nights.tonight(None)
    nights.publish()
    assert "cache/readmes.sqlite" in "\n".join(nights.opened(kept))
    nights.showcase.github.world.push(nights.showcase.names[1], {"README.md": b"# Anew\n"})
    nights.tonight(kept)
    nights.publish()
    assert nights.opened(kept) == {}


def test_what_the_cache_holds_is_not_believed(nights: Nights) -> None:
    """Files of the cache that are torn, or a newer version's, are made again."""
    nights.tonight(None)
    nights.publish()
    nights.tonight(None)
    whole = files(nights.site)
    cache = nights.showcase.machine / "state" / "cache"
    for path in [path for path in cache.rglob("*") if path.is_file()]:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    shutil.rmtree(nights.site)
    assert nights.showcase.run(command="build") == 0
    assert files(nights.site) == whole
    with closing(sqlite3.connect(cache / "readmes.sqlite")) as base, base:
        base.execute("UPDATE memo SET version = 'of another program', value = x'00'")
    shutil.rmtree(nights.site)
    assert nights.showcase.run(command="build") == 0
    assert files(nights.site) == whole


def test_private_is_gone_from_what_is_kept(nights: Nights) -> None:
    """The next file has no word of it, and nothing that is published opens the one before."""
    kept = nights.tonight(None)
    nights.publish()
    assert any(SECRET.encode() in content for content in nights.opened(kept).values())
    assert SECRET.encode() not in kept
    nights.showcase.github.world.make_private(nights.showcase.names[0])
    following = nights.tonight(kept)
    nights.publish()
    opened = nights.opened(following)
    assert "output/index.html" in opened
    assert not [name for name, content in opened.items() if SECRET.encode() in content]
    assert not [name for name, content in opened.items() if b"periwinkle" in content.lower()]
    assert nights.opened(kept) == {}
