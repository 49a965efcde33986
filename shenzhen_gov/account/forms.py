"""Forms of the account pages; they validate, services save."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class LoginForm(AuthenticationForm):
    """User name and password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["password"].label = _("Password")
        # A wrong password must not say which of the two was wrong.
        self.error_messages = {
            **self.error_messages,
            "invalid_login": _("User name or password is not right. Both are case-sensitive."),
        }


class TokenForm(forms.Form):
    """The six digits shown by the authenticator app."""

    token = forms.RegexField(
        r"^\s*\d{3}\s?\d{3}\s*$",
        label=_("Six-digit code"),
        help_text=_("Six digits shown by the authenticator app on your phone."),
        error_messages={"invalid": _("The code has six digits.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "maxlength": 9,
                "autofocus": True,
            }
        ),
    )

    def clean_token(self) -> str:
        """Return the digits alone."""
        return "".join(self.cleaned_data["token"].split())


class PasswordForm(forms.Form):
    """The present password, asked again before something that weakens the account."""

    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class PasswordChangeForm(forms.Form):
    """The present password and, twice, the new one."""

    old_password = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    new_password1 = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters, not a common word and not like your name."),
    )
    new_password2 = forms.CharField(
        label=_("New password again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_new_password2(self) -> str:
        """Refuse two different passwords."""
        again = self.cleaned_data["new_password2"]
        if again != self.cleaned_data.get("new_password1", again):
            raise forms.ValidationError(_("The two new passwords differ."))
        return again
