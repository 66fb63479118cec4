"""Everything that we hold about somebody, for themselves (promise 14)."""

from __future__ import annotations

from typing import Any

from web.rows import Signup


def take_along(signup: Signup) -> dict[str, Any]:
    """Everything that we hold about somebody, for themselves."""
    return {
        "name": signup.name,
        "reach": signup.reach,
        "contact": signup.contact or {},
        "code": signup.code,
        "state": signup.state,
        "signed_up_at": signup.created_at.isoformat(),
        "changed_at": signup.changed_at.isoformat(),
        "channel": signup.channel,
        "language": signup.language,
        "languages": signup.languages,
        "sessions": [
            {"starts": [g.starts.isoformat() for g in a.session.gatherings], "prefers": a.prefers}
            for a in signup.availability
        ],
        "needs": signup.needs,
        "note": signup.note or "",
        "interests": signup.interests,
        "bubbles": signup.bubbles,
        "buddy": signup.buddy or "",
        "consents": [
            {"kind": c.kind, "given": c.given, "version": c.version, "at": c.at.isoformat(), "channel": c.channel}
            for c in signup.consents
        ],
    }
