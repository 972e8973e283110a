"""A full disk keeps nobody from being told that it is full."""

import errno
import os
from pathlib import Path

import pytest

from aggregator.cli.console import line_of
from aggregator.store import locking


def test_a_lock_holds_without_the_note_of_who_holds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The doctor takes locks too, and must come as far as to say that the disk is full."""

    def full(path: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(locking, "write_whole", full)
    with locking.hold(tmp_path / "catalogue.lock", 0, "the catalogue"):
        pass
    assert list(tmp_path.glob("*.holder")) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_has_a_cure(number: int) -> None:
    """The system names no file for a write that fails; what helps is said all the same."""
    assert "make room" in line_of(OSError(number, os.strerror(number)))
    named = line_of(OSError(number, os.strerror(number), "state/run.json"))
    assert named.startswith("state/run.json: ")
