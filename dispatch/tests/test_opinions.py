"""A language model gives an opinion at the most: redacted, out of the list, in time, and never a dispatch."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from dispatch.choices import CellState, ItemBasis
from dispatch.gate.figures import wilson_bound
from dispatch.gate.opinion import Choice, ask_opinion, fuse
from dispatch.models import CaseOpinion, GateCell, WorkOrder
from dispatch.selectors.desk import get_candidates
from dispatch.services import ask_opinions, dispatch_awaiting
from dispatch.tests.world import NOON, SYSTEM, make_world, new_case
from dutylist.models import Item
from dutylist.selectors import version_in_force

OFFERED = [Choice("T01", "市容环卫 / 楼道堆物"), Choice("T02", "市政设施 / 路灯不亮")]


@pytest.fixture
def model(settings):
    """A model on this machine: `asked` is what it was sent, `says` what it answers (text, status)."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            server.keys.append(self.headers.get("Authorization"))
            text, status = server.says
            body = json.dumps({"choices": [{"message": {"content": text}}]}).encode()
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.keys, server.says = [], [], ('{"codes": ["T02"]}', 200)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.OUTBOUND_HOSTS = ["127.0.0.1"]
    settings.LLM_URL = f"http://127.0.0.1:{server.server_port}/v1/chat/completions"
    settings.LLM_KEY, settings.LLM_MODEL = "secret", "small"
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def case(db):
    city = make_world()
    text = "我叫陈小明，电话13800138000，身份证440301199001011234，住5栋302室，楼道堆满纸箱"
    return new_case(city, content=text, name="陈小明", item="")


def test_nothing_leads_to_the_citizen_in_what_is_sent(model, case):
    ask_opinion(case, OFFERED)
    sent = json.dumps(model.asked[0], ensure_ascii=False)
    assert "楼道堆满纸箱" in sent
    assert not any(word in sent for word in ("陈小明", "13800138000", "440301199001011234", "302", "5栋"))
    assert model.keys == ["Bearer secret"]


@pytest.mark.parametrize(
    ("says", "codes"),
    [
        ('{"codes": ["T02", "T01"]}', ("T02", "T01")),
        ('好的：{"codes": ["T99", "T02", "T02", 7]}', ("T02",)),
        ('{"codes": []}', ()),
        ('{"codes": "T02"}', ()),
        ("派给城管局", ()),
        ("{" * 5000, ()),
    ],
)
def test_only_what_was_offered_counts(model, case, says, codes):
    model.says = (says, 200)
    assert ask_opinion(case, OFFERED).codes == codes


def test_a_model_that_fails_or_is_away_is_an_opinion_less(model, case, settings):
    model.says = ("", 500)
    assert ask_opinion(case, OFFERED).problem == "HTTP 500"
    settings.LLM_URL = "http://127.0.0.1:9/v1"
    assert ask_opinion(case, OFFERED).problem
    settings.LLM_URL = "http://10.0.0.1/v1"
    assert ask_opinion(case, OFFERED).problem, "an internal address that is not listed is not called"


def test_it_is_asked_about_what_waits_for_a_person_once_and_dispatches_nothing(model, case):
    dispatch_awaiting(by=SYSTEM, now=NOON)
    assert [ask_opinions(now=NOON), ask_opinions(now=NOON)] == [1, 0]
    assert CaseOpinion.objects.get(case=case).codes in (["T02"], [])
    assert not WorkOrder.objects.exists()
    assert len(model.asked) <= 1


def test_it_is_off_unless_set_up(case):
    dispatch_awaiting(by=SYSTEM, now=NOON)
    assert ask_opinions(now=NOON) == 0


def test_the_fusion_reorders_and_adds_nothing():
    assert fuse(["A", "B", "C"], ["C", "X"]) == ["C", "A", "B"]
    assert fuse(["A", "B"], []) == ["A", "B"]


def test_the_desk_shows_the_opinion_and_what_the_item_has_proved(model, case):
    item = Item.objects.get(code="T02")
    version = version_in_force(item.pk, NOON.date())
    GateCell.objects.create(
        basis=ItemBasis.SUGGESTED, item=item, area=None, version=version, window="1" * 39 + "0", cases=40, hits=39,
        bound=wilson_bound(39, 40), state=CellState.ON, changed_at=NOON, last_at=NOON,
    )  # fmt: skip
    CaseOpinion.objects.create(case=case, asked_at=NOON, model="small", offered=["T01", "T02"], codes=["T02"])
    text = "楼道路灯不亮，楼道堆满纸箱"
    candidates = get_candidates(case, SYSTEM, NOON.date(), text)
    assert [(one.item.code, one.opinion) for one in candidates] == [("T02", 1), ("T01", None)]
    assert (candidates[0].record.hits, candidates[0].record_percent) == (39, 89)
    assert candidates[1].record is None


def test_without_a_model_no_opinion_is_read(case):
    CaseOpinion.objects.create(case=case, asked_at=NOON, model="small", offered=["T01", "T02"], codes=["T02"])
    candidates = get_candidates(case, SYSTEM, NOON.date(), "楼道堆满纸箱")
    assert all(one.opinion is None for one in candidates)
