"""In pages, APIs and admin nothing is read but through `visible_to`; no door has a switch that turns checks off."""

import ast
import re

import pytest
from django.apps import apps

from tests.architecture.sources import Source, chain, parents, production_code

DOORS = {"views", "api", "admin", "templatetags", "forms", "filters", "tables", "serializers"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404"}
FILTERS = {"filter", "exclude"}
HARMLESS = {"visible_to", "none"}
SWITCH = re.compile(r"(skip|bypass|ignore|without|no)_(permissions?|acl|access|checks?|scopes?)$")

SCOPED = {model.__name__ for model in apps.get_models() if hasattr(model, "SCOPES")}


def _is_door(source: Source) -> bool:
    return any(part.removesuffix(".py").split("_")[0] in DOORS for part in source.place)


def _unscoped(tree: ast.Module) -> list[tuple[int, str]]:
    above, found = parents(tree), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}:
            if not (isinstance(node.value, ast.Name) and node.value.id in SCOPED):
                continue
            top: ast.AST = node
            while isinstance(above.get(top), ast.Attribute) or (
                isinstance(above.get(top), ast.Call) and above[top].func is top
            ):
                top = above[top]
            if not HARMLESS & set(chain(top)) and not _handed_to_visible_to(top, above) and not _narrows(top, above):
                found.append((node.lineno, ast.unparse(top)))
        elif isinstance(node, ast.Call) and SHORTCUTS & set(chain(node.func)[-1:]) and _first(node) in SCOPED:
            found.append((node.lineno, ast.unparse(node)))
    return found


def _narrows(node: ast.AST, above: dict) -> bool:
    """Whether it is the value of a filter on another query, which is looked at on its own."""
    keyword = above.get(node)
    call = above.get(keyword)
    return isinstance(keyword, ast.keyword) and isinstance(call, ast.Call) and chain(call.func)[-1] in FILTERS


def _first(call: ast.Call) -> str | None:
    return call.args[0].id if call.args and isinstance(call.args[0], ast.Name) else None


def _handed_to_visible_to(node: ast.AST, above: dict) -> bool:
    call = above.get(node)
    return isinstance(call, ast.Call) and chain(call.func)[-1:] == ["visible_to"]


def test_doors_read_only_what_the_user_may_see():
    found = [
        f"{source.path}:{line} {text}"
        for source in production_code()
        if _is_door(source)
        for line, text in _unscoped(source.tree)
    ]
    assert not found, "add .visible_to(user), or read through a selector:\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("Case.objects.filter(pk=1).first()", 1),
        ("Case.objects.visible_to(user).filter(pk=1)", 0),
        ("Case.objects.filter(pk=1).visible_to(user)", 0),
        ("access.visible_to(Case.objects.all(), user)", 0),
        ("get_object_or_404(Case, pk=1)", 1),
        ("get_object_or_404(Case.objects.visible_to(user), pk=1)", 0),
        ("field = ModelChoiceField(queryset=Unit.objects.none())", 0),
        ("Channel.objects.all()", 0),
        ("rows.filter(area__in=Area.objects.below(value))", 0),
        ("Case.objects.filter(area__in=Area.objects.below(value))", 1),
    ],
)
def test_an_unscoped_query_is_recognised(code, count):
    assert len(_unscoped(ast.parse(code))) == count


def test_no_function_takes_a_switch_that_turns_a_check_off():
    found = []
    for source in production_code():
        for node in ast.walk(source.tree):
            name = node.arg if isinstance(node, ast.arg | ast.keyword) else None
            if name and SWITCH.search(name):
                found.append(f"{source.path}:{getattr(node, 'lineno', 0)} {name}")
    assert not found
