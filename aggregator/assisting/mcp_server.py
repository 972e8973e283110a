"""The server of the Model Context Protocol: three tools that read, and change nothing.

Needs the extra `mcp`, the protocol's own SDK (https://modelcontextprotocol.io); `cli` imports this
module only when somebody starts the server. What is answered is made in `assistant_answers`.
"""

from collections.abc import Callable
from typing import Annotated, TypeVar

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from aggregator import __version__
from aggregator.assisting.assistant_answers import (
    LONGEST_ASKED,
    MOST_COMPARED,
    MOST_FOUND,
    NOTE,
    ComparisonAnswer,
    ProjectAnswer,
    SearchAnswer,
    found_projects,
    one_project,
    side_by_side,
)
from aggregator.assisting.fresh_catalogue import FreshCatalogue, Kept
from aggregator.words.errors import AggregatorError

_Answered = TypeVar("_Answered")

INSTRUCTIONS = (
    "Answers from a showcase of projects on GitHub that members of a community list. Search first; "
    "then ask for a project by its owner/name, or compare some. Say since when a fact is known "
    "(`confirmed_at`), and give the page. " + NOTE
)
_READS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_NAMES = "As owner/name, or the address on GitHub."


def server_of(fresh: FreshCatalogue) -> MCPServer[None]:
    """Make the server for a catalogue; `run()` answers on the standard input and output."""
    server: MCPServer[None] = MCPServer(
        "aggregator", version=__version__, instructions=INSTRUCTIONS, log_level="WARNING"
    )

    @server.tool(title="Search projects", annotations=_READS)
    def search(
        words: Annotated[str, Field(max_length=LONGEST_ASKED, description="What to look for.")],
        limit: Annotated[int, Field(ge=1, le=MOST_FOUND, description="Most to tell of.")] = 10,
    ) -> SearchAnswer:
        """Search the projects as the site does: words, "phrases", -without, language:r."""
        return _answer(
            fresh, lambda kept: found_projects(kept.catalogue, words, limit, kept.notice)
        )

    @server.tool(title="One project", annotations=_READS)
    def project(
        repo: Annotated[str, Field(max_length=LONGEST_ASKED, description=_NAMES)],
    ) -> ProjectAnswer:
        """Tell what is known of one project, since when, and in whose words."""
        return _answer(fresh, lambda kept: one_project(kept.catalogue, repo, kept.notice))

    @server.tool(title="Compare projects", annotations=_READS)
    def compare(
        repos: Annotated[
            list[Annotated[str, Field(max_length=LONGEST_ASKED)]],
            Field(min_length=2, max_length=MOST_COMPARED, description=_NAMES),
        ],
    ) -> ComparisonAnswer:
        """Tell of some projects side by side, and in what they differ."""
        return _answer(fresh, lambda kept: side_by_side(kept.catalogue, repos, kept.notice))

    return server


def _answer(fresh: FreshCatalogue, answering: Callable[[Kept], _Answered]) -> _Answered:
    """Answer, or say what went wrong as the protocol wants it: as an answer that is an error."""
    try:
        return fresh.use(answering)
    except AggregatorError as error:
        raise ToolError(str(error)) from error
