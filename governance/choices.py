"""What may be chosen of boards and meetings. The codes are stored and never change; the labels are for reading."""

from django.db.models import TextChoices


class BoardKind(TextChoices):
    CONTRACT_MANAGEMENT = "contract_management", "Contract management board"


class SeatFor(TextChoices):
    """Whom a member speaks for: «the Supplier, the Commissioning team and the Children's Service Manager»
    (Lincolnshire County Council, Children and Young People Scrutiny Committee, 12 September 2014).
    """

    SUPPLIER = "supplier", "Supplier"
    COMMISSIONING = "commissioning", "Commissioning team"
    SERVICE = "service", "Service"


class MeetingKind(TextChoices):
    ORDINARY = "ordinary", "Board meeting"
    EXTRA = "extra", "Extra board meeting"
    FACE_TO_FACE = "face_to_face", "Face to face, outside the contract meetings"


class MeetingState(TextChoices):
    PLANNED = "planned", "Planned"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"


class Presence(TextChoices):
    PRESENT = "present", "Present"
    SUBSTITUTE = "substitute", "Sent a substitute"
    APOLOGIES = "apologies", "Apologies"
    ABSENT = "absent", "Absent"
