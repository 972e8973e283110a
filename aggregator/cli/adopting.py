"""Commands for a community that adopts the program: init, which makes its folder, and upgrade.

What stands in the files, where a first list may come from and what becomes of a file that somebody
changed is decided in `adopting`; here it is asked at the keyboard, read, written and said.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from aggregator import __version__
from aggregator.adopting.action_pin import ActionPin, built_pin, pin_in, read_pin
from aggregator.adopting.community_folder import (
    GLOSSARY_FILE,
    REGISTRY_FILE,
    WORKFLOWS,
    Beginning,
    folder_files,
    glossary_text,
    organisation_of,
    registry_text,
    setting_problem,
)
from aggregator.adopting.first_list import FirstList, joined
from aggregator.adopting.list_places import ListSource, meant_place, read_place
from aggregator.adopting.upgrading import (
    Fate,
    FileUpgrade,
    find_changelog,
    is_changed,
    marked_versions,
    news_for_adopters,
    plan_upgrade,
    refuse_unread_settings,
    written_later,
)
from aggregator.cli.console import say, warn
from aggregator.cli.environment import endpoint, environment, new_identity
from aggregator.cli.options import REGISTRY, Explained
from aggregator.github.listings import OwnerProfile
from aggregator.registry.loader import load, load_texts
from aggregator.registry.models import Organisation
from aggregator.registry.registry import Registry
from aggregator.registry.tree import read_file
from aggregator.store.locking import write_whole
from aggregator.words.errors import SourceError, UsageError
from aggregator.words.names import is_owner
from aggregator.words.phrases import plural

_USUAL_TITLE = "Project showcase"
_USUAL_FOLDER = "showcase"
_ADDRESSES = ("https://", "http://", "github.com/", "www.github.com/")
_LONGEST_FILE = 1_000_000  # bytes; of what stands in the folder already
# What is asked, by the setting or the option that the answer fills.
_QUESTIONS: Mapping[str, str] = {
    "title": f"What is the showcase called? [{_USUAL_TITLE}]",
    "tagline": "What is it, in one sentence?",
    "url": "Where will the site be, if you know that already?",
    "accent": "In which colour are its links, such as #225faa?",
    "language": "What are its pages written in, such as en-GB or cy?",
    "organisations": "Which organisations do they belong to? Their names on GitHub, with commas",
    "sources": "Where does a first list come from? An owner, topic:NAME, an awesome list, a file",
}
_action_option = click.option(
    "--action",
    metavar="OWNER/NAME@COMMIT",
    help="Where the action of this program is, which the workflows use; else as it was built.",
)


@dataclass(frozen=True)
class _Wish:
    """What somebody asked for, by options or at the keyboard."""

    settings: dict[str, str] = field(default_factory=dict)
    organisations: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@click.command("init")
@click.argument(
    "places",
    nargs=-1,
    cls=Explained,
    help="The folder to make, here without one. The address of an owner on GitHub before it is "
    "the shortest form: a first list, and a folder of that name.",
)
@click.option("--title", default="", help="The name of the showcase.")
@click.option("--tagline", default="", help="One sentence under the title.")
@click.option("--url", default="", help="Where the site will be published.")
@click.option("--repository", default="", help="The repository of this folder, as owner/name.")
@click.option("--accent", default="", help="The colour of links, such as #225faa.")
@click.option("--language", default="", help="What the pages are written in, such as en-GB.")
@click.option(
    "--organisation",
    "organisations",
    multiple=True,
    metavar="LOGIN",
    help="An organisation that projects belong to, by its name on GitHub; repeatable.",
)
@click.option(
    "--from",
    "sources",
    multiple=True,
    metavar="PLACE",
    help="Where a first list comes from: an owner on GitHub, topic:NAME, stars:LOGIN, an awesome "
    "list, a best-of projects.yaml, awesome-selfhosted-data, up-for-grabs, a CSV; repeatable.",
)
@_action_option
@click.option("--keep", is_flag=True, help="Leave files that are there, and write the others.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.option(
    "--registry",
    type=Path,
    help="Write only a registry to this file, and a glossary beside it; nothing else.",
)
def init_command(
    places: tuple[str, ...],
    title: str,
    tagline: str,
    url: str,
    repository: str,
    accent: str,
    language: str,
    organisations: tuple[str, ...],
    sources: tuple[str, ...],
    action: str | None,
    keep: bool,
    yes: bool,
    registry: Path | None,
) -> int:
    """Make a community's folder: its registry, forms, workflows and texts."""
    given = {"title": title, "tagline": tagline, "url": url, "repository": repository}
    given |= {"accent": accent, "language": language}
    wish = _Wish({name: text for name, text in given.items() if text}, organisations, sources)
    _refuse_wrong(wish.settings)
    if registry is not None:
        return _write_registry_alone(registry, wish)
    wish, folder = _understood(wish, places)
    pin = read_pin(action) if action else built_pin()
    kept = _in_the_way(folder, pin, keep=keep)
    has_registry = REGISTRY_FILE in kept
    if has_registry and (wish.settings or wish.sources or wish.organisations):
        warn([f"{folder / REGISTRY_FILE} is there already: settings and lists are not used"])
    if not (has_registry or yes or wish != _Wish()) and environment().interactive:
        wish = _asked(wish)
    left_out: Sequence[str] = ()
    own: dict[str, str] = {}
    if has_registry:
        listed = load(folder / REGISTRY_FILE)
        refuse_unread_settings(listed, read_file(folder / REGISTRY_FILE))
    else:
        beginning, left_out = _beginning(wish)
        own[REGISTRY_FILE] = registry_text(beginning, schema=True)
        listed = load_texts(own)
    own[GLOSSARY_FILE] = glossary_text()
    texts = own | folder_files(listed, pin, __version__)
    written = _write(folder, {name: text for name, text in texts.items() if name not in kept})
    say([f"wrote {plural(len(written), 'file')} in {folder}: {', '.join(written)}"])
    say(f"left as it is: {name}" for name in sorted(kept))
    say([f"{plural(len(listed.projects), 'project')} in {folder / REGISTRY_FILE}"])
    say(left_out)
    say(_what_next(folder, listed, pin))
    return 0


def _refuse_wrong(settings: Mapping[str, str]) -> None:
    for name, text in settings.items():
        if problem := setting_problem(name, text):
            raise UsageError(f"--{name}", problem)


def _write_registry_alone(registry: Path, wish: _Wish) -> int:
    if registry.exists():
        cure = "`aggregator add` adds to it; to begin anew, delete or rename it first"
        raise UsageError(f"{registry} is there already", "it stays as it is", cure)
    beginning, left_out = _beginning(wish)
    texts = {registry.name: registry_text(beginning, schema=False)}
    if not registry.with_name(GLOSSARY_FILE).exists():  # somebody's own stays as it is
        texts[GLOSSARY_FILE] = glossary_text()
    written = _write(registry.parent, texts)
    say(f"wrote {registry.with_name(name)}" for name in written)
    say([*left_out, "next: aggregator add OWNER/NAME, then aggregator run"])
    return 0


def _understood(wish: _Wish, places: tuple[str, ...]) -> tuple[_Wish, Path]:
    """Tell the folder from the address of a list, which may stand before it."""
    link, *folders = places or (".",)
    if link.lower().startswith(_ADDRESSES):
        place = meant_place(link)
        name = place.value.rpartition("/")[2] if place.kind != "address" else _USUAL_FOLDER
        wish = replace(wish, sources=(link, *wish.sources))
        folders = folders or [name]
    else:
        folders = [link, *folders]
    if len(folders) > 1:
        cause = f"{' and '.join(folders)} were given"
        raise UsageError("there can be one folder", cause, "other lists go behind --from")
    return wish, Path(folders[0])


def _in_the_way(folder: Path, pin: ActionPin | None, *, keep: bool) -> set[str]:
    """Name the files that would be written over; without `keep`, refuse where there are any."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file", "a folder is to be made there", "name another one")
    names = (REGISTRY_FILE, GLOSSARY_FILE, *folder_files(load_texts({"": "projects:"}), pin, ""))
    there = {name for name in names if _taken(folder, name)}
    if there and not keep:
        what = f"{folder} holds already: {', '.join(sorted(there))}"
        cure = "move them away, or say --keep to leave them and write the others"
        raise UsageError(what, "nothing was written", cure)
    return there


def _taken(folder: Path, name: str) -> bool:
    return _is_behind_link(folder, name) or (folder / name).exists()


def _is_behind_link(folder: Path, name: str) -> bool:
    """Tell whether a file would land in some other folder, through a link."""
    path = folder / name
    return path.is_symlink() or not path.parent.resolve().is_relative_to(folder.resolve())


def _asked(wish: _Wish) -> _Wish:
    """Ask for everything that somebody may know at the beginning; Enter leaves a question out."""
    say(["A few questions; Enter leaves one out, and everything can be changed later."])
    settings = dict(wish.settings)
    answers: dict[str, tuple[str, ...]] = {}
    for name, question in _QUESTIONS.items():
        if name in {"organisations", "sources"}:
            text = _prompt(question)
            answers[name] = tuple(filter(None, (part.strip() for part in text.split(","))))
        elif answer := _asked_setting(name, question):
            settings[name] = answer
    return replace(wish, settings=settings, **answers)


def _asked_setting(name: str, question: str) -> str:
    while True:
        text = _prompt(question)
        problem = setting_problem(name, text) if text else ""
        if not problem:
            return text
        say([f"  {problem}"])


def _prompt(question: str) -> str:
    answer: str = click.prompt(f"  {question}", default="", show_default=False)
    return answer.strip()


def _beginning(wish: _Wish) -> tuple[Beginning, Sequence[str]]:
    """Ask GitHub for what was wished of it, and put together what a registry begins with."""
    for login in wish.organisations:
        if not is_owner(login):
            raise UsageError("--organisation", f"{login[:100]!r} is no name of an owner on GitHub")
    places = list(map(meant_place, wish.sources))
    lists: list[FirstList] = []
    owners: list[OwnerProfile] = []
    if places or wish.organisations:
        from aggregator.github.opening import open_listings

        with open_listings(endpoint(environment())) as github:
            owners = list(_profiles(github, wish.organisations))
            for place in places:
                read = read_place(place, github, _downloaded)
                lists.append(read.found)
                owners += [read.owner] if read.owner else []
    found = joined(lists)
    settings = {"title": next((one.name for one in owners), _USUAL_TITLE)} | wish.settings
    if setting_problem("title", settings["title"]):  # what GitHub calls an owner may be no line
        settings["title"] = _USUAL_TITLE
    bodies: dict[str, Organisation] = {}
    for owner in owners:
        if owner.is_organisation and (body := organisation_of(owner)):
            bodies.setdefault(body.slug, body)
    beginning = Beginning(new_identity(), settings, tuple(bodies.values()), found.projects)
    return beginning, found.left_out


def _profiles(github: ListSource, logins: Iterable[str]) -> Iterator[OwnerProfile]:
    for login in logins:
        try:
            yield replace(github.owner(login), is_organisation=True)
        except SourceError as problem:
            warn([f"{login} is called by its name on GitHub: {problem}"])
            yield OwnerProfile(login, login, is_organisation=True)


def _downloaded(url: str, largest: int) -> bytes:
    from aggregator.github.download import download

    return download(url, largest).content


def _write(folder: Path, texts: Mapping[str, str]) -> list[str]:
    for name, text in texts.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, text.encode())
    return list(texts)


def _what_next(folder: Path, listed: Registry, pin: ActionPin | None) -> Iterator[str]:
    if pin is None:
        yield "no workflow was written: this copy of the program was not told where its action is."
        yield "  `aggregator init --keep --action OWNER/NAME@COMMIT` adds what runs every night."
    yield "next:"
    if folder != Path():
        yield f"  cd {folder}"
    if not listed.projects:
        yield "  aggregator add OWNER/NAME"
    yield "  aggregator run"
    yield "  aggregator serve"


@click.command("upgrade")
@click.argument(
    "folder",
    type=Path,
    default=Path(),
    cls=Explained,
    help="The community's folder, here without one.",
)
@_action_option
@click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
def upgrade_command(folder: Path, action: str | None, dry_run: bool) -> int:
    """Tell what changed for a community since its files were written, and renew them."""
    listed = load(folder / REGISTRY)
    refuse_unread_settings(listed, read_file(folder / REGISTRY))
    names = folder_files(listed, ActionPin.unknown(), __version__)
    linked = {name for name in names if _is_behind_link(folder, name)}
    there = {n: text for n in names if n not in linked and (text := _read(folder, n)) is not None}
    workflows = [text for name, text in there.items() if name.startswith(WORKFLOWS)]
    # What somebody changed may use other actions too, and is asked last.
    workflows.sort(key=is_changed)
    pin = read_pin(action) if action else built_pin()
    pin = pin or next(filter(None, map(pin_in, workflows)), None)
    versions = marked_versions(there.values())
    if versions and written_later(versions[-1], __version__):
        what = f"files in {folder} were written by aggregator {versions[-1]}"
        raise UsageError(what, f"this is {__version__}", "upgrade the program first")
    made = folder_files(listed, pin, __version__)
    plan = plan_upgrade(there, {n: text for n, text in made.items() if n not in linked})
    say(_what_changed(next(iter(versions), None)))
    for one in plan:
        say(_told(one, dry_run=dry_run))
    say(f"left {name}: it is behind a link" for name in sorted(linked & {*made}))
    if not dry_run:
        _write(folder, {one.name: one.text for one in plan if one.fate is Fate.RENEWED})
    return 0


def _read(folder: Path, name: str) -> str | None:
    path = folder / name
    if not path.is_file():
        return None
    with path.open("rb") as stream:
        return stream.read(_LONGEST_FILE).decode("utf-8", errors="replace")


def _what_changed(since: str | None) -> Iterator[str]:
    if since is None:
        yield f"no file here carries the mark of a version; this is aggregator {__version__}."
        return
    yield f"written by aggregator {since}; this is {__version__}."
    changelog = find_changelog().read_text("utf-8")
    if news := news_for_adopters(changelog, since, __version__):
        yield "what changed for a community:"
        yield from (f"  - {point}" for point in news)


def _told(one: FileUpgrade, *, dry_run: bool) -> Iterator[str]:
    match one.fate:
        case Fate.RENEWED:
            yield f"{'would renew' if dry_run else 'renewed'} {one.name}"
        case Fate.CHANGED:
            yield f"left {one.name}: somebody changed it; this version would"
            yield from (f"  {line}" for line in one.difference)
        case Fate.ABSENT:
            yield f"{one.name} is not there: `aggregator init --keep` writes it"
        case Fate.CURRENT:
            return
