"""What all facts are made from: a frozen model, and texts that are checked wherever they enter."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from aggregator.words.addresses import is_web_address
from aggregator.words.names import is_repo_name


def _repo_name(text: str) -> str:
    if not is_repo_name(text):
        raise ValueError("not owner/name")
    return text


def _web_address(text: str) -> str:
    if not is_web_address(text):
        raise ValueError("not an http or https address")
    return text


RepoName = Annotated[str, AfterValidator(_repo_name)]
WebAddress = Annotated[str, AfterValidator(_web_address)]


class Fact(BaseModel):
    """Base of everything that is stored: frozen, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
