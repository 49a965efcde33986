"""The one place that knows who may see and who may do what.

A role is granted at a unit and holds for everything below it. A grant covers the units below (by `path`) and,
where the unit covers a territory (centre, subdistrict, community, grid team), every area below its home area.
A model declares only `SCOPES`, e.g. `{"area": "area", "unit": "holder"}`: the fields (or `pk`) that say
where a row lies and who holds it; a field of another row is named with `__`.

Outside one's territory → OutOfSight (404); inside but without the act → NotAllowed (403) with the reason.
A superuser sees everything and, holding no role, may do nothing but administer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, reduce, wraps

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from shenzhen_gov.core.actor import CHANNEL, CITIZEN, SYSTEM, Actor
from shenzhen_gov.core.by_hand import columns, first_row, object_of
from shenzhen_gov.core.exceptions import NotAllowed, OutOfSight

from .choices import COVERING_KINDS, Act, Level
from .models import Area, Staff, StaffUnitPermission, Unit
from .querysets import UnitQuerySet

# By hand, because every page pays for it: putting the question together costs ten times its answer.
GRANTS = """
SELECT coalesce(json_agg(json_build_array(p.codename, u.path, u.kind, u.level, a.path)), '[]')
  FROM grid_staffunitpermission g
  JOIN auth_permission p ON p.id = g.permission_id
  JOIN grid_unit u ON u.id = g.content_object_id
  JOIN grid_area a ON a.id = u.home_area_id
 WHERE g.user_id = %s
"""
PERSON = f"""
SELECT {columns(Staff, "s")}, ({GRANTS.replace("%s", "s.id")}) FROM grid_staff s WHERE s.id = %s
"""  # noqa: S608 - names of columns


@dataclass(frozen=True)
class Grant:
    """One act held at one unit; `area_path` is set where the unit answers for a territory."""

    act: str
    unit_path: str
    area_path: str | None
    whole_city: bool
    home_path: str = ""  # of the area where the unit is at home, whether or not it answers for it


@dataclass
class Grants:
    """Everything one person holds, read once a request."""

    rows: list[Grant] = field(default_factory=list)

    def acts(self) -> set[str]:
        """Return the acts held anywhere."""
        return {grant.act for grant in self.rows}

    def covers(self, act: str, *, unit_path: str | None, area_path: str | None) -> bool:
        """Whether `act` is held for a row lying at these paths."""
        return any(
            grant.whole_city
            or (unit_path is not None and unit_path.startswith(grant.unit_path))
            or (area_path is not None and grant.area_path is not None and area_path.startswith(grant.area_path))
            for grant in self.rows
            if grant.act == act
        )

    @cached_property
    def sight(self) -> Sight:
        """Return what may be seen: the territory of every act held, for seeing follows from doing."""
        return Sight(
            whole_city=any(grant.whole_city for grant in self.rows),
            unit_paths=_outermost({grant.unit_path for grant in self.rows}),
            area_paths=_outermost({grant.area_path for grant in self.rows if grant.area_path}),
        )


@dataclass
class Sight:
    """The territory somebody sees, as outermost paths and, resolved once, as ids."""

    whole_city: bool
    unit_paths: list[str]
    area_paths: list[str]

    @cached_property
    def unit_ids(self) -> list[int]:
        """Return the ids of the units in sight."""
        return (
            list(Unit.objects.filter(_below(self.unit_paths)).values_list("pk", flat=True)) if self.unit_paths else []
        )

    @cached_property
    def area_ids(self) -> list[int]:
        """Return the ids of the areas in sight."""
        return (
            list(Area.objects.filter(_below(self.area_paths)).values_list("pk", flat=True)) if self.area_paths else []
        )


def read_person(staff_id: int) -> Staff | None:
    """Return a member of staff with what they hold: what a page asks first, in one statement."""
    row = first_row(PERSON, [staff_id])
    if row is None:
        return None
    person = object_of(Staff, row[:-1])
    vars(person)["_grants"] = _grants(row[-1])
    return person


def grants_of(user) -> Grants:
    """Return what `user` holds; kept on the user object, which lives for one request."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Grants()
    if not hasattr(user, "_grants"):
        (rows,) = first_row(GRANTS, [user.pk]) or ([],)
        user._grants = _grants(rows)
    return user._grants


def _grants(rows: list[list]) -> Grants:
    return Grants(
        [
            Grant(
                act=act,
                unit_path=unit_path,
                area_path=area_path if kind in COVERING_KINDS else None,
                whole_city=level == Level.CITY and kind in COVERING_KINDS,
                home_path=area_path,
            )
            for act, unit_path, kind, level, area_path in rows
        ]
    )


def forget_grants(user) -> None:
    """Drop what was read, after grants changed within one request."""
    user.__dict__.pop("_grants", None)


def visible_to(queryset: QuerySet, user) -> QuerySet:
    """Narrow `queryset` to the rows `user` may see, by the model's SCOPES."""
    if getattr(user, "is_superuser", False) and user.is_active:
        return queryset
    grants = grants_of(user)
    if not grants.rows:
        return queryset.none()
    return queryset if grants.sight.whole_city else queryset.filter(_in_sight(queryset.model.SCOPES, grants.sight))


def can_see(user, obj) -> bool:
    """Whether `user` may see `obj`: the answer of `visible_to`, without asking the database for the row."""
    if getattr(user, "is_superuser", False) and user.is_active:
        return True
    sight = grants_of(user).sight
    if sight.whole_city:
        return True
    unit_path, area_path = paths_of(obj)
    return any(unit_path and unit_path.startswith(path) for path in sight.unit_paths) or any(
        area_path and area_path.startswith(path) for path in sight.area_paths
    )


def why_not(by: Actor, acts: tuple[str, ...], obj) -> str | None:
    """Return None when `by` holds one of `acts` for `obj` (a row with SCOPES, or a unit), else the reason."""
    if by.kind in {SYSTEM, CHANNEL, CITIZEN}:
        return None if by.kind in acts else _("This step is not open to %(who)s.") % {"who": by.name}
    grants = grants_of(by.user)
    unit_path, area_path = paths_of(obj)
    if any(grants.covers(act, unit_path=unit_path, area_path=area_path) for act in acts):
        return None
    needed = " / ".join(str(Act(act).label) for act in acts if act in Act.values) or _("the system itself")
    if by.user.is_superuser and not grants.rows:
        return _("A superuser sees everything and holds no role; this needs: %(acts)s.") % {"acts": needed}
    return str(lacking(*acts))


def lacking(*acts: str) -> NotAllowed:
    """Return the refusal that says which of the acts nobody gave."""
    needed = " / ".join(str(Act(act).label) for act in acts if act in Act.values) or _("the system itself")
    return NotAllowed(_("Your roles here do not include: %(acts)s.") % {"acts": needed})


def require_any(user, *acts: str, or_superuser: bool = False) -> None:
    """Raise NotAllowed unless `user` holds one of the acts somewhere; a page to look at may be open to superusers."""
    if not (or_superuser and user.is_superuser) and not any(holds(user, act) for act in acts):
        raise lacking(*acts)


def require(by: Actor, acts: tuple[str, ...] | str, obj) -> None:
    """Raise OutOfSight when `by` may not even see `obj`, NotAllowed with the reason when the act lacks."""
    acts = (acts,) if isinstance(acts, str) else acts
    reason = why_not(by, acts, obj)
    if reason is None:
        return
    if by.user is not None and not can_see(by.user, obj):
        raise OutOfSight(_("Not found."))
    raise NotAllowed(reason)


def require_administration(by: Actor, obj) -> None:
    """Raise unless `by` may administer `obj` (a row with SCOPES; None: what belongs to the whole city).

    The one act open to superusers and the system (loaders, first set-up), besides the role held at a unit.
    """
    if administers(by, obj):
        return
    if obj is not None:
        require(by, Act.MANAGE_SYSTEM, obj)
    text = _("This belongs to the whole city; it needs “%(act)s” at the city centre.")
    raise NotAllowed(text % {"act": Act.MANAGE_SYSTEM.label})


def administers(by: Actor, obj) -> bool:
    """Whether `by` may administer `obj`: the question behind `require_administration`."""
    if by.kind == SYSTEM:
        return True
    if by.user is None or not by.user.is_active:
        return False
    if by.user.is_superuser:
        return True
    if obj is None:
        return any(grant.whole_city and grant.act == Act.MANAGE_SYSTEM for grant in grants_of(by.user).rows)
    return why_not(by, (Act.MANAGE_SYSTEM,), obj) is None


def list_areas(user) -> set[int] | None:
    """Return the ids of the areas whose own lists `user` reads; None means every list.

    What a territory keeps for itself is read by whoever works in it and by those above; so a community reads its
    district's list and the city's, and no other district's.
    """
    if getattr(user, "is_superuser", False) and user.is_active:
        return None
    grants = grants_of(user)
    if grants.sight.whole_city:
        return None
    around = {int(part) for grant in grants.rows for part in grant.home_path.strip("/").split("/")}
    return around.union(grants.sight.area_ids)


def holds(user, act: str) -> bool:
    """Whether `user` holds `act` anywhere: decides which menu entries and pages are offered."""
    return act in grants_of(user).acts()


def holding(*acts: Act):
    """Let in who holds one of `acts` somewhere; say to others what is missing."""

    def decorate(view):
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            require_any(request.user, *acts)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def units_with(user, act: str) -> UnitQuerySet:
    """Return the units at which `user` holds `act`: the trees below the grants, for desks."""
    paths = _outermost({grant.unit_path for grant in grants_of(user).rows if grant.act == act})
    return Unit.objects.filter(_below(paths))


def areas_with(user, act: str) -> QuerySet[Area]:
    """Return the areas for which `user` holds `act`: those below the territories of the grants."""
    paths = _outermost({grant.area_path for grant in grants_of(user).rows if grant.act == act and grant.area_path})
    return Area.objects.filter(_below(paths))


def posts_of(user) -> dict[int, set[str]]:
    """Return unit id → the acts granted at that very unit: whom messages to a unit are for."""
    posts: dict[int, set[str]] = {}
    for grant in grants_of(user).rows:
        posts.setdefault(int(grant.unit_path.rstrip("/").rpartition("/")[2]), set()).add(grant.act)
    return posts


def holders_at(unit_id: int, act: str) -> QuerySet:
    """Return the ids of the people to whom `act` is granted at that very unit."""
    rows = StaffUnitPermission.objects.filter(content_object=unit_id, permission__codename=act)
    return rows.values_list("user", flat=True)


def holds_everywhere(user, act: str) -> bool:
    """Whether `user` holds `act` for the whole city, so that no list of units need narrow what is read."""
    return any(grant.whole_city and grant.act == act for grant in grants_of(user).rows)


def paths_of(obj) -> tuple[str | None, str | None]:
    """Return (unit path, area path) of a row by its model's SCOPES."""
    found: dict[str, str | None] = {"unit": None, "area": None}
    for kind, name in obj.SCOPES.items():
        target = obj if name == "pk" else reduce(getattr, name.split("__"), obj)
        found[kind] = target.path if target is not None else None
    return found["unit"], found["area"]


def _in_sight(scopes: dict[str, str], sight: Sight) -> Q:
    condition = Q(pk__in=[])
    for kind, name in scopes.items():
        ids = sight.unit_ids if kind == "unit" else sight.area_ids
        if ids:
            condition |= Q(**{f"{name}__in": ids})
    return condition


def _below(paths: list[str]) -> Q:
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(path__startswith=path)
    return condition


def _outermost(paths: set[str]) -> list[str]:
    """Return the paths that lie in none of the others."""
    kept: list[str] = []
    for path in sorted(paths):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept
