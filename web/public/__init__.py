"""The pages for everybody: what is on, privacy, accessibility, how groups are made."""

from web.public.routes import blueprint

__all__ = ["blueprint"]
