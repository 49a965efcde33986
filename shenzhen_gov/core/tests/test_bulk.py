"""Many rows at once are what Django would have written."""

from datetime import timedelta

import pytest
from django.db import DataError, transaction
from django.utils import timezone

from shenzhen_gov.core.bulk import copy_objects, update_objects
from shenzhen_gov.core.models import JobRun

NOW = timezone.now()


def run(**given):
    return JobRun(**({"job": "“坪山” %s", "started_at": NOW, "beat_at": NOW, "result": {"行": [1, None]}} | given))


@pytest.mark.django_db
class TestCopying:
    def test_objects_learn_the_keys_they_are_stored_under(self):
        runs = [run(job="一"), run(job="二")]
        with transaction.atomic():
            assert copy_objects(runs, keyed=True) == 2
        assert {one.pk: one.job for one in runs} == dict(JobRun.objects.values_list("pk", "job"))

    def test_and_can_be_saved_again(self):
        one = run()
        with transaction.atomic():
            copy_objects([one], keyed=True)
        one.message = "x"
        one.save()
        assert [row.message for row in JobRun.objects.all()] == ["x"]

    def test_without_keys_they_are_stored_all_the_same(self):
        with transaction.atomic():
            copy_objects([run(), run()])
        assert JobRun.objects.count() == 2


@pytest.mark.django_db
class TestUpdating:
    def test_writes_the_named_fields_of_these_rows_and_no_others(self):
        first, second, third = (run(job=text, total=total) for text, total in (("一", 1), ("二", 2), ("三", None)))
        for one in (first, second, third):
            one.save()
        first.job, first.total, first.beat_at = "甲", 7, NOW + timedelta(days=1)
        second.job, second.total = "乙", None
        second.message = "not named"
        assert update_objects([first, second], ["job", "beat_at", "total"]) == 2
        rows = list(JobRun.objects.order_by("pk").values_list("job", "total", "beat_at", "message"))
        assert rows == [("甲", 7, NOW + timedelta(days=1), ""), ("乙", None, NOW, ""), ("三", None, NOW, "")]

    def test_too_long_a_text_is_refused_and_not_cut(self):
        one = run()
        one.save()
        one.job = "长" * 500
        with pytest.raises(DataError), transaction.atomic():
            update_objects([one], ["job"])

    def test_of_nothing_asks_nothing(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert update_objects([], ["job"]) == 0
