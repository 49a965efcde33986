"""The shell's template tags."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import TemplateSyntaxError
from django.utils import timezone, translation

from shenzhen_gov.core.templatetags import shell

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


class TestAChip:
    def test_has_a_shape_and_escaped_words(self):
        html = shell.chip("<b>", "bad")
        assert "#s-bad" in html
        assert "&lt;b&gt;" in html

    def test_of_an_unknown_tone_is_a_mistake(self):
        with pytest.raises(TemplateSyntaxError):
            shell.chip("x", "purple")


class TestAClock:
    @pytest.mark.parametrize(
        ("left", "tone", "words"),
        [
            (timedelta(days=1, hours=7, minutes=5), "", "1d 7h left"),
            (timedelta(hours=1, minutes=12), "warn", "1h 12min left"),
            (timedelta(minutes=9, seconds=59), "warn", "9min left"),
            (timedelta(hours=-16, minutes=-24), "bad", "16h 24min overdue"),
        ],
    )
    def test_says_how_much_is_left_or_overdue(self, left, tone, words):
        with translation.override("en"):
            html = shell.clock(NOW + left, NOW, warn_at=NOW - timedelta(1) if left < timedelta(hours=2) else None)
        assert f'class="chip {tone}"' in html
        assert words in html
        assert f'data-due="{(NOW + left).isoformat()}"' in html

    def test_that_has_ended_says_whether_it_was_kept(self):
        assert "chip ok" in shell.clock(NOW, NOW, done_at=NOW)
        assert "chip bad" in shell.clock(NOW, NOW, done_at=NOW + timedelta(seconds=1))

    def test_without_a_deadline_is_nothing(self):
        assert shell.clock(None) == ""


class TestAMoment:
    def test_is_short_when_it_is_near_and_in_shanghai_time(self):
        today = timezone.localtime().replace(hour=18, minute=5)
        assert shell.moment(today).endswith("18:05")
        assert shell.full_moment(datetime(2025, 1, 1, 20, 30, tzinfo=UTC)) == "2025-01-02 04:30"
        assert shell.moment(datetime(2001, 1, 1, 20, 30, tzinfo=UTC)) == "2001-01-02 04:30"
        assert shell.moment(None) == shell.full_moment(None) == ""

    def test_in_minutes_is_rounded_up(self):
        assert shell.minutes(timedelta(seconds=61)) == 2
        assert shell.minutes(None) == 0
