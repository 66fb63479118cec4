"""Which firm rules the published groups break as things stand: another place or hour may suit them less."""

from __future__ import annotations

from collections import Counter

from sqlalchemy.orm import Session

from config import Settings
from matcher import check
from web.crypto import Vault
from web.rows import Series
from web.services.groups.publishing import published
from web.services.plans.problem import problem_of


def firm_breaches(session: Session, series: Series, settings: Settings, vault: Vault) -> Counter[str]:
    """How often each firm rule is broken by the plan that counts."""
    problem = problem_of(session, series, settings, vault)
    found = check(problem, published(session, series).within(problem).plan())
    return Counter(breach.rule for breach in found.breaches if breach.firm)
