"""The command that says how good suggestions are."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from grid.tests.factories import small_city
from intake.suggestion.measuring import Message, score_catalogue, score_messages
from intake.tests.factories import make_item

DOGS = ["楼下的狗半夜一直叫", "邻居的狗不牵绳还叫", "小区里狗乱叫没人管"]
LAMPS = ["门口路灯整夜不亮", "路灯坏了不亮很黑", "小区路灯一闪一闪不亮"]


def test_messages_are_ranked_by_what_the_other_folds_taught():
    messages = [Message("", text, "dogs") for text in DOGS] + [Message("", text, "lamps") for text in LAMPS]
    score = score_messages(messages, folds=3)
    assert (score.texts, score.classes, score.top[1], score.macro_f1) == (6, 2, 1.0, 1.0)


def test_an_example_is_held_back_while_it_is_asked_about(db):
    city = small_city()
    told = make_item(city.city, "甲", examples=["楼下的狗半夜一直叫", "完全不相干的一句话"])
    other = make_item(city.city, "乙", examples=["楼下的狗半夜一直叫"])
    score = score_catalogue([told, other], examples_only=True)
    assert score.texts == 2  # only of items with two or more
    assert score.top[1] == 0.0  # its own words are held back, so the other item wins


def test_the_command_prints_a_table(db, tmp_path):
    city = small_city()
    make_item(city.city, "养犬", examples=DOGS)
    make_item(city.city, "路灯", examples=LAMPS)
    path = tmp_path / "messages.csv"
    rows = [f"标题,{text},狗" for text in DOGS] + [f"标题,{text},灯" for text in LAMPS]
    path.write_text("\n".join(["title,text,label", *rows]), encoding="utf-8")
    out = StringIO()
    call_command("evaluate_suggestions", "--messages", str(path), "--folds", "3", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == 4
    texts, classes, _first, third, _fifth, _f1 = lines[3].split()[-6:]
    assert (texts, classes, third) == ("6", "2", "1.000")


def test_the_command_refuses_what_it_cannot_read(db, tmp_path):
    with pytest.raises(CommandError, match="nothing to measure"):
        call_command("evaluate_suggestions", stdout=StringIO())
    path = tmp_path / "messages.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(CommandError, match="lacks the column"):
        call_command("evaluate_suggestions", "--messages", str(path), stdout=StringIO())
