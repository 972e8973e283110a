"""What all facts are made from: a frozen model, and texts that are checked wherever they enter."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

_NAME = re.compile(r"[\w-]+/(?!\.{1,2}\Z)[\w.-]+", re.ASCII)
# Without a user or a password before the host: what is published names no account.
_WEB = re.compile(r"https?://[^\s/?#@]+(?:[/?#]\S*)?", re.IGNORECASE)


def is_repo_name(text: str) -> bool:
    """Tell whether a text is owner/name and nothing else, such as a way out of a folder."""
    return _NAME.fullmatch(text) is not None


def is_web_address(text: str) -> bool:
    """Tell whether a text is an http or https address that carries no password."""
    return _WEB.fullmatch(text) is not None


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
