"""README bytes: exact where they can be had, and with the encoding that they turned out to have.

GraphQL gives text, which is exact only for UTF-8 of at most 512,000 bytes; the git hash tells.
For everything else the blob is asked over REST, where it comes as base64. Used by both sources.
"""

import base64
import binascii
import hashlib
from dataclasses import replace
from typing import Any

from aggregator.facts.record import Readme
from aggregator.facts.source import Fetched, Trouble, Wanted
from aggregator.github.client import Client
from aggregator.github.values import Json, inside
from aggregator.readme.encodings import read_text
from aggregator.readme.formats import is_rendered_by_github

LARGEST = 2_000_000  # bytes kept of one README; GitHub itself renders 512,000


def blob_oid(content: bytes) -> str:
    """Return the git blob oid of some bytes (SHA-1 over a header and the bytes)."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def fetched(oid: str, content: bytes) -> Fetched:
    """Wrap the bytes of a blob."""
    kept = content[:LARGEST]
    return Fetched(Readme(oid=oid, content=kept), read_text(kept).encoding)


def with_rendering(client: Client, wanted: Wanted, found: Fetched) -> Fetched:
    """Add GitHub's own HTML where the format is not rendered here (AsciiDoc, Org, Textile, ...)."""
    if not is_rendered_by_github(wanted.blob.path) or found.encoding == "binary":
        return found
    html = client.get_html(f"/repos/{wanted.target.name}/readme")
    if html is None:
        return found
    kept = html[:LARGEST]
    return replace(found, readme=found.readme.model_copy(update={"html": kept}))


def from_text(node: Json | None, oid: str) -> tuple[Fetched | None, bool]:
    """Read a GraphQL blob; the flag says whether the bytes are exactly those in the repository."""
    text = inside(node, "text")
    if not isinstance(text, str):
        return None, False
    content = text.encode("utf-8", "replace")
    return fetched(oid, content), blob_oid(content) == oid


def over_rest(client: Client, wanted: Wanted) -> Fetched | Trouble | None:
    """Ask for the exact bytes; None when GitHub has no such blob."""
    answer = client.get(f"/repos/{wanted.target.name}/git/blobs/{wanted.blob.oid}")
    if isinstance(answer.failure, Trouble):
        return answer.failure
    content = blob_content(answer.data)
    return None if content is None else fetched(wanted.blob.oid, content)


def blob_content(data: Any) -> bytes | None:
    """Read the bytes of GitHub's answer about a blob; None when it holds none."""
    source = inside(data, "content")
    if not isinstance(source, str):
        return None
    if inside(data, "encoding") == "utf-8":
        return source.encode("utf-8", "replace")
    try:
        return base64.b64decode(source)
    except (binascii.Error, ValueError):
        return None
