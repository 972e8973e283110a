"""One small GitHub as a function from request to response.

    request -> token? -> GraphQL -> allowance -> headers -> response
                      -> REST    -> allowance -> headers

It has GitHub's manners as far as they decide what a run can do: who may ask how often, and what
the headers say of it. What is answered is in `graph_answers` and `rest_answers`. It knows no
socket; `server` reads requests from a connection and writes what comes out here. The tests add what
else GitHub does, wrong answers included, in a subclass.
"""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from aggregator.demo.exchange import (
    Request,
    Response,
    TellTime,
    graphql_needs_token,
    graphql_over_limit,
    json_response,
    over_limit,
    refuse,
)
from aggregator.demo.graph_answers import GraphAnswers, GraphQuestion, read_question
from aggregator.demo.rest_answers import RestAnswers
from aggregator.demo.world import World
from aggregator.words.addresses import GITHUB
from aggregator.words.phrases import timestamp

# docs.github.com, "Rate limits for the REST API" and "Rate limits and query limits for the GraphQL
# API"; tokens of GitHub Actions begin with `ghs_`.
ANONYMOUS_PER_HOUR = 60
TOKEN_PER_HOUR = 5_000
ACTIONS_PER_HOUR = 1_000
ACTIONS_PREFIX = "ghs_"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one caller may still do with one resource, until `reset` (seconds since 1970)."""

    resource: str
    limit: int
    used: int
    reset: int

    @property
    def remaining(self) -> int:
        """Count what is left."""
        return max(0, self.limit - self.used)


class Limits:
    """The ledger: one window of an hour for each caller and resource."""

    def __init__(self, clock: TellTime) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[tuple[str | None, str], tuple[datetime, int]] = {}

    def spend(self, token: str | None, resource: str, points: int) -> Allowance:
        """Take points from a caller's window and say what is left; none only looks."""
        now, limit = self._clock(), self.limit_of(token, resource)
        with self._lock:
            ends, used = self._windows.get((token, resource), (now, 0))
            if now >= ends:
                ends, used = now + timedelta(hours=1), 0
            used = min(limit, used + points)
            if points:
                self._windows[token, resource] = ends, used
        return Allowance(resource, limit, used, int(ends.timestamp()))

    def limit_of(self, token: str | None, resource: str) -> int:
        """Say how much a caller may do in an hour."""
        if token is None:
            return 0 if resource == "graphql" else ANONYMOUS_PER_HOUR
        return ACTIONS_PER_HOUR if token.startswith(ACTIONS_PREFIX) else TOKEN_PER_HOUR


class StandIn:
    """A world with its rules."""

    def __init__(self, world: World, clock: TellTime, api_url: str, web_url: str = GITHUB) -> None:
        self.world = world
        self.clock = clock
        self.api_url = api_url
        self.limits = Limits(clock)
        self.rest = RestAnswers(world, api_url, web_url)
        self.graph = GraphAnswers(world, web_url)

    def answer(self, request: Request) -> Response:
        """Answer one request."""
        date = format_datetime(self.clock(), usegmt=True)
        return self.genuine(request).with_headers(("date", date))

    def genuine(self, request: Request) -> Response:
        """Answer a request by the half of the API that it is for."""
        return self.answer_graphql(request) if request.is_graphql else self.answer_rest(request)

    def answer_rest(self, request: Request) -> Response:
        """Answer a REST request: each costs one of the hour's."""
        if self.limits.spend(request.token, "core", 0).remaining == 0:
            return self.charged(over_limit(request.token), request, "core", 0)
        return self.charged(self.rest.answer(request), request, "core", 1)

    def answer_graphql(self, request: Request) -> Response:
        """Answer a GraphQL request: each costs what `price` says."""
        if request.token is None:
            return graphql_needs_token()
        question = read_question(request.body)
        if question is None:
            return refuse(400, "Problems parsing JSON")
        left, price = self.limits.spend(request.token, "graphql", 0), self.price(question)
        if left.remaining < price:
            return self.charged(graphql_over_limit(), request, "graphql", left.remaining)
        rate = {
            "cost": price,
            "limit": left.limit,
            "remaining": left.remaining - price,
            "used": left.used + price,
            "resetAt": timestamp(datetime.fromtimestamp(left.reset, UTC)),
        }
        body = self.graph.answer(question, rate)
        return self.charged(json_response(200, body), request, "graphql", price)

    def price(self, _question: GraphQuestion) -> int:
        """Say how many points a query costs: one here, which is what most cost at GitHub."""
        return 1

    def charged(self, response: Response, request: Request, resource: str, points: int) -> Response:
        """Take points from the caller and tell in the headers what is left."""
        left = self.limits.spend(request.token, resource, points)
        names = ("limit", "remaining", "used", "reset", "resource")
        return response.with_headers(
            *((f"x-ratelimit-{name}", str(getattr(left, name))) for name in names)
        )
