"""What the usual hosts take, held against what a site came to; said before it is published.

Pure: sizes in, sentences out. A site may be served from anywhere, so these are notices and no
refusals. Sources, for GitHub Pages and for branches that a site is pushed to:
https://docs.github.com/en/pages/getting-started-with-github-pages/github-pages-limits
https://docs.github.com/en/repositories/working-with-files/managing-large-files/about-large-files-on-github
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from aggregator.words.phrases import listed

# GitHub counts both in powers of two: `deploy-pages` warns from 1,073,741,824 bytes on, and a push
# is refused from 100 MiB in one file on.
MOST_OF_A_SITE = 2**30
MOST_OF_A_FILE = 100 * 2**20
NEAR = 0.8  # from this share of a limit on there is time left to do something
_NAMED = 3
_README_HINT = "`readme: link-only` at the entries with the longest READMEs"
_HINTS = {
    "projects/": f"{_README_HINT} leaves their text off the pages",
    "search/": f"{_README_HINT} takes their words out of the search index",
    "data/": f"{_README_HINT} takes their text out of data/catalogue.db",
}
_ELSEWHERE = "a server of your own has no such limit (docs/server.md)"
_NO_BRANCH = "published as an artifact and not from a branch, it has no such limit"


def host_notices(sizes: Mapping[str, int]) -> tuple[str, ...]:
    """Say which limits of GitHub's a site exceeds or comes near, and what makes it smaller.

    Args:
        sizes: bytes of each file, by its path in the site with forward slashes.
    """
    notices = (_of_the_whole(sizes), _of_files(sizes))
    return tuple(notice for notice in notices if notice)


def kind_of_file(path: str) -> str:
    """Name the kind of a file by the folder at the top that it is in, with a slash at its end."""
    top, slash, _ = path.partition("/")
    return f"{top}/" if slash else "files at the top"


def _of_the_whole(sizes: Mapping[str, int]) -> str:
    total = sum(sizes.values())
    if total < MOST_OF_A_SITE * NEAR:
        return ""
    kinds = Counter[str]()
    for path, size in sizes.items():
        kinds[kind_of_file(path)] += size
    largest = _largest_first(kinds)[:_NAMED]
    shares = ", ".join(f"{kind} {_amount(kinds[kind])}" for kind in largest)
    cures = "; ".join([*_hints(largest), _ELSEWHERE])
    return (
        f"the site takes {_amount(total)}, which is {_beside(total, MOST_OF_A_SITE)} of what "
        f"GitHub Pages serves ({_amount(MOST_OF_A_SITE)}); most of it is {shares}; {cures}"
    )


def _of_files(sizes: Mapping[str, int]) -> str:
    large = {path: size for path, size in sizes.items() if size >= MOST_OF_A_FILE * NEAR}
    if not large:
        return ""
    paths = _largest_first(large)
    named = listed([f"{path} ({_amount(large[path])})" for path in paths], _NAMED)
    cures = "; ".join([*_hints([kind_of_file(path) for path in paths]), _NO_BRANCH])
    return (
        f"{named}: {_beside(large[paths[0]], MOST_OF_A_FILE)} of what GitHub takes in one file of "
        f"a push ({_amount(MOST_OF_A_FILE)}); {cures}"
    )


def _largest_first(sizes: Mapping[str, int]) -> list[str]:
    """Order names; of two alike the first by name, so that a notice never changes by itself."""
    return sorted(sizes, key=lambda name: (-sizes[name], name))


def _hints(kinds: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(_HINTS[kind] for kind in kinds if kind in _HINTS))


def _beside(size: int, most: int) -> str:
    return f"{size / most:.0%}"


def _amount(size: int) -> str:
    return f"{size / 2**30:.2f} GB" if size >= 2**30 / 10 else f"{size / 2**20:.0f} MB"
