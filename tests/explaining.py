"""What is told of a plan made by hand."""

from matcher.domain import Plan, Problem, Session
from matcher.explain import Explanation, explain
from matcher.layout import lay_out
from matcher.model import Model, Staffing
from matcher.rules import KNOWN
from matcher.terms import Rule
from tests import builders

AGE = {"dimension": "age"}
AGES = "id | age\nann | old\nbo | {}\ncy | {}"
LED = {"facilitator": "required"}
THREE = "id\nann\nbo\ncy"
TWO = [Session("s", 1), Session("t", 1)]


def firm(name: str, **fields: object) -> Rule:
    return KNOWN[name](firm=True, **fields)


def explained(case: Problem, plan: str | Plan = "") -> Explanation:
    """What is told of a plan made by hand."""
    model = Model(case)
    groups = (builders.plan(plan) if isinstance(plan, str) else plan).groups
    base = model.everywhere()
    leader, speaks = list(base.leader), base.speaks.copy()
    spoken = {f.id: model.mask(f.languages) for f in case.facilitators if model.frame.one_language}
    for g in groups:
        p = model.view.places.index((model.view.session[g.session], g.number))
        leader[p] = g.facilitator
        speaks[p] &= spoken.get(g.facilitator, -1)
    staffing = Staffing(base.open, tuple(leader), speaks)
    board = lay_out(model, staffing, 1)
    return explain(model, board, staffing, model.entries(Plan(groups), board), Plan(groups))
