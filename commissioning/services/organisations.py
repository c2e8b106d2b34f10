"""Organisations: made in one place, so that the name used for matching is never stale."""

import datetime

from accounts.acts import act
from accounts.models import User
from commissioning.models import Organisation
from commissioning.rules import normalised_name


def add_organisation(
    *,
    name: str,
    kind: str,
    by: User | None,
    opened_on: datetime.date | None = None,
    closed_on: datetime.date | None = None,
    parent: Organisation | None = None,
    is_invented: bool = False,
) -> Organisation:
    with act("Organisation added", by=by):
        organisation = Organisation(
            name=name.strip(),
            normalised_name=normalised_name(name),
            kind=kind,
            opened_on=opened_on,
            closed_on=closed_on,
            parent=parent,
            is_invented=is_invented,
        )
        organisation.full_clean()
        organisation.save()
    return organisation
