"""Set up and run the project on a fresh machine, with nothing but Python 3.11 or newer.

    python develop.py demo [--serve]    see it work, without network, token or account
    python develop.py dev               begin to work on it: checks at each commit, live preview
    python develop.py test [...]        check everything; further words go to pytest. Scripts of the
                                        site are checked where Node and npm are, and always in CI
    python develop.py unit [...]        run only the tests that need no site, process or browser
    python develop.py lowest [...]      run the tests with the oldest versions that we promise

The targets of the same names in Makefile call this; on Windows, without make: `py develop.py demo`.
Everything is installed into `.venv` beside this file, the oldest versions into `.venv-lowest`.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PROGRAMS = "Scripts" if os.name == "nt" else "bin"
SCRIPTS = VENV / PROGRAMS
LOWEST = HERE / ".venv-lowest"
# Attack suites that others wrote, read by tests of README safety and never installed.
SUITES = HERE / "build" / "suites"
SUITE_PACKAGES = ("bleach==6.4.0", "readme_renderer==46.0", "markdown-it-py==4.3.0")
# GitHub's published GraphQL schema, against which tests hold every query. npm has it, PyPI not.
SCHEMA = HERE / "build" / "github" / "schema.graphql"
SCHEMA_PACKAGE = "@octokit/graphql-schema@15.26.1"
SCHEMA_SHA256 = "3c62d0526d133cee53221c89de9b455ade24db78b9e7ad56d642c4c15bce2654"
OLDEST = (3, 11)
NODE_MODULES = HERE / "node_modules"
# Each process begins with a share of its own, so that what a module prepares is mostly made once,
# and takes from the others when it is done.
PARALLEL = ("-n", "auto", "--dist", "worksteal")
EXTRAS = {
    "demo": "[demo]",
    "dev": "[demo,distributed,test,dev]",
    "test": "[demo,distributed,test]",
    "unit": "[demo,distributed,test]",
    "lowest": "[demo,distributed,test]",
}


def main(words: list[str]) -> int:
    """Run the command that `words` names; returns the exit code of what failed first, or 0."""
    if sys.version_info < OLDEST:
        print(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    if not words or words[0] not in EXTRAS:
        print(__doc__)
        return 2
    command, rest = words[0], words[1:]
    _install(EXTRAS[command])
    if command in {"test", "unit", "lowest"}:
        _fetch_suites()
        _fetch_schema()
    run = {"demo": _demo, "dev": _dev, "test": _test, "unit": _unit, "lowest": _lowest}
    return run[command](rest)


def _demo(words: list[str]) -> int:
    return _run("aggregator", "demo", *words)


def _dev(words: list[str]) -> int:
    """Let each commit be checked as in CI, then show the sample community as it is worked on."""
    if (HERE / ".git").exists():
        _must(str(SCRIPTS / "pre-commit"), "install")
    else:
        print("This is no git checkout, so commits will not be checked.", flush=True)
    return _run("aggregator", "demo", "--serve", *words)


def _test(words: list[str]) -> int:
    """Check everything; the site's scripts are tested by pytest (tests/search/test_scripts.py)."""
    checks = [
        [str(SCRIPTS / "ruff"), "check", "."],
        [str(SCRIPTS / "ruff"), "format", "--check", "."],
        [str(SCRIPTS / "mypy")],
        [str(SCRIPTS / "djlint"), "--lint", "--quiet", "site_templates"],
    ]
    if npm := shutil.which("npm"):
        _install_script_tools(npm)
        checks.append([npm, "exec", "--", "biome", "ci"])
    else:
        print("Left out: the site's scripts, because there is no npm to check them with")
        if os.environ.get("CI"):
            return 1
    if code := _run_beside(checks):
        return code
    print("$ pytest", *words, flush=True)
    return _run("pytest", *PARALLEL, *words)


def _run_beside(commands: list[list[str]]) -> int:
    """Run commands at once, print one after the other, and give the first code that is not 0."""
    pipe, same = subprocess.PIPE, subprocess.STDOUT
    running = [subprocess.Popen(words, cwd=HERE, stdout=pipe, stderr=same) for words in commands]
    codes = []
    for words, process in zip(commands, running, strict=True):
        said = process.communicate()[0].decode(errors="replace")
        print("$", Path(words[0]).name, *words[1:], f"\n{said}", end="", flush=True)
        codes.append(process.returncode)
    return next((code for code in codes if code), 0)


def _install_script_tools(npm: str) -> None:
    # Exact versions stand in it; a lock file would add nothing but where they were fetched from.
    tools = HERE / "package.json"
    stamp = NODE_MODULES / ".installed"
    wanted = hashlib.sha256(tools.read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text(encoding="ascii") != wanted:
        _must(npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts")
        stamp.write_text(wanted, encoding="ascii")


def _unit(words: list[str]) -> int:
    return _run("pytest", *PARALLEL, "-m", "not slow", *words)


def _lowest(words: list[str]) -> int:
    """Run the tests against the floors in pyproject.toml, made anew so that none is forgotten.

    What a page looks like in a browser does not hang on them, so no browser is opened.
    """
    uv = str(SCRIPTS / "uv")
    _must(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(LOWEST))
    python = str(LOWEST / PROGRAMS / "python")
    pip = (uv, "pip", "install", "--quiet", "--python", python, "--resolution", "lowest-direct")
    _must(*pip, "-e", f".{EXTRAS['lowest']}")
    tests = (python, "-m", "pytest", *PARALLEL, "-m", "not browser", *words)
    return subprocess.run(tests, cwd=HERE, check=False).returncode


def _install(extras: str) -> None:
    """Bring `.venv` up to date, and do nothing when it is."""
    stamp = VENV / f"installed-{extras.strip('[]').replace(',', '-')}"
    wanted = _fingerprint()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return
    if not (VENV / "pyvenv.cfg").is_file():
        print("Making .venv ...", flush=True)
        venv.create(VENV, with_pip=True)
    print("Installing what the project needs into .venv (once) ...", flush=True)
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _must(str(SCRIPTS / "python"), *pip, "-c", "constraints.txt", "-e", f".{extras}")
    stamp.write_text(wanted, encoding="ascii")


def _fetch_suites() -> None:
    """Bring the source distributions whose test data some tests read."""
    stamp = SUITES / "complete"
    if stamp.is_file() and stamp.read_text(encoding="ascii") == " ".join(SUITE_PACKAGES):
        return
    print("Fetching test suites that others wrote (once) ...", flush=True)
    pip = ("-m", "pip", "download", "--quiet", "--disable-pip-version-check")
    sources = ("--no-deps", "--no-binary", ":all:", "--dest", str(SUITES))
    _must(str(SCRIPTS / "python"), *pip, *sources, *SUITE_PACKAGES)
    stamp.write_text(" ".join(SUITE_PACKAGES), encoding="ascii")


def _fetch_schema() -> None:
    """Bring GitHub's GraphQL schema; where npm cannot, the tests that need it are skipped."""
    if SCHEMA.is_file():
        return
    npm = shutil.which("npm")
    if npm is None:
        print("npm is not installed: tests that need GitHub's GraphQL schema are skipped.")
        return
    print("Fetching GitHub's GraphQL schema (once) ...", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        packing = (npm, "pack", "--silent", "--pack-destination", folder, SCHEMA_PACKAGE)
        if subprocess.run(packing, cwd=folder, check=False, stdout=subprocess.DEVNULL).returncode:
            print("npm cannot fetch it: tests that need GitHub's GraphQL schema are skipped.")
            return
        (packed,) = Path(folder).glob("*.tgz")
        with tarfile.open(packed) as archive:
            member = archive.extractfile("package/schema.graphql")
            content = member.read() if member else b""
    if hashlib.sha256(content).hexdigest() != SCHEMA_SHA256:
        sys.exit(f"{SCHEMA_PACKAGE} does not hold the schema that was written down in develop.py.")
    SCHEMA.parent.mkdir(parents=True, exist_ok=True)
    SCHEMA.write_bytes(content)


def _fingerprint() -> str:
    parts = [(HERE / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _run(program: str, *words: str) -> int:
    return subprocess.run([str(SCRIPTS / program), *words], cwd=HERE, check=False).returncode


def _must(*words: str) -> None:
    if code := subprocess.run(words, cwd=HERE, check=False).returncode:
        sys.exit(code)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
