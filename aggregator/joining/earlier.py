"""The registry as it was at an earlier commit, and which of its parts a change touches.

The only module of this package that runs git. It reads; it never changes anything. What the
change means is said in `differences`.
"""

import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from aggregator.registry.beside import Dressing, is_about_files_beside
from aggregator.registry.brand_file import BRAND_FILE, read_brand, with_brand
from aggregator.registry.glossary import USUAL_NAME, read_glossary
from aggregator.registry.judgements import USUAL_NAME as JUDGEMENTS
from aggregator.registry.judgements import judgements_file, read_judgements, unlisted
from aggregator.registry.layout import blocks
from aggregator.registry.loader import MORE_FILES_LIMIT, is_read, load_texts, unread
from aggregator.registry.mistakes import NOWHERE, Mistake, Mistakes
from aggregator.registry.models import Entry
from aggregator.registry.own_pages import PAGES_FOLDER, read_own_pages
from aggregator.registry.registry import Registry
from aggregator.registry.tree import FILE_LIMIT, Table, TextFile, decode, read_file
from aggregator.words.errors import RegistryError, UsageError

_SECONDS = 30  # a stuck git must not hold the check until the workflow ends
_GLOSSARY_NAME = re.compile(r"[\w./ -]{1,200}")
# Nothing that git would take for an option: no hyphen in front.
_REF = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./@{}^~+-]{0,200}")

_Sign = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class RegistryChange:
    """What is new since an earlier state of the registry.

    Args:
        before: The registry as it was, with its glossary and its judgements.
        files: The files whose text differs.
        lines: For each file, the lines that belong to a touched part of it.
        known: How often each mistake was there already, by what it says.
        beside: The files of the brand and of the community's own pages that differ.
    """

    before: Registry
    files: tuple[str, ...]
    lines: Mapping[str, frozenset[int]]
    known: Counter[_Sign]
    beside: tuple[str, ...] = ()

    def touches(self, thing: Entry | Mistake) -> bool:
        """Tell whether the change adds or edits the part in which this stands."""
        return thing.where.line in self.lines.get(thing.where.file, ())

    def _changes(self, mistake: Mistake) -> bool:
        """Tell whether the change is about what a mistake beside the registry is about."""
        return self.touches(mistake) or mistake.where.file in self.beside

    def answers_for(self, mistakes: Iterable[Mistake]) -> list[Mistake]:
        """Keep the mistakes in touched parts, and those that the change causes elsewhere."""
        # Counted, because a second mistake in the words of an old one is new all the same.
        known, kept = self.known.copy(), []
        for mistake in mistakes:
            sign = _sign(mistake)
            if is_about_files_beside(mistake) and not self._changes(mistake):
                continue
            if known[sign] <= 0 or self.touches(mistake):
                kept.append(mistake)
            known[sign] -= 1
        return kept


def change_since(path: Path, ref: str) -> RegistryChange:
    """Compare the registry on disk with the commit where it and `ref` went apart.

    Args:
        path: The file registry.yaml, inside a git checkout.
        ref: A branch, tag or commit.

    Raises:
        UsageError: git is absent, this is no checkout, or it does not know `ref`.
    """
    # With where the two went apart, not with `ref` as it is today: what happened there meanwhile is
    # not this change's doing.
    folder, commit = path.parent, _merge_base(path.parent, ref)
    listing = _git(folder, "ls-tree", "-z", commit, "--", "registry.d/").stdout
    lines = (line.partition("\t") for line in listing.decode(errors="replace").split("\0"))
    # What stood in registry.d/, and whether each was a folder.
    names = {name.rpartition("/")[2]: " tree " in kind for kind, _, name in lines if name}
    then, now = _texts_then(path, commit, names), _texts_now(path)
    files = [file for file in {**then, **now} if then.get(file) != now.get(file)]
    try:
        before = load_texts(then) if then else Registry()
    except RegistryError:
        before = Registry()
    usual = USUAL_NAME if _show(folder, commit, USUAL_NAME) is not None else None
    if glossary := before.showcase.glossary or usual:
        # The name is a member's and goes to git, which must not take it for anything else.
        is_plain = _GLOSSARY_NAME.fullmatch(glossary) and ".." not in glossary
        text = (_show(folder, commit, glossary) or "") if is_plain else ""
        before = replace(before, glossary=read_glossary(TextFile(glossary, text))[0])
        if text != _text_now(folder / glossary):
            files.append(glossary)
    before = _dressed(before, path, _show(folder, commit, BRAND_FILE) or "")
    before, wrong = _with_judgements(before, folder, commit)
    if (_show(folder, commit, JUDGEMENTS) or "") != _text_now(judgements_file(path)):
        files.append(JUDGEMENTS)
    known = [*before.mistakes, *wrong, *unread((folder / "registry.d").as_posix(), names)]
    beside = _changed_beside(folder, commit)
    counted = Counter(map(_sign, known))
    return RegistryChange(before, tuple(files), _touched(then, now), counted, beside)


def _dressed(before: Registry, path: Path, brand: str) -> Registry:
    """Add what the brand file said, and the menus as far as they lead somewhere now."""
    said = with_brand(before.showcase, read_brand(TextFile(BRAND_FILE, brand))[0])
    aside = Mistakes()  # what is wrong now is found by whoever reads the registry of now
    slugs = [page.slug for page in read_own_pages(path.parent / PAGES_FOLDER, {}, aside).pages]
    dressing = Dressing(path, Table(NOWHERE), {}, aside)
    return replace(before, showcase=dressing.with_menus(said, slugs))


def _changed_beside(folder: Path, commit: str) -> tuple[str, ...]:
    """Name what changed of the brand and of the community's own pages, as messages name it."""
    named = ("diff", "--name-only", "--relative", "-z", commit, "--", BRAND_FILE, PAGES_FOLDER)
    names = _git(folder, *named).stdout.decode(errors="replace").split("\0")
    return tuple((folder / name).as_posix() for name in names if name)


def _with_judgements(before: Registry, folder: Path, commit: str) -> tuple[Registry, list[Mistake]]:
    """Add what the search was to find, and give what was wrong with that, each with its line."""
    text = _show(folder, commit, JUDGEMENTS) or ""
    source = TextFile((folder / JUDGEMENTS).as_posix(), text)
    judged, found = read_judgements(source)
    wrong = [*found, *unlisted(judged, before.entry)]
    told = [replace(one, line_text=source.lines[one.where.line - 1]) for one in wrong]
    return replace(before, judgements=judged), told


def _sign(mistake: Mistake) -> _Sign:
    """Tell one mistake from another by its words: a line above moves the place of all below."""
    what = re.sub(r"[^\s(]*:\d+:\d+|line \d+", "", mistake.what)
    return what, mistake.cure, mistake.line_text.strip()


def _touched(then: Mapping[str, str], now: Mapping[str, str]) -> dict[str, frozenset[int]]:
    """Number the lines of each part that stood nowhere before; what only moved is not touched."""
    seen = {part.text for text in then.values() for part in blocks(text)}
    return {
        file: frozenset(
            part.offset + 1 + index
            for part in blocks(text)
            if part.text not in seen
            for index in range(len(part.lines))
        )
        for file, text in now.items()
    }


def _texts_now(path: Path) -> dict[str, str]:
    folder = path.parent / "registry.d"
    more = sorted(folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else []
    read = [p for p in more if is_read(p.name) and p.is_file() and not p.is_symlink()]
    texts = {path.as_posix(): read_file(path).text}
    return texts | {file.as_posix(): _text_now(file) for file in read[:MORE_FILES_LIMIT]}


def _text_now(path: Path) -> str:
    """Read a file beside the registry; what cannot be read is reported by the loader."""
    try:
        return read_file(path).text
    except RegistryError:
        return ""


def _texts_then(path: Path, commit: str, names: Mapping[str, bool]) -> dict[str, str]:
    """Read the registry's files as they were, registry.yaml first."""
    more = [f"registry.d/{name}" for name in sorted(names) if is_read(name) and not names[name]]
    read = (path.name, *more[:MORE_FILES_LIMIT])
    found = (((path.parent / name).as_posix(), _show(path.parent, commit, name)) for name in read)
    return {file: text for file, text in found if text is not None}


def _show(folder: Path, commit: str, name: str) -> str | None:
    """Read a file as it was; None when it was not there or is too large."""
    shown = _git(folder, "show", f"{commit}:./{name}")
    fits = shown.returncode == 0 and len(shown.stdout) <= FILE_LIMIT
    return decode(shown.stdout) if fits else None


def _merge_base(folder: Path, ref: str) -> str:
    if not _REF.fullmatch(ref):
        cause = "that is not the name of a branch, tag or commit"
        raise UsageError("--changed-since", cause, "name one, for example origin/main")
    # A checkout of one commit alone has no place where the two went apart, but it knows the ref.
    for words in (
        ("merge-base", ref, "HEAD"),
        ("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}"),
    ):
        found = _git(folder, *words)
        if found.returncode == 0:
            return found.stdout.decode().strip()
    cure = "fetch it first: git fetch origin, or fetch-depth: 0 in a workflow"
    raise UsageError(f"--changed-since {ref}", "git does not know it here", cure)


def _git(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", str(folder), *words]
    try:
        return subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 - words are fixed or checked
    except (OSError, subprocess.TimeoutExpired):
        cure = "install git, or leave --changed-since out to check everything"
        raise UsageError("--changed-since", "git cannot be run here", cure) from None
