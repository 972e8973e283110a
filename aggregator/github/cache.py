"""The cache of REST answers: opened, mended by throwing it away, and made to forget.

It may be deleted at any time. Every answer is revalidated on each use, so nothing stale is ever
taken for fresh; an error or a refusal is never stored. The token is put on below it.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import requests
from requests_cache import CachedSession
from requests_cache.backends.sqlite import SQLiteCache
from requests_cache.policy.expiration import EXPIRE_IMMEDIATELY

from aggregator.facts.source import Target


def open_session(cache_file: Path | None) -> requests.Session:
    """Open a session that revalidates each answer it has, or one without a cache."""
    if cache_file is None:
        return requests.Session()
    cache_file.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _open_cached(cache_file)
    except sqlite3.DatabaseError:
        cache_file.unlink()  # a damaged cache costs requests, never a run
        return _open_cached(cache_file)


def _open_cached(cache_file: Path) -> CachedSession:
    session = CachedSession(
        backend=SQLiteCache(str(cache_file), serializer="json"),
        expire_after=EXPIRE_IMMEDIATELY,
        cache_control=False,
        stale_if_error=False,  # it would hide 404 and 451 behind an old answer
        allowable_codes=(200,),
        allowable_methods=("GET",),
    )
    try:
        len(session.cache.responses)
    except sqlite3.DatabaseError:
        session.close()  # type: ignore[no-untyped-call]  # untyped in its library
        raise
    return session


def forget(session: requests.Session, targets: Sequence[Target]) -> None:
    """Delete cached answers about repositories, by name and by number, and their bytes."""
    if not isinstance(session, CachedSession) or not isinstance(session.cache, SQLiteCache):
        return
    marks = [f"/repos/{t.name.casefold()}" for t in targets]
    marks += [f"/repositories/{t.repository_id}" for t in targets if t.repository_id]
    stored = session.cache.filter(valid=True, expired=True)
    keys = [r.cache_key for r in stored if _speaks_of(r.url, marks)]
    if keys:
        session.cache.delete(*keys)
        session.cache.responses.vacuum()  # type: ignore[no-untyped-call]  # untyped in its library


def _speaks_of(url: str, marks: Sequence[str]) -> bool:
    path = f"{urlsplit(url).path.casefold()}/"
    return any(f"{mark}/" in path for mark in marks)
