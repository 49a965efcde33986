"""Grading schemes of rentals with their levels and criteria."""

from __future__ import annotations

from django.contrib import admin

from grid.admin_scope import ScopedAdmin
from grid.models import GradeCriterion, GradeLevel, GradeScheme
from grid.services.rentals import (
    CriterionValues,
    LevelValues,
    SchemeValues,
    save_grade_criterion,
    save_grade_level,
    save_grade_scheme,
)


class CodedAdmin(ScopedAdmin):
    """Rows known by a code, which stays what it was first."""

    def get_readonly_fields(self, request, obj=None):
        """Keep the code."""
        return ("code",) if obj else ()


@admin.register(GradeScheme)
class GradeSchemeAdmin(CodedAdmin):
    """How a district grades from a day on. A new version is a new scheme; an old one stays for its history."""

    list_display = ("name", "code", "area", "effective_from", "is_active", "source")
    list_filter = ("area", "is_active")
    list_select_related = ("area",)
    search_fields = ("code", "name")
    ordering = ("area__code", "-effective_from")
    fields = ("code", "name", "area", "effective_from", "source", "is_active")

    def write(self, obj: GradeScheme, form, change, *, by, now) -> GradeScheme:
        """Save the scheme."""
        row = SchemeValues(obj.code, obj.name, obj.area_id, obj.effective_from, obj.source, obj.is_active)
        return save_grade_scheme(row, by=by, now=now)


@admin.register(GradeLevel)
class GradeLevelAdmin(CodedAdmin):
    """Levels: from how many points, how often visited, whether letting is forbidden."""

    list_display = ("name", "colour", "scheme", "from_points", "visit_every_days", "is_forbidden")
    list_filter = ("scheme", "is_forbidden")
    list_select_related = ("scheme",)
    search_fields = ("code", "name")
    ordering = ("scheme", "from_points")
    fields = ("code", "scheme", "name", "colour", "tone", "from_points", "visit_every_days", "is_forbidden")

    def write(self, obj: GradeLevel, form, change, *, by, now) -> GradeLevel:
        """Save the level."""
        row = LevelValues(
            obj.code, obj.scheme_id, obj.name, obj.colour, obj.tone, obj.from_points, obj.visit_every_days,
            obj.is_forbidden,
        )  # fmt: skip
        return save_grade_level(row, by=by, now=now)


@admin.register(GradeCriterion)
class GradeCriterionAdmin(CodedAdmin):
    """What a visitor looks for, its points, and the level that it asks for by itself."""

    list_display = ("text", "group", "scheme", "points", "at_least", "is_active")
    list_filter = ("scheme", "group", "is_active")
    list_select_related = ("scheme", "at_least")
    search_fields = ("code", "text")
    ordering = ("scheme", "group", "-points")
    fields = ("code", "scheme", "group", "text", "points", "at_least", "is_active")

    def write(self, obj: GradeCriterion, form, change, *, by, now) -> GradeCriterion:
        """Save the criterion."""
        row = CriterionValues(
            obj.code, obj.scheme_id, obj.group, obj.text, obj.points, obj.at_least_id, obj.is_active
        )  # fmt: skip
        return save_grade_criterion(row, by=by, now=now)
