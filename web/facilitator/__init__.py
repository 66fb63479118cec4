"""The facilitator's room: own groups behind a link and a PIN, and who is there on the evening.

Every module `routes_...` of this room hangs its pages on the blueprint.
"""

from importlib import import_module
from pkgutil import iter_modules

from web.facilitator.routes import blueprint

__all__ = ["blueprint"]

for _found in iter_modules(__path__):
    if _found.name.startswith("routes_"):
        import_module(f"{__name__}.{_found.name}")
