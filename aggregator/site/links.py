"""Addresses: from one page of the site to another, and out of it, at GitHub above all.

Links within the site are relative, so the same bytes work under any sub-path
and from a folder on disk. Called by `theme` and the page builders.
"""

from collections.abc import Sequence
from urllib.parse import quote, urlencode, urlsplit

from aggregator.words.addresses import web_address

# What may stand in a path as it is (RFC 3986, section 3.3).
_PLAIN_IN_PATH = "/!$&'()*+,;=:@-._~"


def root_of(path: str) -> str:
    """Say how to reach the top of the site from the page at `path`."""
    return "../" * path.count("/") or "./"


def address_of(path: str) -> str:
    """Give the address of a page's file: "tags/spc/index.html" is read at "tags/spc/"."""
    return path.removesuffix("index.html") if path.endswith("index.html") else path


def quoted(path: str) -> str:
    """Percent-encode what may not stand in a path, a sign that encodes something included.

    Give it a name as it is, never an address that is encoded already.
    """
    return quote(path, safe=_PLAIN_IN_PATH)


def at_github(repository: str, *steps: str) -> str:
    """Give the address of something in a repository: a file on a branch, a label, a list.

    Args:
        repository: the address of the repository.
        steps: what follows it, as it is called: a branch or a path may hold slashes,
            spaces, "#", "?" or "%"; each is encoded here, once.
    """
    return "/".join((repository, *map(quoted, steps)))


def issues_labelled(repository: str, found: Sequence[str] | None, asked: Sequence[str]) -> str:
    """Lead to the open issues that carry one of the labels that were asked for.

    Args:
        repository: the address of the repository.
        found: those of the labels that the repository has; None when that is not known.
        asked: the spellings that were counted together.
    """
    if found and len(found) == 1:
        return at_github(repository, "labels", found[0])
    # With commas between them GitHub looks for any: https://docs.github.com/issues/tracking-your-work-with-issues/using-issues/filtering-and-searching-issues-and-pull-requests
    labels = ",".join(f'"{label}"' for label in found or asked)
    words = {"q": f"is:issue is:open label:{labels}"}
    return f"{repository}/issues?{urlencode(words, quote_via=quote)}"


def contact_address(contact: str) -> str:
    """Make a link of an email address or a web address, and nothing of anything else."""
    if web_address(contact):
        return contact
    return f"mailto:{quote(contact, safe='@')}" if contact.count("@") == 1 else ""


def site_path(url: str | None) -> str:
    """Give the path below which the site is served: "/" or "/showcase/"."""
    path = urlsplit(url).path if url else "/"
    return path if path.endswith("/") else f"{path}/"
