"""A duty list of a city's size: 4,200 items, ten years of 20 published batches, overlays, and a draft of 935 lines.

The history is written by SQL past the services with triggers off (a superuser's work), every item a variant of one of
the sample; the draft goes through the services, as an editor would enter it. For another benchmark:
`batch = open_draft(build())`; the same in `manage.py shell` makes it on any migrated database with the sample city.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import connection, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from dutylist import services
from dutylist.content import FIELDS, contents_of
from dutylist.models import Batch, ItemVersion, Responsibility
from grid.choices import Level, UnitKind
from grid.models import Area, Role, Staff, Unit
from grid.services import NewStaff, create_staff, grant_role
from shenzhen_gov.core.actor import Actor

from .context import Context, seconds
from .generate import statements
from .report import LOWER, Result

SQL = Path(__file__).with_suffix(".sql")
ITEMS, BATCHES, YEARS = 4_200, 20, 10
CHANGES, ENDINGS, OVERLAYS = 880, 20, 20  # of each batch: changed and ended items; items narrowed in every district
MIX = {"add": 120, "change": 702, "merge": 41, "split": 38, "transfer": 22, "retire": 12}  # 935 lines
PLACES = ["学校周边", "医院周边", "城中村", "工业园区", "商业街区", "公园绿地", "地铁沿线", "口岸片区"]
DRAFT_PLACE = "水岸绿道"
PASSWORD = "bench-2026-only"  # noqa: S105 - of accounts in a database that is dropped at the end
ROLES = {"editor": "duty_editor", "reviewer": "duty_reviewer", "manager": "duty_manager", "second": "duty_manager"}


def run(ctx: Context) -> list[Result]:
    """Make the list, and tell how long it took and how large it is: the ground on which the others measure."""
    taken = seconds(lambda: build(items=ctx.size(ITEMS, 1_700), batches=ctx.size(BATCHES, 4)))
    in_force = ItemVersion.objects.in_force(timezone.localdate()).filter(item__narrows=None)
    sizes = {
        "items of the city in force": in_force.count(),
        "versions in all": ItemVersion.objects.count(),
        "responsibility rows in force": Responsibility.objects.filter(
            version__in=in_force.annotate(owner=Coalesce("rows_from", "pk")).values("owner")
        ).count(),
        "responsibility rows in all": Responsibility.objects.count(),
    }
    return [Result("made", round(taken, 1), "s", 60, LOWER)] + [
        Result(name, size, "rows", {"responsibility rows in force": 60_000}.get(name)) for name, size in sizes.items()
    ]


@dataclass(frozen=True)
class World:
    """The city's list and the people of its centre: who enters, pre-approves, and two of whom each may publish."""

    city_id: int
    editor: Staff
    reviewer: Staff
    manager: Staff
    second: Staff


def build(*, items: int = ITEMS, batches: int = BATCHES, years: float = YEARS) -> World:
    """Make the list; what an earlier call made is removed. `items` counts those of the city that are in force."""
    columns = [field.column for field in ItemVersion._meta.concrete_fields if field.name not in FIELDS]
    share = items / ITEMS
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL work_mem = '256MB'")
        _clear(cursor)
        values = {
            "items": items,
            "batches": batches,
            "changes": round(CHANGES * share),
            "endings": round(ENDINGS * share),
            "overlays": OVERLAYS,
            "first_batch": _published_batches(batches, years),
            "not_content": columns,
            "places": PLACES,
        }
        for statement in statements(SQL):
            cursor.execute(statement, values)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return World(_city().pk, **{name: _account(name, role) for name, role in ROLES.items()})


def open_draft(world: World, *, effective_on: date | None = None, mix: dict[str, int] | None = None) -> Batch:
    """Return a batch of 935 lines in draft, entered by the editor, in force from tomorrow unless told otherwise."""
    batch = open_empty(world, effective_on=effective_on)
    services.set_lines(batch.pk, draft_lines(mix), source="excel", by=Actor.staff(world.editor), now=timezone.now())
    batch.refresh_from_db()
    return batch


def open_empty(world: World, *, effective_on: date | None = None) -> Batch:
    """Return a batch without lines."""
    now = timezone.now()
    new = services.NewBatch(
        title="2026 年第 18 批职责清单调整",
        reason="年度梳理",
        document="深编办〔2026〕18号",
        owner_area_id=world.city_id,
        effective_on=effective_on or timezone.localdate(now) + timedelta(days=1),
    )
    return services.open_batch(new, by=Actor.staff(world.editor), now=now)


def draft_lines(mix: dict[str, int] | None = None) -> list:
    """Return the lines of the draft: every kind touches other items of the city's list, always the same ones."""
    mix = mix or MIX
    stock = _Stock(sum(mix.values()))
    new = [f"N{number:06d}" for number in range(mix["add"])]
    parts = list(zip(new[::2], new[1::2], strict=True))
    lines = [services.NewLine(kind="add", code=code, changes=stock.new_item(), note="新业态") for code in new]

    def add(kind: str, **given):
        lines.extend(
            services.NewLine(kind=kind, code=stock.take(), **{name: make(n) for name, make in given.items()})
            for n in range(mix[kind])
        )

    add("change", changes=_change)
    add("transfer", changes=lambda _n: stock.other_rows())
    add("merge", successors=lambda _n: (stock.target,))
    add("split", successors=lambda n: parts[n % len(parts)])
    add("retire")
    return lines


class _Stock:
    """Items of the city's list to be taken one after the other, and rows and texts to write new ones with."""

    def __init__(self, count: int):
        listed = ItemVersion.objects.newest().filter(is_retired=False, item__narrows=None)
        chosen = list(listed.order_by("item__code").select_related("item")[: 3 * count : 3])
        self.codes = iter([version.item.code for version in chosen[1:]])
        self.target = chosen[0].item.code
        contents = contents_of(chosen)
        self.contents = [contents[version.pk] for version in chosen if 1 < len(contents[version.pk]["rows"]) < 50]
        self.turn = 0

    def take(self) -> str:
        """Return the code of an item that no line has touched yet."""
        return next(self.codes)

    def new_item(self) -> dict:
        """Return the whole content of a new item: a known one at another place."""
        self.turn += 1
        content = self.contents[self.turn % len(self.contents)]
        return {**content, "name": f"{content['name'].partition('（')[0]}（{DRAFT_PLACE}{self.turn}）"}

    def other_rows(self) -> dict:
        """Return the responsible units of another item."""
        self.turn += 1
        return {"rows": self.contents[-self.turn]["rows"]}


def _change(number: int) -> dict:
    """Return what a line changes: a limit, and in turn the words of the criteria or the keywords."""
    texts = {"criteria": f"能说明地点和时段，第{number}项"} if number % 2 else {"keywords": ["占道", f"新增{number}"]}
    return {"limit_normal": 4 + number % 11, "limit_urgent": 2, **texts}


def _clear(cursor) -> None:
    """Remove what an earlier call made: items whose code begins with W or N, and every batch."""
    ours = "item_id IN (SELECT id FROM dutylist_item WHERE code ~ '^[WN]')"
    gone = f"(SELECT id FROM dutylist_itemversion WHERE batch_id IS NOT NULL OR {ours})"  # noqa: S608
    rows = f"(SELECT id FROM dutylist_responsibility WHERE version_id IN {gone})"  # noqa: S608 - no outside words
    for statement in (
        "DELETE FROM dutylist_batchpreview",
        "DELETE FROM dutylist_batchline",
        f"DELETE FROM dutylist_responsibility_co_units WHERE responsibility_id IN {rows}",  # noqa: S608
        f"DELETE FROM dutylist_responsibility WHERE version_id IN {gone}",  # noqa: S608
        f"DELETE FROM dutylist_itemversion WHERE id IN {gone}",  # noqa: S608
        "DELETE FROM dutylist_batch",
        "DELETE FROM dutylist_item WHERE code ~ '^[WN]'",
        "DELETE FROM dutylist_catalogueentry WHERE code ~ '^CS-[WN]'",
    ):
        cursor.execute(statement)


def _published_batches(count: int, years: float) -> int:
    """Write the batches of the history, evenly over the years until half a step ago; return the id of the first."""
    step, today = timedelta(days=365.25 * years / count), timezone.localdate()
    days = [today - step * (count - number) + step / 2 for number in range(count)]
    rows = [_batch(f"T{number:02d}", day) for number, day in enumerate(days, start=1)]
    return Batch.objects.bulk_create(rows)[0].pk


def _batch(number: str, day: date):
    moment = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    return Batch(
        number=f"{day.year}-{number}",
        title=f"{day.year} 年清单调整 {number}",
        owner_area=_city(),
        effective_on=day,
        state="published",
        created_at=moment - timedelta(days=20),
        published_at=moment,
    )


def _city():
    return Area.objects.get(parent=None)


def _account(name: str, role: str):
    """Return the person with this role at the city centre."""
    username = f"bench-{name}"
    if known := Staff.objects.filter(username=username).first():
        return known
    by, now = Actor.system("bench"), timezone.now()
    centre = Unit.objects.get(kind=UnitKind.CENTRE, level=Level.CITY)
    staff = create_staff(NewStaff(username, PASSWORD, centre.pk), by=by, now=now)
    grant_role(staff.pk, Role.objects.get(code=role).pk, centre.pk, by=by, now=now)
    return staff
