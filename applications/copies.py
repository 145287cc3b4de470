"""Freezing what was sent."""

import hashlib
import json

from applications.models import Application, SentCopy


def freeze(application: Application, *, now) -> SentCopy:
    """Keep what the file says now as its next numbered copy, with a SHA-256 over its canonical JSON."""
    content = _content(application)
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return SentCopy.objects.create(
        application=application,
        number=application.copies.count() + 1,
        sent_at=now,
        content=content,
        checksum=hashlib.sha256(canonical.encode()).hexdigest(),
    )


def _content(application: Application) -> dict:
    person = application.candidate
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "birth_date": person.birth_date.isoformat(),
        "region": person.region,
        "phone": str(person.phone or ""),
        "audience": application.audience,
        "background": application.background,
        "languages": list(application.languages),
        "trades": [trade.slug for trade in application.ranked_trades],
        "project": application.project,
        "hopes": application.hopes,
        "accepts_remote": application.accepts_remote,
    }
