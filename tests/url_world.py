"""The world of the table of addresses: somebody of every kind, and a row of everything that has an address."""

from datetime import date, timedelta

from django.conf import settings
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client, TestCase
from django.utils import timezone

from analytics.models import EarlyWarning, RadarFinding
from analytics.services import refresh_radar
from analytics.tests.ledger_world import ask_for, load_ledger
from analytics.tests.reported import new_report_and_theme
from dispatch.choices import FollowState
from dispatch.models import CallBack, ClosureCheck, Docket, FollowUp, RuleAlarm, WorkOrder
from dispatch.services import RuleText, ask, circulate, create_rule, dispatch_awaiting, order_to_spot
from dispatch.tests.exchange import hand_over, make_peer, sent
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from dutylist.services import NewBatch, NewLine, open_batch, set_lines
from dutylist.tests.changes import add_changes
from grid.models import Building, GradeLevel, GradeScheme, Staff
from grid.services import NewCell, NewRecut, RecutTarget, create_cells, end_rounds, make_rounds, party, plan_recut
from grid.services.posts import NewPost, add_post
from grid.services.rentals import NewPerson, NewRental, NewVisit, add_person, record_visit, register_rental
from grid.tests.factories import grant, make_staff
from grid.tests.registers import building_code, make_buildings
from grid.tests.rounds import make_plan
from intake.choices import AttachmentKind
from intake.files import read_refusal_reasons
from intake.models import Attachment, Channel
from intake.services import (
    NewCase,
    NewLead,
    NewPoint,
    ThemeRow,
    create_channel_token,
    create_point,
    load_themes,
    propose_refusal,
    register_case,
    report_lead,
)
from intake.services.article_care import raise_correction
from intake.services.refusal_reasons import load_refusal_reasons
from intake.tests.articles import make_article, make_draft
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.tests.test_files import picture


class UrlWorld(TestCase):
    """One world: a dispatched case with a file in the first community, and a case that waits for a dispatcher.

    `facts` fill the addresses of the table in, `client_of` is the browser of one of its people.
    """

    facts: dict
    users: dict[str, int]
    key: str

    @classmethod
    def setUpTestData(cls):
        """Make the world, once for all tests of a class."""
        city = make_world()
        city.staff["other_dispatcher"] = grant(
            make_staff("other_dispatcher", city.centres[1]), "district_dispatcher", city.centres[1]
        )
        case, waiting = new_case(city), new_case(city, content="不知道归谁管", phone="13800138001", item=None)
        dispatch_awaiting(by=SYSTEM, now=NOON)
        order = WorkOrder.objects.get(case=case.pk)
        batch = new_batch(city)
        file = new_file(case)
        refresh_radar(by=SYSTEM, now=NOON)
        add_people(city)
        cls.users = {name: user.pk for name, user in city.staff.items()}
        cls.facts = {
            "case": case.number,
            "order": order.pk,
            "version": order.row_version,
            "waiting": waiting.pk,
            "file": file.pk,
            "item": case.item.code,
            "batch": batch.number,
            "batch_pk": batch.pk,
            "batch_version": batch.row_version,
            "line": batch.lines.first().pk,
            "asked": FollowUp.objects.create(
                case_id=case.pk, line=batch.lines.first(), area=case.area, policy="ask", state=FollowState.ASKED
            ).pk,
            "request": new_request(city, order),
            "finding": RadarFinding.objects.filter(area=city.city).values_list("pk", flat=True)[0],
        }
        cls.facts |= public_facts(city, case)
        cls.facts["warning"] = new_warning(city)
        cls.facts |= add_changes(city) | new_lead(city) | new_articles(city) | new_proposal(city)
        cls.facts |= new_message(city)
        cls.facts |= new_round(city)
        cls.facts |= new_places(city)
        cls.facts |= new_party(city)
        cls.facts |= new_rental(city)
        cls.facts["recut"] = new_recut(city)
        cls.facts["sheet"] = new_order_to_spot(city, order)
        by = Actor.staff(city.staff["supervisor"])
        cls.facts["circular"] = circulate(case.pk, by=by, now=NOON).circular_id
        cls.facts |= after_closing(city, case)
        cls.facts |= new_rules(city, case)
        for command in ("load_parameters", "load_indicators"):
            call_command(command, verbosity=0)
        cls.facts |= new_exclusion(city, order)
        cls.facts |= new_report_and_theme(city, case)
        channel = Channel.objects.exclude(pk=case.channel_id).first()
        _token, cls.key = create_channel_token(channel.pk, note="test", by=SYSTEM, now=NOON)

    def setUp(self):
        self.sessions: dict[str, str] = {}

    def client_of(self, who: str) -> Client:
        headers = {"Authorization": f"Token {self.key}", "Idempotency-Key": "k"} if who == "channel" else {}
        client = Client(raise_request_exception=False, headers=headers)
        if who not in {"anonymous", "channel"}:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.session_of(who)
        return client

    def session_of(self, who: str) -> str:
        """Return the session of somebody; each signs in once, before anything that is taken back."""
        if who not in self.sessions:
            client = Client()
            client.force_login(Staff.objects.get(pk=self.users[who]))
            self.sessions[who] = client.session.session_key
        return self.sessions[who]


def add_people(city) -> None:
    """Everybody of the table whom the world of dispatch does not have."""
    for name, centre in (("lead_officer", 0), ("other_lead_officer", 1)):
        city.staff[name] = grant(make_staff(name, city.centres[centre]), "lead_officer", city.centres[centre])
    for name, role, unit in (
        ("other_caller", "callback_agent", city.centres[1]),
        ("adjudicator", "adjudicator", city.centre),
        ("other_rule_editor", "dispatch_manager", city.centres[1]),
        ("rule_editor", "rule_editor", city.centre),
        ("dispatch_manager", "dispatch_manager", city.centre),
        ("knowledge_reviewer", "knowledge_reviewer", city.centre),
        ("other_knowledge_editor", "knowledge_editor", city.centres[1]),
        ("other_shift_leader", "shift_leader", city.centres[1]),
        ("grid_planner", "grid_manager", city.centres[0]),
        ("assessor", "assessor", city.centre),
        ("analyst", "analyst", city.centre),
        ("party_member", "reporter", city.bureaus[0]["water"]),
    ):
        city.staff[name] = grant(make_staff(name, unit), role, unit)


def new_file(case) -> Attachment:
    """A text file of the case."""
    file = Attachment(
        case_id=case.pk,
        kind=AttachmentKind.EVIDENCE,
        name="楼道.txt",
        content_type="text/plain",
        size=2,
        sha256="0" * 64,
        added_at=NOON,
        added_by="test",
    )
    file.file.save("x", ContentFile(b"ok"))
    return file


def new_exclusion(city, order) -> dict[str, int]:
    """What the first community asks to be left out of the assessment, with a picture as evidence."""
    load_ledger()
    asked = ask_for(city, [order], files=[SimpleUploadedFile("a.png", picture())])
    return {"exclusion": asked.pk, "evidence": asked.files.get().pk}


def new_party(city) -> dict[str, int]:
    """A site, somebody who reported, a task and a meeting with an item in the first community."""
    at, given = {"area_id": city.communities[0][0][0].pk}, {"by": SYSTEM, "now": NOON}
    site = party.keep_site(None, party.SiteData(**at, name="中心", address="一号"), **given)
    who = party.ReporterData(**at, kind="volunteer", name="林某", reported_on=NOON.date())
    times = {"starts_at": NOON, "ends_at": NOON + timedelta(hours=2)}
    task = party.TaskData(**at, title="清扫", place="三栋", wanted=2, **times)
    member = city.staff["party_member"]
    named = party.ReporterData(
        **at, kind="member", name="邱某", organisation="水务局党支部", reported_on=NOON.date(), staff_id=member.pk
    )
    party.keep_reporter(None, named, **given)
    own, claimed = (party.keep_task(None, task, **given).pk for _number in range(2))
    claim = party.claim_own_task(claimed, by=Actor.staff(member), now=NOON)
    meeting = party.GatheringData(**at, kind="tea", title="茶话会", held_on=NOON.date(), place="会议室")
    gathering = party.keep_gathering(None, meeting, **given)
    return {
        "site": site.pk,
        "reporter": party.keep_reporter(None, who, **given).pk,
        "community_task": party.keep_task(None, task, **given).pk,
        "own_task": own,
        "own_claim": claim.pk,
        "gathering": gathering.pk,
        "gathering_item": party.add_item(gathering.pk, "路灯不亮", **given).pk,
    }


def new_round(city) -> dict[str, int]:
    """A round of the first community that was missed, and its plan."""
    plan = make_plan(city, now=NOON)
    make_rounds(now=NOON)
    end_rounds(now=NOON + timedelta(days=1))
    task = plan.tasks.first()
    return {"round": task.pk, "round_plan": plan.pk, "round_point": task.point_ids[0]}


def new_places(city) -> dict:
    """A cell of the first community with a post and a building, imported by the secretary."""
    community, by = city.communities[0][0][0], Actor.staff(city.staff["community_secretary"])
    rows = [NewCell(f"{community.code}91", "第九十一网格", community.code)]
    (cell,) = create_cells(rows, source="test", by=by, now=NOON)
    post = add_post(NewPost(cell.pk, "楼栋长", NOON.date(), person="陈某"), by=by, now=NOON)
    done = make_buildings(cell, "甲楼", by=by)
    return {"cell_code": cell.code, "grid_post": post.pk, "import": done.pk, "building": building_code(cell, 1)}


def new_recut(city) -> int:
    """A planned re-cut of the first community."""
    old, into = city.communities[0][0]
    plan = NewRecut(area_id=old.pk, targets=(RecutTarget(into.code),), effective_on=timezone.localdate(), document="x")
    return plan_recut(plan, by=Actor.staff(city.staff["grid_planner"]), now=timezone.now()).pk


def new_message(city) -> dict[str, int]:
    """A case of the second district that waits to be sent to the platform there."""
    peer = make_peer(city)
    hand_over(city, content="井盖倾斜")
    return {"peer": peer.pk, "message": sent()[0].pk}


def after_closing(city, case) -> dict[str, int]:
    """A call about the case that nobody has taken, and a check of its closing by the first sub-centre."""
    place = {"case_id": case.pk, "round": 1, "area": case.area, "unit": city.stations[0][0][0]}
    call = CallBack.objects.create(**place, why="unrated", ready_at=NOON, due_at=NOON)
    office = city.offices[0][0]
    check = ClosureCheck.objects.create(**place, deciding_unit=office, reasons=[], opened_at=NOON, due_at=NOON)
    at = {"opened_at": NOON, "argue_until": NOON, "due_at": NOON, "reason": "x", "origin": "dispatcher"}
    docket = Docket.objects.create(case=case, round=1, area=case.area, interim_unit=place["unit"], **at)
    docket.parties.create(unit=place["unit"])
    return {"call": call.pk, "check": check.pk, "docket": docket.pk, "station": place["unit"].pk}


def new_request(city, order) -> int:
    """What the first community asks of its subdistrict."""
    by = Actor.staff(city.staff["community_secretary"])
    return ask(order.pk, kind="return", reason="不归我们管", by=by, now=NOON).pk


def new_rules(city, case) -> dict:
    """A dispatch rule of the first district as a draft, and one of the city with an alarm."""
    by = Actor.staff(city.staff["rule_editor"])
    leaf = {"field": "text", "op": "contains_any", "value": ["路灯"]}
    text = RuleText("路灯", {"all": [leaf]}, {"person": "x"}, 5, NOON.date())
    draft = create_rule(text, area_id=city.districts[0].pk, by=by, now=NOON)
    other = create_rule(text, area_id=city.city.pk, by=by, now=NOON)
    seen = {"first_seen_at": NOON, "last_seen_at": NOON, "last_case_id": case.pk}
    alarm = RuleAlarm.objects.create(version=other, problem="broken", **seen)
    return {"rule_code": draft.rule.code, "rule_alarm": alarm.pk}


def new_order_to_spot(city, order) -> int:
    """The sheet by which the first community orders a department to the place of the case."""
    by, unit = Actor.staff(city.staff["community_secretary"]), city.enforcement[0][0]
    return order_to_spot(order.pk, unit_ids=[unit.pk], task="清理", place="大堂", by=by, now=NOON).pk


def new_lead(city) -> dict[str, str]:
    """A lead in the first district."""
    lead = NewLead(channel="sensor", kind="sensor", content="井盖倾斜", area=city.districts[0].code)
    return {"lead": report_lead(lead, by=SYSTEM, now=NOON).lead.number}


def new_articles(city) -> dict:
    """An article of the first district that is online, with a mistake reported, and one that is a draft."""
    live, draft = make_article(city.centres[0]), make_draft(city.centres[0])
    wrong = raise_correction(live.pk, "电话号码错了", by=Actor.staff(city.staff["agent"]), now=NOON)
    return {"article": live.article.code, "draft_article": draft.article.code, "correction": wrong.pk}


def new_proposal(city) -> dict:
    """A case in the first district that an agent proposes not to accept."""
    load_refusal_reasons(read_refusal_reasons(), by=SYSTEM, now=NOON)
    agent = Actor.staff(city.staff["agent"])
    data = NewCase(channel="hotline", content="纸箱", request_type="help", area=city.districts[0].code, accept=False)
    case = register_case(data, by=agent, now=NOON)
    return {"proposal": propose_refusal(case.pk, reason="court", by=agent, now=NOON).pk}


def new_rental(city) -> dict[str, int]:
    """A rental in the first community with a photo of a visit and an owner, and the community's visit plan."""
    area = city.communities[0][0][0]
    building = Building.objects.create(code="4403090010010100001", name="一栋", area=area)
    rental = register_rental(NewRental(building.code, "building"), by=SYSTEM, now=NOON)
    person = add_person(rental.pk, NewPerson("owner", "甲某"), by=SYSTEM, now=NOON)
    scheme = GradeScheme.objects.create(
        code="s", name="办法", area=city.districts[0], effective_from=date(2020, 1, 1), source="test"
    )
    GradeLevel.objects.create(code="green", scheme=scheme, name="宽管", from_points=0, visit_every_days=30)
    secretary = Actor.staff(city.staff["community_secretary"])
    visit = record_visit(rental.pk, NewVisit(photos=[SimpleUploadedFile("a.jpg", picture())]), by=secretary, now=NOON)
    return {"rental": rental.pk, "person": person.pk, "photo": visit.photos.get().pk, "community": area.pk}


def new_warning(city) -> int:
    """A warning in the first district, as a detector would keep it."""
    given = {"kind": "closure", "subject": "x", "name": "虚假办结", "count": 3, "score": 2.0}
    given |= {"period": NOON.date(), "first_day": NOON.date(), "last_day": NOON.date()}
    facts = {"closed": 9, "confirmed": 1, "days": 30}
    given |= {"found_at": NOON, "last_found_at": NOON, "evidence": {"cases": [], "facts": facts}}
    return EarlyWarning.objects.create(area=city.districts[0], **given).pk


def public_facts(city, case) -> dict:
    """A QR point in the first community, a theme, and a private link to the case."""
    area, by = city.communities[0][0][0], Actor.staff(city.staff["community_secretary"])
    point = create_point(NewPoint("大堂", area.code, "翠竹苑 3 栋"), by=by, now=NOON)
    load_themes([ThemeRow("hiring", "招工", "Hiring", "", "", (case.item_id,), 1, "sample")], by=SYSTEM, now=NOON)
    return {
        "point": point.pk,
        "code": point.code,
        "theme": "hiring",
        "key": signing.dumps(case.number, salt="track"),
    }


def new_batch(city):
    """A draft about the list of the first district, with two lines; an editor sits in the second district, too."""
    city.staff["other_editor"] = grant(make_staff("other_editor", city.centres[1]), "duty_editor", city.centres[1])
    by, area = Actor.staff(city.staff["duty_manager"]), city.districts[0].pk
    batch = open_batch(NewBatch(title="批次", owner_area_id=area), by=by, now=NOON)
    rows = [{"area": area, "lead": city.bureaus[0]["water"].pk}]
    content = {"level1": "甲", "level2": "乙", "name": "丙", "limit_normal": 5, "rows": rows}
    lines = [NewLine("add", "L1", content), NewLine("add", "L2", content | {"name": "丁"})]
    set_lines(batch.pk, lines, by=by, now=NOON)
    batch.refresh_from_db()
    return batch
