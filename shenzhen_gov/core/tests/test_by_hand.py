"""Rows by hand are what Django reads and writes."""

import pytest
from django.utils import timezone

from shenzhen_gov.core.by_hand import columns, insert, objects
from shenzhen_gov.core.models import JobRun

NOW = timezone.now()


def run(**given):
    return JobRun(**({"job": "“坪山” %s", "started_at": NOW, "beat_at": NOW, "result": {"行": [1, None]}} | given))


@pytest.mark.django_db
class TestInserting:
    def test_stores_what_saving_stores(self):
        by_hand, saved = run(), run()
        insert(by_hand)
        saved.save(force_insert=True)
        stored = [JobRun.objects.filter(pk=one.pk).values(*_names()).get() for one in (by_hand, saved)]
        assert stored[0] == stored[1]

    def test_learns_its_key_or_keeps_the_one_it_brings(self):
        first, second = run(), run(pk=2**40)
        for one in (first, second):
            insert(one)
        assert JobRun.objects.get(pk=first.pk).job == first.job
        assert (second.pk, JobRun.objects.get(pk=2**40).result) == (2**40, {"行": [1, None]})

    def test_leaves_an_object_that_can_be_saved_again(self):
        one = run()
        insert(one)
        one.message = "x"
        one.save()
        assert [row.message for row in JobRun.objects.all()] == ["x"]


@pytest.mark.django_db
class TestReading:
    def test_finds_what_django_finds(self):
        run().save()
        text = f"SELECT {columns(JobRun, 'j')} FROM core_jobrun j WHERE job = %s"  # noqa: S608
        (found,) = objects(JobRun, text, ["“坪山” %s"])
        known = JobRun.objects.get()
        assert {name: getattr(found, name) for name in _names()} == {name: getattr(known, name) for name in _names()}
        assert (found, found.get_deferred_fields()) == (known, set())
        assert objects(JobRun, text, ["nothing"]) == []


def _names():
    return [field.attname for field in JobRun._meta.concrete_fields if not field.primary_key]
