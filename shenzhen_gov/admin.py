"""Admin pages of the mechanisms; the other pages are each app's own."""

from django.contrib import admin
from django.utils import timezone
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

from grid.access import administers, visible_to
from grid.admin_scope import ReadOnlyAdmin, ScopedAdmin, may_administer
from grid.models import Staff
from shenzhen_gov.account.services import take_two_step_from
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.models import CalendarDay, CalendarYear, Parameter
from shenzhen_gov.system import services
from shenzhen_gov.system.forms import ParameterForm

# django-otp's own pages show the secrets.
admin.site.unregister([TOTPDevice, StaticDevice])


@admin.register(CalendarYear)
class CalendarYearAdmin(ReadOnlyAdmin):
    """Years of the holiday table; they come from a file (load_calendar), never from a form."""

    list_display = ("year", "complete", "provisional", "loaded_at", "source")


@admin.register(CalendarDay)
class CalendarDayAdmin(ReadOnlyAdmin):
    """Holidays and made-up working days."""

    list_display = ("date", "kind", "name", "source")
    list_filter = ("kind",)
    date_hierarchy = "date"


@admin.register(Parameter)
class ParameterAdmin(ScopedAdmin):
    """Every figure with its days and its source. A change is a new row: the past stays as it was."""

    list_display = ("key", "value", "unit", "effective_from", "source", "note")
    search_fields = ("key", "note", "source")
    ordering = ("key", "-effective_from")
    form = ParameterForm

    def has_change_permission(self, request, obj=None) -> bool:
        """No: a new value is added."""
        return False

    def write(self, obj, form, change, *, by, now) -> Parameter:
        """Give the parameter its next value."""
        return services.set_parameter(**form.cleaned_data, by=by, now=now)


@admin.register(TOTPDevice)
class SecondStepAdmin(ReadOnlyAdmin):
    """Who logs in with a second step; removing it helps whoever has lost the phone. The secret is not shown."""

    list_display = ("user", "confirmed", "created_at", "last_used_at")
    list_filter = ("confirmed",)
    search_fields = ("user__username", "user__last_name")
    fields = ("user", "confirmed", "created_at", "last_used_at")
    actions = None

    def get_queryset(self, request):
        """Return the devices of the people in sight."""
        return super().get_queryset(request).filter(user__in=visible_to(Staff.objects.all(), request.user))

    def has_delete_permission(self, request, obj=None) -> bool:
        """For administrators at the person's unit."""
        return may_administer(request.user) if obj is None else administers(Actor.staff(request.user), obj.user)

    def delete_model(self, request, obj) -> None:
        """Take the second step away."""
        take_two_step_from(obj.user_id, by=Actor.staff(request.user), now=timezone.now())
