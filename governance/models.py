"""Boards, who sits on them, their meetings and what is agreed there, in their plain form.

A board refers to nothing above it: what it is the board of, such as a contract, refers to the board.
"""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from commissioning.models import CommissioningUnit, Organisation
from commissioning.models.history import read_newest_first
from governance.choices import BoardKind, MeetingKind, MeetingState, Presence, SeatFor


@pghistory.track(meta=read_newest_first())
class Board(models.Model):
    """A standing group that meets; who sees it follows from what it is the board of."""

    unit = models.ForeignKey(CommissioningUnit, models.PROTECT, related_name="boards")
    kind = models.CharField(max_length=25, choices=BoardKind)
    name = models.CharField(max_length=200)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, help_text="Counts saves, to notice another person's.")

    class Meta:
        ordering = ["name"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="board_closes_after_it_opens",
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                violation_error_message="A board cannot close before it opened.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(meta=read_newest_first())
class Seat(models.Model):
    """Who sits on the board, for whom, from and to a day. A member need not have an account."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="seats")
    sits_for = models.CharField("for", max_length=15, choices=SeatFor)
    name = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="seats")
    is_chair = models.BooleanField("chairs", default=False)
    since = models.DateField("from")
    until = models.DateField("to", null=True, blank=True)

    class Meta:
        ordering = ["-is_chair", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="seat_ends_after_it_begins",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message="A member cannot leave before joining.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(meta=read_newest_first())
class Meeting(models.Model):
    """A meeting of the board, planned or held, with its notes once it was held."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="meetings")
    kind = models.CharField(max_length=15, choices=MeetingKind, default=MeetingKind.ORDINARY)
    state = models.CharField(max_length=10, choices=MeetingState, default=MeetingState.PLANNED)
    on = models.DateField("day")
    starts_at = models.TimeField("at", null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    purpose = models.CharField("what it is about", max_length=300, blank=True)
    notes = models.TextField(blank=True, max_length=10_000)
    why_cancelled = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, help_text="Counts saves, to notice another person's.")

    class Meta:
        ordering = ["-on", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="meeting_cancelled_with_a_reason",
                condition=~Q(state="cancelled") | ~Q(why_cancelled=""),
                violation_error_message="Say why the meeting is cancelled.",
            ),
        ]
        indexes = [models.Index(fields=["board", "on"], name="meeting_day")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.on:%d %B %Y}"


@pghistory.track(meta=read_newest_first())
class Attendance(models.Model):
    """One member at one meeting; the name stands as it was then."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    seat = models.ForeignKey(Seat, models.SET_NULL, null=True, blank=True, related_name="attendances")
    name = models.CharField(max_length=120)
    sits_for = models.CharField("for", max_length=15, choices=SeatFor, blank=True)
    presence = models.CharField(max_length=10, choices=Presence)
    substitute = models.CharField("who came instead", max_length=120, blank=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "seat"], condition=Q(seat__isnull=False), name="member_once_a_meeting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_presence_display()}"


@pghistory.track(meta=read_newest_first())
class MeetingAction(models.Model):
    """What a meeting agreed that somebody will do by a day."""

    board = models.ForeignKey(Board, models.CASCADE, related_name="actions")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="actions")
    text = models.TextField("what will be done", max_length=600)
    owner = models.CharField("who sees to it", max_length=120)
    due_on = models.DateField("due")
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField("what came of it", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="Counts saves, to notice another person's.")

    class Meta:
        ordering = ["due_on", "pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["due_on", "board"], condition=Q(done_on=None), name="board_action_open")]

    def __str__(self) -> str:
        return self.text[:80]
