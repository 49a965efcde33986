"""Imports and foreign keys point down only, and only to the modules an app offers to others."""

from django.apps import apps

from tests.architecture.sources import LAYERS, Source, imported, layer_of, sources

OFFERED = {"models", "querysets", "services", "selectors", "choices", "workflow", "signals"}
# app -> what else it offers, and why
ALSO_OFFERED = {
    "grid": {
        "access": "the one place that knows who may see and do what",
        "admin_scope": "admin pages of every app are narrowed by the same rule",
    },
    "dutylist": {
        "coverage": "where rows leave nobody responsible: checked for a batch here, for the list in force by analytics",
        "similarity": "near-identical items, likewise",
    },
    "intake": {
        "bulk": "the service of imports, apart because it writes by COPY",
        "masking": "how personal data is shown, one rule for all",
    },
}


def _complaint(source: Source, line: int, name: str) -> str | None:
    target = layer_of(name)
    if not target or target == source.layer:
        return None
    where = f"{source.path}:{line} imports {name}"
    if LAYERS.index(source.layer) > LAYERS.index(target):
        return f"{where}: {source.layer} stands below {target}"
    if target == "shenzhen_gov.core" or source.layer == "shenzhen_gov" or source.is_test:
        return None
    place = name.removeprefix(target).strip(".").split(".")[0]
    if place in OFFERED or place in ALSO_OFFERED.get(target, {}):
        return None
    return f"{where}: {target} offers to others only {', '.join(sorted(OFFERED))}"


def test_imports_point_down_and_only_to_what_an_app_offers():
    complaints = [
        text for source in sources() for line, name in imported(source) if (text := _complaint(source, line, name))
    ]
    assert not complaints, "\n".join(complaints)


def test_an_upward_import_would_be_found():
    source = Source("grid/views.py", "grid.views")
    assert "stands below" in _complaint(source, 1, "dispatch.models.WorkOrder")
    assert "offers" in _complaint(Source("dispatch/views.py", "dispatch.views"), 1, "grid.views.page")
    assert _complaint(source, 1, "shenzhen_gov.core.audit") is None


def test_nobody_but_tests_imports_tests():
    found = [
        f"{source.path}:{line} {name}"
        for source in sources()
        if not source.is_test
        for line, name in imported(source)
        if layer_of(name) and {"tests", "testing"} & set(name.split("."))
    ]
    assert not found


def test_foreign_keys_point_down():
    wrong = []
    for model in apps.get_models():
        layer = layer_of(model.__module__)
        for field in model._meta.get_fields() if layer else []:
            if field.auto_created or not field.is_relation or not isinstance(field.related_model, type):
                continue
            target = layer_of(field.related_model.__module__)
            if target and LAYERS.index(target) < LAYERS.index(layer):
                wrong.append(f"{model._meta.label}.{field.name} → {field.related_model._meta.label}")
    assert not wrong, "a lower layer knows nothing of the one above: " + ", ".join(wrong)
