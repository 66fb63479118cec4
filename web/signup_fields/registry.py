"""Every question of the sign-up, once, in the order of the desk and the import; everything else reads them here."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from config import Settings
from web.rows import Series
from web.rows.organisation import Block
from web.signup_fields import choices
from web.signup_fields.shape import Absent, Elsewhere, Fact, Heading, Kind, PaperLine, SignupField, words

LAST = 4
"""The last screen of the resident's sign-up; nothing on it is required."""
LATER = LAST + 1
"""In place of a screen: asked only where answers are changed."""

_OWN_PAGE = Elsewhere("resident/parts.html, organiser/desk.html")
_OWN_LINE = Elsewhere("printing/templates/form.typ")
_REACH_BOX = Elsewhere("organiser/forms_desk.py: one box for an address or a number")
_CONTACT = Elsewhere("services/signups/answers.py: Signup.contact")
_TIMES = Elsewhere("services/signups/answers.py: Availability")
_CONSENTS = Elsewhere("services/signups/answers.py: Consent")
_ON_TOP = Elsewhere("organiser/signup.html")
_FOOD = _l("We eten samen. Is er iets wat je niet eet?")
_NO_FOOD = words("alles|gewoon|normaal|everything")
_PER_DIMENSION = Elsewhere("a column and a line for every dimension of the settings")
_NOT_FOR_ORGANISERS = Absent("an organiser sees bubbles only in figures (promise 10)")


FIELDS: tuple[SignupField, ...] = (
    SignupField(
        key="name",
        kind=Kind.TEXT,
        ask=_l("Voornaam"),
        hint=_l("Deze naam staat op de lijst van je tafel. Je achternaam hebben we niet nodig."),
        required=_l("Vul een voornaam in."),
        screen=2,
        page=_OWN_PAGE,
        owns=("name_hash",),
        heading=Heading(
            _l("voornaam"),
            words("naam|name|roepnaam|voornamen|naam deelnemer|deelnemer|naam bewoner|bewoner|wie"),
        ),
        paper=_OWN_LINE,
        fact=_ON_TOP,
        export="name",
    ),
    SignupField(
        key="reach",
        kind=Kind.CHOICE,
        ask=_l("Hoe kunnen we je bereiken?"),
        hint=_l("Kies één manier. Daar krijg je je uitnodiging."),
        choices=choices.ways,
        required=_l("Kies hoe we je kunnen bereiken."),
        screen=3,
        page=_OWN_PAGE,
        desk=_REACH_BOX,
        sealed=False,
        heading=Heading(
            _l("bereik"),
            words("contact|contactgegevens|bereikbaar via|bereikbaar|hoe bereiken"),
            _l("hoe we iemand bereiken"),
        ),
        paper=_OWN_LINE,
        fact=_ON_TOP,
        export="reach",
    ),
    SignupField(
        key="email",
        kind=Kind.EMAIL,
        ask=_l("E-mailadres"),
        required=_l("Vul een e-mailadres in. Bijvoorbeeld: naam@voorbeeld.nl"),
        ways=("email",),
        most=lambda limits: limits.contact_length,
        screen=3,
        page=_OWN_PAGE,
        desk=_REACH_BOX,
        storage=_CONTACT,
        owns=("contact", "email_hash"),
        heading=Heading(_l("e-mail"), ("mail", "e-mailadres", "email", "email address", "mailadres", "mailen")),
        paper=_OWN_LINE,
        fact=_ON_TOP,
        export="contact",
    ),
    SignupField(
        key="phone",
        kind=Kind.PHONE,
        ask=_l("Telefoonnummer"),
        required=_l("Vul een telefoonnummer in. Bijvoorbeeld: 06 12345678"),
        ways=("text", "call"),
        most=lambda limits: limits.contact_length,
        screen=3,
        page=_OWN_PAGE,
        desk=_REACH_BOX,
        storage=_CONTACT,
        owns=("contact", "phone_hash"),
        heading=Heading(
            _l("telefoon"),
            words(
                "telefoonnummer|mobiel|tel|phone number|mobile|telnr|tel nr|telefoonnr|06|06 nummer|mobiel nummer"
                "|mobiele nummer|gsm|nummer"
            ),
        ),
        paper=_OWN_LINE,
        fact=_ON_TOP,
        export="contact",
    ),
    SignupField(
        key="via",
        kind=Kind.TEXT,
        ask=_l("Bij wie of via wie?"),
        hint=_l("Bijvoorbeeld: de balie van het buurthuis, of de naam van je buurtwerker."),
        required=_l("Vul in bij wie of via wie je bericht krijgt."),
        ways=("letter", "via"),
        most=lambda limits: limits.contact_length,
        screen=3,
        page=_OWN_PAGE,
        desk=_REACH_BOX,
        storage=_CONTACT,
        owns=("contact",),
        heading=Heading(_l("via"), hint=_l("bij of via wie, als bereik brief of via is")),
        paper=_OWN_LINE,
        fact=_ON_TOP,
        export="contact",
    ),
    SignupField(
        key="sessions",
        kind=Kind.TIMES,
        ask=_l("Wanneer kun je?"),
        hint=_l("Kies alles wat past. Hoe meer je kiest, hoe groter de kans op een plek."),
        choices=choices.times,
        required=_l("Kies minstens één tijd waarop je kunt komen."),
        screen=1,
        page=_OWN_PAGE,
        storage=_TIMES,
        heading=Heading(
            _l("tijden"),
            words(
                "tijd|time|beschikbaar|beschikbaarheid|kan|kan op|wanneer|dag|dagen|welke dag|welke dagen|datum|data"
                "|available|availability|when|day|date|dates"
            ),
            _l("leeg is: kan altijd"),
        ),
        paper=_OWN_LINE,
        fact=_ON_TOP,
        export="sessions",
    ),
    SignupField(
        key="prefers",
        kind=Kind.TIMES,
        ask=_l("Welke tijd heb je het liefst?"),
        choices=choices.times,
        within="sessions",
        screen=1,
        page=_OWN_PAGE,
        storage=_TIMES,
        heading=Heading(_l("liever"), ("voorkeur", "preference")),
        paper=Absent("paper asks only when somebody can come"),
        fact=Elsewhere("organiser/signups.html"),
        export="sessions",
    ),
    SignupField(
        key="language",
        kind=Kind.CHOICE,
        ask=_l("In welke taal schrijven we je?"),
        choices=choices.written,
        required=_l("Kies een van deze talen."),
        screen=LATER,
        page=_OWN_PAGE,
        desk=Elsewhere("organiser/forms_desk.py"),
        sealed=False,
        heading=Absent("follows from the languages that somebody speaks"),
        paper=Absent("follows from the language of the paper"),
        fact=Absent("the desk sees it in its form"),
        export="language",
    ),
    SignupField(
        key="languages",
        kind=Kind.CHOICES,
        ask=_l("Welke talen spreek je?"),
        hint=_l("Kies je niets? Dan praat je Nederlands."),
        choices=choices.spoken,
        default=("nl",),
        screen=LAST,
        across=2,
        heading=Heading(_l("talen"), ("taal", "language"), _l("leeg is: nl")),
        paper=_OWN_LINE,
        fact=Fact(_l("Talen")),
        export="languages",
    ),
    SignupField(
        key="needs",
        kind=Kind.CHOICES,
        ask=_l("Wat heb je nodig om mee te doen?"),
        choices=choices.of_settings(lambda settings: settings.needs),
        screen=LAST,
        fold=_l("Heb je iets nodig?"),
        closed=True,
        heading=Heading(_l("behoeften"), ("nodig",)),
        paper=_OWN_LINE,
        fact=Fact(_l("Nodig"), _l("niets")),
        export="needs",
    ),
    SignupField(
        key="consent_needs",
        kind=Kind.CONSENT,
        ask=_l("Ja, jullie mogen bewaren wat ik nodig heb, en ervoor zorgen."),
        hint=_l(
            "Wat je nodig hebt, kan iets zeggen over je gezondheid. Alleen de buurtwerker en je gespreksleider zien "
            "het. Zet je hier geen vinkje? Dan bewaren we het niet."
        ),
        covers=("needs",),
        screen=LAST,
        fold=_l("Heb je iets nodig?"),
        storage=_CONSENTS,
        heading=Heading(_l("toestemming behoeften"), ("toestemming nodig",), late=True),
        paper=_OWN_LINE,
        fact=Absent("that page shows no consents"),
        export="consents",
    ),
    SignupField(
        key="note",
        kind=Kind.LINES,
        ask=_l("Heb je nog iets nodig?"),
        hint=_l("Schrijf hier niets over je gezondheid of je geloof."),
        most=lambda limits: limits.note_length,
        screen=LAST,
        fold=_l("Heb je iets nodig?"),
        closed=True,
        heading=Heading(_l("opmerking"), ("opmerkingen", "notes"), _l("wat er verder nodig is")),
        paper=_OWN_LINE,
        fact=Fact(_l("Nog iets"), _l("niets")),
        export="note",
    ),
    SignupField(
        key="diet",
        kind=Kind.CHOICES,
        ask=_l("Wat eet je, en wat niet?"),
        choices=choices.diets,
        screen=LAST,
        fold=_FOOD,
        across=2,
        no=_NO_FOOD,
        meal=True,
        closed=True,
        heading=Heading(_l("dieet"), words("diet|dieetwensen|eetwensen|eten|eet|voeding|food|wat eet je")),
        paper=_OWN_LINE,
        fact=Fact(_l("Eten"), _l("alles, of niet gezegd")),
        export="diet",
    ),
    SignupField(
        key="allergies",
        kind=Kind.TEXT,
        ask=_l("Waar ben je allergisch voor?"),
        hint=_l("Bijvoorbeeld: noten, melk of gluten."),
        most=lambda limits: limits.note_length,
        screen=LAST,
        fold=_FOOD,
        no=_NO_FOOD,
        meal=True,
        closed=True,
        heading=Heading(_l("allergie"), words("allergieën|allergisch|allergisch voor|allergy|allergies|allergens")),
        paper=_OWN_LINE,
        fact=Fact(_l("Allergie"), _l("geen, of niet gezegd")),
        export="allergies",
    ),
    SignupField(
        key="consent_food",
        kind=Kind.CONSENT,
        ask=_l("Ja, jullie mogen bewaren wat ik niet eet en waar ik allergisch voor ben."),
        hint=_l(
            "Dit kan iets zeggen over je geloof of je gezondheid. Alleen de buurtwerker en je gespreksleider zien het. "
            "Zet je hier geen vinkje? Dan bewaren we het niet. Je kans op een plek blijft even groot."
        ),
        covers=("diet", "allergies"),
        screen=LAST,
        fold=_FOOD,
        meal=True,
        storage=_CONSENTS,
        heading=Heading(_l("toestemming eten"), ("toestemming dieet", "toestemming allergie"), late=True),
        paper=_OWN_LINE,
        fact=Absent("that page shows no consents"),
        export="consents",
    ),
    SignupField(
        key="buddy",
        kind=Kind.TEXT,
        ask=_l("Wil je samen met iemand aan tafel?"),
        hint=_l(
            "Vul de code van die ander in. Heeft die nog geen code? Vul dan de voornaam in. Jullie komen samen als die "
            "ander dat ook wil."
        ),
        screen=LAST,
        fold=_l("Kom je met iemand samen?"),
        owns=("buddy_id",),
        block=Block.BUDDIES,
        heading=Heading(_l("maatje"), hint=_l("de code of voornaam van wie er samen komt"), late=True),
        paper=_OWN_LINE,
        fact=Fact(_l("Samen met"), _l("niemand")),
        export="buddy",
    ),
    SignupField(
        key="interests",
        kind=Kind.CHOICES,
        ask=_l("Wat doe je graag?"),
        choices=choices.of_settings(lambda settings: settings.interests),
        screen=LAST,
        fold=_l("Wat doe je graag?"),
        across=2,
        private=True,
        closed=True,
        block=Block.INTERESTS,
        heading=Heading(_l("interesses"), ("interesse", "interest")),
        paper=PaperLine(_l("Zo zit je met mensen die hetzelfde graag doen.")),
        fact=_NOT_FOR_ORGANISERS,
        export="interests",
    ),
    SignupField(
        key="bubbles",
        kind=Kind.BUBBLES,
        ask=_l("Vragen over jou, om de tafels te mengen"),
        screen=LAST,
        page=_OWN_PAGE,
        storage=Elsewhere("services/signups/answers.py: only with consent"),
        owns=("bubbles",),
        private=True,
        closed=True,
        heading=_PER_DIMENSION,
        paper=_PER_DIMENSION,
        fact=_NOT_FOR_ORGANISERS,
        export="bubbles",
    ),
    SignupField(
        key="consent_bubbles",
        kind=Kind.CONSENT,
        ask=_l("Ja, jullie mogen mijn antwoorden gebruiken om de tafels te mengen."),
        hint=_l("Zet je hier geen vinkje? Dan bewaren we die antwoorden niet. Je kunt ook dan gewoon meedoen."),
        covers=("bubbles",),
        screen=LAST,
        page=_OWN_PAGE,
        storage=_CONSENTS,
        private=True,
        heading=Heading(_l("toestemming kringen"), ("kringen",), late=True),
        paper=_OWN_LINE,
        fact=_NOT_FOR_ORGANISERS,
        export="consents",
    ),
    SignupField(
        key="consent_next_time",
        kind=Kind.CONSENT,
        ask=_l("Ja, jullie mogen mij vragen voor een volgende keer."),
        hint=_l("Wil je dit niet? Dan hoor je na de laatste keer niets meer van ons."),
        screen=LAST,
        page=_OWN_PAGE,
        storage=_CONSENTS,
        private=True,
        heading=Heading(_l("toestemming volgende keer"), ("volgende keer",), late=True),
        paper=_OWN_LINE,
        fact=Absent("that page shows no consents"),
        export="consents",
    ),
)
"""The order of the sign-up is that of the screens; within a screen it is this one."""

BY_SCREEN = tuple(sorted((field for field in FIELDS if field.screen <= LAST), key=lambda field: field.screen))
"""What the resident's sign-up asks, in order."""


def facts_in(series: Series, settings: Settings) -> list[tuple[SignupField, Fact]]:
    """What an organiser reads of one person, of the questions that a series asks."""
    asked = (one for one in FIELDS if one.asked_in(series, settings))
    return [(one, one.fact) for one in asked if isinstance(one.fact, Fact)]


def on_screen(number: int) -> tuple[SignupField, ...]:
    """What one screen asks, in order."""
    return tuple(field for field in FIELDS if field.screen == number)


NEEDED = {way: field.key for field in FIELDS for way in field.ways}
"""How somebody wants to be reached -> the answer that this needs."""

NO_ANSWERS = {
    "id": "the row itself",
    "organisation_id": "whose the row is",
    "project_id": "whose the row is",
    "series_id": "what somebody signed up for; the export says its title",
    "number": "the order of arrival, which we count",
    "once": "makes a double submit one sign-up",
    "code": "made by us",
    "secret_hash": "finds the row of a personal link",
    "next_secret_hash": "finds it by a link that was asked for and not used yet",
    "hashed_as": "says which form the hashes have",
    "state": "follows from what somebody does",
    "created_at": "the clock",
    "changed_at": "the clock",
    "channel": "how it came in; an import and the desk say it themselves",
    "key_contact_id": "from the link of who invited somebody",
    "priority": "counted from earlier series",
    "other_wish": "a button afterwards",
    "bounced_at": "mail came back",
    "quiet": "a button afterwards",
}
"""The columns of a sign-up that no question fills, and why."""
