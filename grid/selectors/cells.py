"""Cells and sub-cells as their keepers see them: the tree, the teams, the posts; outlines for maps and files."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from grid import access
from grid.choices import Act, Level
from grid.models import Area, AreaOutline, GridPost, Staff, Unit

MOST_OUTLINES = 2_000
MOST_STAFF = 200
KEEPERS = (Act.MANAGE_GRID, Act.MANAGE_SYSTEM)


def homes_of(user) -> list[Area]:
    """Return the widest areas that `user` sees."""
    visible = Area.objects.visible_to(user).filter(is_active=True)
    paths = access.grants_of(user).sight.area_paths
    if access.grants_of(user).sight.whole_city or user.is_superuser:
        return list(visible.filter(level=Level.CITY))
    return list(visible.filter(path__in=paths).order_by("path"))


def get_area(user, code: str) -> Area | None:
    """Return the area in use with this code that `user` sees, the one above it read along."""
    return Area.objects.visible_to(user).filter(code=code, is_active=True).select_related("parent").first()


def lines_above(user, area: Area) -> list[Area]:
    """Return the areas in sight that `area` lies in, widest first."""
    return list(Area.objects.visible_to(user).containing(area).exclude(pk=area.pk))


def areas_in(user, area: Area) -> list[Area]:
    """Return the areas directly below, each with how many cells it has."""
    below = Q(children__level=Level.CELL, children__is_active=True)
    return list(_drawn(area.children.visible_to(user)).annotate(cell_count=Count("children", filter=below)))


def cells_in(user, community: Area, today: date) -> list[Area]:
    """Return the cells of a community with sub-cells, teams (`units`) and posts in force (`held`)."""
    posts = GridPost.objects.visible_to(user).filter(Q(ends_on=None) | Q(ends_on__gte=today)).select_related("staff")
    held = Prefetch("posts", posts.order_by("begins_on", "pk"), to_attr="held")
    subcells = _drawn(Area.objects.visible_to(user)).prefetch_related(held)
    teams = Unit.objects.visible_to(user).open_on(today).order_by("path")
    return list(
        _drawn(community.children.visible_to(user)).prefetch_related(
            held, Prefetch("children", subcells, to_attr="subcells"), Prefetch("units", teams, to_attr="teams")
        )
    )


def _drawn(areas):
    outline = AreaOutline.objects.filter(area=OuterRef("pk"))
    return areas.filter(is_active=True).annotate(has_outline=Exists(outline)).order_by("code")


def next_code(parent: Area) -> str:
    """Return the next free code of a cell or sub-cell in `parent`; empty when all 99 are taken."""
    taken = set(Area.objects.filter(parent=parent).values_list("code", flat=True))
    codes = (f"{parent.code}{number:02d}" for number in range(1, 100))
    return next((code for code in codes if code not in taken), "")


def keeps(user, area: Area) -> bool:
    """Whether `user` plans the grid's work in `area`."""
    grants = access.grants_of(user)
    return user.is_superuser or any(grants.covers(act, unit_path=None, area_path=area.path) for act in KEEPERS)


def staff_for_posts(user, area: Area) -> list[Staff]:
    """Return the people of the community of `area` and its teams, for whom a post can be."""
    ids = [int(part) for part in area.path.strip("/").split("/")]
    homes = Area.objects.filter(pk__in=ids, level__gte=Level.COMMUNITY)
    units = Unit.objects.visible_to(user).filter(Q(home_area__in=homes) | Q(home_area__parent__in=homes))
    rows = Staff.objects.filter(unit__in=units, is_active=True).select_related("unit")
    return list(rows.order_by("unit__path", "pk")[:MOST_STAFF])


def outlines_in(user, area: Area | None = None, limit: int = MOST_OUTLINES) -> list[AreaOutline]:
    """Return the outlines in sight, of an area and what is in it or of all, wider areas first."""
    areas = Area.objects.visible_to(user).filter(is_active=True)
    if area is not None:
        areas = areas.below(area)
    rows = AreaOutline.objects.filter(area__in=areas).select_related("area")
    return list(rows.order_by("area__level", "area__code")[:limit])


def as_geojson(outlines: list[AreaOutline]) -> dict:
    """Return outlines as a GeoJSON FeatureCollection, as an import takes them."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": one.area.code, "name": one.area.name, "level": one.area.level},
                "geometry": {"type": "MultiPolygon", "coordinates": one.polygons},
            }
            for one in outlines
        ],
    }


def get_post(user, post_id: int) -> GridPost | None:
    """Return a post that `user` sees."""
    return GridPost.objects.visible_to(user).filter(pk=post_id).select_related("area").first()
