"""Standing in for an absent colleague: given by the person, or by their organisation's administrator."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.models import User
from accounts.permissions import Permission
from commissioning.forms import StandInForm, show_faults
from commissioning.gate import gate
from commissioning.models import StandIn
from commissioning.queries import PersonOf, may_stand_in_for, stand_in_to_end, stand_ins_of, stood_in_for
from commissioning.rules import long_date
from commissioning.services.stand_ins import end_stand_in, give_stand_in
from commissioning.views.people import load_person
from commissioning.views.signed_in import posted, signed_in


def load_stand_in(request: HttpRequest, pk: int) -> StandIn:
    return stand_in_to_end(request.user, pk)


@gate(Permission.RETURN_CONTRACTS)
def stand_ins(request: HttpRequest) -> HttpResponse:
    """Who stands in for oneself, and for whom one stands in."""
    person = signed_in(request)
    form = StandInForm(posted(request), colleagues=may_stand_in_for(person))
    if _given(request, form, absent=person):
        return redirect("stand_ins")
    context = {"form": form, "mine": stand_ins_of(person), "others": stood_in_for(person), "today": clock.today()}
    return render(request, "commissioning/stand_ins.html", context)


@gate(Permission.MANAGE_PEOPLE, load=load_person)
def person_stand_in(request: HttpRequest, held: PersonOf) -> HttpResponse:
    """For somebody who is away and has not said who acts for them."""
    form = StandInForm(posted(request), colleagues=may_stand_in_for(held.user))
    if _given(request, form, absent=held.user):
        return redirect("person_stand_in", organisation=held.organisation.pk, person=held.user.pk)
    context = {"form": form, "held": held, "mine": stand_ins_of(held.user), "today": clock.today()}
    return render(request, "commissioning/person_stand_in.html", context)


@gate(Permission.SIGNED_IN, load=load_stand_in)
@require_POST
def stand_in_end(request: HttpRequest, given: StandIn) -> HttpResponse:
    end_stand_in(given=given, by=signed_in(request))
    messages.success(request, f"Nobody stands in for {given.absent.name} any more.")
    if request.POST.get("organisation", "").isdecimal() and given.absent != request.user:
        return redirect("person_stand_in", organisation=request.POST["organisation"], person=given.absent_id)
    return redirect("stand_ins")


def _given(request: HttpRequest, form: StandInForm, *, absent: User) -> bool:
    if not (form.is_bound and form.is_valid()):
        return False
    try:
        given = give_stand_in(absent=absent, by=signed_in(request), **form.cleaned_data)
    except ValidationError as error:
        show_faults(form, error)
        return False
    days = f"{long_date(given.since)} to {long_date(given.until)}"
    messages.success(request, f"{given.stand_in.name} stands in for {absent.name} from {days}.")
    return True
