"""Options that several commands share, said once."""

from pathlib import Path
from typing import Annotated

import typer

RegistryOption = Annotated[
    Path, typer.Option("--registry", help="The file in which members list their projects.")
]
StateOption = Annotated[
    Path, typer.Option("--state", help="The folder that remembers what GitHub last said.")
]
OutputOption = Annotated[
    Path, typer.Option("--output", help="The folder that the site is written to.")
]
TemplatesOption = Annotated[
    Path | None,
    typer.Option("--templates", help="A folder of templates that come before the built-in ones."),
]
TimeBudgetOption = Annotated[
    float,
    typer.Option(
        "--time-budget", min=1, help="Seconds that asking GitHub may take; the rest waits."
    ),
]
PortOption = Annotated[
    int, typer.Option("--port", min=0, max=65535, help="The port to serve on; 0 takes a free one.")
]

ReportOption = Annotated[
    Path | None, typer.Option("--report", help="Also write the report of the run as JSON.")
]
AcceptOption = Annotated[
    bool,
    typer.Option("--accept-losses", help="Go on although many projects vanished: it is meant."),
]
AdoptOption = Annotated[
    bool,
    typer.Option("--adopt", help="Take over a memory that looks like another community's."),
]
CopyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--copy",
        metavar="PLACE",
        help="Another place to restore from: a folder or an address of catalogue.db; repeatable.",
    ),
]

REGISTRY = Path("registry.yaml")
STATE = Path(".aggregator")
OUTPUT = Path("output")
TIME_BUDGET = 600.0
