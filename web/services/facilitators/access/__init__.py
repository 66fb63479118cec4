"""The doors of facilitators: a secret link and a PIN that open the lists of one session, for a while."""

from web.services.facilitators.access.enter import NoDoor, Shut, WrongPin, enter, standing
from web.services.facilitators.access.links import follow, open_door, revoke
from web.services.facilitators.access.manage import FacilitatorAccess, TooLate, close, links_for, may_renew, renew
from web.services.facilitators.access.pins import PIN_DIGITS

__all__ = [
    "PIN_DIGITS",
    "FacilitatorAccess",
    "NoDoor",
    "Shut",
    "TooLate",
    "WrongPin",
    "close",
    "enter",
    "follow",
    "links_for",
    "may_renew",
    "open_door",
    "renew",
    "revoke",
    "standing",
]
