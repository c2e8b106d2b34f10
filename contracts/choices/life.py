"""Of the dated events in the life of a contract, and of what the law asks for after them."""

from django.db.models import TextChoices


class LifeEventKind(TextChoices):
    OPTION_EXERCISED = "option_exercised", "Option to extend exercised"
    EXTENDED = "extended", "Extended outside the options"
    VALUE_VARIED = "value_varied", "Value varied"
    TERM_VARIED = "term_varied", "Term varied"
    NOTICE_GIVEN = "notice_given", "Notice given"
    NOTICE_WITHDRAWN = "notice_withdrawn", "Notice withdrawn"
    ENDED = "ended", "Ended early"
    RECOMMISSIONED = "recommissioned", "Recommissioned"
    DECOMMISSIONED = "decommissioned", "Decommissioned"
    NOVATED = "novated", "Novated to a successor"


class NoticeKind(TextChoices):
    """What kind of notice ends the contract."""

    CONTRACTUAL = "contractual", "Notice under the contract’s own terms"
    NON_RENEWAL = "non_renewal", "Notice that it will not be renewed"
    BREACH = "breach", "Termination for breach"
    AGREEMENT = "agreement", "End by agreement"
    STATUTORY = "statutory", "Implied right to terminate in the procurement law"


class DutyCause(TextChoices):
    """What gives rise to a duty."""

    OPTION_EXERCISED = "option_exercised", "An option is exercised"
    EXTENDED = "extended", "The contract is extended outside its options"
    VALUE_VARIED = "value_varied", "Its value is varied"
    TERM_VARIED = "term_varied", "Its term is varied"
    ENDED = "ended", "It ends, by whatever means"
    NOVATED = "novated", "It is novated"
    STARTED = "started", "It is entered into"
    YEAR_OF_KPIS = "year_of_kpis", "Each twelve months of a contract with published KPIs"
    POOR_PERFORMANCE = "poor_performance", "Performance stays poor after a proper opportunity to improve"
