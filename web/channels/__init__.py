"""How a letter reaches a person: for now a folder with e-mails, and sheets for whoever calls, prints or tells."""

from web.channels.outbox import Outbox
from web.channels.parcel import Parcel

__all__ = ["Outbox", "Parcel"]
