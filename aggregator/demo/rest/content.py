"""Endpoints for files: README, licence, contents, blobs and trees."""

import base64
import html
from typing import Any
from urllib.parse import quote

import cmarkgfm

from aggregator.demo import refusals
from aggregator.demo.community_files import community_file, conduct_of
from aggregator.demo.gitobjects import Blob, Entry, Tree
from aggregator.demo.messages import Response, json_response
from aggregator.demo.model import Repository
from aggregator.demo.rest import bodies
from aggregator.demo.rest.call import Call

INLINE_LIMIT = 1_000_000
LARGEST_FILE = 100_000_000
_KINDS = {"040000": "dir", "120000": "symlink", "100644": "file"}
MARKDOWN = (".md", ".markdown", ".mdown", ".mkdn")


def readme(call: Call, item: Repository) -> Response:
    """Answer with the README as metadata, as raw bytes or as GitHub-rendered HTML."""
    path = item.readme_path or item.tree.readme_path
    return refusals.not_found() if path is None else _file(call, item, path)


def licence(call: Call, item: Repository) -> Response:
    """Answer with the licence file and what GitHub recognises in it."""
    path = community_file(item, "LICENSE") or community_file(item, "LICENCE")
    blob = item.tree.find(path) if path else None
    if not isinstance(blob, Blob) or path is None or item.licence is None:
        return refusals.not_found()
    body = {**_file_body(call, item, path, blob), "license": bodies.licence(call, item.licence)}
    return json_response(200, body)


def contents(call: Call, item: Repository, path: str = "") -> Response:
    """Answer with a file, or with the list of a folder."""
    node = item.tree.find(path)
    if node is None or item.empty:
        return refusals.refuse(404, "This repository is empty." if item.empty else "Not Found")
    if isinstance(node, Blob):
        return _file(call, item, path)
    return json_response(200, [_entry_body(call, item, entry) for entry in node.entries])


def blob(call: Call, item: Repository, sha: str) -> Response:
    """Answer with a blob by its object id."""
    found = next((e.node for e in item.tree.walk() if e.node.oid == sha), None)
    if not isinstance(found, Blob):
        return refusals.not_found()
    if "raw" in call.request.accept:
        return _raw(found)
    body = {
        "sha": sha,
        "node_id": f"B_{item.id}_{sha[:12]}",
        "size": len(found.content),
        "url": call.api("repos", item.full_name, "git/blobs", sha),
        "content": _base64(found.content),
        "encoding": "base64",
    }
    return json_response(200, body)


def tree(call: Call, item: Repository, sha: str) -> Response:
    """Answer with a tree by branch, commit or object id; `recursive` lists everything below."""
    if item.empty:
        return refusals.refuse(409, "Git Repository is empty.")
    found = _tree_of(item, sha)
    if found is None:
        return refusals.not_found()
    entries = list(found.walk()) if call.option("recursive") else list(found.entries)
    body = {
        "sha": found.oid,
        "url": call.api("repos", item.full_name, "git/trees", found.oid),
        "tree": [_tree_line(call, item, found, entry) for entry in entries],
        "truncated": False,
    }
    return json_response(200, body)


def _tree_of(item: Repository, sha: str) -> Tree | None:
    head = item.head.oid if item.head else None
    if sha in ("HEAD", item.default_branch, head, item.tree.oid):
        return item.tree
    folders = (e.node for e in item.tree.walk() if isinstance(e.node, Tree))
    return next((folder for folder in folders if folder.oid == sha), None)


def _tree_line(call: Call, item: Repository, top: Tree, entry: Entry) -> dict[str, Any]:
    oid = entry.node.oid
    line: dict[str, Any] = {
        "path": entry.path.removeprefix(top.prefix),
        "mode": entry.mode,
        "type": entry.kind,
        "sha": oid,
        "url": call.api("repos", item.full_name, f"git/{entry.kind}s", oid),
    }
    return line if entry.kind == "tree" else {**line, "size": entry.size}


def community_profile(call: Call, item: Repository) -> Response:
    """Answer with the community files that GitHub found."""
    conduct, found = conduct_of(item), {}
    for name, stem in (
        ("contributing", "CONTRIBUTING"),
        ("issue_template", "ISSUE_TEMPLATE"),
        ("pull_request_template", "PULL_REQUEST_TEMPLATE"),
    ):
        path = community_file(item, stem)
        found[name] = _place(call, item, path) if path else None
    readme_path = item.readme_path or item.tree.readme_path
    files: dict[str, Any] = {
        **found,
        "code_of_conduct": _conduct(call, item, conduct) if conduct else None,
        "code_of_conduct_file": _place(call, item, conduct[0]) if conduct else None,
        "license": bodies.licence(call, item.licence),
        "readme": _place(call, item, readme_path) if readme_path else None,
    }
    present = [item.description, *(value for name, value in files.items())]
    body = {
        "health_percentage": round(100 * sum(map(bool, present)) / len(present)),
        "description": item.description,
        "documentation": item.homepage,
        "files": files,
        "updated_at": item.updated_at,
        "content_reports_enabled": False,
    }
    return json_response(200, body)


def _conduct(call: Call, item: Repository, conduct: tuple[str, str, str]) -> dict[str, str]:
    path, key, name = conduct
    return {
        "key": key,
        "name": name,
        "url": call.api("codes_of_conduct", key),
        "html_url": _place(call, item, path)["html_url"],
    }


def _place(call: Call, item: Repository, path: str) -> dict[str, str]:
    return {
        "url": call.api("repos", item.full_name, "contents", quote(path)),
        "html_url": call.web(item.full_name, "blob", item.default_branch, quote(path)),
    }


def _file(call: Call, item: Repository, path: str) -> Response:
    path = item.tree.follow(path)  # docs.github.com, "Get repository content": links are followed
    found = item.tree.find(path)
    if not isinstance(found, Blob):
        return refusals.not_found()
    accept = call.request.accept
    if "raw" in accept:
        return _raw(found)
    if "html" in accept:
        page = rendered(path, found).encode()
        return Response(
            200, page, (("content-type", "application/vnd.github.html; charset=utf-8"),)
        )
    return json_response(200, _file_body(call, item, path, found))


def _raw(found: Blob) -> Response:
    kind = ("content-type", "application/vnd.github.raw; charset=utf-8")
    if len(found.content) > LARGEST_FILE:
        return refusals.refuse(403, "This API returns blobs up to 100 MB in size.")
    return Response(200, found.content, (kind,))


def rendered(path: str, found: Blob) -> str:
    """Render a file as HTML: Markdown as Markdown, every other format as escaped text."""
    text = found.text or ""
    if path.lower().endswith(MARKDOWN):
        inner = cmarkgfm.github_flavored_markdown_to_html(text)
    else:
        inner = f"<pre>{html.escape(text)}</pre>"
    return f'<div id="file" class="md"><article class="markdown-body">{inner}</article></div>'


def _file_body(call: Call, item: Repository, path: str, found: Blob) -> dict[str, Any]:
    inline = len(found.content) <= INLINE_LIMIT
    name = path.rpartition("/")[2]
    return {
        **_address(call, item, path, "blob", found.oid),
        "name": name,
        "type": "file",
        "size": len(found.content),
        "content": _base64(found.content) if inline else "",
        "encoding": "base64" if inline else "none",
    }


def _entry_body(call: Call, item: Repository, entry: Entry) -> dict[str, Any]:
    return {
        **_address(call, item, entry.path, entry.kind, entry.node.oid),
        "name": entry.name,
        "type": _KINDS[entry.mode],
        "size": entry.size,
    }


def _address(call: Call, item: Repository, path: str, kind: str, oid: str) -> dict[str, Any]:
    where = quote(path)
    url = call.api("repos", item.full_name, f"contents/{where}?ref={item.default_branch}")
    git = call.api("repos", item.full_name, f"git/{kind}s", oid)
    web = call.web(item.full_name, kind, item.default_branch, where)
    raw = f"https://raw.githubusercontent.com/{item.full_name}/{item.default_branch}/{where}"
    return {
        "path": path,
        "sha": oid,
        "url": url,
        "html_url": web,
        "git_url": git,
        "download_url": raw if kind == "blob" else None,
        "_links": {"self": url, "git": git, "html": web},
    }


def _base64(content: bytes) -> str:
    """Write base64 in lines of 60 characters, as GitHub does."""
    text = base64.b64encode(content).decode()
    return "".join(f"{text[i : i + 60]}\n" for i in range(0, len(text), 60))
