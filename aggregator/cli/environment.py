"""The environment, read once: GitHub's address and token, and where output goes.

Variables are those of GitHub Actions:
https://docs.github.com/actions/reference/workflows-and-actions/variables
Nothing outside `cli` reads the environment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aggregator.errors import UsageError

API = "https://api.github.com"
WEB = "https://github.com"


@dataclass(frozen=True, slots=True)
class Environment:
    """What the surroundings say.

    `token` never appears in a message or a file; `web` is the GitHub that people visit.
    """

    api_url: str
    graphql_url: str | None
    web: str
    token: str | None
    step_summary: Path | None
    interactive: bool = False
    colour: bool = False


def read_environment(
    variables: Mapping[str, str], *, terminal_in: bool = False, terminal_out: bool = False
) -> Environment:
    """Read the variables that GitHub Actions sets; each may be absent.

    Args:
        variables: the environment.
        terminal_in: whether somebody can be asked.
        terminal_out: whether colours can be seen; NO_COLOR (https://no-color.org) forbids them.

    Raises:
        UsageError: an address is not one.
    """
    summary = variables.get("GITHUB_STEP_SUMMARY")
    return Environment(
        api_url=_address(variables, "GITHUB_API_URL", API),
        graphql_url=_address(variables, "GITHUB_GRAPHQL_URL", "") or None,
        web=_address(variables, "GITHUB_SERVER_URL", WEB),
        token=_token(variables),
        step_summary=Path(summary) if summary else None,
        interactive=terminal_in and terminal_out,
        colour=terminal_out and not variables.get("NO_COLOR"),
    )


def _address(variables: Mapping[str, str], name: str, otherwise: str) -> str:
    address = (variables.get(name) or otherwise).strip().rstrip("/")
    if not address:
        return address
    if not _is_plain_address(address):
        raise UsageError(
            f"{name} is not a web address",
            f"it says {address!r}",
            f"unset it, or set it to something like {otherwise or API + '/graphql'}",
        )
    return address


def _is_plain_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:  # brackets that hold no IPv6 address
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username


def _token(variables: Mapping[str, str]) -> str | None:
    token = (variables.get("GITHUB_TOKEN") or variables.get("GH_TOKEN") or "").strip()
    if token and (not token.isascii() or not token.isprintable() or " " in token):
        raise UsageError(
            "GITHUB_TOKEN is not a token",
            "it holds spaces or characters that no token has",
            "copy it again, or unset it to go on without one",
        )
    return token or None
