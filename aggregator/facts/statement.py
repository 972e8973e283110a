"""What files of a repository say of the project, and how its package describes itself.

Facts like those in `repository`, which holds them. `github.statements` reads CITATION.cff,
codemeta.json and publiccode.yml; `github.packages` reads DESCRIPTION, pyproject.toml, setup.cfg and
package.json.
"""

from datetime import date

from aggregator.facts.base import Fact, WebAddress, fact


class Identifier(Fact):
    """A number under which a file says that the project is found, usually a DOI, as written."""

    value: str = fact("The number.", read_by="catalogue", default=...)
    note: str | None = fact("What the file says that this number is of.", read_by="catalogue")


class Author(Fact):
    """Somebody whom a file names as an author: a person in parts, or a whole name as it stands."""

    family: str | None = fact("The family name.", read_by="site")
    given: str | None = fact("The given names.", read_by="site")
    particle: str | None = fact('What stands before the family name: "van der".', read_by="site")
    suffix: str | None = fact('What stands after the name: "Jr.".', read_by="site")
    whole: str | None = fact(
        "The name of a body, or that of a person which the file does not take apart.",
        read_by="site",
    )


class Publication(Fact):
    """What the authors of a project ask to be cited in its place, often a paper."""

    title: str = fact("What it is called.", read_by="catalogue", default=...)
    kind: str | None = fact('What it is: "article", "book".', read_by="catalogue")
    people: tuple[Author, ...] = fact("Who wrote it.", read_by="catalogue", default=())
    container: str | None = fact("The journal or the book that it is in.", read_by="catalogue")
    publisher: str | None = fact("Who published it.", read_by="catalogue")
    volume: str | None = fact("The volume.", read_by="catalogue")
    issue: str | None = fact("The issue.", read_by="catalogue")
    start: str | None = fact("Its first page.", read_by="catalogue")
    end: str | None = fact("Its last page.", read_by="catalogue")
    year: int | None = fact("The year in which it came out.", read_by="catalogue")
    doi: str | None = fact("Its DOI.", read_by="catalogue")
    url: WebAddress | None = fact("Where to read it.", read_by="catalogue")


class Statement(Fact):
    """What a file in the repository says about the project (CITATION.cff and its kin).

    Everything is kept as it is written; what it means is judged anew at every build.
    """

    path: str = fact("The file that says so.", read_by="catalogue", default=...)
    kind: str | None = fact('What the file describes: "software", "dataset".', read_by="catalogue")
    title: str | None = fact("What to call the project.", read_by="catalogue")
    description: str | None = fact("What it does.", read_by="catalogue")
    licence: str | None = fact("The licence, or the first of several.", read_by="catalogue")
    licences: tuple[str, ...] = fact(
        "All licences, where there are several.", read_by="catalogue", default=()
    )
    homepage: WebAddress | None = fact("Its website.", read_by="catalogue")
    version: str | None = fact("Its version.", read_by="catalogue")
    doi: str | None = fact("Its DOI.", read_by="catalogue")
    identifiers: tuple[Identifier, ...] = fact(
        "Numbers under which it is found.", read_by="catalogue", default=()
    )
    status: str | None = fact(
        "How far it is, in the words of publiccode.yml or codemeta.json.",
        read_by="site",
    )
    released_on: date | None = fact("The day of this version.", read_by="catalogue")
    keywords: tuple[str, ...] = fact(
        "What it is about.", kept="searched as the project's own words", default=()
    )
    authors: tuple[str, ...] = fact("Who made it.", read_by="catalogue", default=())
    people: tuple[Author, ...] = fact(
        "The same authors, with the parts of their names.", read_by="catalogue", default=()
    )
    preferred: Publication | None = fact(
        "What to cite in place of the project.", read_by="catalogue"
    )


class Package(Fact):
    """What the file from which a package is made says of that package, as it is written.

    The package need not be the project: such files are copied, or are of a part of it.
    """

    path: str = fact("The file that says so.", read_by="catalogue", default=...)
    name: str | None = fact("What the package is called.", read_by="catalogue")
    title: str | None = fact(
        "What it is in a line, where there is one beside the description.", read_by="catalogue"
    )
    description: str | None = fact("What it does.", read_by="catalogue")
