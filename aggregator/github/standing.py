"""What GitHub says of whoever asks: the token, what is left of its hour, the nightly workflow.

`aggregator doctor` asks; each question costs at most one request and brings values, never an
exception: whoever looks after a showcase on a bad night is told what could be learnt. Judged in
`run.doctor`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import requests
from urllib3.exceptions import HTTPError

from aggregator.github.opening import Endpoint
from aggregator.github.session import USER_AGENT, Wire, open_session, server_time
from aggregator.github.values import Json, count, flag, inside, objects, read_json, when
from aggregator.words.addresses import quoted
from aggregator.words.clean import clean_address, clean_line
from aggregator.words.names import RepoName

_SECONDS = 15.0
_LARGEST = 5_000_000  # bytes
# An allowance that is looked at: GraphQL's with a token, that of REST without.
_PURSES = {True: "graphql", False: "core"}


@dataclass(frozen=True, slots=True)
class Asker:
    """Whom GitHub takes us for.

    Args:
        why: Why nothing is known; empty where GitHub answered.
        accepted: Whether it accepts the token; None without one.
        scopes: What the token may do; None where GitHub does not say.
        left: Requests (points, with a token) left of this hour.
        server_time: What GitHub's clock says.
    """

    why: str = ""
    accepted: bool | None = None
    scopes: tuple[str, ...] | None = None
    left: int | None = None
    limit: int | None = None
    resets_at: datetime | None = None
    server_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class NightlyJob:
    """One workflow of a repository, as GitHub runs it.

    Args:
        path: Its file in the repository.
        state: GitHub's word for whether it is on: `active`, `disabled_inactivity`, ...
        ran: When it began last by its schedule.
        conclusion: How that ended; None while it runs, or where it never ran.
        address: Where that run can be read.
        enabled_at: When it was changed or switched on last.
    """

    path: str
    state: str
    ran: datetime | None = None
    conclusion: str | None = None
    address: str = ""
    enabled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShowcaseHome:
    """The repository that a showcase is built from, as GitHub shows it.

    Args:
        why: Why nothing is known; empty where GitHub answered.
        pages: Whether GitHub Pages is on.
        pushed_at: When anything was pushed last.
        jobs: Its workflows, by path.
    """

    why: str = ""
    pages: bool | None = None
    pushed_at: datetime | None = None
    jobs: dict[str, NightlyJob] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Told:
    status: int
    headers: Json
    data: object


_Ask = Callable[[str], _Told | str]


def ask_who_asks(endpoint: Endpoint) -> Asker:
    """Ask GitHub about the token and what is left of its hour; this costs none of it.

    Source: docs.github.com, "REST API endpoints for rate limits"; scopes are in the header that
    "Scopes for OAuth apps" describes.
    """
    with _asking(endpoint) as ask:
        told = ask("/rate_limit")
    if isinstance(told, str):
        return Asker(told)
    at, has_token = server_time(told.headers), bool(endpoint.token)
    if told.status == 401:
        return Asker(accepted=False, server_time=at)
    if told.status >= 500:
        return Asker(f"GitHub answered {told.status}", server_time=at)
    purse = inside(told.data, "resources", _PURSES[has_token])
    named = told.headers.get("x-oauth-scopes") if has_token else None
    reset = count(inside(purse, "reset"))
    return Asker(
        accepted=True if has_token else None,
        scopes=None if named is None else _words(named),
        left=count(inside(purse, "remaining")),
        limit=count(inside(purse, "limit")),
        resets_at=_moment(reset) if reset else None,
        server_time=at,
    )


def ask_about_home(endpoint: Endpoint, repo: RepoName, workflow: str) -> ShowcaseHome:
    """Ask GitHub about the repository of a showcase and its nightly workflow.

    Source: docs.github.com, "REST API endpoints for workflows" and "... for workflow runs".

    Args:
        endpoint: Which GitHub, and as whom.
        repo: The repository.
        workflow: The file name of the workflow whose last run by schedule is looked at.
    """
    base = f"/repos/{repo}"
    with _asking(endpoint) as ask:
        told = ask(base)
        if isinstance(told, str) or told.status != 200:
            return ShowcaseHome(told if isinstance(told, str) else f"GitHub says {told.status}")
        listed = ask(f"{base}/actions/workflows?per_page=100")
        runs = f"{base}/actions/workflows/{quoted(workflow)}/runs"
        last = ask(f"{runs}?event=schedule&per_page=1")
    run = next(objects(inside(_data(last), "workflow_runs")), {})
    jobs = {
        path: _job(one, path, run if path.endswith(f"/{workflow}") else {})
        for one in objects(inside(_data(listed), "workflows"))
        if (path := clean_line(one.get("path")))
    }
    return ShowcaseHome(
        pages=flag(inside(told.data, "has_pages")),
        pushed_at=when(inside(told.data, "pushed_at")),
        jobs=jobs,
    )


def _job(workflow: Json, path: str, run: Json) -> NightlyJob:
    return NightlyJob(
        path,
        clean_line(workflow.get("state")) or "unknown",
        when(run.get("run_started_at")),
        clean_line(run.get("conclusion")),
        clean_address(run.get("html_url")) or "",
        when(workflow.get("updated_at")),
    )


def _data(told: _Told | str) -> object:
    return told.data if isinstance(told, _Told) and told.status == 200 else None


def _words(named: object) -> tuple[str, ...]:
    found = (clean_line(word) for word in str(named)[:1_000].split(","))
    return tuple(word for word in found if word)


def _moment(seconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


@contextmanager
def _asking(endpoint: Endpoint) -> Iterator[_Ask]:
    """Let the block ask for paths; what goes wrong on the way is a sentence."""
    wire = Wire(endpoint.token, endpoint.api_url, largest=_LARGEST)
    with open_session(wire) as session:
        session.headers.update({"User-Agent": USER_AGENT, "Accept": "application/vnd.github+json"})

        def ask(path: str) -> _Told | str:
            url = f"{endpoint.api_url.rstrip('/')}{path}"
            try:
                with wire.within(_SECONDS) as exchange:
                    answer = session.get(url, timeout=_SECONDS, allow_redirects=False)
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return _Told(answer.status_code, headers, _read(answer.content))
            except (requests.RequestException, HTTPError, ValueError) as error:
                return "it took too long" if exchange.expired else type(error).__name__

        yield ask


def _read(content: bytes) -> object:
    return read_json(content) if content[:1] in {b"{", b"["} else None
