"""Which path goes to which endpoint, and who may see a repository at all.

The one place that decides between 200, 301, 403, 404 and 451 for a repository, so that every path
below it decides alike.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from email.utils import format_datetime
from urllib.parse import unquote, urlencode

from aggregator.demo import refusals
from aggregator.demo.history import moment
from aggregator.demo.messages import Response, json_response
from aggregator.demo.model import Repository
from aggregator.demo.rest import bodies, content, lists
from aggregator.demo.rest.call import Call

Endpoint = Callable[..., Response]
NAMED = re.compile(r"/repos/(?P<owner>[^/]+)/(?P<name>[^/]+)(?P<below>/.*)?$")
NUMBERED = re.compile(r"/repositories/(?P<number>\d+)(?P<below>/.*)?$")


def _repository(call: Call, item: Repository) -> Response:
    response = json_response(200, bodies.full_repository(call, item))
    date = format_datetime(moment(item.updated_at), usegmt=True)
    return replace(response, headers=(*response.headers, ("last-modified", date)))


def _table(*rows: tuple[str, Endpoint]) -> tuple[tuple[re.Pattern[str], Endpoint], ...]:
    return tuple((re.compile(pattern), endpoint) for pattern, endpoint in rows)


BELOW_REPOSITORY = _table(
    ("", _repository),
    ("/branches", lists.branches),
    ("/commits", lists.commits),
    (r"/commits/(?P<sha>[^/]+)", lists.one_commit),
    ("/community/profile", content.community_profile),
    ("/contents/?", content.contents),
    ("/contents/(?P<path>.+)", content.contents),
    ("/contributors", lists.contributors),
    (r"/git/blobs/(?P<sha>[0-9a-f]{40})", content.blob),
    (r"/git/trees/(?P<sha>[^/]+)", content.tree),
    ("/issues", lists.issues),
    (r"/issues/(?P<number>\d+)", lists.one_issue),
    ("/languages", lists.languages),
    ("/license", content.licence),
    ("/readme", content.readme),
    ("/releases", lists.releases),
    ("/releases/latest", lists.newest_release),
    ("/tags", lists.tags),
    ("/topics", lists.topics),
)
ELSEWHERE = _table(
    ("/", lists.root),
    ("/rate_limit", lists.rate_limit),
    ("/user", lists.viewer),
    ("/users/(?P<login>[^/]+)", lists.person),
    ("/users/(?P<login>[^/]+)/repos", lists.owned),
    ("/orgs/(?P<login>[^/]+)", lists.organisation),
    ("/orgs/(?P<login>[^/]+)/repos", lists.owned),
    ("/search/issues", lists.search_issues),
    ("/search/repositories", lists.search_repositories),
)


def answer(call: Call) -> Response:
    """Answer a REST request."""
    if call.request.method not in ("GET", "HEAD"):
        return refusals.not_found()
    path = unquote(call.request.path)
    if named := NAMED.match(path):
        return _by_name(call, f"{named['owner']}/{named['name']}", named["below"] or "")
    if numbered := NUMBERED.match(path):
        found = call.world.by_id(int(numbered["number"]))
        return _visible(call, found, numbered["below"] or "")
    for pattern, endpoint in ELSEWHERE:
        if match := pattern.fullmatch(path):
            return endpoint(call, **match.groupdict())
    return refusals.not_found()


def _by_name(call: Call, full_name: str, below: str) -> Response:
    found = call.world.find(full_name)
    if found and found.access == "public" and call.world.moved(full_name):
        return _moved(call, found, below)
    return _visible(call, found, below)


def _moved(call: Call, found: Repository, below: str) -> Response:
    query = f"?{urlencode(call.request.query)}" if call.request.query else ""
    url = call.api("repositories", str(found.id) + below + query)
    body = {
        "message": "Moved Permanently",
        "url": url,
        "documentation_url": f"{refusals.DOCS}/v3/#http-redirects",
    }
    response = json_response(301, body)
    return replace(response, headers=(*response.headers, ("location", url)))


def _visible(call: Call, found: Repository | None, below: str) -> Response:
    if found is None or found.access == "private":
        return refusals.not_found()
    if found.access == "blocked":
        return refusals.blocked(call.world.block_of(found))
    if found.access == "saml" and call.request.token:
        return refusals.needs_single_sign_on(found.owner)
    for pattern, endpoint in BELOW_REPOSITORY:
        if match := pattern.fullmatch(below):
            return endpoint(call, found, **match.groupdict())
    return refusals.not_found()
