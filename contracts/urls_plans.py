"""Addresses of improvement plans, their steps and private performance notices of one contract."""

from django.urls import path

from contracts.views import performance_notices, plan_steps, plans

_PLANS = "contracts/<slug:slug>/plans/"
_PLAN = f"{_PLANS}<int:pk>/"
_STEP = f"{_PLAN}steps/<int:step>/"
_NOTICES = "contracts/<slug:slug>/performance-notices/"
_NOTICE = f"{_NOTICES}<int:pk>/"

urlpatterns = [
    path(f"{_PLANS}new/", plans.plan_add, name="plan_add"),
    path(f"{_PLAN}change/", plans.plan_change, name="plan_change"),
    path(f"{_PLAN}close/", plans.plan_close, name="plan_close"),
    path(f"{_PLAN}steps/new/", plan_steps.step_add, name="plan_step_add"),
    path(_STEP, plan_steps.step_update, name="plan_step"),
    path(f"{_STEP}change/", plan_steps.step_change, name="plan_step_change"),
    path(f"{_STEP}remove/", plan_steps.step_remove, name="plan_step_remove"),
    path(f"{_STEP}evidence/", plan_steps.step_evidence, name="plan_step_evidence"),
    path(f"{_NOTICES}new/", performance_notices.notice_add, name="performance_notice_add"),
    path(f"{_NOTICE}change/", performance_notices.notice_change, name="performance_notice_change"),
    path(f"{_NOTICE}meeting/", performance_notices.notice_meeting, name="performance_notice_meeting"),
    path(f"{_NOTICE}close/", performance_notices.notice_close, name="performance_notice_close"),
]
