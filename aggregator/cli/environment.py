"""What surrounds the process: variables, clock, chance, processors, and whether somebody watches.

Variables are those of GitHub Actions:
https://docs.github.com/actions/reference/workflows-and-actions/variables
Nothing outside `cli` reads any of this; everywhere else it is an argument.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aggregator import __version__
from aggregator.words.addresses import GITHUB, GITHUB_API, is_web_address
from aggregator.words.errors import UsageError
from aggregator.words.names import RepoName

if TYPE_CHECKING:
    from aggregator.github.opening import Endpoint
    from aggregator.registry.settings import Showcase

_MOST_DIGITS = 18
_NOT_FOR_GIT = frozenset(
    (
        *("GITHUB_TOKEN", "GH_TOKEN", "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"),
        *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR"),
        *(
            "GIT_NAMESPACE",
            "GIT_TEMPLATE_DIR",
            "GIT_TRACE",
            "GIT_CURL_VERBOSE",
            "GIT_ALLOW_PROTOCOL",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Environment:
    """What the surroundings say.

    `token` never appears in a message or a file; `web` is the GitHub that people visit.
    `site_url` is where the site will be, from SHOWCASE_URL; `repository` and `repository_id`
    name the repository that a workflow runs in.
    """

    api_url: str
    graphql_url: str | None
    web: str
    token: str | None
    step_summary: Path | None
    site_url: str | None = None
    repository: str | None = None
    repository_id: int | None = None
    interactive: bool = False
    colour: bool = False


def environment() -> Environment:
    """Read the environment of this process."""
    return read_environment(
        os.environ, terminal_in=sys.stdin.isatty(), terminal_out=sys.stdout.isatty()
    )


def endpoint(surroundings: Environment) -> "Endpoint":
    """Say which GitHub to ask, and as whom."""
    # Half a second of imports, and most commands ask nobody.
    from aggregator.github.opening import Endpoint

    return Endpoint(surroundings.api_url, surroundings.graphql_url, surroundings.token)


def git_environment(variables: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Give what git is run with: as it is set up here, asking nobody, and told of no token.

    Variables that lead git to another repository are left out: hooks set them.
    """
    told = {name: value for name, value in variables.items() if name not in _NOT_FOR_GIT}
    ssh = "ssh -oBatchMode=yes -oConnectTimeout=20"
    asking = {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "SSH_ASKPASS": "", "LC_ALL": "C"}
    return {"GIT_SSH_COMMAND": ssh, **told, **asking}


def variables_of(prefix: str) -> dict[str, str]:
    """Read the variables whose names begin so; what they hold is never shown."""
    return {name: value for name, value in os.environ.items() if name.startswith(prefix)}


def utc_now() -> datetime:
    """Read the clock, to the second: finer than that says nothing to a reader."""
    return datetime.now(UTC).replace(microsecond=0)


def agent_of(showcase: "Showcase", web: str, does: str) -> str:
    """Name ourselves to webmasters, with a page that says who asks, and what for.

    Args:
        showcase: For whom.
        web: Address of the GitHub that people visit.
        does: What is done, as "looks once a week whether links still work".
    """
    home = showcase.url or (f"{web}/{showcase.repository}" if showcase.repository else "")
    where = f"+{home}; " if home else ""
    return f"aggregator/{__version__} ({where}{does})"


def new_identity() -> str:
    """Make up what tells a showcase from all others; the only randomness there is."""
    return os.urandom(8).hex()


def workers() -> int:
    """Say how many READMEs may be rendered at once on this machine."""
    return os.cpu_count() or 1


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
        api_url=_address(variables, "GITHUB_API_URL", GITHUB_API),
        graphql_url=_address(variables, "GITHUB_GRAPHQL_URL", "") or None,
        web=_address(variables, "GITHUB_SERVER_URL", GITHUB),
        token=_token(variables),
        step_summary=Path(summary) if summary else None,
        site_url=_address(variables, "SHOWCASE_URL", "", "https://example.org/showcase/") or None,
        repository=_repository(variables),
        repository_id=_number(variables, "GITHUB_REPOSITORY_ID"),
        interactive=terminal_in and terminal_out,
        colour=terminal_out and not variables.get("NO_COLOR"),
    )


def _address(
    variables: Mapping[str, str], name: str, otherwise: str, example: str = f"{GITHUB_API}/graphql"
) -> str:
    address = (variables.get(name) or otherwise).strip().rstrip("/")
    if not address:
        return address
    if not is_web_address(address):
        raise UsageError(
            f"{name} is not a web address",
            f"it says {address!r}",
            f"unset it, or set it to something like {otherwise or example}",
        )
    return address


def _repository(variables: Mapping[str, str]) -> str | None:
    name = variables.get("GITHUB_REPOSITORY", "").strip()
    try:
        return str(RepoName.parse(name)) if name else None
    except ValueError as problem:
        raise UsageError(
            "GITHUB_REPOSITORY is not a repository", f"it says {name!r}", "write owner/name"
        ) from problem


def _number(variables: Mapping[str, str], name: str) -> int | None:
    text = variables.get(name, "").strip()
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > _MOST_DIGITS:
        raise UsageError(f"{name} is not a number", f"it says {text[:40]!r}", "unset it")
    return int(text)


def _token(variables: Mapping[str, str]) -> str | None:
    token = (variables.get("GITHUB_TOKEN") or variables.get("GH_TOKEN") or "").strip()
    if token and (not token.isascii() or not token.isprintable() or " " in token):
        raise UsageError(
            "GITHUB_TOKEN is not a token",
            "it holds spaces or characters that no token has",
            "copy it again, or unset it to go on without one",
        )
    return token or None
