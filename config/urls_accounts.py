"""Addresses of signing in. They are gated here, since accounts may not import the Scope that gates."""

from allauth.account import views as allauth
from django.urls import path, re_path

from accounts import views
from accounts.permissions import Permission
from commissioning.gate import gate, public

signed_in = gate(Permission.SIGNED_IN)

urlpatterns = [
    path("sign-in/", public(allauth.login), name="account_login"),
    path("sign-out/", public(allauth.logout), name="account_logout"),
    path("password/forgotten/", public(allauth.password_reset), name="account_reset_password"),
    path("password/forgotten/sent/", public(allauth.password_reset_done), name="account_reset_password_done"),
    re_path(  # the key holds hyphens of its own, so the first one parts it from the person
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public(allauth.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/new/done/",
        public(allauth.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("password/", signed_in(allauth.password_change), name="account_change_password"),
    path("account-closed/", public(allauth.account_inactive), name="account_inactive"),
    path("keep-signed-in/", signed_in(views.keep_signed_in), name="keep_signed_in"),
    path("accessibility/", public(views.accessibility), name="accessibility"),
    path("keyboard/", public(views.keyboard), name="keyboard"),
]
