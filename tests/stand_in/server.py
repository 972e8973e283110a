"""The demo's stand-in with GitHub's other manners, on a socket that can be told to misbehave."""

import gzip
import hashlib
import itertools
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from graphql import GraphQLError, GraphQLSchema

from aggregator.demo import server as plain
from aggregator.demo.exchange import (
    Headers,
    Request,
    Response,
    TellTime,
    json_response,
    over_limit,
    refuse,
)
from aggregator.demo.graph_answers import GraphQuestion, error_body, read_question
from aggregator.demo.server import ConnectionHandler, as_bytes, running, system_clock
from aggregator.demo.stand_in import Limits, StandIn
from aggregator.words.addresses import GITHUB
from tests.stand_in.counts import Counts
from tests.stand_in.faults import Faults, SpoiltResponse
from tests.stand_in.graph import Graph, read_document
from tests.stand_in.prices import batch_size, price_of
from tests.stand_in.rest import Rest, accepted
from tests.stand_in.world import World

GZIP_FROM = 1_000
FREE_PATHS = ("/rate_limit",)
SEARCHES = {True: 30, False: 10}
NO_LINGER = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class ChosenLimits(Limits):
    """Limits that a test can choose, so that it need not spend 5,000 requests."""

    def __init__(self, clock: TellTime) -> None:
        super().__init__(clock)
        self.chosen: dict[tuple[str | None, str], int] = {}

    def limit_of(self, token: str | None, resource: str) -> int:
        """Say how much a caller may do."""
        usual = SEARCHES[bool(token)] if resource == "search" else super().limit_of(token, resource)
        return self.chosen.get((token, resource), usual)


class WholeStandIn(StandIn):
    """A world with all its rules: what goes wrong, what was counted, who is refused."""

    world: World

    def __init__(
        self,
        world: World,
        clock: TellTime,
        api_url: str,
        web_url: str,
        schema: GraphQLSchema | None,
    ) -> None:
        super().__init__(world, clock, api_url, web_url)
        self.faults = Faults()
        self.counts = Counts()
        self.revoked: set[str] = set()
        self.scopes: dict[str, str] = {}
        self.restricted = {"stargazers"}
        self.limits: ChosenLimits = ChosenLimits(clock)
        self.rest = Rest(world, api_url, web_url, self.limits)
        self.graph = Graph(world, web_url, self.restricted, schema)
        self._numbers = itertools.count(1)

    def answer(self, request: Request) -> Response:
        """Answer one request with all headers, and count it."""
        finished = super().answer(request).with_headers(*self._headers(request))
        self.counts.answered(request, finished, self._batch(request))
        return finished

    def genuine(self, request: Request) -> Response:
        """Answer a request, wrongly when the script of faults says so."""
        return self.faults.apply(request, self._batch(request), lambda: self._right(request))

    def _right(self, request: Request) -> Response:
        if request.token in self.revoked:
            return refuse(401, "Bad credentials")
        return super().genuine(request)

    def answer_rest(self, request: Request) -> Response:
        """Answer a REST request; one that finds nothing new is free with a token.

        Source: docs.github.com, "Best practices for using the REST API".
        """
        resource = "search" if request.path.startswith("/search/") else "core"
        free = request.path in FREE_PATHS
        if not free and self.limits.spend(request.token, resource, 0).remaining == 0:
            return self.charged(over_limit(request.token), request, resource, 0)
        response = conditional(request, self.rest.answer(request))
        free = free or (response.status == 304 and request.token is not None)
        return self.charged(response, request, resource, 0 if free else 1)

    def answer_graphql(self, request: Request) -> Response:
        """Answer a GraphQL request; one that asks for too much costs a point and gets nothing."""
        try:
            return super().answer_graphql(request)
        except GraphQLError as error:
            refused = json_response(200, {"errors": [error_body(error)]})
            return self.charged(refused, request, "graphql", 1)

    def price(self, question: GraphQuestion) -> int:
        """Count what a query costs, as GitHub documents it."""
        document, errors = read_document(self.graph.schema, question.text)
        if document is None or errors:
            return 1
        return price_of(self.graph.schema, document, question).points

    def charged(self, response: Response, request: Request, resource: str, points: int) -> Response:
        """Take points from the caller, and count them."""
        self.counts.spent(points, graphql=resource == "graphql")
        return super().charged(response, request, resource, points)

    def _batch(self, request: Request) -> int:
        question = read_question(request.body) if request.is_graphql else None
        if question is None:
            return 0
        document, _ = read_document(self.graph.schema, question.text)
        return batch_size(document, question) if document else 0

    def _headers(self, request: Request) -> Headers:
        version, token = "github.v4" if request.is_graphql else "github.v3", request.token
        common: Headers = (
            ("server", "github.com"),
            ("vary", "Accept, Authorization, Cookie, X-GitHub-OTP" if token else "Accept"),
            ("vary", "Accept-Encoding, Accept, X-Requested-With"),
            ("x-github-media-type", f"{version}; format=json"),
            ("x-github-request-id", f"5A4D:{next(self._numbers):06X}:B0C5"),
            ("x-github-api-version-selected", "2022-11-28"),
            ("x-content-type-options", "nosniff"),
        )
        if not token or token.startswith(("ghs_", "github_pat_")):
            return common
        scopes = self.scopes.get(token, "public_repo")
        return (*common, ("x-oauth-scopes", scopes), ("x-accepted-oauth-scopes", "repo"))


def conditional(request: Request, response: Response) -> Response:
    """Add the ETag, which differs for each token, and answer 304 when the client has it."""
    if response.status != 200:
        return response
    secret = f"{request.token}\n{accepted(request)}\n".encode()
    tag = f'W/"{hashlib.sha256(secret + response.body).hexdigest()}"'
    rule = f"{'private' if request.token else 'public'}, max-age=60, s-maxage=60"
    whole = response.with_headers(("etag", tag), ("cache-control", rule))
    if not _is_known(request, tag, dict(response.headers).get("last-modified")):
        return whole
    return Response(304, b"", tuple(h for h in whole.headers if h[0] != "content-type"))


def _is_known(request: Request, tag: str, modified: str | None) -> bool:
    """Decide as RFC 9110 section 13.2.2 does: the date counts only where no ETag was sent."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        plain = {one.strip().removeprefix("W/") for one in tags.split(",")}
        return bool(plain & {tag.removeprefix("W/"), "*"})
    return modified is not None and request.headers.get("if-modified-since") == modified


class MisbehavingHandler(ConnectionHandler):
    """Writes responses packed as GitHub packs them, and badly when a fault says so."""

    server: "Server"

    def deliver(self, request: Request, response: Response) -> None:
        """Write a response, late when the server is told to be slow."""
        if self.server.latency:
            self.server.stopping.wait(self.server.latency)
        response = packed(request, response)
        if isinstance(response, SpoiltResponse):
            self._spoil(request, response)
        else:
            super().deliver(request, response)

    def _spoil(self, request: Request, response: SpoiltResponse) -> None:
        delivery, (head, body) = response.delivery, as_bytes(request, response)
        if delivery.kind == "hang":
            self.server.stopping.wait(delivery.seconds)
        if delivery.kind in ("hang", "reset"):
            # RST instead of FIN, so that the client sees a connection reset.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            self.connection.close()
        elif delivery.kind == "truncate":
            self.wfile.write(head + body[: int(len(body) * delivery.share)])
        else:
            self._drip(head + body, delivery.seconds)
        self.close_connection = True

    def _drip(self, data: bytes, seconds: float) -> None:
        for position in range(len(data)):
            if self.server.stopping.wait(seconds):
                break
            self.wfile.write(data[position : position + 1])


def packed(request: Request, response: Response) -> Response:
    """Compress a large answer for a client that accepts it."""
    accepts = "gzip" in request.headers.get("accept-encoding", "")
    if not accepts or len(response.body) < GZIP_FROM:
        return response
    small = gzip.compress(response.body, compresslevel=1, mtime=0)
    return replace(response, body=small).with_headers(("content-encoding", "gzip"))


class Server(plain.Server):
    """A running stand-in. Change `world`, script `faults`, read `counts` while it runs."""

    handler = MisbehavingHandler
    stand_in: WholeStandIn
    world: World
    latency = 0.0

    @property
    def faults(self) -> Faults:
        """Give the script of faults."""
        return self.stand_in.faults

    @property
    def counts(self) -> Counts:
        """Give what was counted."""
        return self.stand_in.counts

    def revoke(self, token: str) -> None:
        """Refuse a token with 401 from now on."""
        self.stand_in.revoked.add(token)

    def set_scopes(self, token: str, scopes: str) -> None:
        """Say which scopes a classic token has; an empty text for none."""
        self.stand_in.scopes[token] = scopes

    def set_limit(self, token: str | None, resource: str, limit: int) -> None:
        """Give a caller another hourly limit for `core` or `graphql`."""
        self.stand_in.limits.chosen[token, resource] = limit

    def restrict(self, *fields: str) -> None:
        """Refuse connections such as `watchers` with FORBIDDEN, as `stargazers` always is."""
        self.stand_in.restricted.update(fields)


@contextmanager
def serve(  # noqa: PLR0917
    world: World,
    port: int = 0,
    clock: TellTime = system_clock,
    schema: GraphQLSchema | None = None,
    latency: float = 0.0,
    web_url: str = GITHUB,
) -> Iterator[Server]:
    """Serve a world on 127.0.0.1 while the context lasts.

    Args:
        world: what to serve.
        port: 0 takes a free one.
        clock: says what time it is, for `Date` and for the ends of rate limits.
        schema: GitHub's published schema instead of the part that is answered.
        latency: seconds to hold back each answer.
        web_url: the address of the web site, such as that of a GitHub Enterprise.

    Raises:
        UsageError: the port is taken or none.
    """
    server = Server(world, port)
    server.latency = latency
    server.stand_in = WholeStandIn(world, clock, server.api_url, web_url, schema)
    with running(server):
        yield server
