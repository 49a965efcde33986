"""Log-in in one or two steps, password change, two-step set-up."""

from __future__ import annotations

import time
from io import BytesIO

import django_otp
import qrcode
import qrcode.image.svg
from django.contrib import messages
from django.contrib.auth import get_user_model, login, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, RedirectURLMixin
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import FormView

from shenzhen_gov.core.actor import Actor
from shenzhen_gov.core.exceptions import BadInput

from . import services
from .forms import LoginForm, PasswordChangeForm, PasswordForm, TokenForm

HALF_WAY = "two_step_half_way"
SECONDS_HALF_WAY = 300


class PasswordStep(LoginView):
    """First step: user name and password. Whoever has set up a second step is sent on to it, not yet logged in."""

    template_name = "registration/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form):
        """Log in, or go on to the second step."""
        user = form.get_user()
        if services.device_in_use(user) is None:
            return super().form_valid(form)
        self.request.session[HALF_WAY] = {
            "user": user.pk,
            "backend": user.backend,
            "at": time.time(),
            "next": self.get_redirect_url(),
            "password": user.get_session_auth_hash(),
        }
        return redirect("login_token")


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class TokenStep(RedirectURLMixin, FormView):
    """Second step: the code of the authenticator app, within five minutes of the password."""

    template_name = "registration/login_token.html"
    form_class = TokenForm
    next_page = "home"

    def dispatch(self, request, *args, **kwargs):
        """Send back to the first step whoever has not just passed it."""
        self.half_way = request.session.get(HALF_WAY) or {}
        self.user = self._half_way_user()
        if self.user is None:
            request.session.pop(HALF_WAY, None)
            return redirect("login")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        """Log in when the code is right."""
        device = django_otp.match_token(self.user, form.cleaned_data["token"])
        if device is None:
            form.add_error("token", _("This code is not right, or it was used before. Wait for the next one."))
            return self.form_invalid(form)
        del self.request.session[HALF_WAY]
        login(self.request, self.user, backend=self.half_way["backend"])
        django_otp.login(self.request, device)
        return HttpResponseRedirect(self.half_way["next"] or self.get_default_redirect_url())

    def _half_way_user(self):
        if time.time() - self.half_way.get("at", 0) > SECONDS_HALF_WAY:
            return None
        user = get_user_model().objects.filter(pk=self.half_way["user"], is_active=True).first()
        # The password may have been changed in between: then the first step is no longer passed.
        same = user is not None and user.get_session_auth_hash() == self.half_way.get("password")
        return user if same else None


@login_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_change(request):
    """Change one's own password; other sessions of the account end."""
    form = PasswordChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = services.change_password(
                old=form.cleaned_data["old_password"],
                new=form.cleaned_data["new_password1"],
                by=Actor.staff(request.user),
                now=timezone.now(),
            )
        except BadInput as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            update_session_auth_hash(request, user)
            messages.success(request, _("Your password has been changed."))
            return redirect("home")
    return _page(request, "registration/password_change.html", form, _("Change password"))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def two_step(request):
    """Set up the second step with a QR code, or, once it is set up, offer to remove it."""
    actor = Actor.staff(request.user)
    if services.device_in_use(request.user):
        return _page(request, "registration/two_step.html", PasswordForm(), _("Two-step log-in"), is_set_up=True)
    device = services.begin_two_step(by=actor)
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            confirmed = services.confirm_two_step(form.cleaned_data["token"], by=actor, now=timezone.now())
        except BadInput as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            django_otp.login(request, confirmed)
            messages.success(
                request, _("Two-step log-in is set up. You will be asked for a code from the next log-in on.")
            )
            return redirect("two_step")
    return _page(
        request,
        "registration/two_step.html",
        form,
        _("Two-step log-in"),
        picture=qr_picture(device.config_url),
        secret=services.secret_of(device),
    )


@login_required
@require_POST
def two_step_remove(request):
    """Remove the second step after the password was given again."""
    form = PasswordForm(request.POST)
    if form.is_valid():
        try:
            services.remove_two_step(
                password=form.cleaned_data["password"], by=Actor.staff(request.user), now=timezone.now()
            )
        except BadInput as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("Two-step log-in has been removed."))
            return redirect("two_step")
    return _page(request, "registration/two_step.html", form, _("Two-step log-in"), is_set_up=True)


def qr_picture(text: str) -> SafeString:
    """Return `text` as a QR code, an SVG element to be put into a page."""
    buffer = BytesIO()
    qrcode.make(text, image_factory=qrcode.image.svg.SvgPathImage, box_size=9, border=2).save(buffer)
    svg = buffer.getvalue().decode()
    return mark_safe(svg[svg.index("<svg") :])  # noqa: S308 (drawn here, from numbers only)


def _page(request, template: str, form, title: str, **context):
    status = 400 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, "title": title, **context}, status=status)
