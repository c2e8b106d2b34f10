"""The public lists of organisations: ODS, ONS and the list of councils."""

from commissioning.services.reference_lists.loading import Summary, import_reference_lists

__all__ = ["Summary", "import_reference_lists"]
