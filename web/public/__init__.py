"""The pages for everybody: what is on, privacy, accessibility, how groups are made; and calendars to follow."""

from web.public import routes_feed, routes_house
from web.public.routes import blueprint

__all__ = ["blueprint", "routes_feed", "routes_house"]
