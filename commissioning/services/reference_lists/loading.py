"""Bringing the organisations kept here in line with the lists: a few statements, whatever the number of bodies."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.acts import act
from accounts.models import User
from commissioning.choices import OrganisationKind
from commissioning.models import Organisation, OrganisationIdentifier, OrganisationSuccession
from commissioning.rules import normalised_name, periods_overlap
from commissioning.services.reference_lists.reading import Body, Code, Lists, read_lists

_FIELDS = ("name", "normalised_name", "kind", "opened_on", "closed_on", "parent_id")
_CODE_FIELDS = ("valid_from", "valid_to", "source")


@dataclass
class Summary:
    """What an import did. A body is changed when its name, kind, days, parent, codes or successions are."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    left_out: int = 0
    conflicts: list[str] = field(default_factory=list)


def import_reference_lists(*, by: User | None, lists: Lists | None = None) -> Summary:
    """Make the bodies of the lists, or bring those already kept in line with them; a second run changes nothing.

    A body is known again by a code that it carried in the same days, else by its name where it carries none yet.
    What the lists do not tell (a council's first day) is left as it is. Bodies that the lists lack are untouched.
    """
    lists = lists or read_lists()
    with act("Reference lists imported", by=by, reason="ODS, ONS and council lists"):
        return _Import(lists).run()


class _Import:
    def __init__(self, lists: Lists) -> None:
        self.lists = lists
        self.summary = Summary(left_out=lists.left_out)
        self.codes_held = self._codes_held()
        self.kept = self._kept_by_key()
        self.changed: set[str] = set()

    def run(self) -> Summary:
        known = set(self.kept)
        self._write_bodies()
        self._write_codes()
        self._write_successions()
        self.summary.created = len(self.lists.bodies) - len(known)
        self.summary.changed = len(self.changed & known)
        self.summary.unchanged = len(known) - self.summary.changed
        return self.summary

    # What is kept already

    def _codes_held(self) -> dict[tuple[str, str], list[OrganisationIdentifier]]:
        values = {code.value for body in self.lists.bodies for code in body.codes}
        schemes = {code.scheme for body in self.lists.bodies for code in body.codes}
        rows = OrganisationIdentifier.objects.filter(scheme__in=schemes, value__in=values)
        held = defaultdict(list)
        for row in rows.select_related("organisation").order_by("pk"):
            held[row.scheme, row.value].append(row)
        return held

    def _kept_by_key(self) -> dict[str, Organisation]:
        """The organisation for each body: by code and name, by code, by name alone; none is taken twice."""
        kept: dict[str, Organisation] = {}
        taken: set[int] = set()

        def take(body: Body, found: Iterable[Organisation]) -> None:
            for organisation in found:
                if body.key not in kept and organisation.pk not in taken:
                    kept[body.key] = organisation
                    taken.add(organisation.pk)

        for body in self.lists.bodies:
            name = normalised_name(body.name)
            take(body, (holder for holder in self._holders(body) if holder.normalised_name == name))
        for body in self.lists.bodies:
            take(body, (holder for holder in self._holders(body) if _kind_fits(holder, body)))
        namesakes = self._namesakes()
        for body in self.lists.bodies:
            take(body, namesakes.get(normalised_name(body.name), []) if body.key not in kept else [])
        return kept

    def _holders(self, body: Body) -> list[Organisation]:
        return [row.organisation for code in body.codes for row in self._overlapping(code)]

    def _overlapping(self, code: Code) -> list[OrganisationIdentifier]:
        held = self.codes_held.get((code.scheme, code.value), [])
        return [row for row in held if periods_overlap(row.valid_from, row.valid_to, code.valid_from, code.valid_to)]

    def _namesakes(self) -> dict[str, list[Organisation]]:
        """Organisations without a code of ours that alone bear the name of one body alone."""
        wanted: dict[str, list[Body]] = defaultdict(list)
        for body in self.lists.bodies:
            wanted[normalised_name(body.name)].append(body)
        found: dict[str, list[Organisation]] = defaultdict(list)
        schemes = {code.scheme for body in self.lists.bodies for code in body.codes}
        for organisation in (
            Organisation.objects.filter(normalised_name__in=wanted, is_invented=False)
            .exclude(identifiers__scheme__in=schemes)
            .order_by("pk")
        ):
            found[organisation.normalised_name].append(organisation)
        return {
            name: rows
            for name, rows in found.items()
            if len(rows) == len(wanted[name]) == 1 and _kind_fits(rows[0], wanted[name][0])
        }

    # Bodies

    def _write_bodies(self) -> None:
        """Those without a parent first, so that the parents are there for the others."""
        for has_parent in (False, True):
            bodies = [body for body in self.lists.bodies if (body.parent is not None) is has_parent]
            self._create([body for body in bodies if body.key not in self.kept])
            self._change([body for body in bodies if body.key in self.kept])

    def _wanted(self, body: Body) -> dict[str, object]:
        parent = self.kept.get(body.parent) if body.parent else None
        return {
            "name": body.name,
            "normalised_name": normalised_name(body.name),
            "kind": body.kind,
            "opened_on": body.opened_on,
            "closed_on": body.closed_on,
            "parent_id": parent.pk if parent else None,
        }

    def _create(self, bodies: list[Body]) -> None:
        made = Organisation.objects.bulk_create([Organisation(**self._wanted(body)) for body in bodies])
        self.kept |= {body.key: organisation for body, organisation in zip(bodies, made, strict=True)}

    def _change(self, bodies: list[Body]) -> None:
        altered = []
        for body in bodies:
            organisation = self.kept[body.key]
            known = {name: value for name, value in self._wanted(body).items() if value is not None}
            if _set(organisation, known):
                altered.append(organisation)
                self.changed.add(body.key)
        Organisation.objects.bulk_update(altered, _FIELDS)

    # Codes

    def _write_codes(self) -> None:
        """Codes held with other days first: to end one makes room for the code of its successor."""
        altered: list[OrganisationIdentifier] = []
        missing: list[tuple[Body, Code]] = []
        for body in self.lists.bodies:
            for code in body.codes:
                row = self._held_by(self.kept[body.key], code)
                if row is None:
                    missing.append((body, code))
                elif _set(row, {name: getattr(code, name) for name in _CODE_FIELDS}):
                    altered.append(row)
                    self.changed.add(body.key)
        OrganisationIdentifier.objects.bulk_update(altered, _CODE_FIELDS)
        OrganisationIdentifier.objects.bulk_create(
            [self._new_code(body, code) for body, code in missing if self._is_free(body, code)]
        )

    def _held_by(self, organisation: Organisation, code: Code) -> OrganisationIdentifier | None:
        rows = self._overlapping(code)
        return next((row for row in rows if row.organisation_id == organisation.pk), None)

    def _is_free(self, body: Body, code: Code) -> bool:
        holders = self._overlapping(code)
        if holders:
            self.summary.conflicts.append(
                f"{code.scheme.label} {code.value} of {body.name} already names {holders[0].organisation}."
            )
        return not holders

    def _new_code(self, body: Body, code: Code) -> OrganisationIdentifier:
        self.changed.add(body.key)
        return OrganisationIdentifier(
            organisation=self.kept[body.key],
            scheme=code.scheme,
            value=code.value,
            **{name: getattr(code, name) for name in _CODE_FIELDS},
        )

    # Successions

    def _write_successions(self) -> None:
        held = set(OrganisationSuccession.objects.values_list("predecessor_id", "successor_id"))
        missing = []
        for succession in self.lists.successions:
            predecessor, successor = self.kept[succession.predecessor], self.kept[succession.successor]
            if (predecessor.pk, successor.pk) not in held:
                missing.append(
                    OrganisationSuccession(
                        predecessor=predecessor, successor=successor, on=succession.on, source=succession.source
                    )
                )
                self.changed |= {succession.predecessor, succession.successor}
        OrganisationSuccession.objects.bulk_create(missing)


def _kind_fits(organisation: Organisation, body: Body) -> bool:
    """An organisation that came in with published contracts has no kind yet."""
    return organisation.kind in (body.kind, OrganisationKind.OTHER)


def _set(row: Organisation | OrganisationIdentifier, values: dict[str, object]) -> bool:
    """Set what differs; whether anything did."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)
