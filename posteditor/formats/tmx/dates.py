"""Times as TMX writes them.

Source: TMX 1.4b, attributes changedate and creationdate (ISO 8601, YYYYMMDDThhmmssZ).
"""

from datetime import UTC, datetime


def tmx_date(time: str) -> str:
    """An ISO 8601 time as TMX writes it; empty where it is none.

    Args:
        time: As ``Provenance.time`` has it; without a zone it is UTC.
    """
    try:
        found = datetime.fromisoformat(time)
    except ValueError:
        return ""
    if found.tzinfo is not None:
        found = found.astimezone(UTC)
    return found.strftime("%Y%m%dT%H%M%SZ")
