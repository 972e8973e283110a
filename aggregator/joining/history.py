"""Which entries a change touches, by comparing the registry with an earlier commit.

The only module of this package that runs git. It reads; it never changes anything.
"""

import re
import subprocess
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from aggregator.registry.glossary import read_glossary
from aggregator.registry.layout import blocks
from aggregator.registry.loader import MORE_FILES_LIMIT, is_read, load_texts, unread
from aggregator.registry.mistakes import Mistake
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry
from aggregator.registry.tree import FILE_LIMIT, TextFile, decode, read_file
from aggregator.words.errors import RegistryError, UsageError

SECONDS = 30
GLOSSARY_NAME = re.compile(r"[\w./ -]{1,200}")
REF = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./@{}^~+-]{0,200}")


@dataclass(frozen=True, slots=True)
class Change:
    """What is new since an earlier state of the registry.

    Args:
        lines: For each file, the lines that belong to a touched part of it.
        known: How often each mistake was there already, by what it says.
        before: The registry as it was, with its glossary.
        files: The files whose text differs.
    """

    lines: Mapping[str, frozenset[int]]
    known: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    before: Registry = field(default_factory=Registry)
    files: tuple[str, ...] = ()

    def touches(self, entry: Entry) -> bool:
        """Tell whether the change adds or edits this entry."""
        return entry.where.line in self.lines.get(entry.where.file, frozenset())

    def judged(self, mistakes: Iterable[Mistake]) -> list[Mistake]:
        """Keep the mistakes in touched parts, and those that the change causes elsewhere."""
        known = self.known.copy()
        kept = []
        for mistake in mistakes:
            sign = _sign(mistake)
            is_old = known[sign] > 0
            known[sign] -= 1
            if not is_old or mistake.where.line in self.lines.get(mistake.where.file, ()):
                kept.append(mistake)
        return kept


def change_since(path: Path, ref: str) -> Change:
    """Compare the registry on disk with the commit where it and `ref` went apart.

    Args:
        path: The file registry.yaml, inside a git checkout.
        ref: A branch, tag or commit.

    Raises:
        UsageError: git is absent, this is no checkout, or it does not know `ref`.
    """
    commit = _merge_base(path.parent, ref)
    names = _old_names(path.parent, commit)
    old = _old_texts(path, commit, names)
    now = _texts_now(path)
    seen = {part.text for text in old.values() for part in blocks(text)}
    lines = {file: _touched_lines(text, seen) for file, text in now.items()}
    before = _registry(old)
    glossary, text = _old_glossary(path, commit, before)
    known = [*before.mistakes, *unread((path.parent / "registry.d").as_posix(), names)]
    files = [file for file in {**old, **now} if old.get(file) != now.get(file)]
    if before.showcase.glossary and text != _text_now(path.parent / before.showcase.glossary):
        files.append(before.showcase.glossary)
    return Change(
        lines, Counter(map(_sign, known)), replace(before, glossary=glossary), tuple(files)
    )


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


def _touched_lines(text: str, seen: Container[str]) -> frozenset[int]:
    return frozenset(
        part.offset + 1 + index
        for part in blocks(text)
        if part.text not in seen
        for index in range(len(part.lines))
    )


def _registry(texts: Mapping[str, str]) -> Registry:
    try:
        return load_texts(texts) if texts else Registry()
    except RegistryError:
        return Registry()


def _old_glossary(
    path: Path, commit: str, before: Registry
) -> tuple[dict[str, tuple[str, ...]], str]:
    name = before.showcase.glossary
    if name is None or not GLOSSARY_NAME.fullmatch(name) or ".." in name:
        return {}, ""
    shown = _git(path.parent, "show", f"{commit}:./{name}")
    if shown.returncode != 0 or len(shown.stdout) > FILE_LIMIT:
        return {}, ""
    text = decode(shown.stdout)
    return read_glossary(TextFile(name, text))[0], text


def _sign(mistake: Mistake) -> tuple[str, str, str]:
    what = re.sub(r"[^\s(]*:\d+:\d+|line \d+", "", mistake.what)
    return what, mistake.cure, mistake.line_text.strip()


def _merge_base(folder: Path, ref: str) -> str:
    if not REF.fullmatch(ref):
        cause = "that is not the name of a branch, tag or commit"
        raise UsageError("--changed-since", cause, "name one, for example origin/main")
    found = _git(folder, "merge-base", ref, "HEAD")
    if found.returncode == 0:
        return found.stdout.decode().strip()
    exists = _git(folder, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
    if exists.returncode == 0:
        return exists.stdout.decode().strip()
    cure = "fetch it first: git fetch origin, or fetch-depth: 0 in a workflow"
    raise UsageError(f"--changed-since {ref}", "git does not know it here", cure)


def _old_names(folder: Path, commit: str) -> dict[str, bool]:
    """List what stood in registry.d/, and whether each was a folder."""
    listing = _git(folder, "ls-tree", "-z", commit, "--", "registry.d/")
    lines = (line.partition("\t") for line in listing.stdout.decode(errors="replace").split("\0"))
    return {name.rpartition("/")[2]: " tree " in kind for kind, _, name in lines if name}


def _old_texts(path: Path, commit: str, names: Mapping[str, bool]) -> dict[str, str]:
    """Read the registry's files as they were, registry.yaml first."""
    folder, texts = path.parent, {}
    more = [f"registry.d/{n}" for n in sorted(names) if is_read(n) and not names[n]]
    for name in (path.name, *more[:MORE_FILES_LIMIT]):
        shown = _git(folder, "show", f"{commit}:./{name}")
        if shown.returncode == 0 and len(shown.stdout) <= FILE_LIMIT:
            texts[(folder / name).as_posix()] = decode(shown.stdout)
    return texts


def _git(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", str(folder), *words]
    try:
        return subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 - words are fixed or checked
    except (OSError, subprocess.TimeoutExpired):
        cure = "install git, or leave --changed-since out to check everything"
        raise UsageError("--changed-since", "git cannot be run here", cure) from None
