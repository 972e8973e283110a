"""Write a changed registry file: whole or not at all, with the line ends it had."""

import codecs
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from aggregator.errors import RegistryError
from aggregator.registry.text import decode, read_source


def rewrite(path: Path, edit: Callable[[str], str]) -> None:
    """Replace a file by an edited copy.

    Args:
        path: A file of the registry.
        edit: Takes its text, with plain line ends, and gives the new one.

    Raises:
        RegistryError: The file cannot be read or written, or `edit` refuses.
    """
    read_source(path)  # refuses what is absent or too large, in words
    content = path.read_bytes()
    if content[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        cure = "save it as UTF-8 in your editor first"
        raise RegistryError(path.as_posix(), "it is saved as UTF-16", cure)
    text = edit(decode(content))
    if b"\r\n" in content:
        text = text.replace("\n", "\r\n")
    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    _replace(path, mark + text.encode())


def _replace(path: Path, content: bytes) -> None:
    target = path.resolve()
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as stream:
            stream.write(content)
        temporary = Path(stream.name)
        temporary.chmod(target.stat().st_mode)
        os.replace(temporary, target)  # noqa: PTH105 - the one call that is atomic everywhere
    except OSError as error:
        cause = f"it cannot be written ({error.strerror})"
        raise RegistryError(path.as_posix(), cause, "check who may write there") from None
