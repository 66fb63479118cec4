"""Whatever is sent to a resident's form: a sentence, or an answer that is stored; never a fault of ours."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web import cast as casting
from web.rows import Signup, db

pytestmark = pytest.mark.slow

SCREENS = [f"/doe-mee/zuid/samen-koken/aanmelden/{n}" for n in range(1, 5)]
FIELDS = [
    "sessions",
    "prefers",
    "name",
    "reach",
    "email",
    "phone",
    "via",
    "language",
    "languages",
    "needs",
    "note",
    "buddy",
    "interests",
    "laat_leeg",
    "nr",
    "sure_consent_bubbles",
    "csrf_token",
    "bubbles_age",
    "bubbles_days",
    "bubbles_clubs",
    "consent_bubbles",
    "consent_next_time",
    "wish",
    "bubbles",
]
WORDS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["1", "2", "-1", "9" * 30, "email", "text", "letter", "via", "nl", "26-40", "work", "koken", "y"]),
    st.sampled_from(
        ["\x00", "\u202e", "a@b.nl", "0612345678", "٠٦١٢٣٤٥٦٧٨", "=cmd|' /C calc'!A0", "{{7*7}}", "%s%(x)s"]
    ),
    st.text(min_size=1, max_size=3).map(lambda text: text * 3000),
)
SENT = st.dictionaries(st.sampled_from(FIELDS), st.lists(WORDS, max_size=3), max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(screens=st.tuples(SENT, SENT, SENT, SENT), change=SENT, link=st.text(max_size=60))
def test_no_answer_is_a_fault_of_ours(app, cast, clock, screens, change, link) -> None:
    client = app.test_client()
    for path, sent in zip(SCREENS, screens, strict=True):
        clock.forward(seconds=5)
        # Cookies are kept: a browser without any is told so with 400, in test_resident_joining.py.
        client.get(SCREENS[0])
        assert client.post(path, data=sent).status_code in (302, 422)
        assert client.get(path).status_code in (200, 302)
    with app.app_context():
        secret = casting.sign_up(app, cast).secret
    assert client.post(f"/mijn/{secret}/wijzigen", data=change).status_code in (302, 422)
    for page in ("", "gegevens", "gegevens.json", "wijzigen"):
        assert client.get(f"/mijn/{secret}/{page}").status_code == 200
    assert client.post("/link-kwijt", data={"reach": link}, buffered=True).status_code in (302, 422)
    with app.app_context():
        db.session.query(Signup).delete()
        db.session.commit()
