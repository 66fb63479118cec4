"""Routes of the resident's pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("resident", __name__, template_folder="templates")
