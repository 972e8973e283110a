"""One sandbox GitHub as a function from request to response.

    request -> fault? -> token -> GraphQL  -> allowance -> headers -> response
                               -> REST     -> ETag, allowance -> headers

Knows nothing of sockets: `wire` reads requests from a connection and writes what comes out here.
"""

import hashlib
import itertools
from dataclasses import dataclass, field, replace
from email.utils import format_datetime

from graphql import GraphQLError, GraphQLSchema

from aggregator.demo import refusals
from aggregator.demo.counts import Counts
from aggregator.demo.faults import Faults
from aggregator.demo.graph.context import Context
from aggregator.demo.graph.execute import Query, Reader, error_body, own_schema
from aggregator.demo.limits import Allowance, Clock, Limits
from aggregator.demo.messages import Headers, Request, Response, json_response
from aggregator.demo.rest.call import Call
from aggregator.demo.rest.routes import answer as answer_rest
from aggregator.demo.world import World

WEB_URL = "https://github.com"
FREE_PATHS = ("/rate_limit",)


@dataclass(frozen=True)
class App:
    """A world with its rules: who may ask how often, what goes wrong, what was counted."""

    world: World
    clock: Clock
    api_url: str
    web_url: str = WEB_URL
    schema: GraphQLSchema = field(default_factory=own_schema)
    faults: Faults = field(default_factory=Faults)
    counts: Counts = field(default_factory=Counts)
    revoked: set[str] = field(default_factory=set)
    restricted: set[str] = field(default_factory=lambda: {"stargazers"})
    scopes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "limits", Limits(self.clock))
        object.__setattr__(self, "_reader", Reader(self.schema))
        object.__setattr__(self, "_numbers", itertools.count(1))

    limits: Limits = field(init=False)
    _reader: Reader = field(init=False, repr=False)
    _numbers: "itertools.count[int]" = field(init=False, repr=False)

    def answer(self, request: Request) -> Response:
        """Answer one request and count it."""
        query = self._reader.read(request.body) if request.is_graphql else None
        batch = query.batch_size if query else 0
        response = self.faults.apply(request, batch, lambda: self._genuine(request, query))
        finished = self._with_common_headers(request, response)
        self.counts.answered(request, finished, batch)
        return finished

    def _genuine(self, request: Request, query: Query | None) -> Response:
        if request.token in self.revoked:
            return refusals.bad_credentials()
        if request.is_graphql:
            return self._graphql(request, query)
        return self._rest(request)

    def _rest(self, request: Request) -> Response:
        resource = "search" if request.path.startswith("/search/") else "core"
        if request.path in FREE_PATHS:
            return self._with_allowance(answer_rest(self._call(request)), request, resource, 0)
        if self.limits.look(request.token, resource).remaining == 0:
            refusal = refusals.over_limit(request.token)
            return self._with_allowance(refusal, request, resource, 0)
        response = _conditional(request, answer_rest(self._call(request)))
        # docs.github.com, "Best practices for using the REST API": a conditional request that is
        # answered with 304 is free, when it is made with a token.
        free = response.status == 304 and request.token is not None
        return self._with_allowance(response, request, resource, 0 if free else 1)

    def _call(self, request: Request) -> Call:
        return Call(request, self.world, self.api_url, self.web_url, self.limits)

    def _with_allowance(
        self, response: Response, request: Request, resource: str, points: int
    ) -> Response:
        allowance = self.limits.spend(request.token, resource, points)
        self.counts.spent(points, graphql=resource == "graphql")
        return replace(response, headers=(*response.headers, *allowance.headers()))

    def _graphql(self, request: Request, query: Query | None) -> Response:
        if request.token is None:
            return refusals.graphql_needs_token()
        if query is None:
            return refusals.refuse(400, "Problems parsing JSON")
        if query.errors or query.operation is None:
            errors = [error_body(error) for error in query.errors]
            body = {"errors": errors or [{"message": "A query attribute must be specified."}]}
            return self._with_allowance(json_response(200, body), request, "graphql", 1)
        return self._run(request, query)

    def _run(self, request: Request, query: Query) -> Response:
        try:
            price = self._reader.price(query)
        except GraphQLError as error:
            refused = json_response(200, {"errors": [error_body(error)]})
            return self._with_allowance(refused, request, "graphql", 1)
        left = self.limits.look(request.token, "graphql")
        if left.remaining < price.points:
            return self._with_allowance(
                refusals.graphql_over_limit(), request, "graphql", left.remaining
            )
        after = replace(left, used=left.used + price.points)
        body = self._reader.run(query, self._context(after, price.points, price.nodes))
        return self._with_allowance(json_response(200, body), request, "graphql", price.points)

    def _context(self, allowance: Allowance, cost: int, nodes: int) -> Context:
        return Context(self.world, allowance, cost, nodes, self.web_url, frozenset(self.restricted))

    def _with_common_headers(self, request: Request, response: Response) -> Response:
        version = "github.v4" if request.is_graphql else "github.v3"
        token = request.token
        common: Headers = (
            ("date", format_datetime(self.clock(), usegmt=True)),
            ("server", "github.com"),
            ("vary", "Accept, Authorization, Cookie, X-GitHub-OTP" if token else "Accept"),
            ("vary", "Accept-Encoding, Accept, X-Requested-With"),
            ("x-github-media-type", f"{version}; format=json"),
            ("x-github-request-id", f"5A4D:{next(self._numbers):06X}:B0C5"),
            ("x-github-api-version-selected", "2022-11-28"),
            ("x-content-type-options", "nosniff"),
        )
        if token and not token.startswith(("ghs_", "github_pat_")):
            scopes = self.scopes.get(token, "public_repo")
            common = (*common, ("x-oauth-scopes", scopes), ("x-accepted-oauth-scopes", "repo"))
        return replace(response, headers=(*response.headers, *common))


def _conditional(request: Request, response: Response) -> Response:
    """Add the ETag, which differs for each token, and answer 304 when the client has it."""
    if response.status != 200:
        return response
    secret = f"{request.token}\n{request.accept}\n".encode()
    tag = f'W/"{hashlib.sha256(secret + response.body).hexdigest()}"'
    whose = "private" if request.token else "public"
    headers = (
        *response.headers,
        ("etag", tag),
        ("cache-control", f"{whose}, max-age=60, s-maxage=60"),
    )
    if _is_known(request, tag, response.header("last-modified")):
        kept = tuple(h for h in headers if h[0] != "content-type")
        return Response(304, b"", kept)
    return replace(response, headers=headers)


def _is_known(request: Request, tag: str, modified: str | None) -> bool:
    """Decide as RFC 9110 section 13.2.2 does: the date counts only where no ETag was sent."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        plain = {t.strip().removeprefix("W/") for t in tags.split(",")}
        return bool(plain & {tag.removeprefix("W/"), "*"})
    since = request.headers.get("if-modified-since")
    return modified is not None and since == modified
