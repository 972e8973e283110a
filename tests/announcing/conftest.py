"""Places to tell news at, and news to tell."""

from collections.abc import Iterator

import pytest

from tests.announcing.receivers import MailBox, Places, Trust, serve_mail, serve_places


@pytest.fixture(scope="session")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    """A certificate authority."""
    return Trust(tmp_path_factory.mktemp("trust"))


@pytest.fixture
def places(trust: Trust, monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    """A web server with all places, which this process believes."""
    for name, value in trust.variables.items():
        monkeypatch.setenv(name, value)
    with serve_places(trust.server) as served:
        yield served


@pytest.fixture
def mail_box(trust: Trust, places: Places) -> Iterator[MailBox]:
    """A mail server, which this process believes."""
    with serve_mail(trust.server) as box:
        yield box
