"""Real releases, read afresh for each test, and small ones made for a single point."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "data" / "ocds"


def real(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def every_real() -> list[dict[str, Any]]:
    return [real(path.stem) for path in sorted(FOLDER.glob("*.json"))]


def release(*, ocid: str = "ocds-b5fd17-0001", date: str = "2025-01-10T09:00:00Z", **parts: Any) -> dict[str, Any]:
    """A tender unless told otherwise."""
    made = {
        "ocid": ocid,
        "id": f"{ocid} {date}",
        "date": date,
        "tag": ["tender"],
        "initiationType": "tender",
        "tender": {"id": "T1", "title": "Short breaks", "description": "For families.", "status": "active"},
        "buyer": {"id": "GB-CFS-1", "name": "Testshire County Council"},
    }
    return {key: value for key, value in (made | parts).items() if value is not None}


def award(identity: str | None = "A1", **parts: Any) -> dict[str, Any]:
    made = {
        "id": identity,
        "status": "active",
        "value": {"amount": 1200, "currency": "GBP"},
        "suppliers": [{"id": "GB-CFS-7", "name": "Wolds Homecare Ltd"}],
        "contractPeriod": {"startDate": "2025-04-01T00:00:00+01:00", "endDate": "2027-03-31T23:59:59+01:00"},
    }
    return {key: value for key, value in (made | parts).items() if value is not None}


def awarded(*awards: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return release(tag=["award"], awards=list(awards) or [award()], **parts)
