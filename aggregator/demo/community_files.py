"""Where GitHub looks for a repository's community files, for REST and GraphQL alike.

Rule: docs.github.com, "Creating a default community health file": `.github`, the root, `docs`.
"""

from aggregator.demo.gitobjects import README_FOLDERS, Blob, Tree
from aggregator.demo.model import Repository

COVENANT = ("contributor_covenant", "Contributor Covenant")


def community_file(repository: Repository, stem: str) -> str | None:
    """Find the path of the file called `stem` with any ending, such as CONTRIBUTING."""
    for folder in README_FOLDERS:
        inside = repository.tree.find(folder)
        for entry in inside.entries if isinstance(inside, Tree) else ():
            plain = entry.name.partition(".")[0].upper()
            if entry.kind == "blob" and plain == stem:
                return entry.path
    return None


def conduct_of(repository: Repository) -> tuple[str, str, str] | None:
    """Give path, key and name of the code of conduct: `other` unless GitHub knows its text."""
    path = community_file(repository, "CODE_OF_CONDUCT")
    if path is None:
        return None
    blob = repository.tree.find(path)
    known = isinstance(blob, Blob) and COVENANT[1].encode() in blob.content
    return (path, *COVENANT) if known else (path, "other", "Other")
