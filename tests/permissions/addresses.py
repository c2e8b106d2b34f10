"""Every address of the service, taken from the resolver, with its arguments filled from the world."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from commissioning.models import StandIn
from commissioning.services.stand_ins import give_stand_in
from contracts.choices import OutcomeState
from contracts.models import (
    Contract,
    ContractRestriction,
    Document,
    Duty,
    Kpi,
    Outcome,
    PerformanceNotice,
    PlanStep,
    RegisterImport,
    ReviewAction,
    ServiceReview,
)
from contracts.services.documents import add_document
from contracts.services.restriction import restrict_contract
from reporting.models import SavedView
from reporting.services.saved_views import save_view
from tests.boards import BoardMeetings, hold_meetings
from tests.kpi_world import make_kpi, make_outcome, make_reading
from tests.plan_world import make_notice, make_step
from tests.review_world import make_review
from tests.world import PASSWORD, TODAY, World, build_world, make_return

#: Guarded as a whole by Django, and swept by a test of its own.
ADMINISTRATION = "admin"


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield entry
        elif entry.namespace != ADMINISTRATION:
            yield from patterns(entry)


def names() -> set[str]:
    return {str(entry.name) for entry in patterns()}


@dataclass
class Places:
    """The rows that addresses are filled from."""

    world: World
    contract: Contract
    restricted: Contract
    restriction: ContractRestriction
    register_import: RegisterImport
    stand_in: StandIn
    action: ReviewAction
    saved_view: SavedView
    service_review: ServiceReview
    document: Document
    step: PlanStep
    notice: PerformanceNotice
    duty: Duty
    meetings: BoardMeetings
    kpi: Kpi
    outcome: Outcome

    def address(self, name: str) -> str:
        return reverse(name, kwargs=self.arguments.get(name, {}))

    @cached_property
    def arguments(self) -> dict[str, dict[str, object]]:
        slug = {"slug": self.contract.slug}
        month = {"month": "2014-10"}
        unit = {"code": self.world.unit.code}
        partner = unit | {"pk": self.world.partner(self.world.ccg).pk}
        membership = self.world.people["finance"].memberships.get()
        person = {"organisation": membership.organisation_id, "person": membership.user_id}
        imported = {"pk": self.register_import.pk}
        reviewed = {"pk": self.service_review.pk}
        option = self.service_review.options.get().pk
        plan, notice = slug | {"pk": self.step.plan_id}, slug | {"pk": self.notice.pk}
        step = plan | {"step": self.step.pk}
        kpi = slug | {"pk": self.kpi.pk}
        outcome = slug | {"pk": self.outcome.pk}
        return {
            "contract": slug,
            "contract_change": slug,
            "contract_option": slug,
            "contract_notice": slug,
            **dict.fromkeys(
                (
                    "contract_decision",
                    "contract_extend",
                    "contract_vary_value",
                    "contract_vary_term",
                    "contract_end",
                    "contract_recommission",
                    "contract_decommission",
                    "contract_novate",
                    "duties_list",
                    "duty_add",
                ),
                slug,
            ),
            "duty": slug | {"pk": self.duty.pk},
            "contract_restrict": slug,
            "contract_lift": {"slug": self.restricted.slug},
            "contract_document_add": slug,
            "document": {"pk": self.document.pk},
            "document_remove": {"pk": self.document.pk},
            **dict.fromkeys(
                (
                    "service_review",
                    "service_review_change",
                    "service_review_decide",
                    "service_review_reopen",
                    "review_option_add",
                    "review_document_add",
                ),
                reviewed,
            ),
            "review_element": reviewed | {"kind": "finance"},
            "review_option_change": reviewed | {"option": option},
            "review_option_remove": reviewed | {"option": option},
            "service_reviews_export": {"fmt": "csv"},
            "plan_add": slug,
            **dict.fromkeys(("plan", "plan_change", "plan_close", "plan_step_add"), plan),
            **dict.fromkeys(("plan_step", "plan_step_change", "plan_step_remove", "plan_step_evidence"), step),
            "performance_notice_add": slug,
            "performance_notice": notice,
            **dict.fromkeys((f"performance_notice_{name}" for name in ("change", "meeting", "close")), notice),
            "contract_attention": slug,
            "contract_attention_end": slug,
            "attention_rules": unit,
            "contract_board": slug,
            "contract_board_open": slug,
            "contract_seat_add": slug,
            "contract_seat_end": slug | {"pk": self.meetings.seat.pk},
            "contract_meeting_add": slug,
            "contract_action_done": slug | {"pk": self.meetings.action.pk},
            **dict.fromkeys(("contract_meeting", "contract_action_add"), slug | {"pk": self.meetings.held.pk}),
            **dict.fromkeys(
                ("contract_meeting_change", "contract_meeting_cancel", "contract_meeting_record"),
                slug | {"pk": self.meetings.planned.pk},
            ),
            "provider": {"pk": self.world.provider.pk},
            "providers_export": {"fmt": "csv"},
            "monthly_reports": month,
            "monthly_report": month | unit,
            "monthly_report_export": month | unit | {"fmt": "csv"},
            "register_import_show": imported,
            "register_import_providers": imported,
            "register_import_check": imported,
            "register_import_confirm": imported,
            "register_import_faults": imported,
            "register_export": {"fmt": "csv"},
            "register_view_export": {"fmt": "csv"},
            "saved_view_change": {"pk": self.saved_view.pk},
            "saved_view_remove": {"pk": self.saved_view.pk},
            "worklist": month,
            "return_grid": month,
            "returns_unchanged": month,
            "return_grid_paste": month,
            "return_grid_template": month | {"fmt": "csv"},
            "return": month | slug,
            "return_review": month | slug,
            "return_versions": month | slug,
            **dict.fromkeys(("kpis", "kpi_add", "outcomes", "outcome_add"), slug),
            **dict.fromkeys(("kpi", "kpi_change", "kpi_move", "kpi_target", "kpi_close", "kpi_reopen"), kpi),
            "kpi_readings": slug | month,
            **dict.fromkeys(("outcome_change", "outcome_decide"), outcome),
            "grade_views": month | slug,
            "scorecard": month | slug,
            "statutory_rating": slug,
            "month_reviews": month,
            **dict.fromkeys(
                (
                    "month_review",
                    "month_agenda",
                    "month_minutes",
                    "month_close",
                    "month_meeting",
                    "review_view_add",
                ),
                month | unit,
            ),
            "review_action_add": month | unit | {"pk": self.contract.pk},
            "review_action_done": month | unit | {"pk": self.action.pk},
            "review_rules": unit,
            "calibration": unit | month,
            "calibration_export": unit | month | {"fmt": "csv"},
            "partners": unit,
            "partner_find": unit,
            "partner_add": unit | {"organisation": self.world.outsider_council.pk},
            "partner_level": partner,
            "partner_leave": partner,
            "person": person,
            "person_invite": person,
            "person_leave": person,
            "person_stand_in": person,
            "stand_in_end": {"pk": self.stand_in.pk},
            "role_end": {"pk": membership.pk},
            "account_reset_password_from_key": {"uidb36": "1", "key": "a-key-that-nobody-was-sent"},
        }


def build_places() -> Places:
    """A contract with an option, last month's return, a KPI and an outcome proposed, one restricted to the council,
    an import with a fault, and a view that the contract officer shares with the unit.
    """
    world = build_world()
    User.objects.update(password=make_password(PASSWORD))
    for user in world.people.values():
        user.refresh_from_db()
    contract = world.contract(options=[12], service_manager=world.people["service_manager"])
    make_return(contract, saved_by=world.people["contract_officer"], submitted_by=world.people["contract_officer"])
    restricted = world.contract(title="Prices under tender")
    restriction = restrict_contract(
        contract=restricted,
        reason="Tender",
        named=[world.council],
        review_on=datetime.date(2015, 3, 31),
        by=world.people["commissioner"],
    )
    register_import = RegisterImport.objects.create(
        unit=world.unit,
        file=ContentFile(b"Reference,Title\nCS/0001,Respite\n", name="register.csv"),
        file_name="register.csv",
        uploaded_at=datetime.datetime.combine(TODAY, datetime.time(9), tzinfo=datetime.UTC),
        uploaded_by=world.people["commissioner"],
        state="checked",
        rows_total=1,
        rows_done=1,
        at_fault=1,
    )
    action = ReviewAction.objects.create(
        contract=contract,
        month=datetime.date(2014, 10, 1),
        text="Fill the night posts",
        owner="Council Contract officer",
        due_on=datetime.date(2014, 12, 1),
        noted_at=datetime.datetime.combine(TODAY, datetime.time(9), tzinfo=datetime.UTC),
    )
    restricted.refresh_from_db()
    stand_in = give_stand_in(
        absent=world.people["contract_officer"],
        stand_in=world.people["service_manager"],
        since=TODAY + datetime.timedelta(days=30),
        until=TODAY + datetime.timedelta(days=40),
        by=world.people["contract_officer"],
    )
    saved_view = save_view(
        name="Red ones", query="risk=red", unit=world.unit, share=True, by=world.people["contract_officer"]
    )
    service_review = make_review(world, contracts=[contract])
    document = add_document(
        of=contract, title="Specification", name="spec.txt", content=b"One", by=world.people["commissioner"]
    )
    duty = Duty.objects.create(contract=contract, title="Publish the notice", law="Procurement Act 2023", due_on=TODAY)
    kpi = make_kpi(contract)
    make_reading(kpi, 92, datetime.date(2014, 9, 1))
    outcome = make_outcome(contract, state=OutcomeState.PROPOSED, proposed_by=world.people["provider_contact"])
    return Places(
        world=world,
        contract=contract,
        restricted=restricted,
        restriction=restriction,
        register_import=register_import,
        stand_in=stand_in,
        action=action,
        saved_view=saved_view,
        service_review=service_review,
        document=document,
        step=make_step(contract),
        notice=make_notice(contract),
        duty=duty,
        meetings=hold_meetings(world, contract),
        kpi=kpi,
        outcome=outcome,
    )


def send(browser: Client, method: str, address: str) -> Any:
    """The answer, its text read; all else that the request did is undone, so that none depends on the one before."""
    cache.clear()
    with transaction.atomic():
        answer = getattr(browser, method)(address)
        answer.text_read = text_of(answer)
        transaction.set_rollback(True)
    return answer


def text_of(answer: Any) -> str:
    """What was sent, a file too: reading one to its end closes it."""
    sent = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return sent.decode(errors="replace")
