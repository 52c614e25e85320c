"""The number of an incident, by its case or order number."""

import hashlib

from analysis.intake import pseudonym


def incident(number):
    """Return the `incident_id` of "uro:S1" or "haervaerk:O1": its source and a pseudonym."""
    source, plain = number.split(":", 1)
    return f"{source}:{hashlib.sha256((pseudonym.key() + plain).encode()).hexdigest()[:24]}"
