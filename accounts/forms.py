from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordKeyForm


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Work email address"
        self.fields["password"].help_text = ""  # the page has its own link for a forgotten password


class NewPasswordForm(ResetPasswordKeyForm):
    """After the link in the mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_passwords(self)


class PasswordChangeForm(ChangePasswordForm):
    """While signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = "Your password now"
        _name_passwords(self)


def _name_passwords(form: Any) -> None:
    """In sentence case, as every label is."""
    form.fields["password1"].label = "New password"
    form.fields["password2"].label = "New password again"
