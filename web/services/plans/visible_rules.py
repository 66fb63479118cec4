"""Which rules of a plan staff may see the state of: not those that follow from what people told in confidence.

Whoever composes groups by hand may put one resident beside people whose answers they know, or invented. Whether a rule
about bubbles, interests, who invited whom or who met before is kept there, and how mixed that table is, would then be
the resident's answer. So of those rules nothing is shown, not even whether they are kept (promises 7 and 10).
"""

from __future__ import annotations

from matcher.messages import BubbleName, DimensionName, Message, RuleName
from matcher.report.rulebook import NAMES_PEOPLE

OPEN = NAMES_PEOPLE | {"orientation", "seats", "apart"}
"""Rules about what staff sees of everybody anyway: times, places, languages, needs, buddies and numbers.

That somebody at a table would rather not sit with another there is said too, or nobody could mend it; never of whom.
"""


def may_show(rule: str, tells: bool) -> bool:
    """Whether the state of a rule, by its title or name, may be shown; `tells` is whether bubbles may be."""
    name = rule.partition(":")[0]
    return tells or not name or name in OPEN


def may_say(message: Message, tells: bool) -> bool:
    """Whether a sentence of the engine may be shown."""
    named = tuple(message.named())
    if not all(may_show(one.code, tells) for one in named if isinstance(one, RuleName)):
        return False
    return tells or not (message.personal or any(isinstance(one, BubbleName | DimensionName) for one in named))
