"""The one door to django-guardian: object permissions of groups, as direct foreign-key rows.

No user holds a grant; no other module touches guardian's tables. Writes are set-based, and the
caller runs them in the transaction of the change they follow from.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as StoredPermission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from guardian.utils import get_group_obj_perms_model as _grant_model

from accounts.permissions import Permission


def stored_permissions(model: type[Model]) -> dict[str, StoredPermission]:
    """The database rows of the permissions declared on a container's model, by codename."""
    content_type = ContentType.objects.get_for_model(model)
    return {row.codename: row for row in StoredPermission.objects.filter(content_type=content_type)}


def replace_grants(container: Model, *, groups: Iterable[Group], wanted: Mapping[Group, Iterable[Permission]]) -> None:
    """Make the given groups hold exactly the wanted permissions on the container; other groups are untouched."""
    rows: Any = _grant_model(container)
    held = rows.objects.filter(content_object=container, group__in=list(groups))
    existing = {(row.group_id, row.permission.codename): row.pk for row in held.select_related("permission")}
    target = {(group.pk, str(permission)) for group, permissions in wanted.items() for permission in permissions}
    surplus = [pk for key, pk in existing.items() if key not in target]
    if surplus:
        rows.objects.filter(pk__in=surplus).delete()
    stored = stored_permissions(type(container))
    rows.objects.bulk_create(
        rows(content_object=container, group_id=group_id, permission=stored[codename])
        for group_id, codename in sorted(target - existing.keys())
    )


def grants_on(container: Model) -> set[tuple[str, str]]:
    """(group name, codename) of every grant on the container, for tests and the administration pages."""
    rows: Any = _grant_model(container)
    return set(rows.objects.filter(content_object=container).values_list("group__name", "permission__codename"))
