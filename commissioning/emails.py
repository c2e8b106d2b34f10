"""Mails to people about their account and roles. Nothing in a subject names a contract."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role
from commissioning.models import Organisation

SECONDS_A_DAY = 24 * 60 * 60


def send_invitation(*, user: User, organisation: Organisation, role: Role | None, by_name: str, site: str) -> None:
    """Tell the person what was given to them; who has no password yet gets the link that sets one.

    ``site`` is the address of this installation, with its scheme and without a slash at its end.
    """
    needs_password = not user.has_usable_password()
    body = render_to_string(
        "commissioning/mail/invitation.txt",
        {
            "name": user.name,
            "organisation": organisation.name,
            "role": role,
            "by_name": by_name,
            "sign_in_url": site + reverse("account_login"),
            "forgotten_url": site + reverse("account_reset_password"),
            "password_url": site + password_link(user) if needs_password else "",
            "days": settings.PASSWORD_RESET_TIMEOUT // SECONDS_A_DAY,
        },
    )
    send_mail("Your access to Joint Commissioning", body, None, [user.email])


def password_link(user: User) -> str:
    """The path where the person sets a password; it serves once, and ends after PASSWORD_RESET_TIMEOUT."""
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
