from datetime import timedelta

import pytest
from django.utils import timezone

from intake.models import Evaluation, RatingLink
from intake.services import Scores, answer_case, create_rating_link, evaluate_case, move_case, rate_by_link
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, IllegalMove, NotAllowed, OutOfSight
from shenzhen_gov.core.models import AuditEntry

from .factories import SYSTEM, city_with_channels, make_case

NOW = timezone.now()
CITIZEN = Actor.citizen("track")
GOOD = Scores(5, speed=4, effect=5, experience=3, feedback=4, text=" 很快 ")


@pytest.fixture
def city(db):
    return city_with_channels()


@pytest.fixture
def agent(city):
    return Actor.staff(city.staff["agent"])


@pytest.fixture
def answered(agent):
    return answer_case(make_case(accept=False).pk, answer="工作日 9 点到 17 点。", by=agent, now=NOW)


def evaluate(case, scores=GOOD, **given):
    return evaluate_case(case.pk, scores, **({"via": "track", "by": CITIZEN, "now": NOW} | given))


def redone(case):
    """Take the case up again and end it a second time."""
    move_case(case, "redo", action="case.imported", by=SYSTEM, now=NOW)
    for move in ("dispatch", "report", "close"):
        move_case(case, move, action="case.imported", by=SYSTEM, now=NOW)
    return case


class TestAnEvaluation:
    def test_keeps_the_round_the_five_scores_and_the_words(self, answered):
        evaluate(answered)
        stored = Evaluation.objects.get(case=answered)
        assert (stored.round, stored.overall, stored.speed, stored.effect) == (1, 5, 4, 5)
        assert (stored.experience, stored.feedback, stored.text, stored.via) == (3, 4, "很快", "track")
        entry = AuditEntry.objects.filter(object_id=answered.pk).latest("seq")
        assert (entry.action, entry.changes["overall"]) == ("case.evaluated", 5)

    def test_needs_only_the_overall_score(self, answered):
        assert evaluate(answered, Scores(1)).speed is None

    def test_is_made_once_a_round(self, answered):
        evaluate(answered)
        with pytest.raises(IllegalMove, match="already"):
            evaluate(answered, Scores(1))
        assert evaluate(redone(answered), Scores(2)).round == 2

    def test_is_not_possible_before_the_case_ends(self, city):
        with pytest.raises(IllegalMove):
            evaluate(make_case())

    @pytest.mark.parametrize(
        ("scores", "field"),
        [
            (Scores(0), "overall"),
            (Scores(6), "overall"),
            (Scores(None), "overall"),
            (Scores("5"), "overall"),
            (Scores(True), "overall"),
            (Scores(5, speed=9), "speed"),
            (Scores(5, feedback=2.5), "feedback"),
            (Scores(5, text="长" * 501), "text"),
            (Scores(5, text="a\x00"), "text"),
            (Scores(5, text="\udfff"), "text"),
        ],
    )
    def test_is_refused_by_the_name_of_what_is_wrong(self, answered, scores, field):
        with pytest.raises(BadInput) as refusal:
            evaluate(answered, scores)
        assert refusal.value.field == field

    def test_is_made_by_agent_and_channel_too_but_not_by_others(self, city, answered, agent):
        with pytest.raises(NotAllowed):
            evaluate(answered, by=SYSTEM)
        with pytest.raises(BadInput):
            evaluate(answered, via="pigeon")
        assert evaluate(answered, via="agent", by=agent).evaluated_by == agent.name
        assert evaluate(redone(answered), via="channel", by=Actor.channel(answered.channel)).round == 2


class TestALinkToRateWith:
    def test_is_good_for_one_rating(self, answered, agent):
        link, secret = create_rating_link(answered.pk, by=agent, now=NOW)
        assert secret not in str(RatingLink.objects.values().get())
        assert rate_by_link(secret, GOOD, now=NOW).via == "link"
        link.refresh_from_db()
        assert link.used_at == NOW
        with pytest.raises(IllegalMove, match="used already"):
            rate_by_link(secret, GOOD, now=NOW)

    def test_runs_out(self, answered, agent):
        _link, secret = create_rating_link(answered.pk, by=agent, now=NOW)
        with pytest.raises(IllegalMove, match="run out"):
            rate_by_link(secret, GOOD, now=NOW + timedelta(days=30))

    def test_is_for_its_round_only(self, answered, agent):
        _link, secret = create_rating_link(answered.pk, by=agent, now=NOW)
        redone(answered)
        with pytest.raises(IllegalMove, match="taken up again"):
            rate_by_link(secret, GOOD, now=NOW)

    def test_is_over_when_the_case_was_rated_otherwise(self, answered, agent):
        _link, secret = create_rating_link(answered.pk, by=agent, now=NOW)
        evaluate(answered)
        with pytest.raises(IllegalMove, match="evaluated already"):
            rate_by_link(secret, GOOD, now=NOW)
        with pytest.raises(IllegalMove):
            create_rating_link(answered.pk, by=agent, now=NOW)

    def test_that_does_not_exist_is_not_found(self, city):
        with pytest.raises(OutOfSight):
            rate_by_link("半", GOOD, now=NOW)

    def test_is_made_by_agents_only(self, city, answered):
        with pytest.raises(NotAllowed):
            create_rating_link(answered.pk, by=CITIZEN, now=NOW)
