"""Passwords hashed as in production, but at the least cost: production's takes a quarter of a second on purpose."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import override_settings


class CheapArgon2(Argon2PasswordHasher):
    time_cost = 1
    memory_cost = 8  # KiB, the least that Argon2 takes
    parallelism = 1


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """For all that a run does in its own process; a test about the hashes themselves sets production's again."""
    with override_settings(PASSWORD_HASHERS=[f"{__name__}.{CheapArgon2.__name__}"]):
        yield
