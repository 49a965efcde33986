"""Four tables like those of a portal without rules: case, work order, clock, log."""

from django.db import models


class PlainCase(models.Model):  # noqa: DJ008
    """A request."""

    number = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    content = models.TextField()
    area = models.CharField(max_length=20, db_index=True)
    item = models.CharField(max_length=40, db_index=True)
    created_at = models.DateTimeField()


class PlainWorkOrder(models.Model):  # noqa: DJ008
    """Who does it."""

    case = models.ForeignKey(PlainCase, models.CASCADE)
    unit = models.CharField(max_length=40, db_index=True)
    state = models.CharField(max_length=20)


class PlainClock(models.Model):  # noqa: DJ008
    """Until when."""

    case = models.ForeignKey(PlainCase, models.CASCADE)
    due_at = models.DateTimeField(db_index=True)


class PlainLog(models.Model):  # noqa: DJ008
    """What happened."""

    case = models.ForeignKey(PlainCase, models.CASCADE)
    text = models.CharField(max_length=200)
    at = models.DateTimeField()
