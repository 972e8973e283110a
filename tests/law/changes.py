"""What may happen to a small community: to its repositories, its registry and its memory.

Each change is called with a number, which chooses what it happens to and how.
"""

import shutil
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from inspect import getmembers, isfunction
from typing import Any

from aggregator.site.theme import find_templates
from tests.law.community import BLOCKED, TAGS, TALK, LivingShowcase
from tests.law.folders import spoil

_STAGES = ("idea", "in progress", "in use", "needs a new home")
_COLOURS = ("#225faa", "#0b6e5f", "#7a1f5c", "#a33b00")

# What happens on GitHub. `n` chooses what it happens to.


def rewrite_readme(showcase: LivingShowcase, n: int) -> None:
    """A README says something else."""
    showcase.write_readme(showcase.public_name(n))


def remove_readme(showcase: LivingShowcase, n: int) -> None:
    """A README is taken out of its repository."""
    showcase.world.push(showcase.public_name(n), {"README.md": None})


def describe(showcase: LivingShowcase, n: int) -> None:
    """A repository gets another description, or none."""
    said = f"Description number {n}, at http://{BLOCKED}/x" if n % 4 else None
    showcase.world.change(showcase.public_name(n), description=said)


def star(showcase: LivingShowcase, n: int) -> None:
    """A repository gets another star."""
    name = showcase.public_name(n)
    showcase.world.change(name, stars=showcase.repository(name).stars + 1)


def archive(showcase: LivingShowcase, n: int) -> None:
    """A repository becomes read-only, or is opened again."""
    name = showcase.public_name(n)
    was = showcase.repository(name).archived_at
    showcase.world.change(name, archived_at=None if was else showcase.world.now)


def relicense(showcase: LivingShowcase, n: int) -> None:
    """A repository gets another licence."""
    showcase.world.change(showcase.public_name(n), licence=("MIT", "GPL-3.0", None)[n % 3])


def rename(showcase: LivingShowcase, n: int) -> None:
    """A repository is called something else."""
    owner, _, name = showcase.public_name(n).partition("/")
    showcase.world.rename(f"{owner}/{name}", f"{owner}/{name[:30]}-{showcase.next_number()}")


def transfer(showcase: LivingShowcase, n: int) -> None:
    """A repository goes to another owner."""
    name = showcase.public_name(n)
    showcase.world.rename(name, f"owner-{showcase.next_number()}/{name.partition('/')[2]}")


def close(showcase: LivingShowcase, n: int) -> None:
    """A repository turns private."""
    showcase.world.make_private(showcase.public_name(n))


def block(showcase: LivingShowcase, n: int) -> None:
    """GitHub takes a repository down."""
    showcase.world.block(showcase.public_name(n))


def delete(showcase: LivingShowcase, n: int) -> None:
    """A repository is deleted."""
    showcase.world.delete(showcase.public_name(n))


def empty(showcase: LivingShowcase, n: int) -> None:
    """All commits of a repository are taken out."""
    showcase.world.empty(showcase.public_name(n))


def open_again(showcase: LivingShowcase, n: int) -> None:
    """A repository that was private or taken down is public again."""
    hidden = [
        r.full_name for r in showcase.world.repositories if showcase.world.access_of(r) != "public"
    ]
    if hidden:
        showcase.world.make_public(hidden[n % len(hidden)])


def reuse_name(showcase: LivingShowcase, n: int) -> None:
    """Somebody else publishes under a name that is listed."""
    name = showcase.entry(n)["repo"]
    showcase.world.reuse_name(name, description="Somebody else's", licence="MIT")
    showcase.write_readme(name)


# What members write.


def relist(showcase: LivingShowcase, n: int) -> None:
    """Every entry says what its repository is called today."""
    for entry in showcase.entries:
        found = showcase.world.find(entry["repo"])
        listed = {other["repo"] for other in showcase.entries}
        if found and found.full_name not in listed:
            entry["repo"] = found.full_name


def take_out(showcase: LivingShowcase, n: int) -> None:
    """An entry leaves the registry."""
    if len(showcase.entries) > 3:
        showcase.spare.append(showcase.entries.pop(n % len(showcase.entries))["repo"])


def put_in(showcase: LivingShowcase, n: int) -> None:
    """An entry joins, or one that left is back."""
    if showcase.spare:
        name = showcase.spare.pop(n % len(showcase.spare))
        showcase.entries.insert(n % len(showcase.entries), {"repo": name, "added": "2026-11-20"})


def put_in_bare(showcase: LivingShowcase, n: int) -> None:
    """An entry joins whose repository has no README."""
    if showcase.spare:
        name = showcase.spare.pop(0)
        showcase.world.push(name, {"README.md": None})
        showcase.entries.append({"repo": name})


def reorder(showcase: LivingShowcase, n: int) -> None:
    """The same entries stand in another order."""
    showcase.entries.insert(0, showcase.entries.pop())


def tag(showcase: LivingShowcase, n: int) -> None:
    """An entry gets other tags."""
    showcase.entry(n)["tags"] = [TAGS[n % 4], "new-tag"][: 1 + n % 2]


def stage(showcase: LivingShowcase, n: int) -> None:
    """A project is at another stage."""
    showcase.entry(n)["stage"] = _STAGES[n % 4]


def story(showcase: LivingShowcase, n: int) -> None:
    """A story is told, otherwise, or no more."""
    _toggle(showcase.entry(n), "story", f"It was **otherwise** in year {n}.")


def entitle(showcase: LivingShowcase, n: int) -> None:
    """An entry gets a title and a summary, or loses them."""
    _toggle(showcase.entry(n), "title", f"Title {n}")
    _toggle(showcase.entry(n), "summary", f"Counts what {n} others count.")


def talk(showcase: LivingShowcase, n: int) -> None:
    """A talk is given, or it turns out that it was not."""
    _toggle(showcase.entry(n), "talks", [TALK | {"title": f"Talk {n}"}])


def introduce(showcase: LivingShowcase, n: int) -> None:
    """Somebody may be asked about a project, or no longer."""
    _toggle(showcase.entry(n), "people", ["ada-fen", "tomasz-w"][: 1 + n % 2])


def adopt(showcase: LivingShowcase, n: int) -> None:
    """A project belongs to another organisation, and is used by one."""
    _toggle(showcase.entry(n), "organisation", "two")
    _toggle(showcase.entry(n + 1), "used_by", ["one"])


def hide_readme(showcase: LivingShowcase, n: int) -> None:
    """A README is shown, only linked to, or not mentioned."""
    showcase.entry(n)["readme"] = ("show", "link-only", "hide")[n % 3]


def organise(showcase: LivingShowcase, n: int) -> None:
    """An organisation joins, or has another name."""
    bodies = showcase.written["organisations"]
    if len(bodies) < 3:
        bodies.append({"slug": "three", "name": "Third", "github": ["another-owner"]})
    bodies[n % len(bodies)]["name"] = f"Renamed Trust {n}"


def introduce_themselves(showcase: LivingShowcase, n: int) -> None:
    """Somebody tells more of themselves, whether or not a project names them, or no longer."""
    login = ("ada-fen", "Tomasz-W", "nobody-yet")[n % 3]
    who = {"login": login, "name": f"Name {n}", "about": "Counts beds.", "organisation": "two"}
    _toggle(showcase.written, "people", [who, {"login": "another-one"}][: 1 + n % 2])


def lead_along(showcase: LivingShowcase, n: int) -> None:
    """A path leads through projects and elsewhere; one of its steps may lead nowhere."""
    steps = [
        {"say": "Begin here.", "repo": showcase.entry(n)["repo"]},
        {"say": "Read on.", "url": f"http://{BLOCKED}/{n}", "title": "A book"},
        {"say": "End there.", "repo": showcase.entry(n + 2)["repo"]},
        {"say": "Too far.", "repo": "nobody/unlisted"},
    ]
    path = {"slug": ("page", "index")[n % 2], "title": f"Way {n}", "steps": steps[n % 3 :]}
    _toggle(showcase.written, "paths", [path])


def announce(showcase: LivingShowcase, n: int) -> None:
    """A talk is to come in a day or two, of a project or of none, so that nights make it past."""
    day = (showcase.clock.now() + timedelta(days=1 + n % 3)).date().isoformat()
    to_come = {"title": f"Soon {n}", "date": day, "time": "02:30", "speakers": ["Name 3"]}
    _toggle(showcase.entry(n) if n % 2 else showcase.written, "talks", [to_come])


def celebrate(showcase: LivingShowcase, n: int) -> None:
    """A project has good news, of a day long ago, of one to come, or of none."""
    soon = (showcase.clock.now() + timedelta(days=2)).date().isoformat()
    dates = ({"date": "2026-06-01"}, {"date": soon}, {})
    news = {"what": "award", "text": f"Prize {n}", "url": f"http://{BLOCKED}/prize"}
    _toggle(showcase.entry(n), "celebrate", [news | dates[n % 3]])


def define(showcase: LivingShowcase, n: int) -> None:
    """It is said what words mean, under which heading tags stand, and who looks for a home."""
    tags = [{"name": TAGS[n % 4], "means": f"Meaning {n}", "group": ("Places", "places")[n % 2]}]
    _toggle(showcase.written, "tags", tags)
    _toggle(showcase.written, "kinds", [{"name": "trust", "means": f"A body of kind {n}."}])
    seeking = {"name": _STAGES[n % 4], "means": "Ask for it.", "seeks": "home"}
    _toggle(showcase.written, "stages", [seeking])


def sign_story(showcase: LivingShowcase, n: int) -> None:
    """A story gets an author and a day, which may be still to come, or loses them."""
    soon = (showcase.clock.now() + timedelta(days=1)).date().isoformat()
    entry = showcase.entry(n)
    entry.setdefault("story", f"It was so. ![There](https://pictures.example/{n}.png)")
    _toggle(entry, "story_by", ("Ada Example", "Name 3")[n % 2])
    _toggle(entry, "story_date", ("2026-06-01", soon)[n % 2])


def be_cited(showcase: LivingShowcase, n: int) -> None:
    """A repository says how to cite it, otherwise, or no more."""
    text = f"cff-version: 1.2.0\nmessage: Do.\ntitle: Work {n}\nauthors: [{{name: Team {n}}}]\n"
    said = text.encode() if n % 3 else None
    showcase.world.push(showcase.public_name(n), {"CITATION.cff": said})


def explain(showcase: LivingShowcase, n: int) -> None:
    """The glossary says that other words mean the same."""
    showcase.glossary["RTT"] = ["waiting list", f"word{n}"][: 1 + n % 2]


def judge_a_search(showcase: LivingShowcase, n: int) -> None:
    """Somebody says what a search should find, otherwise, or no more."""
    showcase.judged = {f"beds {n % 2}": showcase.entry(n)["repo"]} if n % 3 else {}


# What whoever runs the showcase sets.


def retitle(showcase: LivingShowcase, n: int) -> None:
    """The showcase is called something else."""
    showcase.settings.update(title=f"Small {n}", tagline=f"Line {n}")


def repaint(showcase: LivingShowcase, n: int) -> None:
    """The showcase has another colour."""
    showcase.settings["accent"] = _COLOURS[n % 4]


def move_site(showcase: LivingShowcase, n: int) -> None:
    """The site is published elsewhere, or nobody says where."""
    _toggle(showcase.settings, "url", f"https://elsewhere.example/{n}/")


def wait_longer(showcase: LivingShowcase, n: int) -> None:
    """The pages call themselves old later, or sooner."""
    showcase.settings["stale_after_days"] = 2 + n


def speak(showcase: LivingShowcase, n: int) -> None:
    """The pages are in another language, with other stages."""
    showcase.settings.update(language=("en-GB", "de")[n % 2], stages=[*_STAGES, f"stage {n % 2}"])


def tell_about(showcase: LivingShowcase, n: int) -> None:
    """The page about the showcase says something else."""
    _toggle(showcase.settings, "about", f"We are *{n}* analysts.")


def set_clocks(showcase: LivingShowcase, n: int) -> None:
    """The times of talks are those of another place."""
    zones = ("Europe/London", "Pacific/Chatham", "America/St_Johns")
    _toggle(showcase.settings, "timezone", zones[n % 3])


def state_accessibility(showcase: LivingShowcase, n: int) -> None:
    """The accessibility statement says more, and under which licence the data is."""
    said = {"tested": f"By {n} of us.", "problems": f"*See* http://{BLOCKED}/{n}"}
    _toggle(showcase.settings, "accessibility", said)
    _toggle(showcase.settings, "data_licence", "OGL-UK-3.0")


def block_domain(showcase: LivingShowcase, n: int) -> None:
    """No page may lead to a domain any more, or they may again."""
    _toggle(showcase.settings, "blocked_domains", [BLOCKED])


def override_template(showcase: LivingShowcase, n: int) -> None:
    """Files of the community's own stand in the place of the theme's, or are edited."""
    for name in ("base.html", "static/css/50-own.css")[: 1 + n % 2]:
        ours, own = find_templates() / name, showcase.templates / name
        own.parent.mkdir(parents=True, exist_ok=True)
        text = ours.read_text(encoding="utf-8") if ours.exists() else ".own { color: red }"
        own.write_text(f"{text}\n<!-- {n} -->\n" if name.endswith("html") else f"{text}/* {n} */")


def drop_templates(showcase: LivingShowcase, n: int) -> None:
    """All templates are the program's own again."""
    shutil.rmtree(showcase.templates)
    showcase.templates.mkdir()


# Nights that bring nothing.


def sleep(showcase: LivingShowcase, n: int) -> None:
    """A night without news."""


def lose_the_network(showcase: LivingShowcase, n: int) -> None:
    """A night on which GitHub does not answer."""
    showcase.night(answered=False)


# What happens to what is remembered.


def lose_cache(showcase: LivingShowcase, n: int) -> None:
    """The cache is deleted."""
    shutil.rmtree(showcase.workspace.cache, ignore_errors=True)


def spoil_memory(showcase: LivingShowcase, n: int) -> None:
    """One of the files that the program remembers by is damaged."""
    found = showcase.memory()
    if found:
        spoil(found[n % len(found)], n)


def _toggle(written: dict[str, Any], field: str, value: object) -> None:
    """Write a field, or take out what stands there when it says the same."""
    if written.get(field) == value:
        del written[field]
    else:
        written[field] = value


Change = Callable[[LivingShowcase, int], None]
CHANGES: Mapping[str, Change] = {
    name: change
    for name, change in getmembers(sys.modules[__name__], isfunction)
    if change.__module__ == __name__ and not name.startswith("_")
}
