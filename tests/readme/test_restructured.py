"""What reStructuredText is shown as depends on its text alone: on no other README and no day."""

from aggregator.readme.rendering import render
from tests.readme.cases import source_of

ROLE = b"Title\n=====\n\n.. role:: own(raw)\n   :format: html\n\n:own:`<b>bold</b>`\n"
USE = b"Title\n=====\n\n:own:`<b>bold</b>`\n"
DAY = b"Title\n=====\n\nMade |now|.\n\n.. |now| date:: %Y-%m-%d\n"


def _html(text: bytes) -> str:
    return str(render(source_of(text, "README.rst")).html)


def test_a_role_is_known_only_where_it_is_defined() -> None:
    """What one README calls a role is nothing to the next: each shows the same at any time."""
    before = _html(USE)
    assert "<b>bold</b>" in _html(ROLE)
    assert _html(USE) == before
    assert "<b>bold</b>" not in before


def test_the_day_of_rendering_is_not_said() -> None:
    """A page is the same each night, so no date is put in that nobody wrote."""
    assert "Made |now|." in _html(DAY)
