"""Routes of the facilitator's pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("facilitator", __name__, url_prefix="/tafel", template_folder="templates")
