import pytest

from accounts.models import User
from accounts.permissions import Role
from tests.world import make_person


def test_a_superuser_opens_no_object(world):
    contract = world.contract()
    superuser = User.objects.create_superuser("root@example.org", "a long enough password", name="Root")
    assert superuser.has_perm("contracts.view_contracts")
    assert not superuser.has_perm("contracts.view_contracts", contract)
    assert world.people["commissioner"].has_perm("contracts.view_contracts", contract)
    assert not world.people["outsider"].has_perm("contracts.view_contracts", contract)


def test_an_inactive_person_has_no_permission(world):
    contract = world.contract()
    commissioner = make_person("Gone Person", world.council, Role.COMMISSIONER)
    commissioner.is_active = False
    assert not commissioner.has_perm("contracts.view_contracts", contract)


@pytest.mark.parametrize(
    ("name", "short"), [("Sam Fielding", "S. Fielding"), ("Jo", "Jo"), ("Ada May King", "A. M. King"), ("", "")]
)
def test_short_name_keeps_the_family_name(name, short):
    assert User(name=name).short_name == short


@pytest.mark.django_db
def test_two_accounts_cannot_differ_by_a_capital():
    User.objects.create_user("Kemi.Obi@example.org", name="Kemi Obi")
    assert User.objects.get_by_natural_key(" KEMI.OBI@example.org ").name == "Kemi Obi"
