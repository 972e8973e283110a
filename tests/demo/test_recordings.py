"""The sandbox resembles real exchanges with api.github.com that were recorded."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.demo.conftest import Client

pytestmark = pytest.mark.corpus
REPOSITORY = re.compile(r"https://api\.github\.com/repos/[^/]+/[^/]+")
RECENT = re.compile(r"20(2[1-9])")


def recorded(corpus: Path, status: int) -> Iterator[dict[str, Any]]:
    """Yield recorded answers about one repository."""
    for path in sorted((corpus / "recordings").glob("*.jsonl.gz")):
        for line in gzip.decompress(path.read_bytes()).decode().strip().split("\n"):
            exchange = json.loads(line)
            fits = exchange["method"] == "GET" and exchange["status"] == status
            if fits and REPOSITORY.fullmatch(exchange["url"]):
                yield exchange


def test_headers(corpus: Path, client: Client) -> None:
    """Every header that most recent answers carry is there."""
    recent = [
        {name.lower() for name in exchange["response_headers"]}
        for exchange in recorded(corpus, 200)
        if RECENT.search(exchange["response_headers"].get("date", ""))
    ]
    counted = Counter(name for names in recent for name in names)
    usual = {name for name, count in counted.items() if count > len(recent) / 2}
    ours = set(client.get("/repos/larkmere-hospitals/ward-weather").headers)
    assert len(recent) >= 10
    assert usual - {name.lower() for name in ours} == set()


def test_header_values(corpus: Path, client: Client) -> None:
    """ETags, dates and cache rules have the form of real ones."""
    headers = client.get("/repos/larkmere-hospitals/ward-weather").headers
    real = [exchange["response_headers"] for exchange in recorded(corpus, 200)]
    for name in ("etag", "cache-control", "content-type", "last-modified", "x-ratelimit-reset"):
        forms = {_form(said[name]) for said in real if name in said}
        assert _form(headers[name]) in forms, name


def _form(value: str) -> str:
    """Reduce a value to its form: letters and digits of the same kind are one."""
    words = re.sub(r"[0-9a-f]{32,}", "HASH", value)
    return re.sub(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d+ \w{3}", "DAY", re.sub(r"\d+", "9", words))


def test_redirects(corpus: Path, client: Client) -> None:
    """A redirect has the body of recorded ones and leads to a number."""
    body = client.get("/repos/wrenford-icb/wl-sim").json()
    shapes = {tuple(sorted(exchange["body"])) for exchange in recorded(corpus, 301)}
    assert tuple(sorted(body)) in shapes
    assert body["message"] == "Moved Permanently"
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/repositories/\d+", body["url"])


def test_bodies_have_the_fields_of_real_ones(corpus: Path, client: Client) -> None:
    """A repository has every field that strangers were shown in each recent recording."""
    recent = [
        set(exchange["body"])
        for exchange in recorded(corpus, 200)
        if RECENT.search(exchange["response_headers"].get("date", ""))
        and isinstance(exchange["body"], dict)
    ]
    # Shown only to those who may push.
    for_pushers = {"permissions", "organization"}
    everywhere = set.intersection(*recent) - for_pushers
    everywhere = {name for name in everywhere if not name.startswith(("allow_", "delete_branch"))}
    ours = set(client.get("/repos/larkmere-hospitals/ward-weather").json())
    assert len(everywhere) > 60
    assert everywhere - ours == set()
