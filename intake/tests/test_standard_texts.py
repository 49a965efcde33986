from dataclasses import replace
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from intake.files import read_standard_texts
from intake.models import StandardText
from intake.selectors import standard_texts
from intake.services import StandardTextRow, load_standard_texts, save_standard_text
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed
from shenzhen_gov.core.models import AuditEntry

from .factories import SYSTEM, city_with_channels

ROW = StandardTextRow("repair", "wish", "尽快修复", "请尽快派人修复。", 10, "P")
HEAD = "code,kind,title,text,order,source\n"
load = partial(load_standard_texts, by=SYSTEM, now=timezone.now())


@pytest.fixture
def city(db):
    return city_with_channels()


@pytest.mark.django_db
class TestLoading:
    def test_adds_what_is_missing_and_then_nothing(self):
        rows = read_standard_texts()
        assert len(load(rows, overwrite=False)) == len(rows) > 10
        assert load(rows, overwrite=False) == []
        assert {text["kind"] for text in standard_texts()} == {"content", "wish", "answer"}

    def test_keeps_what_somebody_edited_unless_told_otherwise(self):
        load([replace(ROW, text="改过")], overwrite=False)
        assert load([ROW], overwrite=False) == []
        assert load([ROW], overwrite=True) == ["~ repair 尽快修复"]
        assert AuditEntry.objects.filter(action="standard_text.changed").count() == 2

    def test_leaves_a_text_out_of_use_that_was_taken_out(self):
        load([replace(ROW, is_active=False)], overwrite=False)
        load([ROW], overwrite=True)
        assert standard_texts() == []

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("a,wish,x,y,ten,P", "Row 2, column order"),
            ("a,wish,x,y,1,P\na,wish,x,y,1,P", "Row 3, column code"),
            ("a,dream,x,y,1,P", "dream"),
            ("a,wish,,y,1,P", "title must not be empty"),
            ("a,wish,x,,1,P", "text must not be empty"),
            (f"a,wish,{'x' * 61},y,1,P", "61 characters are too many"),
        ],
    )
    def test_names_what_is_wrong_and_writes_nothing(self, tmp_path, line, said):
        file = tmp_path / "texts.csv"
        file.write_text(HEAD + "good,wish,x,y,1,P\n" + line if "Row" not in said else HEAD + line, encoding="utf-8")
        with pytest.raises(CommandError, match=said):
            call_command("load_standard_texts", file)
        assert not StandardText.objects.exists()


class TestEditing:
    def test_is_for_administrators(self, city):
        with pytest.raises(NotAllowed):
            save_standard_text(ROW, by=Actor.staff(city.staff["agent"]), now=timezone.now())
        save_standard_text(ROW, by=Actor.staff(city.staff["administrator"]), now=timezone.now())
        assert StandardText.objects.get().title == "尽快修复"

    @pytest.mark.parametrize("text", ["\0", "字" * 5001, " "])
    def test_refuses_a_text_that_cannot_be_used(self, city, text):
        with pytest.raises(BadInput) as refusal:
            save_standard_text(replace(ROW, text=text), by=SYSTEM, now=timezone.now())
        assert refusal.value.field == "text"

    def test_works_in_the_admin(self, city, client):
        client.force_login(city.staff["administrator"])
        given = {"code": "x", "kind": "wish", "title": "t", "text": "y", "order": 1, "source": "", "is_active": "on"}
        assert client.post(reverse("admin:intake_standardtext_add"), given).status_code == 302
        text = StandardText.objects.get()
        address = reverse("admin:intake_standardtext_change", args=[text.pk])
        assert client.post(address, given | {"text": "z"}).status_code == 302
        text.refresh_from_db()
        assert text.text == "z"


class TestASeatInTheAdmin:
    def test_is_given_and_changed(self, city, client):
        client.force_login(city.staff["administrator"])
        given = {"staff": city.staff["agent"].pk, "extension": "8001"}
        assert client.post(reverse("admin:intake_seat_add"), given).status_code == 302
        assert city.staff["agent"].seat.extension == "8001"
