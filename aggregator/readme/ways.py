"""How a command starts a project, by which names the project goes, and what lines a block has.

What `commands` answers in, and what it is asked about; also for which systems something is. Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what a project's names are is asked by commands that read no README
    from turbohtml import Element

# What a package is often called beside the name of its repository.
_AFFIXES = ("python", "package", "pkg", "lib", "py", "js", "rb", "r")

# A prompt in front of a command, of a shell, of Python or of a notebook.
_PROMPT = re.compile(
    r"\A\s*(?:(?:[\w.-]+@[\w.-]+:)?~[$#]|\$|>>?>?|%|!|PS>|C:\\>|julia>|In \[\d+\]:)\s*(?=[\w.])"
)
# Marks of code within code, left over from a template: "`pip install orchard`".
_MARKED = re.compile(r"\A\s*`*([^`]+)`*\s*\Z")
_BY_KEY = re.compile(r"(?<=\Agit clone )(?:git@github\.com:|ssh://git@github\.com/)")
# One of these is in every prompt and every remark, and in few blocks of code.
_SIGNED = re.compile(r"[$#>%!\]]")
_CLONES = re.compile(r"(?:git|gh repo) clone (?:--[\w-]+ )*(\S+)(?: ([\w.-]+))?\Z")
_COMMENT = re.compile(r"(?:\A|\s)#.*\Z")

_MOST_BADGES = 60
_BADGE_PAGES = re.compile(
    r"https?://(?:pypi\.(?:org|python\.org)/(?:project|pypi)/|(?:www\.)?npmjs\.com/package/"
    r"|badge\.fury\.io/(?:py|js|rb)/|img\.shields\.io/(?:pypi|npm|cran|conda)/[\w-]+/(?:conda-forge/)?"
    r"|(?:www\.)?r-pkg\.org/badges/(?:[\w-]+/)+|(?:cran\.r-project\.org/(?:web/packages/|package=|"
    r"web/checks/check_results_))|anaconda\.org/[\w-]+/|crates\.io/crates/|rubygems\.org/gems/)"
    r"([\w.@-]+?)(?:\.svg|\.html|\.png)?(?:[/?#&].*)?",
    re.IGNORECASE,
)

# A way to install or to copy something, in the words of a README.
_OWN_WAY = re.compile(
    r"\b(?:(?:pip3?|pipx|conda|mamba|poetry|pipenv|uv|npm|yarn|pnpm|brew|gem|bundle|cargo) "
    r"(?:install|add|sync|create|activate|env|ci|i)|uv (?:tool|pip) \w+|git (?:clone|submodule)|"
    r"docker(?:-compose| compose| run| pull| build)|install_github|install\.packages|pak::|"
    r"renv::|devtools::install|setup\.py)\b"
)

_LONGEST_SYSTEM = 60  # characters
_UNIX = frozenset(
    {"unix", "linux", "ubuntu", "debian", "fedora", "macos", "mac", "macs", "osx", "wsl"}
)
_WINDOWS = frozenset({"windows", "powershell", "cmd"})
_BESIDE_SYSTEMS = frozenset(
    {"on", "for", "using", "with", "in", "and", "or", "users", "systems", "gnu", "os", "x"}
)
# Virtual environments of Python keep their scripts elsewhere on Windows, and it runs no scripts
# without an ending. https://docs.python.org/3/library/venv.html#how-venvs-work
_ON_UNIX = re.compile(r"(?:source|\.) [\w./-]*bin/activate\b|(?:\./)?(?:bin|scripts?)/\w+\Z|brew ")


class System(Enum):
    """A kind of machine that a command is for, where it is not for all of them."""

    UNIX = "Linux or macOS"
    WINDOWS = "Windows"


class Way(IntEnum):
    """How a command starts a project, the best for a stranger first."""

    REGISTRY = 0  # from a registry of packages
    REPOSITORY = 1  # straight from its repository
    IMAGE = 2  # as a container
    COPY = 3  # a copy of the repository
    INSIDE = 4  # within that copy
    STEP = 5  # on the way there: nothing by itself


@dataclass(frozen=True, slots=True)
class OwnNames:
    """What a project is called, so that its own packages are told from others.

    Args:
        repository: owner/name.
        packages: names under which its badges say that it is found.
    """

    repository: str
    packages: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its name without the owner."""
        return self.repository.rpartition("/")[2]

    def own_package(self, written: str) -> bool:
        """Tell whether a package is this project."""
        bare = _bare(written.rpartition("/")[2])
        if bare in map(_bare, self.packages):
            return True
        alike = _cores(_bare(self.name)) | {_bare(self.repository)}
        return bool(bare) and not _cores(bare).isdisjoint(alike)

    def own_repository(self, written: str) -> bool:
        """Tell whether an address or owner/name is this repository, also under an older owner."""
        match = _AT_GITHUB.fullmatch(written)
        return bool(match) and match[2].casefold() == self.name.casefold() if match else False


def packages_of(root: "Element") -> tuple[str, ...]:
    """Name the packages that the badges of a README lead to, before they are taken out."""
    addresses = list[str]()
    for image in islice(root.find_all("img"), _MOST_BADGES):
        link = image.closest("a")
        addresses += [image.attr("src") or "", (link.attr("href") or "") if link else ""]
    found = (_BADGE_PAGES.fullmatch(address) for address in addresses)
    return tuple(dict.fromkeys(match[1] for match in found if match))


_AT_GITHUB = re.compile(
    r"(?:git\+)?(?:https://(?:www\.)?github\.com/|git@github\.com:|ssh://git@github\.com/|"
    r"github\.com/|github:|gh:)?([\w.-]+)/([\w.-]+?)(?:\.git)?/?(?:@[\w./-]+|#egg=[\w-]+)?"
)


def best_way(ways: Sequence[Way | None]) -> Way | None:
    """Give the best of several ways that start something by themselves."""
    if not any(way is not None for way in ways):  # as of most words of code
        return None
    return min((way for way in ways if way is not None and way is not Way.STEP), default=None)


def _bare(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _cores(bare: str) -> frozenset[str]:
    """Give a name with and without what packages are often called beside it."""
    found = {bare}
    for affix in _AFFIXES:
        found |= {bare.removeprefix(affix), bare.removesuffix(affix)}
    return frozenset(one for one in found if len(one) > 3 or one == bare)


def own_lines(code: str) -> tuple[str, ...]:
    """Give the lines of a block of code that say something, without prompts, marks and remarks."""
    lines = code.splitlines()
    if "`" in code:
        lines = [_MARKED.sub(r"\1", line) for line in lines]
    if _SIGNED.search(code):
        lines = [_COMMENT.sub("", _PROMPT.sub("", line)) for line in lines]
    said = filter(None, map(str.strip, lines))
    if "git clone " not in code:
        return tuple(said)
    return tuple(_BY_KEY.sub("https://github.com/", line) for line in said)


def folder_of_copy(line: str) -> str:
    """Name the folder that a `git clone` makes; "" for any other line.

    https://git-scm.com/docs/git-clone#_options
    """
    match = _CLONES.match(line)
    if not match:
        return ""
    return match[2] or match[1].rstrip("/").removesuffix(".git").rpartition("/")[2]


def names_a_way(words: str) -> bool:
    """Tell whether a text names a way to install or to copy something, of whatever project."""
    return _OWN_WAY.search(words) is not None


def system_named(words: str) -> System | None:
    """Give the one kind of machine that a short text names and nothing else; None for no such."""
    if len(words) > _LONGEST_SYSTEM:
        return None
    said = set(re.findall(r"[^\W\d_]+", words.lower())) - _BESIDE_SYSTEMS
    if said and said <= _UNIX:
        return System.UNIX
    return System.WINDOWS if said and said <= _WINDOWS else None


def system_of(line: str) -> System | None:
    """Give the only kind of machine that a line can run on, as far as the line tells."""
    return System.UNIX if _ON_UNIX.match(line) else None
