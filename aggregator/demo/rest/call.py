"""What an endpoint gets to know, and the helpers that every endpoint shares."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from aggregator.demo.limits import Limits
from aggregator.demo.messages import Request, Response, json_response
from aggregator.demo.world import World

DEFAULT_PAGE, LARGEST_PAGE = 30, 100


@dataclass(frozen=True, slots=True)
class Call:
    """One request with the world in which it is answered."""

    request: Request
    world: World
    api_url: str
    web_url: str
    limits: Limits

    def api(self, *parts: object) -> str:
        """Give an address in the API."""
        return "/".join((self.api_url, *(str(part) for part in parts)))

    def web(self, *parts: object) -> str:
        """Give an address on the web site."""
        return "/".join((self.web_url, *(str(part) for part in parts)))

    def option(self, name: str, otherwise: str = "") -> str:
        """Give a value of the query string."""
        return self.request.query.get(name, otherwise)

    def number(self, name: str, otherwise: int) -> int:
        """Give a number of the query string; nonsense counts as absent, as at GitHub."""
        text = self.option(name)
        return int(text) if text.isdecimal() and int(text) > 0 else otherwise


def page_of(call: Call, items: Sequence[Any]) -> Response:
    """Answer with one page of a list, with the `Link` header of RFC 8288 where there are more."""
    chosen, links = cut_page(call, items)
    return with_links(json_response(200, chosen), links)


def cut_page(call: Call, items: Sequence[Any]) -> tuple[Sequence[Any], str]:
    """Give the items of the page that was asked for, and the value of its `Link` header."""
    size = min(call.number("per_page", DEFAULT_PAGE), LARGEST_PAGE)
    page = call.number("page", 1)
    last = max(1, -(-len(items) // size))
    wanted = []
    if page > 1:
        wanted += [("prev", min(page - 1, last))]
    if page < last:
        wanted += [("next", page + 1), ("last", last)]
    if page > 1:
        wanted += [("first", 1)]
    links = ", ".join(f'<{_address(call, number)}>; rel="{rel}"' for rel, number in wanted)
    return items[(page - 1) * size : page * size], links


def with_links(response: Response, links: str) -> Response:
    """Add the `Link` header when there is anything in it."""
    if not links:
        return response
    return replace(response, headers=(*response.headers, ("link", links)))


def _address(call: Call, page: int) -> str:
    query = urlencode({**call.request.query, "page": str(page)})
    return f"{call.api_url}{call.request.path}?{query}"
