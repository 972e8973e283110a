"""What a file says of the values that it is made from."""

from dataclasses import dataclass
from typing import NamedTuple

from aggregator.site.recipes import File


class _Feed(NamedTuple):
    id: str
    title: str
    entries: list[str]


@dataclass(frozen=True)
class _Look:
    colour: str


@dataclass(frozen=True)
class _Talk:
    title: str
    day: int


def _made(values: object) -> bytes:
    return repr(values).encode()


def test_parts_have_the_names_of_their_fields() -> None:
    """Records one after the other, a tuple with names, and what has none."""
    both = File("a", (_Look("green"), _Talk("Bees", 3)), _made)
    assert list(both.parts) == ["look.colour", "talk.title", "talk.day"]
    assert list(File("a", _Feed("1", "News", []), _made).parts) == [
        "feed.id",
        "feed.title",
        "feed.entries",
    ]
    assert list(File("a", ("one", "two", "three"), _made).parts) == ["list"]
    assert list(File("a", "one", _made).parts) == ["text"]
    assert list(File("a", b"one").parts) == ["bytes"]


def test_whatever_changes_shows_in_a_part() -> None:
    """No value hides another one of its kind, or nobody could say why a file was made again."""
    before, after = (
        File("a", _Feed("1", "News", []), _made),
        File("a", _Feed("1", "Old", []), _made),
    )
    changed = {name for name, _ in before.parts.items() ^ after.parts.items()}
    assert changed == {"feed.title"}
    for one, other in ((("a", "b"), ("c", "b")), ((), ("a",)), (("ab", "c"), ("a", "bc"))):
        assert File("a", one, _made).parts != File("a", other, _made).parts
        assert File("a", one, _made).key != File("a", other, _made).key
