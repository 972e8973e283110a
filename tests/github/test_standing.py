"""What GitHub says of whoever asks, as the doctor hears it."""

import pytest

from aggregator.github.opening import Endpoint
from aggregator.github.standing import ask_about_home, ask_who_asks
from aggregator.words.names import RepoName
from tests.stand_in.server import serve
from tests.stand_in.world import sample_community


@pytest.mark.parametrize(
    ("token", "accepted", "scopes", "limit"),
    [
        ("any-word", True, ("public_repo",), 5_000),
        ("ghs_of_actions", True, None, 1_000),
        (None, None, None, 60),
    ],
)
def test_a_token_is_asked_about_without_spending_any_of_it(
    token: str | None, accepted: bool | None, scopes: tuple[str, ...] | None, limit: int
) -> None:
    """Scopes are told where GitHub tells them, and nothing of the hour is used."""
    with serve(sample_community()) as github:
        told = ask_who_asks(Endpoint(github.api_url, token=token))
    assert (told.why, told.accepted, told.scopes) == ("", accepted, scopes)
    assert told.left == told.limit == limit


def test_where_nobody_answers_that_is_said() -> None:
    """Without a network there are words for it, and nothing is claimed."""
    nowhere = Endpoint("http://127.0.0.1:9", token="any-word")
    told = ask_who_asks(nowhere)
    assert told.why
    assert told.accepted is None
    assert ask_about_home(nowhere, RepoName("octo", "showcase"), "publish.yml").why
