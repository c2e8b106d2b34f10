"""Jobs of contracts: each claims a row and does no harm when it runs twice."""

from celery import shared_task

from contracts.services.register_import import check_register, mark_failed
from contracts.services.register_writes import apply_register


@shared_task(name="contracts.check_register_import")
def check_register_import(register_import_id: int) -> None:
    try:
        check_register(register_import_id=register_import_id)
    except Exception:
        mark_failed(register_import_id=register_import_id)
        raise


@shared_task(name="contracts.apply_register_import")
def apply_register_import(register_import_id: int) -> None:
    """A register that moved since the preview is compared with the file again."""
    try:
        if not apply_register(register_import_id=register_import_id):
            check_register(register_import_id=register_import_id)
    except Exception:
        mark_failed(register_import_id=register_import_id)
        raise
