"""Pictures of how groups are mixed and who signed up: SVG made here, always with the same facts as a table."""

from web.pictures.bars import signup_bars
from web.pictures.mixing import mix, overview
from web.pictures.tones import kinds
from web.pictures.values import Bar, Cell, Key, Picture, Row, Share

__all__ = ["Bar", "Cell", "Key", "Picture", "Row", "Share", "kinds", "mix", "overview", "signup_bars"]
