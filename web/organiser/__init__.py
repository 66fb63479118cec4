"""The organiser's room: meetings, the desk, import, the groups editor.

Every module `routes_...` of this room hangs its pages on the blueprint.
"""

from importlib import import_module
from pkgutil import iter_modules

from web.organiser.routes import blueprint

__all__ = ["blueprint"]

for _found in iter_modules(__path__):
    if _found.name.startswith("routes_"):
        import_module(f"{__name__}.{_found.name}")
