"""Load a world from a folder of real repositories: `aggregator sandbox --data DIR`.

The folder holds `repositories.jsonl`, one record a line, and the README bytes that the records
name, each gzipped. What a record does not know is never guessed: numbers are served as 0, texts
and dates as null where GitHub allows null. File names come from `top_level`; only READMEs have
content. Where GitHub always has a date of creation, the first commit stands in.
"""

import gzip
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aggregator.demo.git import History, Tree, read_time
from aggregator.demo.world import Account, Repository, Tag, World, stable_id
from aggregator.words.errors import UsageError
from aggregator.words.phrases import timestamp

LIST = "repositories.jsonl"
EPOCH = "1970-01-01T00:00:00Z"


class UnreadableDataError(UsageError):
    """The folder holds no world that can be served; the message names the file and the line."""

    def __init__(self, where: str, cause: str) -> None:
        super().__init__(where, cause, f"give a folder that holds {LIST} and the READMEs it names")


def load_corpus(folder: Path) -> World:
    """Load a world from a folder.

    Raises:
        UnreadableDataError: the list is missing, a line is no record, or a README is missing.
    """
    path = folder / LIST
    try:
        # Only a line feed ends a record, as a description may hold U+2028.
        lines = path.read_text("utf-8").split("\n")
    except FileNotFoundError:
        raise UnreadableDataError(str(path), "no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableDataError(str(path), f"cannot be read ({error})") from error
    repositories = []
    for number, line in enumerate(lines, 1):
        try:
            if line.strip():
                repositories.append(_repository(folder, json.loads(line)))
        except UnreadableDataError:
            raise
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            where = f"{path}, line {number}"
            raise UnreadableDataError(where, f"not a repository ({error!r})") from error
    if not repositories:
        raise UnreadableDataError(str(path), "no repositories in it")
    latest = max(r.updated_at for r in repositories)
    # GitHub knows one repository by a name in any case; of two records the newer speaks.
    repositories.sort(key=lambda r: (r.full_name.lower(), r.head.date if r.head else ""))
    owners = {r.owner.lower(): Account(r.owner, kind="Organization") for r in repositories}
    return World(repositories, owners.values(), now=latest)


def _repository(folder: Path, record: Mapping[str, Any]) -> Repository:
    full_name = str(record["full_name"])
    owner, _, name = full_name.partition("/")
    head_at = _time(record.get("head_committed_at"))
    created = _time(record.get("github_created_at") or record.get("first_committed_at"))
    return Repository(
        id=stable_id(f"repository:{full_name}"),
        owner=owner,
        name=name,
        created_at=created or head_at or EPOCH,
        updated_at=_time(record.get("pushed_at")) or head_at or EPOCH,
        pushed_at=_time(record.get("pushed_at")),
        description=record.get("description"),
        homepage=record.get("homepage"),
        topics=tuple(record.get("topics") or ()),
        language_bytes=dict(record.get("language_bytes") or {}),
        licence=record.get("licence_spdx"),
        stars=record.get("stars") or 0,
        forks=record.get("forks") or 0,
        open_issues=record.get("open_issues") or 0,
        default_branch=record.get("default_branch") or "main",
        tree=Tree(_files(folder, record)),
        history=_history(full_name, record),
        tags=tuple(
            Tag(tag["name"], _time(tag.get("date")) or EPOCH, bool(tag.get("annotated")))
            for tag in record.get("tags") or ()
        ),
        contributor_count=record.get("author_count") or 0,
        archived_at=head_at if record.get("archived") else None,
        readme_path=record.get("readme_path"),
    )


def _files(folder: Path, record: Mapping[str, Any]) -> dict[str, bytes]:
    """Give names without content, and the README with its exact bytes."""
    names = [*(record.get("top_level") or ()), *(record.get("readme_candidates") or ())]
    files = dict.fromkeys(names, b"")
    if record.get("readme_file"):
        files[record["readme_path"]] = _unpack(folder, str(record["readme_file"]))
    return files


def _unpack(folder: Path, name: str) -> bytes:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise UnreadableDataError(name, "this README lies outside of the folder")
    try:
        return gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableDataError(str(path), f"the README cannot be read ({error})") from error


def _history(full_name: str, record: Mapping[str, Any]) -> History:
    count = record.get("commit_count") or 0
    if not count and record.get("head_sha"):
        count = 1
    last = _time(record.get("head_committed_at")) or EPOCH
    return History(
        seed=full_name,
        first_at=_time(record.get("first_committed_at")) or last,
        last_at=last,
        described=count,
        oid=record.get("head_sha"),
        known_only=True,
    )


def _time(text: str | None) -> str | None:
    """Write a time as GitHub does, whatever form the record has."""
    return timestamp(read_time(text)) if text else None
