"""Changes to one's own account. Everybody may change only their own, so the actor is the account."""

from __future__ import annotations

from base64 import b32encode
from datetime import datetime

from django.contrib.auth import get_user_model, password_validation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from grid.access import require_administration
from shenzhen_gov.core import audit
from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput, NotAllowed, StalePage

DEVICE_NAME = "totp"


def change_password(*, old: str, new: str, by: Actor, now: datetime):
    """Set a new password and return the account. Raises BadInput naming the field at fault."""
    with transaction.atomic():
        user = _own_account(by)
        _require_password(user, old, field="old_password")
        try:
            password_validation.validate_password(new, user)
        except ValidationError as error:
            raise BadInput(" ".join(error.messages), field="new_password1") from error
        user.set_password(new)
        user.save(update_fields=["password"])
        audit.record("account.password_changed", user, by=by, now=now)
    return user


def begin_two_step(*, by: Actor) -> TOTPDevice:
    """Return the device that waits for its first code, made when there is none. Raises StalePage when one is in use."""
    with transaction.atomic():
        user = _own_account(by)
        _refuse_second_device(user)
        device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
        return device or TOTPDevice.objects.create(user=user, name=DEVICE_NAME, confirmed=False)


def confirm_two_step(token: str, *, by: Actor, now: datetime) -> TOTPDevice:
    """Put the waiting device in use when `token` is its present code. Raises BadInput(field="token") otherwise."""
    with transaction.atomic():
        user = _own_account(by)
        _refuse_second_device(user)
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
        if device is None:
            raise StalePage(_("This page is out of date; please start the set-up again."))
        if not device.verify_token(token):
            raise BadInput(
                _("This code is not right. Check the clock of your phone and try the next code."), field="token"
            )
        device.confirmed = True
        device.save()
        audit.record("account.two_step_set_up", user, by=by, now=now)
    return device


def remove_two_step(*, password: str, by: Actor, now: datetime) -> None:
    """Take the second step away again. Raises BadInput for a wrong password, StalePage when there is none."""
    with transaction.atomic():
        user = _own_account(by)
        _require_password(user, password, field="password")
        count, _rows = TOTPDevice.objects.filter(user=user, confirmed=True).delete()
        if not count:
            raise StalePage(_("Two-step log-in is not set up for this account."))
        audit.record("account.two_step_removed", user, by=by, now=now)


def take_two_step_from(staff_id: int, *, by: Actor, now: datetime) -> None:
    """Remove somebody else's second step, e.g. after a phone was lost; for administrators at that person's unit.

    Raises OutOfSight or NotAllowed, and StalePage when there is none.
    """
    with transaction.atomic():
        user = get_user_model().objects.select_for_update().get(pk=staff_id)
        require_administration(by, user)
        count, _rows = TOTPDevice.objects.filter(user=user).delete()
        if not count:
            raise StalePage(_("Two-step log-in is not set up for this account."))
        audit.record("account.two_step_removed", user, by=by, now=now)


def device_in_use(user) -> TOTPDevice | None:
    """Return the confirmed device of `user`, if any."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def secret_of(device: TOTPDevice) -> str:
    """Return the device's secret in groups of four, for typing it in by hand."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _own_account(by: Actor):
    if by.user is None:
        raise NotAllowed(_("Only a person has an account."))
    return get_user_model().objects.select_for_update().get(pk=by.user.pk)


def _require_password(user, password: str, field: str) -> None:
    if not user.check_password(password):
        raise BadInput(_("The password is not right."), field=field)


def _refuse_second_device(user) -> None:
    if device_in_use(user):
        raise StalePage(_("Two-step log-in is already set up for this account."))
