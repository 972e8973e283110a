"""Commands as a person runs them, without waiting for what no test of a command is about."""

import pytest


@pytest.fixture(autouse=True, scope="module")
def _builds_share_workers(lent_workers: None) -> None:
    """Let all builds of these tests share their README workers."""
