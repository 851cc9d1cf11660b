"""Signing in, and choosing a new password."""

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_failure_limit
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .cells import Cell, Sheet


class SignInForm(AuthenticationForm):
    username = forms.CharField(
        label=_("Account"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def get_invalid_login_error(self):
        """The same answer for a name nobody has, a wrong password and a closed account."""
        credentials = {"username": self.cleaned_data["username"]}
        failures = AxesProxyHandler.get_failures(self.request, credentials)
        left = max(get_failure_limit(self.request, credentials) - failures, 0)
        return forms.ValidationError(
            ngettext(
                "The account or the password is not right. You have %(count)d more try; after "
                "that the account is locked for 30 minutes.",
                "The account or the password is not right. You have %(count)d more tries; after "
                "that the account is locked for 30 minutes.",
                left,
            )
            % {"count": left},
            code="invalid_login",
        )


class NewPasswordForm(PasswordChangeForm):
    error_messages = {
        "password_incorrect": _("This is not your present password."),
        "password_mismatch": _("The two new passwords differ. Type both once more."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Present password")
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = _(
            "Ten characters at least, of three kinds: capital letters, small letters, digits, "
            "other characters."
        )
        self.fields["new_password2"].label = _("The new one again")
        self.fields["new_password2"].help_text = ""
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(Sheet(*(Cell(name, "w12") for name in self.fields)))

    def save(self):
        self.user.change_password(self.cleaned_data["new_password1"])
        return self.user
