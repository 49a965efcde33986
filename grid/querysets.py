"""Reusable filters of areas and units."""

from __future__ import annotations

from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import CharField, F, Func, Q, Value


class NameKey(Func):
    """A name as it is compared: full and half width alike, no spaces, lower case.

    The database computes it for rows and for what is sought, so the two can never drift apart.
    """

    template = "lower(regexp_replace(normalize((%(expressions)s)::text, NFKC), '[[:space:]]', '', 'g'))"
    arity = 1
    output_field = CharField()


class ScopedQuerySet(models.QuerySet):
    """A queryset that can be narrowed to what somebody may see; pages and APIs use nothing else."""

    def visible_to(self, user):
        """Narrow to the rows `user` may see (grid/access.py decides)."""
        from grid.access import visible_to

        return visible_to(self, user)


class AreaQuerySet(ScopedQuerySet):
    """Filters of the territory."""

    def below(self, area):
        """Return `area` and everything in it."""
        return self.filter(path__startswith=area.path)

    def containing(self, area):
        """Return `area` and every area it lies in, widest first."""
        ids = [int(part) for part in area.path.strip("/").split("/")]
        return self.filter(pk__in=ids).order_by("level")


class BuildingQuerySet(ScopedQuerySet):
    """Filters of the address register."""

    def below(self, area):
        """Return the buildings in `area`."""
        return self.filter(area__path__startswith=area.path)


class RentalQuerySet(ScopedQuerySet):
    """Filters of rentals that are let."""

    def let(self):
        """Return those that are still let."""
        return self.filter(is_active=True)

    def overdue(self, today: date):
        """Return those whose visit should have been made before today."""
        return self.let().filter(due_on__lt=today)

    def for_today(self, today: date):
        """Return those due today, and those that the plan has for today."""
        return self.let().filter(Q(due_on=today) | Q(planned_on=today))


class UnitQuerySet(ScopedQuerySet):
    """Filters of the unit tree."""

    def below(self, unit):
        """Return `unit` and everything below it."""
        return self.filter(path__startswith=unit.path)

    def open_on(self, day: date):
        """Return the units that exist on `day`."""
        return self.filter(opened_on__lte=day).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def ever_named(self, name: str):
        """Return the units that have or had this name or alias, however it is spaced and bracketed."""
        names = apps.get_model("grid", "UnitName").objects.annotate(key=NameKey(F("name")))
        return self.filter(pk__in=names.filter(key=NameKey(Value(name))).values("unit"))


class RoundTaskQuerySet(ScopedQuerySet):
    """Filters of the tasks of rounds."""

    def of_day(self, day: date):
        """Return the tasks of one day."""
        return self.filter(day=day)

    def missed(self):
        """Return the tasks that ran out of time, wholly or partly."""
        return self.filter(state__in=("missed", "partly"))

    def to_end(self, now):
        """Return the tasks whose time is over and that nobody finished, oldest first."""
        return self.filter(state__in=("to_walk", "under_way"), closes_at__lte=now).order_by("closes_at", "id")


class RecutQuerySet(ScopedQuerySet):
    """Planned re-cuts of cells and communities."""

    def due(self, day: date):
        """Return the plans whose day has come, in the order in which they take effect."""
        return self.filter(state="planned", effective_on__lte=day).order_by("effective_on", "id")
