"""A catalogue that was opened: the shape of catalogue.json, with records, data frames and an index.

Where it comes from is decided in `open_data`; what its fields mean is declared in `export_models`.
Nothing is read or written here.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import PrivateAttr

from aggregator.github.download import FileStamp
from aggregator.searching.build import index_files
from aggregator.searching.columns import Corpus, read_corpus
from aggregator.searching.document import Document
from aggregator.searching.index import Index
from aggregator.site.data.database import project_columns
from aggregator.site.data.export_models import ExportedCatalogue, ExportedProject
from aggregator.words.errors import UsageError


class OpenCatalogue(ExportedCatalogue):
    """Everything that a showcase lists, as it stood when it was published or last fetched.

    Typed and frozen. `projects` and `organisations` are in the order of the site; every time is in
    UTC and says when GitHub last confirmed something, never when it was read. None means that a
    fact is not known; 0 and () mean that GitHub was asked and answered so.
    """

    _indexing: Callable[[], Index] | None = PrivateAttr(default=None)

    _stamp: FileStamp = PrivateAttr(default_factory=FileStamp)

    @classmethod
    def of(cls, found: object, indexing: Callable[[], Index] | None = None) -> Self:
        """Check what was found field by field.

        Args:
            found: JSON of catalogue.json, by any version of this form.
            indexing: Gives the search index, when somebody searches.

        Raises:
            ValidationError: It makes no sense.
        """
        opened = cls.model_validate(found)
        opened._indexing = indexing
        return opened

    def stamped(self, stamp: FileStamp) -> Self:
        """Remember by what its server tells this version of it."""
        self._stamp = stamp
        return self

    @property
    def stamp(self) -> FileStamp:
        """By what its server tells this version of it; an empty one where no server does."""
        return self._stamp

    def __getstate__(self) -> dict[Any, Any]:
        """Leave the index behind: a copy in another process reads what it needs of it anew."""
        state = super().__getstate__()
        own = {name: v for name, v in state["__dict__"].items() if name != "search_index"}
        return {**state, "__dict__": own}

    @cached_property
    def search_index(self) -> Index:
        """What `search` looks in: the index of the site, or else one of these fields alone."""
        return (
            self._indexing()
            if self._indexing
            else index_of(read_corpus(map(_document, self.projects)))
        )

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary for each project, all with the same keys.

        Blocks are spread: `counts.open_issues` is under `counts_open_issues`, as in the view
        `projects` of catalogue.db. Moments are aware datetimes in UTC, days are dates, counts are
        whole numbers, lists are lists; what is not known is None.
        """
        places = {name: place.split(".")[1:] for name, place in project_columns().items()}
        dumped = [project.model_dump() for project in self.projects]
        return [{name: _plain(_at(d, steps)) for name, steps in places.items()} for d in dumped]

    def to_frame(self, library: Literal["pandas", "polars"] | None = None) -> Any:
        """Give a data frame with a row for each project and the columns of `to_records`.

        Args:
            library: Which one to use; None takes pandas, or else polars, whichever is installed.

        Raises:
            UsageError: None of them is installed, or it is another library.
        """
        if library not in (None, "pandas", "polars"):
            raise UsageError(f"there is no data frame of {library!r}", "", "take pandas or polars")
        columns = list(project_columns())
        records = self.to_records()
        for name in (library,) if library else ("pandas", "polars"):
            try:
                frames = __import__(name)
            except ModuleNotFoundError:
                continue
            if name == "polars":
                # Columns are told by all rows: in the first hundred of one may only be None.
                return frames.DataFrame(records, columns, infer_schema_length=None, strict=False)
            return frames.DataFrame.from_records(records, columns=columns)
        missing = f"{library} is not" if library else "neither pandas nor polars is"
        cure = f"pip install {library or 'pandas'}, or use to_records()"
        raise UsageError("a data frame needs a library", f"{missing} installed", cure)


def index_of(corpus: Corpus) -> Index:
    """Give the index of a corpus as a built site would hold it."""
    return Index(dict(index_files(corpus)).__getitem__)


def _at(dumped: Mapping[str, Any], steps: list[str]) -> Any:
    found: Any = dumped
    for step in steps:
        found = found[step] if found is not None else None
    return found


def _plain(value: Any) -> Any:
    """Give a value of a record: lists for tuples, text for words of a fixed choice."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


def _document(project: ExportedProject) -> Document:
    """Describe a project by what is listed of it, for a catalogue without an index beside it."""
    return Document(
        key=project.repo,
        title=project.title,
        summary=project.summary or "",
        tags=project.tags,
        does=project.does,
        topics=project.topics,
        organisation=project.organisation_name or "",
        organisation_slug=project.organisation or "",
        kind=project.organisation_kind or "",
        people=project.people,
        language=project.language or "",
        languages=project.languages,
        formats=project.formats,
        licence=project.licence or "",
        stage=project.stage or "",
        activity=project.activity.value,
        url=project.page,
    )
