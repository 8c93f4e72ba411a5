"""Calls that run text as code, commands, queries or objects are absent or take constants only."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Calls that run text as code or as a template.
CODE_CALLS = {"eval", "exec", "compile", "__import__", "render_template_string", "from_string"}
#: Calls that hand a text to a shell.
SHELL_CALLS = {"system", "popen", "getoutput", "getstatusoutput", "create_subprocess_shell"}
PROCESS_CALLS = {"run", "Popen", "call", "check_call", "check_output"}
SQL_CALLS = {"text", "exec_driver_sql", "DDL", "literal_column"}
#: Modules that create whatever object their input names.
OBJECT_LOADERS = {"pickle", "marshal", "shelve", "dill", "jsonpickle"}
#: Why a module may format a text that is no literal: the templates are constants of these modules.
TEMPLATES_OF_CONSTANTS = {
    "records/date_formatting.py": "grammar of a language",
    "records/date_grammar.py": "grammar of a language",
    "records/date_parser/parser.py": "notations of dates",
    "records/identifiers.py": "addresses of catalogues",
    "web/data/pages.py": "units of sizes",
    "web/data/permalinks.py": "paths of kinds of records",
    "widget/routes.py": "paths of pages",
}
#: Modules of cryptography that may be imported, and the functions of `hashlib`.
CRYPTOGRAPHY = {
    "cryptography.exceptions": {"InvalidTag"},
    "cryptography.hazmat.primitives.ciphers.aead": {"AESGCM"},
    "cryptography.hazmat.primitives.hashes": {"SHA256"},
    "cryptography.hazmat.primitives.kdf.hkdf": {"HKDF"},
    "cryptography.hazmat.primitives.kdf.scrypt": {"Scrypt"},
    "hashlib": {"sha256", "file_digest"},
    "hmac": {"compare_digest"},
}


@cache
def modules() -> dict[str, ast.Module]:
    """Return all modules of the package by path."""
    package = ROOT / "biobank"
    return {
        str(path.relative_to(package)): ast.parse(path.read_text("utf-8"))
        for path in sorted(package.rglob("*.py"))
        if "migrations" not in path.parts
    }


def calls() -> Iterator[tuple[str, str, str, ast.Call]]:
    """Yield path, object and name of each call: `re`, `compile` for `re.compile(…)`."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id=name)):
                    yield path, "", name, node
                case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)):
                    yield path, owner, name, node
                case ast.Call(func=ast.Attribute(attr=name)):
                    yield path, "…", name, node


def imports() -> Iterator[tuple[str, str, str]]:
    """Yield path, module and name of each import."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from ((path, alias.name, "") for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((path, node.module or "", alias.name) for alias in node.names)


def test_no_text_runs_as_code_or_template() -> None:
    run = [f"{path}:{call.lineno}" for path, owner, name, call in calls() if name in CODE_CALLS - {"compile"}]
    compiled = [
        f"{path}:{call.lineno}" for path, owner, name, call in calls() if (owner, name) == ("", "compile")
    ]
    assert run + compiled == []


def test_commands_run_without_a_shell() -> None:
    places = []
    for path, owner, name, call in calls():
        shell = [keyword for keyword in call.keywords if keyword.arg == "shell"]
        command = call.args[0] if owner == "subprocess" and name in PROCESS_CALLS and call.args else None
        if (
            (owner == "os" and name in SHELL_CALLS)
            or shell
            or isinstance(command, (ast.Constant, ast.JoinedStr))
        ):
            places.append(f"{path}:{call.lineno}")
    assert places == []


def test_sql_texts_are_constants() -> None:
    sqlalchemy = {path for path, module, name in imports() if (module, name) == ("sqlalchemy", "text")}
    places = []
    for path, owner, name, call in calls():
        takes_sql = name in SQL_CALLS - {"text"} or (name == "text" and not owner and path in sqlalchemy)
        if takes_sql and call.args and not _is_constant(call.args[0]):
            places.append(f"{path}:{call.lineno} {ast.unparse(call.args[0])}")
    assert places == []


def _is_constant(node: ast.expr) -> bool:
    """Return whether an expression is a literal, a constant, or a choice between such."""
    if isinstance(node, ast.IfExp):
        return _is_constant(node.body) and _is_constant(node.orelse)
    if isinstance(node, ast.JoinedStr):
        return all(_is_constant(part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return _is_constant(node.value)
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())


def test_no_loader_creates_any_object() -> None:
    allowed = {"search/whoosh_engine/restricted_pickle.py", "search/whoosh_engine/codec.py"}
    assert {path for path, module, _ in imports() if module in OBJECT_LOADERS} == allowed
    loads = [
        (path, owner, name)
        for path, owner, name, call in calls()
        if owner in OBJECT_LOADERS and name in ("load", "loads")
    ]
    assert loads == []
    yaml = [
        ast.unparse(call)
        for _, owner, name, call in calls()
        if owner == "yaml" and name in ("load", "load_all", "unsafe_load", "full_load")
    ]
    assert yaml == ["yaml.load(text, Loader=TextLoader)"]


def test_format_strings_are_constants() -> None:
    paths = set()
    for tree_path, tree in modules().items():
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(value=template, attr="format" | "format_map")):
                    if not isinstance(template, (ast.Constant, ast.Call)):
                        paths.add(tree_path)
    assert paths == set(TEMPLATES_OF_CONSTANTS)


def test_only_approved_cryptography_is_used() -> None:
    names = {}
    for path, module, name in imports():
        if module.split(".")[0] in ("cryptography", "hmac", "Crypto", "nacl"):
            assert name in CRYPTOGRAPHY.get(module, ()), f"{path}: {module}.{name}"
        elif module == "hashlib" and name:
            assert name in CRYPTOGRAPHY["hashlib"], f"{path}: {name}"
        names.setdefault(module, set()).add(path)
    functions = {name for _, owner, name, _ in calls() if owner == "hashlib"}
    assert functions <= CRYPTOGRAPHY["hashlib"]


def test_random_values_come_from_the_operating_system() -> None:
    modules_used = {module for _, module, _ in imports()}
    assert "secrets" in modules_used
    assert not {"random", "numpy.random"} & modules_used
    assert not [path for path, owner, _, _ in calls() if owner == "uuid"]


@pytest.mark.parametrize("scheme", ["ssl._create_unverified_context", "CERT_NONE", "verify=False"])
def test_certificates_are_always_verified(scheme: str) -> None:
    texts = (path.read_text("utf-8") for path in (ROOT / "biobank").rglob("*.py"))
    assert not any(scheme in text for text in texts)


def test_the_package_has_no_test_code() -> None:
    used = {module.split(".")[0] for _, module, _ in imports()}
    assert not used & {"tests", "pytest", "hypothesis", "unittest", "doctest", "pdb", "code"}


def test_no_script_writes_to_a_property_that_input_names() -> None:
    computed = re.compile(r"[\w)\]]\[(?![\d\"'`])[^\]\n]+\]\s*=(?!=)")
    words = ("__proto__", "setPrototypeOf", ".prototype", "postMessage", "localStorage", "sessionStorage")
    scripts = sorted((ROOT / "frontend" / "src").rglob("*.js"))
    assert scripts
    for script in scripts:
        text = script.read_text("utf-8")
        assert computed.findall(text) == [], script
        assert [
            word for word in (*words, "indexedDB", "innerHTML", "document.cookie") if word in text
        ] == [], script
