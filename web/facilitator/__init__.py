"""The facilitator's room: own groups behind a link and a PIN."""

from web.facilitator.routes import blueprint

__all__ = ["blueprint"]
