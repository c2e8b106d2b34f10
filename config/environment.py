"""What the environment must say before anything starts."""

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


class SettingMissing(ImproperlyConfigured):
    """A value that only the installation can give; its text is the sentence that the operator reads."""


def required(name: str, hint: str) -> str:
    """The variable's value, or the sentence that says what to set."""
    value = env.str(name, default="")
    if not value:
        raise SettingMissing(f"Set {name} in the environment: {hint}")
    return value
