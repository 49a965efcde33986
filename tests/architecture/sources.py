"""The project's own source files as syntax trees, for the tests that keep the house in order."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# From the top down: imports and foreign keys point only to what stands further right.
LAYERS = ("shenzhen_gov", "analytics", "dispatch", "intake", "dutylist", "grid", "shenzhen_gov.core")
APPS = ("shenzhen_gov", "analytics", "dispatch", "intake", "dutylist", "grid")


@dataclass(frozen=True)
class Source:
    """One module: `name` dotted, `layer` one of LAYERS, `place` the parts below the layer."""

    path: str
    name: str

    @cached_property
    def text(self) -> str:
        return (ROOT / self.path).read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def layer(self) -> str:
        return layer_of(self.name)

    @property
    def place(self) -> tuple[str, ...]:
        return tuple(self.name.removeprefix(self.layer).strip(".").split("."))

    @property
    def is_test(self) -> bool:
        return "tests" in self.place or "testing" in self.place or self.place[-1] == "conftest"

    @property
    def is_service(self) -> bool:
        return "services" in self.place


def layer_of(name: str) -> str:
    """Return the layer a dotted name belongs to, or an empty text for other people's modules."""
    if name == "shenzhen_gov.core" or name.startswith("shenzhen_gov.core."):
        return "shenzhen_gov.core"
    top = name.split(".")[0]
    return top if top in APPS else ""


@lru_cache(maxsize=1)
def sources() -> tuple[Source, ...]:
    """Return every module of the apps but migrations."""
    found = []
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" in parts:
                continue
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found.append(Source(str(path.relative_to(ROOT)), name))
    return tuple(found)


def production_code() -> list[Source]:
    """Return the modules that are no tests."""
    return [source for source in sources() if not source.is_test]


def imported(source: Source) -> list[tuple[int, str]]:
    """Return (line, dotted name) of everything a module imports, wherever the import stands."""
    package = source.name if source.path.endswith("__init__.py") else source.name.rpartition(".")[0]
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")
                above = ".".join(parts[: len(parts) - node.level + 1])
                base = f"{above}.{base}".strip(".")
            found += [(node.lineno, f"{base}.{alias.name}") for alias in node.names]
    return found


def parents(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    """Return the parent of every node."""
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def chain(node: ast.expr) -> list[str]:
    """Return the names along `a.b(...).c`, from the left: ["a", "b", "c"]."""
    names: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            if isinstance(node, ast.Name):
                names.append(node.id)
            return names[::-1]
