"""Addresses of a contract's management board, under contracts/<slug>/board/."""

from django.urls import path

from contracts.views import board, meetings

_MEETING = "meetings/<int:pk>/"

urlpatterns = [
    path("", board.contract_board, name="contract_board"),
    path("open/", board.contract_board_open, name="contract_board_open"),
    path("members/add/", board.contract_seat_add, name="contract_seat_add"),
    path("members/<int:pk>/end/", board.contract_seat_end, name="contract_seat_end"),
    path("meetings/add/", meetings.contract_meeting_add, name="contract_meeting_add"),
    path(_MEETING, meetings.contract_meeting, name="contract_meeting"),
    path(f"{_MEETING}change/", meetings.contract_meeting_change, name="contract_meeting_change"),
    path(f"{_MEETING}cancel/", meetings.contract_meeting_cancel, name="contract_meeting_cancel"),
    path(f"{_MEETING}record/", meetings.contract_meeting_record, name="contract_meeting_record"),
    path(f"{_MEETING}action/", board.contract_action_add, name="contract_action_add"),
    path("actions/<int:pk>/done/", board.contract_action_done, name="contract_action_done"),
]
