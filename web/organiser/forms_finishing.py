"""The form of the end of a series: what was done with it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField

from web.form_checks import at_most, lines
from web.organiser.forms import welcome

LONGEST = 2000


class StoryForm(FlaskForm):
    """What was done with it. `seen` marks the text of the letter that was looked at."""

    story = TextAreaField(
        _l("Wat deden jullie ermee?"),
        filters=[lines],
        description=_l("Schrijf het zoals je het zou vertellen. Schrijf geen namen van bewoners op."),
    )
    seen = HiddenField()

    def validate_story(self, field: TextAreaField) -> None:
        """Short enough to be read, and in words that are welcome."""
        at_most(LONGEST)(self, field)
        welcome(self, field)
