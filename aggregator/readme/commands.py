"""One line of code: whether it starts this very project, how, and whether to pass it on.

A visitor will paste it into a terminal, so only what is known to be plain is let through: commands
of the table below with simple arguments, from well-known registries or from the project's own
repository. Pipes, redirections, substitutions, other hosts, passwords of the machine and whatever
cannot be read at a glance are not. Nothing is rewritten but the address of a copy for those who
have a key at GitHub, which becomes the one for everybody.
"""

import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aggregator.readme.calls_in_r import call_in_r, may_be_in_r
from aggregator.readme.ways import OwnNames, Way

LONGEST = 160  # characters
_PLAIN = re.compile(r"[\x20-\x7e]+")
_INSTALLS = re.compile(
    r"(?:pip|poetry|pipenv|npm|yarn|pnpm|bundle|composer) (?:install|ci|i)\b|uv sync|"
    r"(?:conda|mamba) env create|renv::restore|bundle\Z"
)
_UNPLAIN = re.compile(r"[;|`$\\(){}&]")
# What a shell takes as it stands; outside of it, "name>=1" writes to a file.
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
# A package whose name begins with a host is fetched from there: `go get packages.example.net/x`.
_FROM_A_HOST = re.compile(r"(?!github\.com/)[\w-]+(?:\.[\w-]+)+/.*", re.IGNORECASE)
# What installs the tool that installs the rest.
_TOOLS = re.compile(
    r"(?:python3? -m )?pip3? install (?:-U |--upgrade )?(?:pip|pipenv|poetry|uv|virtualenv)|"
    r"gem install bundler"
)
_REQUIREMENT = re.compile(r"([A-Za-z0-9@][\w.@/-]*)(?:\[[\w,.-]+\])?(?:\s*[=~><!]=?=?\s*[\w.*]+)?")
_ARGUMENT = re.compile(r"(?!.*\.\.\.)[\w./:@=+,-]+")
_HOLDS = re.compile(
    r"(?:your|my)[-_/ ]|[-_/](?:your|my)\b|path[-_/]to|example\.|\bfoo\b|\bxxx", re.IGNORECASE
)


def way_of(line: str, names: OwnNames) -> Way | None:
    """Say how a line starts the project; None for what does not, or should not be passed on."""
    # Most lines are of neither kind, and one look tells so.
    if not (_NAMES_A_TOOL.match(line) or may_be_in_r(line.partition("&&")[0].rstrip())):
        return None
    if len(line) > LONGEST or not _PLAIN.fullmatch(line):
        return None
    known = list[Way]()
    for part in line.split("&&"):
        way = _way_of_part(part.strip(), names)
        if way is None:
            return None
        known.append(way)
    return None if _HOLDS.search(line) else min(known)


def _way_of_part(part: str, names: OwnNames) -> Way | None:
    found = call_in_r(part, names)
    return _of_shell(part, names) if found is None else found


@dataclass(frozen=True, slots=True)
class _Call:
    """What follows the name of a command: options, and what they are about."""

    options: tuple[str, ...]
    things: tuple[str, ...]

    def only(self, allowed: str) -> bool:
        return set(self.options) <= set(allowed.split())


def _of_shell(part: str, names: OwnNames) -> Way | None:
    if not _NAMES_A_TOOL.match(part) or _UNPLAIN.search(part):
        return None
    words = _words_of(part)
    if not words or re.search("[<>]", _QUOTED.sub("", part)):
        return None
    if _TOOLS.fullmatch(part):
        return Way.STEP
    words = _without_python(words)
    if words[0] == "uv" and words[1:2] == ["pip"]:
        words = words[1:]
    rule = _SHELL.get(" ".join(words[:2])) or _SHELL.get(words[0])
    if rule is None:
        return None
    depth = 2 if " ".join(words[:2]) in _SHELL else 1
    return rule(_call(words[depth:]), names)


def _words_of(part: str) -> list[str]:
    """Split as a shell does; nothing where a quotation has no end."""
    if '"' not in part and "'" not in part:
        return part.split()  # the same, in a tenth of the time
    try:
        return shlex.split(part)
    except ValueError:
        return []


def _without_python(words: list[str]) -> list[str]:
    """Read `python -m pip` as `pip`."""
    is_python = re.fullmatch(r"python[\d.]*|py", words[0])
    if is_python and words[1:2] == ["-m"] and words[2:]:
        return ["venv" if words[2] == "virtualenv" else words[2], *words[3:]]
    name = words[0]
    if is_python:
        name = "python"
    return ["pip" if re.fullmatch(r"pip[\d.]*", name) else name, *words[1:]]


def _call(words: Iterable[str]) -> _Call:
    listed = list(words)
    return _Call(
        tuple(word for word in listed if word.startswith("-")),
        tuple(word for word in listed if not word.startswith("-")),
    )


def _package(options: str, local: Way | None = None) -> Callable[[_Call, OwnNames], Way | None]:
    """Read the installation of one package: this project, from a registry or its repository."""

    def rule(call: _Call, names: OwnNames) -> Way | None:
        things = _without_channels(call)
        if not call.only(options):
            return None
        if not things:
            return local
        if len(things) != 1 or _FROM_A_HOST.fullmatch(things[0]):
            return None
        is_folder = not {"-e", "--editable"}.isdisjoint(call.options)
        is_list = not {"-r", "--requirement"}.isdisjoint(call.options)
        # Without `-r`, "requirements.txt" is the name of somebody's package.
        if is_list or is_folder or _is_here(things[0]):
            is_meant = is_list == things[0].endswith(".txt")
            return Way.INSIDE if is_meant and _is_here(things[0]) else None
        url = things[0].rpartition(" @ ")[2]
        if "github.com" in url or "+" in url:
            return Way.REPOSITORY if names.own_repository(url) else None
        match = _REQUIREMENT.fullmatch(things[0])
        return Way.REGISTRY if match and names.own_package(match[1]) else None

    return rule


def _without_channels(call: _Call) -> tuple[str, ...]:
    """Leave out the names of channels: `conda install -c conda-forge x`."""
    known = {"conda-forge", "bioconda", "defaults"} if call.options else set[str]()
    return tuple(thing for thing in call.things if thing not in known)


def _is_here(thing: str) -> bool:
    """Tell whether it is the folder that one stands in, or a file with requirements."""
    match = re.fullmatch(r"\./?(?:\[([\w,.-]+)\])?|[\w./-]*requirements([\w.-]*)\.txt", thing)
    extras = (match[1] or match[2] or "") if match else ""
    return bool(match) and not re.search(r"dev|test|doc|lint", extras) and not _leads_out(thing)


def _clone(call: _Call, names: OwnNames) -> Way | None:
    if not call.things or len(call.things) > 2 or not call.only("--recursive --recurse-submodules"):
        return None
    if not all(re.fullmatch(r"[\w-][\w.-]*|\.", folder) for folder in call.things[1:]):
        return None
    return Way.COPY if names.own_repository(call.things[0]) else None


def _tool(call: _Call, names: OwnNames) -> Way | None:
    """Read `uv tool install x`."""
    if call.things[:1] not in {("install",), ("run",)}:
        return None
    return _package("")(_Call(call.options, call.things[1:]), names)


def _removed(call: _Call, names: OwnNames) -> Way | None:
    """Read `pip uninstall x`, which puts right what was installed; never of the project itself."""
    is_own = any(map(names.own_package, call.things))
    is_plain = bool(call.things) and all(map(_REQUIREMENT.fullmatch, call.things))
    return Way.STEP if call.only("-y --yes") and is_plain and not is_own else None


def _pulled(call: _Call, names: OwnNames) -> Way | None:
    """Read `docker pull x`: an image that is only fetched has not begun anything."""
    return None if _image(call, names) is None else Way.STEP


def _image(call: _Call, names: OwnNames) -> Way | None:
    things = [thing for thing in call.things if not re.fullmatch(r"\d+:\d+|[\w-]+", thing)]
    if len(things) != 1 or not call.only("-p -it -i -t --rm -d --name --pull"):
        return None
    image = re.fullmatch(r"(?:(?:ghcr|docker|quay)\.io/)?[\w.-]+/([\w.-]+)(?::[\w.-]+)?", things[0])
    return Way.IMAGE if image and names.own_package(image[1]) else None


def _fixed(way: Way, pattern: str | None = None) -> Callable[[_Call, OwnNames], Way | None]:
    """Read a command all of whose words are plain, and look like `pattern` where one is given."""

    def rule(call: _Call, _names: OwnNames) -> Way | None:
        words = (*call.options, *call.things)
        if not all(map(_ARGUMENT.fullmatch, words)) or any(map(_leads_out, words)):
            return None
        is_meant = pattern is None or re.fullmatch(pattern, " ".join(call.things))
        return way if is_meant else None

    return rule


def _pipeline(call: _Call, names: OwnNames) -> Way | None:
    """Read what runs a pipeline: a file of this copy, or the project at GitHub, and no other."""
    way = _fixed(Way.INSIDE)(call, names)
    named = call.things[0] if call.things else ""
    is_own = named == "." or named.endswith(".nf") or names.own_repository(named)
    return way if is_own else None


def _run_by_uv(call: _Call, names: OwnNames) -> Way | None:
    """Read what runs within an environment: a script, this project, or what serves it."""
    words = " ".join(call.things)
    is_own = bool(call.things) and names.own_package(call.things[0])
    if call.options or not (is_own or re.fullmatch(_RUN_BY_UV, words)):
        return None
    return _fixed(Way.INSIDE)(call, names)


def _leads_out(word: str) -> bool:
    return "://" in word or word.startswith("/") or ".." in word.split("/")


_PIP = "-U --upgrade -q --quiet --user -e --editable --pre -r --requirement --no-cache-dir"
_NPM = "-g --global -S --save -D --save-dev -E --save-exact"
_SCRIPT = r"[\w./-]+\.(?:py|sh|R|r|js|jl)(?: [\w./=-]+)*"
_RUN_BY_UV = (
    rf"(?:python )?{_SCRIPT}|python manage\.py runserver|streamlit run [\w./-]+\.py|"
    r"flask run|jupyter (?:lab|notebook)(?: [\w./-]+)?|mkdocs serve|uvicorn [\w.-]+"
)
_COMPOSE = r"up|build|run [\w-]+(?: [\w-]+)?"
# Scripts that set a copy up or run it, by the names that many projects agree on.
# https://github.com/github/scripts-to-rule-them-all
_SETUPS = tuple(
    f"{start}{folder}/{name}"
    for start in ("", "./")
    for folder in ("bin", "script", "scripts")
    for name in ("setup", "bootstrap", "server", "start", "dev")
)
_SHELL: dict[str, Callable[[_Call, OwnNames], Way | None]] = {
    "pip install": _package(_PIP),
    "pip uninstall": _removed,
    "pipx install": _package("--force"),
    "pipx run": _package(""),
    "uv add": _package("--dev"),
    "uvx": _package(""),
    "uv tool": _tool,
    "poetry add": _package("--dev"),
    "pipenv install": _package("--dev -e", Way.INSIDE),
    "conda install": _package("-c --channel -y --yes"),
    "mamba install": _package("-c --channel -y --yes"),
    "npm install": _package(_NPM, Way.INSIDE),
    "npm i": _package(_NPM, Way.INSIDE),
    "npm ci": _fixed(Way.INSIDE, ""),
    "npm start": _fixed(Way.INSIDE, ""),
    "npm run": _fixed(Way.INSIDE, r"(?:start|dev|serve|develop)"),
    "yarn": _package("", Way.INSIDE),
    "yarn add": _package("-D --dev"),
    "yarn install": _package("--frozen-lockfile", Way.INSIDE),
    "yarn start": _fixed(Way.INSIDE, ""),
    "yarn dev": _fixed(Way.INSIDE, ""),
    "pnpm install": _package("", Way.INSIDE),
    "pnpm add": _package("-D"),
    "npx": _package("-y --yes"),
    "gem install": _package(""),
    "bundle": _fixed(Way.INSIDE, ""),
    "bundle install": _fixed(Way.INSIDE, ""),
    "bundle exec": _fixed(Way.INSIDE, r"jekyll serve|rails s(?:erver)?"),
    "cargo install": _package("--locked"),
    "cargo add": _package(""),
    "cargo run": _fixed(Way.INSIDE, ""),
    "go install": _package(""),
    "go get": _package("-u"),
    "brew install": _package("--cask"),
    "composer require": _package("--dev"),
    "composer install": _fixed(Way.INSIDE, ""),
    "docker pull": _pulled,
    "docker run": _image,
    "docker compose": _fixed(Way.INSIDE, _COMPOSE),
    "docker-compose": _fixed(Way.INSIDE, _COMPOSE),
    **dict.fromkeys(_SETUPS, _fixed(Way.INSIDE, "")),
    "docker build": _fixed(Way.STEP),
    "git clone": _clone,
    "gh repo": lambda call, names: (
        _clone(_Call((), call.things[1:]), names) if call.things[:1] == ("clone",) else None
    ),
    "cd": _fixed(Way.STEP, r"[\w.-]+(?:/[\w.-]+)*/?"),
    "venv": _fixed(Way.STEP, r"[\w.-]+"),
    "virtualenv": _fixed(Way.STEP, r"[\w.-]+"),
    "uv venv": _fixed(Way.STEP),
    "source": _fixed(Way.STEP, r"[\w./-]+/activate"),
    ".": _fixed(Way.STEP, r"[\w./-]+/activate"),
    "conda create": _fixed(Way.STEP),
    "conda activate": _fixed(Way.STEP, r"[\w.-]+"),
    "source activate": _fixed(Way.STEP, r"[\w.-]+"),
    "conda env": _fixed(Way.INSIDE, r"create [\w./-]+\.ya?ml(?: [\w.-]+)?|create"),
    "mamba env": _fixed(Way.INSIDE, r"create [\w./-]+\.ya?ml(?: [\w.-]+)?|create"),
    "poetry install": _fixed(Way.INSIDE),
    "poetry run": _fixed(Way.INSIDE, rf"python {_SCRIPT}|python manage\.py runserver"),
    "poetry shell": _fixed(Way.STEP, ""),
    "pipenv shell": _fixed(Way.STEP, ""),
    "uv sync": _fixed(Way.INSIDE, ""),
    "uv run": _run_by_uv,
    "python": _fixed(Way.INSIDE, _SCRIPT),
    "shiny run": _fixed(Way.INSIDE, r"[\w./-]+\.py"),
    "streamlit run": _fixed(Way.INSIDE, r"[\w./-]+\.py"),
    "uvicorn": _fixed(Way.INSIDE),
    "flask run": _fixed(Way.INSIDE, ""),
    "jupyter": _fixed(Way.INSIDE, r"(?:lab|notebook)(?: [\w./-]+)?"),
    "jupyter-lab": _fixed(Way.INSIDE, r"(?:[\w./-]+)?"),
    "Rscript": _fixed(Way.INSIDE, _SCRIPT),
    "quarto render": _fixed(Way.INSIDE),
    "quarto preview": _fixed(Way.INSIDE),
    "mkdocs serve": _fixed(Way.INSIDE, ""),
    "snakemake": _fixed(Way.INSIDE),
    "nextflow run": _pipeline,
    "make": _fixed(Way.INSIDE, r"(?:all|install|run|build|serve|up|start)?"),
    "cp": _fixed(Way.STEP, r"[\w./-]*\.?env[\w.-]* [\w./-]*\.env"),
    "dvc pull": _fixed(Way.STEP, ""),
}
_FIRST_WORDS = "|".join(sorted({re.escape(name.split()[0]) for name in _SHELL}))
_NAMES_A_TOOL = re.compile(rf"[\"']|(?:python|py|pip)[\d.]*(?!\S)|(?:uv|gem|{_FIRST_WORDS})(?!\S)")


def installs(line: str) -> str:
    """Name the tool with which a line installs what is needed; "" for any other line."""
    match = None if _TOOLS.fullmatch(line) else _INSTALLS.search(line)
    return match[0].split()[0] if match else ""


def sets_up(line: str) -> bool:
    """Tell whether a line sets up and runs all of a copy: a script of that name, or containers."""
    if line.split(maxsplit=1)[0] in _SETUPS:
        return True
    return re.match(r"docker[- ]compose\b.* up\b", line) is not None
