"""Modules stay below 400 lines, functions below 25; what is longer today is listed and may only shrink."""

import ast
import json

from tests.architecture.sources import ROOT, production_code, sources

LINES_OF_A_MODULE = 400
LINES_OF_A_FUNCTION = 25
BASELINE = ROOT / "tests" / "architecture" / "long_functions.json"


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function's body, without its docstring."""
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    return node.end_lineno - body[0].lineno + 1 if body else 0


def _long_functions() -> dict[str, int]:
    found = {}
    for source in production_code():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > LINES_OF_A_FUNCTION:
                found[f"{source.path}::{node.name}"] = _length(node)
    return found


def test_a_module_has_at_most_400_lines():
    long = [
        f"{source.path}: {count}"
        for source in sources()
        if (count := len(source.text.splitlines())) > LINES_OF_A_MODULE
    ]
    assert not long, "make a package of the same name: " + ", ".join(long)


def test_a_function_has_at_most_25_lines():
    known, found = json.loads(BASELINE.read_text()), _long_functions()
    longer = [f"{name}: {length}" for name, length in found.items() if length > known.get(name, LINES_OF_A_FUNCTION)]
    assert not longer, "\n".join(longer)


def test_the_list_of_long_functions_only_shrinks():
    known, found = json.loads(BASELINE.read_text()), _long_functions()
    better = [
        f"{name}: {found.get(name, 'gone or short')}" for name, length in known.items() if found.get(name, 0) < length
    ]
    assert not better, f"write the better figures into {BASELINE.name}: " + ", ".join(better)
