"""Code in colour: what each piece of a block is (a comment, a string, a prompt), as classes.

Pygments reads the code in the language that its fence names. The colours are in the style sheet,
one set for light and one for dark. Only pieces that have a colour become elements, and neighbours
of one kind become one. What is too long, or in a language that nobody knows, stays as it was.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from html import escape
from typing import Any

from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class, get_all_lexers
from pygments.token import Comment, Generic, Keyword, Literal, Name, Operator, Token
from turbohtml import Element

# A lexer's time may grow with the square of a line, and a page with each piece.
_LONGEST_BLOCK = 20_000  # characters
_LONGEST_LINE = 1_000
_MOST_CODE = 100_000  # characters of one README
_MOST_PIECES = 6_000  # of one README

_KINDS: dict[Any, str] = {
    Comment: "comment",
    Comment.Preproc: "keyword",
    Comment.PreprocFile: "string",
    Generic.Deleted: "removed",
    Generic.Heading: "name",
    Generic.Inserted: "added",
    Generic.Output: "output",
    Generic.Prompt: "prompt",
    Generic.Subheading: "name",
    Generic.Traceback: "output",
    Keyword: "keyword",
    Keyword.Constant: "number",
    Keyword.Type: "builtin",
    Literal.Date: "number",
    Literal.Number: "number",
    Literal.String: "string",
    Name.Attribute: "builtin",
    Name.Builtin: "builtin",
    Name.Class: "name",
    Name.Constant: "number",
    Name.Decorator: "builtin",
    Name.Entity: "number",
    Name.Exception: "builtin",
    Name.Function: "name",
    Name.Property: "builtin",
    Name.Tag: "keyword",
    Name.Variable: "builtin",
    Operator.Word: "keyword",
}
CODE_CLASSES = frozenset(f"code-{kind}" for kind in _KINDS.values())

# Names and endings that GitHub knows (linguist's languages.yml) and Pygments does not, by the name
# of Pygments for the same language, or for the one that it is written like.
_ALSO = """
    antlr: g4
    apacheconf: vhost
    applescript: osascript scpt
    bash: alpine-abuild bats envrc shell-script command zsh-theme just justfile
        earthly earthfile
    bat: batchfile
    bibtex: biblatex
    c: metal h.in c2hs upc unified-parallel-c xbm
    cmake: cmake.in
    console: shellsession sh-session console-session terminal cmd-session
    cpp: hip ispc inl tcc txx
    csharp: cake cakescript csx linq
    css: postcss sugarss
    django: nunjucks njk twig-html mustache j2 liquid-html
    docker: containerfile
    elixir: heex
    emacs-lisp: cask eask
    fortran: f77 for fpp f08 f95 fortran-free-form
    gherkin: story
    glsl: fsh vsh geom shaderlab gdshader
    go: gno templ go.mod gomod
    graphql: gql graphqls
    groovy: nextflow nf gvy gradle-groovy
    haml: haml.deface
    handlebars: htmlbars glimmer mustache hbs
    haskell: hs-boot hsc frege
    hcl: opentofu nomad tfvars tofu
    html: angular2html vue-html svelte astro ejs mdsvex marko hta xht blade edge razor
    hlsl: cginc fx fxh
    ini: conf cnf dotenv env editorconfig git-config gitconfig npmrc npm-config ssh-config
        wget-config curl-config systemd.unit
    java: apex jav processing pde
    javascript: node es6 mjs-script jsx-script gjs cjsx jake qt-script
    json: jsonc geojson topojson sarif avsc gltf har webmanifest tfstate code-workspace
    kotlin: ktm
    kusto: csl
    lua: rockspec nse
    makefile: mkfile
    markdown: pandoc mdown mdwn mkd mkdn rmarkdown quarto qmd rmd mdx
    mathematica: wolfram-language wlt
    nginx: nginxconf
    nim: nimble nims
    objective-c: objc++header
    pascal: dfm lpr oxygene
    perl: cperl psgi
    php: phpt ctp
    plpgsql: pgsql
    powershell: psd1
    properties: jar-manifest
    protobuf: protocol-buffer
    python: rusthon rpy gyp wsgi snakemake snakefile smk xonsh renpy starlark-python
        ipython ipython3
    rst: rest.txt rst.txt
    ruby: jruby macruby podspec builder jbuilder rbi rbs gemfile rakefile
    rust: ron slint
    s: rscript rhistory rsx
    scala: kojo sbt
    scheme: sld sps
    sparql: sparql-query
    sql: plsql ddl prc sqlpl db2 hiveql hql bigquery snowflake duckdb surrealql cql edgeql
    systemverilog: vh
    tcl: sdc xdc
    tex: bbx cbx dtx ltx sty
    text: plain-text fundamental plain none ascii
    toml: pip-lock pixi
    ts: cts mts gts
    tsx: typescriptreact
    vbnet: vba vb6
    vhdl: vhf vhi
    vim: vimrc nvim vim-script
    xml: ant axml csproj fsproj vbproj gpx kml nuspec pom props ui urdf xaml xib xliff xul plist
        owl collada dae maven-pom
    yaml: sublime-syntax cff citation cwl mkdocs conda oasv3-yaml oasv2-yaml miniyaml cylc
"""
_BY_NAME = {
    name: known
    for known, names in re.findall(r"^    (\S+): (.*(?:\n {8}.*)*)", _ALSO, re.MULTILINE)
    for name in names.split()
}
_SHELLS = frozenset({"bash", "sh", "shell", "zsh", "ksh", "console", "", "text"})
# What stands before a command that somebody typed: "$", "(venv) me@host:~/work$", "PS C:\>".
# A "#" alone begins a remark.
_PROMPT = re.compile(
    r"(?:\([\w.-]{1,40}\) ?)?(?:[\w.-]{1,40}@[\w.-]{1,60}[: ]?[\w.~/-]{0,80} ?[$#%]|[$%]|\u276f"
    r"|PS [^>\n]{0,100}>|[A-Z]:\\[^>\n]{0,100}>)[ \t]+(?=\S)"
)
_BEGINS_WITH_PROMPT = re.compile(rf"(?:[ \t]*(?:#.*)?\n)*[ \t]*(?:{_PROMPT.pattern})")
_MORE = re.compile(r"[ \t]*>[ \t]")


def colour_code(root: Element) -> None:
    """Mark what has a colour in the blocks of code of a README (`<pre lang="..."><code>`).

    Args:
        root: The README; its blocks still say their language.
    """
    characters, pieces = _MOST_CODE, _MOST_PIECES
    for block in root.find_all("pre"):
        code = block.find()
        if code is None or code.tag != "code" or code.find() is not None:
            continue
        text = code.text
        if len(text) > min(_LONGEST_BLOCK, characters):
            continue
        coloured = list(_coloured(text, name_of_language(block.attr("lang") or "")))
        marked = sum(kind is not None for kind, _ in coloured)
        # Nothing that was written may be lost, whatever a lexer makes of it.
        if 0 < marked <= pieces and "".join(part for _, part in coloured) == text:
            characters, pieces = characters - len(text), pieces - marked
            code.set_inner_html("".join(_element(*piece) for piece in coloured))


# Each fence is asked for it by three steps, and most say one of few.
@lru_cache(maxsize=500)
def name_of_language(written: str) -> str:
    """Give the name of a language out of a fence's info, such as `{r, echo=FALSE}`.

    Only the first word counts, as on GitHub.
    """
    first = re.split(r"[\s,;:{}]", written.strip().lstrip("{.= "), maxsplit=1)[0]
    return first.strip("{}.=").lower()


def _element(kind: str | None, text: str) -> str:
    written = escape(text, quote=False)
    return f'<span class="code-{kind}">{written}</span>' if kind else written


def _coloured(text: str, language: str) -> Iterator[tuple[str | None, str]]:
    """Give the pieces of a text, each with its kind; one piece where no colour is known."""
    if max(map(len, text.split("\n"))) > _LONGEST_LINE:
        return iter([(None, text)])
    if language in _SHELLS or _lexer_name(language) in _SHELLS:
        if _BEGINS_WITH_PROMPT.match(text):
            return _joined(_session(text))
        language = "bash" if _lexer_name(language) in _SHELLS - {"", "text"} else ""
    lexer = _lexer_of(language)
    return _joined(_pieces(lexer, text)) if lexer else iter([(None, text)])


def _joined(pieces: Iterable[tuple[str | None, str]]) -> Iterator[tuple[str | None, str]]:
    """Put neighbours of one kind together, blanks between them too."""
    before, text, blank = None, "", ""
    for kind, part in pieces:
        if kind is None and part.isspace():
            blank += part
        elif kind == before:
            text, blank = text + blank + part, ""
        else:
            if text:
                yield before, text
            if blank and kind is not None:
                yield None, blank
                blank = ""
            before, text, blank = kind, blank + part, ""
    if text:
        yield before, text
    if blank:
        yield None, blank


def _pieces(lexer: Lexer, text: str) -> Iterator[tuple[str | None, str]]:
    for token, value in lexer.get_tokens(text):
        yield _kind(token), value


def _session(text: str) -> Iterator[tuple[str | None, str]]:
    """Read what was typed at a prompt and what came of it."""
    bash = _lexer_of("bash")
    goes_on = False
    for line in text.splitlines(keepends=True):
        prompt = _MORE.match(line) if goes_on else _PROMPT.match(line.lstrip(" \t"))
        if prompt or goes_on:
            indent = "" if goes_on else line[: len(line) - len(line.lstrip(" \t"))]
            typed = line[len(indent) + prompt.end() :] if prompt else line
            yield "prompt", indent + (prompt[0] if prompt else "")
            if bash is not None:
                yield from _pieces(bash, typed)
            goes_on = typed.rstrip().endswith("\\")
        elif line.lstrip().startswith("#"):
            yield "comment", line
        else:
            yield "output", line


@cache
def _kind(token: Any) -> str | None:
    while token is not Token:
        if token in _KINDS:
            return _KINDS[token]
        token = token.parent
    return None


def _lexer_name(language: str) -> str:
    return str(_BY_NAME.get(language, language))


@lru_cache(maxsize=100)
def _lexer_of(language: str) -> Lexer | None:
    """Find who reads a language, by its name or by the ending of its files."""
    name = _known_names().get(_lexer_name(language))
    if name is None:
        return None
    # PHP is mostly shown without the mark that begins it.
    return find_lexer_class(name)(stripnl=False, ensurenl=False, startinline=True)


@cache
def _known_names() -> dict[str, str]:
    """List what Pygments knows, by the names and then by the endings of its languages."""
    known = [lexer for lexer in get_all_lexers(plugins=False) if lexer[0] != "Text only"]
    endings = {
        file[2:].lower(): name
        for name, _, files, _ in reversed(known)
        for file in files
        if file.startswith("*.")
    }
    return endings | {alias.lower(): name for name, aliases, *_ in known for alias in aliases}
