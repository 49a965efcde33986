"""What tests of the duty-list desk share: people at the centres, batches in several states, a browser."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dutylist import services
from dutylist.models import Batch
from dutylist.tests.world import make_list
from grid.tests.factories import grant, make_staff
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.tests.remembered import remembered

OVERRIDE = "Decided by the office on the day"


@remembered
def make_desk():
    """The small city with its list, and editors at the city, in both districts; a first reviewer at the city."""
    city = make_list()
    for name, role, unit in (
        ("editor", "duty_editor", city.centre),
        ("other_editor", "duty_editor", city.centres[1]),
        ("own_editor", "duty_editor", city.centres[0]),
    ):
        city.staff[name] = grant(make_staff(f"desk_{name}", unit), role, unit)
    city.staff["first"] = grant(make_staff("desk_first", city.centre), "duty_reviewer", city.centre)
    return city


def by(city, name="editor"):
    return Actor.staff(city.staff[name])


def open_batch(city, *, who="editor", area=None, **given):
    data = {"title": "年度调整", "owner_area_id": (area or city.city).pk, "effective_on": timezone.localdate()} | given
    return services.open_batch(services.NewBatch(**data), by=by(city, who), now=timezone.now())


def enter(city, batch, *lines, who="editor"):
    services.set_lines(batch.pk, lines, by=by(city, who), now=timezone.now())
    batch.refresh_from_db()
    return batch


def change(code="T01", **changes):
    return services.NewLine("change", code, changes or {"limit_normal": 3})


def new_items(city, count, start=0):
    rows = [{"area": city.city.pk, "lead": city.city_bureau.pk, "co": [], "fallback": None, "note": ""}]
    common = {"level1": "市容环卫", "level2": "环境", "limit_normal": 5, "rows": rows}
    return [services.NewLine("add", f"N{n:03d}", common | {"name": f"新事项{n}"}) for n in range(start, start + count)]


def client_of(city, who):
    client = Client()
    client.cookies["django_language"] = "en"
    if who:
        client.force_login(city.staff[who])
    return client


def show(city, name, *args, who="editor", htmx=False, **query):
    headers = {"HX-Request": "true"} if htmx else {}
    return client_of(city, who).get(reverse(f"dutylist:{name}", args=args), query, headers=headers)


def statements(city, name, *args):
    """What a page asks the database for, once everything that is read once a process was read."""
    client = client_of(city, "editor")
    client.get(reverse(f"dutylist:{name}", args=args))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(f"dutylist:{name}", args=args)).status_code == 200
    return [query["sql"] for query in queries]


def send(city, page, *args, who="editor", **data):
    return client_of(city, who).post(reverse(f"dutylist:{page}", args=args), data)


def act(city, batch, move, *, who="editor", **data):
    data = {"row_version": Batch.objects.get(pk=batch.pk).row_version} | data
    return send(city, "batch_act", batch.number, move, who=who, **data)


def buttons(response):
    return {action.name: action.reason for action in response.context["actions"]}


def under_review(city, **given):
    """A batch with one change that waits for its approval."""
    batch = enter(city, open_batch(city, **given), change())
    services.submit(batch.pk, by=by(city), now=timezone.now())
    services.pre_approve(batch.pk, by=by(city, "first"), now=timezone.now())
    return Batch.objects.get(pk=batch.pk)


def published(city, **given):
    batch = under_review(city, **given)
    services.approve(batch.pk, override=OVERRIDE, by=by(city, "duty_manager"), now=timezone.now())
    return Batch.objects.get(pk=batch.pk)


def form_data(response, **changes):
    """What a browser would send back of the form."""
    form = response.context["form"]
    data = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, bool):
            data |= {bound.name: "on"} if value else {}
        elif value is not None:
            data[bound.name] = value
    return data | changes
