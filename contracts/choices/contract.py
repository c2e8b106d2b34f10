"""Of the contract, its term, procurement and monthly return."""

from django.db.models import TextChoices


class Risk(TextChoices):
    """The overall risk of a contract, kept apart from its performance."""

    RED = "red", "Red"
    AMBER = "amber", "Amber"
    GREEN = "green", "Green"


class ReturnState(TextChoices):
    """A month once closed is only amended, with a reason; nothing then sends it back or makes it a draft."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    ACCEPTED = "accepted", "Accepted"
    SENT_BACK = "sent_back", "Sent back"
    AMENDED = "amended", "Amended"


#: States in which a return says the contract's view: drafts and returns sent back state nothing.
COUNTING = (ReturnState.SUBMITTED, ReturnState.ACCEPTED, ReturnState.AMENDED)


class Management(TextChoices):
    """Who runs the contract: the commissioning team, or a service area with the team's support."""

    CENTRAL = "central", "Centrally managed"
    DEVOLVED = "devolved", "Devolved"


class ContractStatus(TextChoices):
    """Computed from dates and events by `rules.terms.status_on`, never typed."""

    BEING_PROCURED = "being_procured", "Being procured"
    CURRENT = "current", "Current"
    NOTICE_GIVEN = "notice_given", "Notice given"
    ENDED = "ended", "Ended"


class NoticeGivenBy(TextChoices):
    COMMISSIONER = "commissioner", "Commissioner"
    PROVIDER = "provider", "Provider"
    MUTUAL = "mutual", "Both, by agreement"


class ProcurementRegime(TextChoices):
    PCR2006 = "pcr2006", "Public Contracts Regulations 2006"
    PCR2015 = "pcr2015", "Public Contracts Regulations 2015"
    PA2023_FULL = "pa2023_full", "Procurement Act 2023, full regime"
    PA2023_LIGHT_TOUCH = "pa2023_light_touch", "Procurement Act 2023, light touch"
    PA2023_BELOW_THRESHOLD = "pa2023_below_threshold", "Procurement Act 2023, below threshold"
    PSR = "psr", "Provider Selection Regime"
    GRANT = "grant", "Grant"
    NONE = "none", "No procurement"
    UNKNOWN = "unknown", "Not known"


class ProcurementRoute(TextChoices):
    OPEN = "open", "Open procedure"
    RESTRICTED = "restricted", "Restricted procedure"
    NEGOTIATED = "negotiated", "Negotiated procedure"
    COMPETITIVE_FLEXIBLE = "competitive_flexible", "Competitive flexible procedure"
    DIRECT_AWARD = "direct_award", "Direct award"
    FRAMEWORK_CALL_OFF = "framework_call_off", "Call-off from a framework"
    QUOTATION = "quotation", "Quotations"
    PSR_DIRECT_A = "psr_direct_a", "Direct award process A"
    PSR_DIRECT_B = "psr_direct_b", "Direct award process B"
    PSR_DIRECT_C = "psr_direct_c", "Direct award process C"
    PSR_MOST_SUITABLE = "psr_most_suitable", "Most suitable provider process"
    PSR_COMPETITIVE = "psr_competitive", "Competitive process"
    UNKNOWN = "unknown", "Not known"


class JetBand(TextChoices):
    """The four grades over the nine JET scores. Sort and colour by the score, never by these words."""

    OUTSTANDING = "outstanding", "Outstanding"
    GOOD = "good", "Good"
    REQUIRES_IMPROVEMENT = "requires_improvement", "Requires improvement"
    INADEQUATE = "inadequate", "Inadequate"
