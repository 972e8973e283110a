"""A memory on disk: it gives back what it was given, and may be lost at any time."""

from pathlib import Path

import pytest

from aggregator.store.disk_memo import key_of, open_memo


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a memory is kept; its folder is made when it is needed."""
    return tmp_path / "cache" / "memo.sqlite"


def test_a_value_is_found_again(file: Path) -> None:
    """What was kept yesterday is there today, byte for byte."""
    with open_memo(file, "1") as memo:
        memo.put_all({"a": b"\0words\xff"})
        assert memo.get("b") is None
    with open_memo(file, "1") as memo:
        assert memo.get("a") == b"\0words\xff"


def test_several_values_are_found_at_once(file: Path) -> None:
    """Of several keys those are given that were kept, and none is forgotten that was asked for."""
    with open_memo(file, "1") as memo:
        memo.put_all({"a": b"one", "b": b"two", "c": b"three"})
    with open_memo(file, "1") as memo:
        assert memo.get_all(["a", "x"]) == {"a": b"one"}
        assert memo.held(["b", "y"]) == {"b"}
    with open_memo(file, "1") as memo:
        assert memo.held(["a", "b", "c"]) == {"a", "b"}


def test_another_version_finds_nothing(file: Path) -> None:
    """What another version made is neither given nor left behind."""
    with open_memo(file, "1") as memo:
        memo.put_all({"a": b"old words"})
    with open_memo(file, "2") as memo:
        assert memo.get("a") is None
    assert b"old words" not in file.read_bytes()


def test_it_holds_no_more_than_was_asked_for(file: Path) -> None:
    """What nobody asks for is overwritten, so that the file never outgrows what is shown."""
    with open_memo(file, "1") as memo:
        for key in ("kept", "left"):
            memo.put_all({key: f"words {key}".encode()})
    with open_memo(file, "1") as memo:
        memo.get("kept")
    assert b"words kept" in file.read_bytes()
    assert b"words left" not in file.read_bytes()
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("place", [0, 100, 4096])
def test_a_damaged_file_is_empty(file: Path, place: int) -> None:
    """A file that something overwrote, from the start or further on, counts as no memory at all."""
    with open_memo(file, "1") as memo:
        memo.put_all({"a": b"words" * 10_000})
    size = file.stat().st_size
    file.write_bytes(file.read_bytes()[:place] + b"\xff" * (size - place))
    with open_memo(file, "1") as memo:
        assert memo.get("a") is None
        memo.put_all({"a": b"new"})
        assert memo.get("a") == b"new"


def test_a_place_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    """Where no file can be made, everything is made anew and nothing fails."""
    (tmp_path / "cache").write_text("a file where the folder should be")
    with open_memo(tmp_path / "cache" / "memo.sqlite", "1") as memo:
        memo.put_all({"a": b"words"})
        assert memo.get("a") is None


def test_without_a_file_nothing_is_remembered() -> None:
    """A memory that is not wanted forgets at once."""
    with open_memo(None, "1") as memo:
        memo.put_all({"a": b"words"})
        assert memo.get("a") is None


def test_keys_tell_facts_apart() -> None:
    """Two lists of facts have one key only when they are the same, wherever they are divided."""
    keys = {key_of("ab", "c"), key_of("a", "bc"), key_of("abc"), key_of(b"abc", ""), key_of()}
    assert len(keys) == 5
    assert key_of("abc") == key_of(b"abc")


def test_a_value_with_a_turned_bit_is_never_given(tmp_path: Path) -> None:
    """What the disk garbled within a value is made again, not published."""
    file = tmp_path / "memo.sqlite"
    with open_memo(file, "1") as memo:
        memo.put_all({"key": b"as it was made"})
    file.write_bytes(file.read_bytes().replace(b"as it was made", b"at it was made"))
    with open_memo(file, "1") as memo:
        assert memo.get("key") is None
