"""Names are standard terms, docstrings are sentences, and a public name has one meaning."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import jinja2
from jinja2 import nodes

ROOT = Path(__file__).parents[2]
BANNED_WORDS_FILE = Path(__file__).parent / "banned_words.txt"
#: Part of an identifier: of `parseEDTF_text`, "parse", "EDTF" and "text".
PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
#: Comments and strings of scripts and style sheets.
NOT_CODE = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:[^\"\\\n]|\\.)*\"", re.DOTALL)
STYLE_NAME = re.compile(r"[.#]([a-z][\w-]*)(?=[^{}]*\{)")
#: Not after a dot or before a colon: names of properties may come from an API.
SCRIPT_NAME = re.compile(r"(?<![\w$.-])([A-Za-z_$][\w$]*)(?![\w$]|:)")
#: Migrations are never changed.
EXCLUDED = "biobank/store/migrations/"


class Definition(NamedTuple):
    """An identifier at the place that defines it."""

    file: str
    line: int
    name: str


class Banned(NamedTuple):
    """The words of banned_words.txt; `parts` are surrounded by underscores."""

    names: frozenset[str]
    parts: tuple[str, ...]
    exempt: frozenset[str]


def banned_word(name: str, banned: Banned) -> str | None:
    """Return the banned word that `name` is or contains."""
    if name in banned.exempt or name.startswith("test_"):
        return None
    normalized = "_".join(PART.findall(name)).lower()
    if normalized in banned.names:
        return normalized
    return next((part.strip("_") for part in banned.parts if part in f"_{normalized}_"), None)


def load_banned() -> Banned:
    lines = BANNED_WORDS_FILE.read_text("utf-8").splitlines()
    words = [line.split() for line in lines if line and not line.startswith("#")]
    return Banned(
        names=frozenset(word[1] for word in words if word[0] == "="),
        parts=tuple(f"_{word[0]}_" for word in words if len(word) == 1),
        exempt=frozenset(word[1] for word in words if word[0] == "!"),
    )


def definitions(file: str, tree: ast.Module) -> Iterator[Definition]:
    """Yield every identifier that a module defines, and the module itself."""
    yield Definition(file, 1, Path(file).stem)
    for node in ast.walk(tree):
        for name in _defined_names(node):
            yield Definition(file, getattr(node, "lineno", 1), name)


def _defined_names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name
        case ast.arg(arg=name) | ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)):
            yield name
        case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
            yield name
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case _:
            return


@cache
def modules(folder: str) -> dict[str, ast.Module]:
    """Return the parsed modules under `folder` by their path in the repository."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    names = (path.relative_to(ROOT).as_posix() for path in paths)
    return {
        name: ast.parse((ROOT / name).read_text("utf-8")) for name in names if not name.startswith(EXCLUDED)
    }


def test_no_identifier_has_a_banned_word() -> None:
    banned = load_banned()
    offenders = {
        f"{item.file}:{item.line}: {item.name} ({word})"
        for folder in ("biobank", "tests", "benchmarks", "frontend")
        for file, tree in modules(folder).items()
        for item in definitions(file, tree)
        if (word := banned_word(item.name, banned))
    }
    assert not offenders, "\n" + "\n".join(sorted(offenders))


def test_no_class_id_or_script_identifier_has_a_banned_word() -> None:
    banned = load_banned()
    offenders = {
        f"{item.file}:{item.line}: {item.name} ({word})"
        for path in sorted((ROOT / "frontend/src").rglob("*.*s"))
        for item in _frontend_names(path)
        for part in item.name.split("-")
        if (word := banned_word(part, banned))
    }
    assert not offenders, "\n" + "\n".join(sorted(offenders))


def _frontend_names(path: Path) -> Iterator[Definition]:
    """Yield the classes and ids of a style sheet, or the identifiers of a script except properties."""
    pattern = STYLE_NAME if path.suffix == ".css" else SCRIPT_NAME
    file = path.relative_to(ROOT).as_posix()
    text = NOT_CODE.sub(lambda match: "\n" * match[0].count("\n"), path.read_text("utf-8"))
    for line, code in enumerate(text.splitlines(), 1):
        for match in pattern.finditer(code):
            yield Definition(file, line, match[1])


def test_no_name_in_a_template_has_a_banned_word() -> None:
    banned = load_banned()
    offenders = {
        f"{item.file}:{item.line}: {item.name} ({word})"
        for path in sorted((ROOT / "biobank/templates").rglob("*.html"))
        for item in _template_names(path)
        if (word := banned_word(item.name, banned))
    }
    assert not offenders, "\n" + "\n".join(sorted(offenders))


def _template_names(path: Path) -> Iterator[Definition]:
    """Yield the variables, macros, blocks and attributes that a template defines or reads.

    Keywords are not among them: those of macros are read as parameters, those of `url_for` belong to URLs.
    """
    file = path.relative_to(ROOT).as_posix()
    tree = jinja2.Environment(extensions=["jinja2.ext.i18n"]).parse(path.read_text("utf-8"))
    for node in tree.find_all(nodes.Node):
        for name in _node_names(node):
            yield Definition(file, node.lineno, name)


def _node_names(node: nodes.Node) -> Iterator[str]:
    match node:
        case nodes.Name(name=name) | nodes.Macro(name=name) | nodes.Block(name=name):
            yield name
        case nodes.Getattr(attr=name) | nodes.NSRef(attr=name) | nodes.Import(target=name):
            yield name
        case nodes.FromImport(names=names):
            yield from (name if isinstance(name, str) else name[1] for name in names)
        case nodes.Pair(key=nodes.Const(value=str(name))):
            yield name
        case _:
            return


def test_public_docstrings_are_sentences() -> None:
    offenders = [
        f"{file}:{line}: {summary}"
        for file, tree in modules("biobank").items()
        for line, summary in _public_summaries(tree)
        if not re.fullmatch(r"[^a-z\s].*[.:]", summary, re.DOTALL)
    ]
    assert not offenders, "\n" + "\n".join(offenders)


def _public_summaries(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and the first paragraph of every public docstring."""
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    for node in ast.walk(tree):
        if isinstance(node, kinds) and not getattr(node, "name", "").startswith("_"):
            docstring = ast.get_docstring(node)
            if docstring:
                yield getattr(node, "lineno", 1), docstring.partition("\n\n")[0]


def test_public_classes_and_constants_have_one_meaning() -> None:
    places = defaultdict(list)
    for file, tree in modules("biobank").items():
        for name, line in _public_names(tree):
            places[name].append(f"{file}:{line}")
    exempt = load_banned().exempt
    offenders = [
        f"{name}: {', '.join(where)}"
        for name, where in places.items()
        if len(where) > 1 and name not in exempt
    ]
    assert not offenders, "\n" + "\n".join(sorted(offenders))


def _public_names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the public classes and constants of a module with their lines."""
    for node in tree.body:
        targets: list[ast.expr] = []
        match node:
            case ast.ClassDef(name=name, lineno=line) if not name.startswith("_"):
                yield name, line
            case ast.Assign(targets=targets):
                pass
            case ast.AnnAssign(target=target):
                targets = [target]
        for target in targets:
            for item in ast.walk(target):
                if isinstance(item, ast.Name) and re.fullmatch(r"[A-Z][A-Z0-9_]+", item.id):
                    yield item.id, node.lineno
