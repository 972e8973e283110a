"""What can go wrong at GitHub, each as an action for a `Fault`.

Every function makes an action: given the request and a way to get the genuine answer, it gives
what arrives instead. Shapes follow docs.github.com and public reports of each failure.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from aggregator.demo.exchange import (
    DOCS,
    JSON_TYPE,
    Headers,
    Request,
    Response,
    TellTime,
    graphql_over_limit,
    json_bytes,
    json_response,
    over_limit,
    refuse,
)
from tests.stand_in.faults import Action, Delivery, Genuine, SpoiltResponse

SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)
SECONDARY_DOCS = (
    f"{DOCS}/free-pro-team@latest/rest/overview/"
    "rate-limits-for-the-rest-api#about-secondary-rate-limits"
)

UNICORN = (
    b"<!DOCTYPE html>\n<html><head><title>Unicorn! &middot; GitHub</title></head><body>"
    b"<p>We had issues producing the response to your request.</p></body></html>"
)


def _always(response: Response) -> Action:
    return lambda _request, _genuine: response


def _spoiled(spoil: Callable[[Response], Response]) -> Action:
    return lambda _request, genuine: spoil(genuine())


def status(code: int) -> Action:
    """Answer with a status and a JSON message, such as 500 or 503."""
    return _always(refuse(code, "Server Error"))


def bad_gateway(code: int = 502) -> Action:
    """Answer as GitHub's front does when a query takes over ten seconds: HTML with 502 or 504."""
    return _always(Response(code, UNICORN, (("content-type", "text/html; charset=utf-8"),)))


def html_with_200() -> Action:
    """Answer with a web page and status 200, as a captive portal or a proxy does."""
    return _always(Response(200, UNICORN, (("content-type", "text/html; charset=utf-8"),)))


def page(code: int) -> Action:
    """Answer with a web page and any status, as the filter of a firm's network does."""
    return _always(Response(code, UNICORN, (("content-type", "text/html; charset=utf-8"),)))


def redirect(location: str, code: int = 302) -> Action:
    """Send everybody somewhere else, as the login page of a network does."""
    return _always(Response(code, b"", (("location", location),)))


def nested_json(levels: int = 100_000) -> Action:
    """Answer with JSON that is nested deeper than any reader can follow."""
    return _always(Response(200, b"[" * levels + b"]" * levels, (("content-type", JSON_TYPE),)))


def secondary_limit(
    retry_after: int | str | None = None, code: int = 403, at: datetime | None = None
) -> Action:
    """Refuse for a secondary limit; `retry_after` in seconds, or a date when `at` is given.

    The hourly allowance stands beside it and is far from used up, which misleads clients that wait
    for its end.
    """
    wait: Headers = ()
    if at is not None:
        wait = (("retry-after", format_datetime(at, usegmt=True)),)
    elif retry_after is not None:
        wait = (("retry-after", str(retry_after)),)
    made = refuse(code, SECONDARY, SECONDARY_DOCS)

    def spoil(genuine: Response) -> Response:
        allowance = (h for h in genuine.headers if h[0].startswith("x-ratelimit-"))
        return replace(made, headers=(*made.headers, *wait, *allowance))

    return _spoiled(spoil)


def primary_limit(
    clock: TellTime, reset_in: float, code: int = 403, resource: str = "core"
) -> Action:
    """Refuse because the hour is used up and ends in `reset_in` seconds; 200 is GraphQL's way."""
    ends = int((clock() + timedelta(seconds=reset_in)).timestamp())

    def action(request: Request, _genuine: Genuine) -> Response:
        made = graphql_over_limit() if code == 200 else over_limit(request.token, code)
        kind = "graphql" if request.is_graphql else resource
        spent = (
            ("x-ratelimit-limit", "5000"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-used", "5000"),
            ("x-ratelimit-reset", str(ends)),
            ("x-ratelimit-resource", kind),
        )
        return replace(made, headers=(*made.headers, *spent))

    return action


def rate_limited_query(kind: str = "RATE_LIMITED") -> Action:
    """Answer a query with status 200 and an error of type RATE_LIMITED or RATE_LIMIT."""
    return _always(graphql_over_limit(kind))


def _edit(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Action:
    def spoil(response: Response) -> Response:
        return replace(response, body=json_bytes(change(json.loads(response.body))))

    return _spoiled(spoil)


def resource_limits(share: float = 0.5) -> Action:
    """Leave the last part of the aliases unanswered with RESOURCE_LIMITS_EXCEEDED."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        names = [name for name in body["data"] if name != "rateLimit"]
        lost = names[int(len(names) * (1 - share)) :]
        words = "Resource limits for this query exceeded."
        return _lose(body, lost, "RESOURCE_LIMITS_EXCEEDED", words)

    return _edit(change)


def missing(*aliases: str) -> Action:
    """Leave these aliases unanswered with NOT_FOUND, the others intact."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        return _lose(body, list(aliases), "NOT_FOUND", "Could not resolve to a Repository.")

    return _edit(change)


def _lose(body: dict[str, Any], lost: list[str], kind: str, words: str) -> dict[str, Any]:
    errors = [{"type": kind, "path": [n], "locations": [], "message": words} for n in lost]
    data = {**body["data"], **dict.fromkeys(lost)}
    return {"data": data, "errors": [*body.get("errors", []), *errors]}


def null_data() -> Action:
    """Answer a query with `data: null` and an internal error."""
    words = "Something went wrong while executing your query. Please include the request id."
    return _always(json_response(200, {"data": None, "errors": [{"message": words}]}))


def insufficient_scopes(wanted: str = "read:org") -> Action:
    """Refuse a query because the token lacks a scope."""
    words = (
        "Your token has not been granted the required scopes to execute this query. "
        f"It requires one of the following scopes: ['{wanted}']."
    )
    error = {"type": "INSUFFICIENT_SCOPES", "locations": [], "message": words}
    return _always(json_response(200, {"errors": [error]}))


def malformed_json() -> Action:
    """Send a body that stops being JSON in the middle."""
    return _spoiled(lambda r: replace(r, body=r.body[: len(r.body) // 2] + b'"}, <<<'))


def truncated(share: float = 0.5) -> Action:
    """Close the connection after a part of the body."""
    return _delivered(Delivery("truncate", share=share))


def connection_reset() -> Action:
    """Close the connection without a word."""
    return _delivered(Delivery("reset"))


def hang(seconds: float = 3600.0) -> Action:
    """Send nothing for a long time."""
    return _delivered(Delivery("hang", seconds=seconds))


def drip(seconds: float = 1.0) -> Action:
    """Send one byte, wait, send the next."""
    return _delivered(Delivery("drip", seconds=seconds))


def _delivered(delivery: Delivery) -> Action:
    return _spoiled(lambda r: SpoiltResponse(r.status, r.body, r.headers, delivery))


def still_working() -> Action:
    """Answer 202 with an empty object, as the `stats/` paths do while GitHub counts."""
    return _always(json_response(202, {}))


def bad_credentials() -> Action:
    """Refuse the token."""
    return _always(refuse(401, "Bad credentials"))
