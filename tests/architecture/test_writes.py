"""Only services write: a view, an admin page, a task or a command parses, calls a service and answers."""

import ast

import pytest
from django.apps import apps

from tests.architecture.sources import ROOT, Source, chain, layer_of, production_code

# Modules that write although they are no services, and why.
ALLOWED = {
    "shenzhen_gov/core/audit.py": "the audit log itself",
    "shenzhen_gov/core/sealing.py": "seals of the audit log",
    "shenzhen_gov/core/jobs.py": "rows of job runs, on a connection of their own",
    "shenzhen_gov/core/rotation.py": "the same content under another key",
    "shenzhen_gov/core/bulk.py": "COPY for the services that import",
    "shenzhen_gov/core/by_hand.py": "one row for the services that register",
    "analytics/rolling_up.py": "the statements of services/figures.py, which runs them",
    "intake/bulk.py": "a service of its own: many closed cases at once, by COPY",
    "shenzhen_gov/core/parameter_files.py": "core has no services module: the loader of parameters, which audits",
    "dispatch/legacy/importer.py": "a service of its own: the import of old cases, batch by batch",
    "shenzhen_gov/core/worktime/loading.py": "core has no services module: the loader of the calendar, which audits",
}
ALWAYS = {"create", "acreate", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
QUERY_WORDS = {
    "objects",
    "filter",
    "exclude",
    "all",
    "visible_to",
    "select_for_update",
    "order_by",
    "select_related",
    "annotate",
    "distinct",
    "using",
    "_default_manager",
    "_base_manager",
    "get_queryset",
}
WRITERS = ("copy_in", "copy_objects", "insert", "update_objects")  # of core/bulk.py and core/by_hand.py
SQL = ("INSERT ", "UPDATE ", "DELETE ", "TRUNCATE ", "COPY ")


def _relations() -> tuple[set[str], set[str]]:
    """Return the names of many-to-many fields and of all to-many accessors of our models."""
    many, accessors = set(), set()
    for model in apps.get_models():
        if layer_of(model.__module__):
            many |= {field.name for field in model._meta.many_to_many}
            accessors |= {relation.get_accessor_name() for relation in model._meta.related_objects if relation.multiple}
    return many, (accessors | many) - {None}


def _is_write(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return isinstance(call.func, ast.Name) and call.func.id in (
            "copy_in",
            "copy_objects",
            "insert",
            "update_objects",
        )
    verb, before = call.func.attr, chain(call.func.value)
    many, accessors = _RELATIONS
    on_rows = bool(QUERY_WORDS & set(before)) or bool(before and before[-1] in accessors)
    if verb in ALWAYS:
        return on_rows or verb != "create"
    if verb in {"save", "delete"}:
        return not call.args and not _is_super(call.func.value)
    if verb == "update":
        return on_rows or (not call.args and any(keyword.arg for keyword in call.keywords))
    return verb in {"add", "set", "remove", "clear"} and bool(before) and before[-1] in many and len(before) > 1


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def _writes(source: Source) -> list[str]:
    found = [
        f"{source.path}:{node.lineno} {ast.unparse(node.func)}()"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and _is_write(node)
    ]
    return found + [
        f"{source.path}:{node.lineno} SQL {node.value.split()[0]}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.lstrip().startswith(SQL)
    ]


_RELATIONS = _relations()


def test_only_services_write():
    found = [
        text
        for source in production_code()
        if not source.is_service and source.path not in ALLOWED and not source.name.startswith("shenzhen_gov.launcher")
        for text in _writes(source)
    ]
    assert not found, "writes belong in services:\n" + "\n".join(found)


@pytest.mark.parametrize("path", ALLOWED)
def test_every_exception_is_still_needed(path):
    source = next((source for source in production_code() if source.path == path), None)
    assert source is not None, f"{ROOT / path} is gone"
    assert _writes(source)


@pytest.mark.parametrize(
    "code",
    [
        "Case.objects.create(number=1)",
        "case.save()",
        "form.save()",
        "case.save(update_fields=['state'])",
        "Case.objects.filter(pk=1).update(state='x')",
        "rows.update(state='x')",
        "case.delete()",
        "case.clocks.update(rule='')",
        "Model.objects.bulk_create(rows)",
        "insert(case)",
        "role.acts.set([])",
        "qs.all().delete()",
        "manager.update_or_create(a=1)",
        "copy_in(Case, rows)",
        "copy_objects(clocks)",
        "update_objects(clocks, ['rule'])",
    ],
)
def test_a_write_is_recognised(code):
    assert _is_write(ast.parse(code).body[0].value)


@pytest.mark.parametrize(
    "code",
    [
        "facts.update({'a': 1})",
        "facts.update(more)",
        "digest.update(data)",
        "seen.add(1)",
        "cache.delete('key')",
        "image.save(out, 'JPEG')",
        "super().save()",
        "session.update(**facts)",
        "client.create(name)",
    ],
)
def test_what_only_looks_like_a_write_is_not(code):
    assert not _is_write(ast.parse(code).body[0].value)
