"""Names that become addresses: repositories, owners, and the slugs of everything that has a page.

All of them end up as folders of the published site, so the rules are those of GitHub and of every
file system at once. Which repository somebody means by an address or a sentence is read here too.
Addresses of other places are in `addresses`; nothing is fetched.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

OWNER_LENGTH = 39
NAME_LENGTH = 100
SLUG_LENGTH = 60

# Longer than GitHub's rule for new accounts: old accounts end in a hyphen and
# managed accounts carry an underscore before the company's short code.
OWNER = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_-]{{0,{OWNER_LENGTH - 1}}}", re.ASCII)
NAME = re.compile(rf"[A-Za-z0-9._-]{{1,{NAME_LENGTH}}}", re.ASCII)
_NAME_WITH_OWNER = re.compile(r"[\w-]+/(?!\.{1,2}\Z)[\w.-]+", re.ASCII)
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)

CURLY_QUOTES = "\u201c\u201d\u2018\u2019\u201e\u201f\u00ab\u00bb"
GITHUB_ADDRESS = re.compile(
    r"(?:git\+)?(?:https?://|ssh://git@|git@|git://)?(?:www\.)?github\.com[/:]"
    r"([A-Za-z0-9_-]+)/([A-Za-z0-9._-]+)[^\s]*",
    re.IGNORECASE,
)
# What instructions, forms and examples of ours write where the name of one's own repository goes.
_EXAMPLES = frozenset({"owner/name", "your-name/your-repository"})
IS_EXAMPLE = "is the example of the instructions, and nobody's repository"
EXAMPLE_CURE = "write what follows github.com/ in the address of your own"
# First parts of addresses on github.com that are pages of GitHub, not of anybody.
NO_OWNERS = frozenset(
    [
        "apps",
        "collections",
        "explore",
        "features",
        "login",
        "marketplace",
        "notifications",
        "orgs",
        "search",
        "settings",
        "sponsors",
        "stars",
        "topics",
        "users",
    ]
)

# Windows keeps these for devices: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))]
)

_FOLDER_LENGTH = 80
_SPELLED_OUT = {"+": " plus ", "#": " sharp ", "&": " and "}
_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")


def is_owner(text: str) -> bool:
    """Tell whether a text can be the login of a GitHub user or organisation."""
    return OWNER.fullmatch(text) is not None and not is_device(text)


def is_repo_name(text: str) -> bool:
    """Tell whether a text is owner/name and nothing else, such as a way out of a folder.

    Looser than `RepoName`: it lets through whatever GitHub itself may call a repository, also
    what no entry can be listed as.
    """
    return _NAME_WITH_OWNER.fullmatch(text) is not None


def is_device(text: str) -> bool:
    """Tell whether Windows keeps this name, with any ending, for a device."""
    return text.partition(".")[0].lower() in DEVICES


def is_slug(text: str) -> bool:
    """Tell whether a text is safe as one folder of an address, on every system."""
    return len(text) <= SLUG_LENGTH and SLUG.fullmatch(text) is not None and text not in DEVICES


def slug_of(text: str) -> str:
    """Turn a label into the slug it is filed under, or "" when nothing is left of it."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("&", " and ").replace("'", ""))
    slug = "-".join(words)[:SLUG_LENGTH].rstrip("-")
    return f"the-{slug}" if slug in DEVICES else slug


@lru_cache(maxsize=20_000)  # a tag stands on many projects, and on each of them on many pages
def slugify(name: str) -> str:
    """Name the folder of a tag, a language or a stage: "C++" becomes "c-plus-plus".

    Names that mean the same get the same slug ("Synthetic data", "synthetic-data"). A name
    without a single ASCII letter or digit is spelled in hexadecimal, so the result is never empty.
    It differs from `slug_of`, which proposes what a person then writes: addresses of pages stay
    what they were when they were first published.
    """
    spelled = "".join(_SPELLED_OUT.get(character, character) for character in name)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode("ascii")
    slug = _BETWEEN_WORDS.sub("-", plain.casefold())[:_FOLDER_LENGTH].strip("-")
    if not slug:
        return f"x{name.encode().hex()}"[:_FOLDER_LENGTH]
    return f"{slug}-x" if slug in DEVICES else slug


def _is_name(text: str) -> bool:
    return (
        NAME.fullmatch(text) is not None
        and not text.endswith(".")
        and not text.lower().endswith(".git")
        and not is_device(text)
    )


@dataclass(frozen=True, slots=True, eq=False)
class RepoName:
    """The name of one GitHub repository; two that differ only in case are equal.

    Args:
        owner: Login of the user or organisation, as written.
        name: Name of the repository, as written.

    Raises:
        ValueError: One of the two cannot be a name on GitHub or a folder of the site.
    """

    owner: str
    name: str

    def __post_init__(self) -> None:
        if not is_owner(self.owner) or not _is_name(self.name):
            raise ValueError(f"not a repository name: {self.owner[:60]}/{self.name[:120]}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `owner/name`.

        Raises:
            ValueError: The text is anything else, an address of a page included.
        """
        owner, slash, name = text.partition("/")
        if not slash:
            raise ValueError(f"not owner/name: {text[:120]}")
        return cls(owner, name)

    @property
    def key(self) -> str:
        """The name in lower case, by which names are compared, sorted and stored."""
        return str(self).lower()

    @property
    def is_example(self) -> bool:
        """Tell whether it is what instructions write in the place of somebody's own name."""
        return self.key in _EXAMPLES

    def __str__(self) -> str:
        return f"{self.owner}/{self.name}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RepoName) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __lt__(self, other: Self) -> bool:
        return self.key < other.key


def meant_repo(text: str) -> RepoName | None:
    """Find the repository somebody meant by a pasted address or a name with extras."""
    bare = text.strip().strip(CURLY_QUOTES + "\"'`<>()[],;").strip()
    bare = re.sub(r"^repo\s*:\s*", "", bare, flags=re.IGNORECASE).lstrip("@")
    address = GITHUB_ADDRESS.fullmatch(bare)
    owner, _, name = bare.partition("/") if address is None else (address[1], "", address[2])
    name = re.sub(r"\.git$", "", name.strip().strip("/@"), flags=re.IGNORECASE).rstrip(".")
    if address and owner.lower() in NO_OWNERS:
        return None
    try:
        return RepoName(owner.strip(), name)
    except ValueError:
        return None


def names_a_repo(text: str) -> bool:
    """Tell whether a text is a repository and nothing else: owner/name, or an address of one."""
    bare = text.strip().strip("<>`")
    if GITHUB_ADDRESS.fullmatch(bare) is None and re.fullmatch(r"[\w.-]+/[\w.-]+", bare) is None:
        return False
    return meant_repo(bare) is not None
