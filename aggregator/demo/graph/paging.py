"""Connections: GitHub's way of handing out a list in pages."""

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

Args = Mapping[str, Any]


def cursor(index: int) -> str:
    """Give the opaque cursor of the item at `index` (from 0)."""
    return base64.b64encode(f"cursor:v2:{index}".encode()).decode()


def index_after(text: str | None) -> int:
    """Give the index that follows a cursor; 0 without one."""
    if not text:
        return 0
    return int(base64.b64decode(text).decode().rpartition(":")[2]) + 1


def connection(
    items: Iterable[Any],
    args: Args,
    total: int | None = None,
    edge: Callable[[Any], Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Cut a page out of `items` and describe it.

    Args:
        items: all of them, in order; a generator is read no further than the page needs.
        args: `first`, `last`, `after`, `before` as the query gave them.
        total: how many there are, when that is more than `items` can tell.
        edge: further fields of an edge, made from its item.
    """
    start, page, more = _window(items, args)
    return {
        "totalCount": total if total is not None else (lambda *_: len(list(items))),
        "nodes": page,
        "edges": lambda *_: [
            {"cursor": cursor(start + i), "node": item, **(edge(item) if edge else {})}
            for i, item in enumerate(page)
        ],
        "pageInfo": {
            "startCursor": cursor(start) if page else None,
            "endCursor": cursor(start + len(page) - 1) if page else None,
            "hasNextPage": more,
            "hasPreviousPage": start > 0,
        },
    }


def _window(items: Iterable[Any], args: Args) -> tuple[int, Sequence[Any], bool]:
    start, first, last = index_after(args.get("after")), args.get("first"), args.get("last")
    if last is not None:
        everything = list(items)
        start = max(0, len(everything) - last)
        return start, everything[start:], False
    wanted = list(islice(items, start, start + (first or 0) + 1))
    page = wanted[: first or 0]
    return start, page, len(wanted) > len(page)
