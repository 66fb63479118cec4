"""Places that come free, offered to who waits: in time, one question at a time, and never more than there are."""

from web.services.groups.offers.deciding import OfferOver, accept, decline, open_to, standing
from web.services.groups.offers.hours import dates
from web.services.groups.offers.making import run

__all__ = ["OfferOver", "accept", "dates", "decline", "open_to", "run", "standing"]
