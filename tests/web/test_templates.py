"""The shared templates: every field is tied to its words, every error leads somewhere, no page needs a script."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask, render_template, render_template_string
from flask_babel import Babel
from flask_wtf import CSRFProtect
from werkzeug.datastructures import MultiDict
from wtforms import EmailField, Form, IntegerField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Optional

WEB = Path(__file__).parents[2] / "web"
TIMES = [SelectChoice("1", "di"), SelectChoice("2", "do")]
TONGUES = [SelectChoice("nl", "Nederlands"), SelectChoice("ar", "Arabisch")]


class SignUp(Form):
    name = StringField("Voornaam", [InputRequired("Vul je voornaam in.")], description="Zo heet je op de lijst.")
    email = EmailField("E-mailadres", [Email("Vul een heel e-mailadres in.")])
    seats = IntegerField("Plekken", [Optional()])
    times = SelectMultipleField("Wanneer?", [InputRequired("Kies een tijd.")], choices=TIMES)
    tongue = RadioField("Taal", [InputRequired("Kies een taal.")], choices=TONGUES)


PAGE = """{% extends "base.html" %}{% import "forms.html" as f %}{% block content %}{{ f.errors(form) }}
{{ f.text(form.name, autocomplete="given-name") }}{{ f.text(form.email) }}{{ f.text(form.seats) }}
{{ f.checks(form.times) }}{{ f.radios(form.tongue) }}{{ f.submit("Verder") }}{% endblock %}"""


class Tags(HTMLParser):
    """Every start tag of a page with its attributes, and the addresses by id."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.by_id = {attributes["id"]: attributes for _, attributes in self.tags if "id" in attributes}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def site() -> Flask:
    site = Flask("look", template_folder=str(WEB / "templates"), static_folder=str(WEB / "static"))
    site.secret_key = "only for this test"
    Babel(site)
    CSRFProtect(site)
    return site


def shown(site: Flask, template: str = PAGE, **context: object) -> str:
    with site.test_request_context():
        return render_template_string(template, **context)


def wrong() -> SignUp:
    form = SignUp(MultiDict({"name": "", "email": "samira@", "seats": "twee", "times": "", "tongue": ""}))
    form.validate()
    return form


def test_each_error_in_the_summary_leads_to_its_field(site: Flask) -> None:
    page = Tags(shown(site, form=wrong()))
    links = [a["href"] for a in page.all("a") if (a["href"] or "").startswith("#") and a["href"] != "#main"]
    assert links == ["#name", "#email", "#seats", "#times-0", "#tongue-0"]
    assert {link[1:] for link in links if link} <= page.by_id.keys()
    assert page.by_id["error-summary"]["role"] == "alert"


def test_hint_and_error_are_tied_to_the_field(site: Flask) -> None:
    page = Tags(shown(site, form=wrong()))
    assert page.by_id["name"]["aria-describedby"] == "name-hint name-error"
    assert page.by_id["name"]["aria-invalid"] == "true"
    assert page.by_id["times"]["aria-describedby"] == "times-error"
    assert {"name-hint", "name-error", "times-error"} <= page.by_id.keys()


def test_what_was_typed_is_kept_also_when_it_is_no_number(site: Flask) -> None:
    page = Tags(shown(site, form=wrong()))
    assert (page.by_id["email"]["value"], page.by_id["email"]["dir"]) == ("samira@", "ltr")
    assert (page.by_id["seats"]["value"], page.by_id["seats"]["type"]) == ("twee", "text")
    assert page.by_id["seats"]["inputmode"] == "numeric"


def test_a_fresh_form_accuses_nobody(site: Flask) -> None:
    html = shown(site, form=SignUp())
    assert "error-summary" not in html
    assert "aria-invalid" not in html
    assert "focus.js" not in html
    assert html.count("niet verplicht") == 1


def test_what_people_type_is_never_markup(site: Flask) -> None:
    form = SignUp(MultiDict({"name": '"><b>x', "times": "1", "tongue": "nl"}))
    html = shown(site, form=form)
    assert "<b>x" not in html
    assert [box["id"] for box in Tags(html).all("input") if "checked" in box] == ["times-0", "tongue-0"]


def test_a_page_for_residents_needs_no_script(site: Flask) -> None:
    assert Tags(shown(site, '{% extends "base.html" %}', languages=[], footer_links=[])).all("script") == []


def test_a_name_for_who_cannot_see_reaches_the_page() -> None:
    """`aria_label=` to one of our macros becomes an attribute that does not exist."""
    assert [file.name for file in WEB.rglob("*.html") if "aria_label=" in file.read_text("utf-8")] == []


def test_signing_out_is_a_button_with_a_token_and_not_a_link(site: Flask) -> None:
    page = Tags(
        shown(site, '{% extends "staff.html" %}', nav=[("A", "/a", True)], signed_in="Amina", sign_out_url="/uit")
    )
    assert [(form["method"], form["action"]) for form in page.all("form")] == [("post", "/uit")]
    assert [field["name"] for field in page.all("input")] == ["csrf_token"]
    assert "/uit" not in [a["href"] for a in page.all("a")]
    assert [a["href"] for a in page.all("a") if a.get("aria-current") == "page"] == ["/a"]


def test_language_and_direction_stand_on_the_page(site: Flask) -> None:
    links = [("nl", "Nederlands", "ltr", "?taal=nl", False), ("ar", "العربية", "rtl", "?taal=ar", True)]
    page = Tags(shown(site, '{% extends "base.html" %}', lang="ar", dir="rtl", theme="ma", languages=links))
    assert page.all("html")[0] == {"lang": "ar", "dir": "rtl", "class": "utrecht-root ma-theme"}
    current = [a for a in page.all("a") if a.get("aria-current")]
    assert [(a["lang"], a["dir"], a["href"]) for a in current] == [("ar", "rtl", "?taal=ar")]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 418, 429, 500, 503])
def test_every_error_says_what_was_kept_and_what_to_do(site: Flask, status: int) -> None:
    with site.test_request_context():
        html = render_template("error.html", status=status)
    assert "Wat is er bewaard?" in html
    assert "Wat kun je nu doen?" in html
    assert f"Fout {status}" in html


def test_no_script_of_ours_has_names_that_another_one_sees() -> None:
    """Two had a function `say`: what was slow was told to a screen reader as [object HTMLSpanElement]."""
    for script in sorted((WEB / "static").glob("*.js")):
        code = re.sub(r"^//.*\n", "", script.read_text("utf-8"), flags=re.M).strip()
        assert code.startswith("(() => {") and code.endswith("})();"), script.name
        outside = [line for line in code.splitlines()[1:-1] if line and not line.startswith("  ")]
        assert outside == [], f"{script.name}: something stands outside"


def test_what_takes_long_says_so_on_pages_of_staff(site: Flask) -> None:
    """A form that brings a file leaves the page as it is: without its name nobody hears that it came."""
    (script,) = Tags(shown(site, '{% extends "staff.html" %}')).all("script")
    assert script["src"].startswith("/static/busy.js") and "Even geduld" in script["data-busy"]
    assert "downloads" in script["data-there"]
    forms = re.findall(r"<form[^>]*(?:_file'|\.pdf)[^>]*>", "".join(f.read_text("utf-8") for f in WEB.rglob("*.html")))
    assert forms and all("data-file=" in form for form in forms)
