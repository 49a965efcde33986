"""Job runs: what happens in the background, visible to administrators."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobRun(models.Model):
    """One run of a named background job, with its progress and its outcome."""

    class State(models.TextChoices):
        """Where a run stands."""

        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    job = models.CharField(_("Job"), max_length=80)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.RUNNING)
    asked_by = models.CharField(_("Asked by"), max_length=120, blank=True)
    asked_by_id = models.BigIntegerField(null=True)
    started_at = models.DateTimeField(_("Started"))
    beat_at = models.DateTimeField(_("Last sign of life"))
    ended_at = models.DateTimeField(_("Ended"), null=True)
    total = models.IntegerField(_("Total"), null=True)
    done = models.IntegerField(_("Done"), default=0)
    message = models.TextField(_("Message"), blank=True)
    result = models.JSONField(_("Result"), default=dict)

    class Meta:
        verbose_name = _("job run")
        verbose_name_plural = _("job runs")
        ordering = ["-id"]
        indexes = [models.Index(fields=["job", "-id"], name="jobrun_by_job")]

    def __str__(self) -> str:
        return f"{self.job} {self.started_at:%Y-%m-%d %H:%M}"
