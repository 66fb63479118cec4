"""A browser and a system in plain words, so that somebody recognises where they are logged in."""

from __future__ import annotations

from flask_babel import gettext as _

# In this order: most browsers also name those that they descend from, and a telephone names its family.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


def recognise(user_agent: str) -> str:
    """What is kept of how a browser names itself: 'Firefox/Windows', and nothing where nothing is known."""
    return f"{_first(BROWSERS, user_agent)}/{_first(SYSTEMS, user_agent)}"


def words(device: str) -> str:
    """A device as its owner would call it."""
    browser, _slash, system = device.partition("/")
    if browser and system:
        return _("%(browser)s op %(system)s", browser=browser, system=system)
    return browser or system or _("Onbekend apparaat")


def _first(names: dict[str, str], user_agent: str) -> str:
    return next((name for sign, name in names.items() if sign in user_agent), "")
