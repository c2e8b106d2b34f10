"""Of improvement plans and of the private notices that may lead to one."""

from django.db.models import TextChoices


class Concern(TextChoices):
    WAITING_TIMES = "waiting_times", "Waiting times"
    DATA_QUALITY = "data_quality", "Data quality"
    PATIENT_EXPERIENCE = "patient_experience", "Patient experience"
    TRANSPARENCY = "transparency", "Transparency"
    SAFEGUARDING = "safeguarding", "Safeguarding"
    OTHER = "other", "Other"


class StepState(TextChoices):
    """Overdue is not a state: it follows from the date."""

    NOT_STARTED = "not_started", "Not started"
    ON_COURSE = "on_course", "On course"
    LATE = "late", "Late"
    DONE = "done", "Done"


class NoticeOutcome(TextChoices):
    """How a performance notice under the NHS Standard Contract, general condition 9, was answered."""

    PLAN = "plan", "Remedial action plan"
    INVESTIGATION = "investigation", "Joint investigation"
    WITHDRAWN = "withdrawn", "Withdrawn"
