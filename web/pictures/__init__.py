"""Pictures of how groups are mixed, who signed up and how many come: SVG made here, with the same facts as a table."""

from web.pictures.bars import signup_bars
from web.pictures.expecting import Expected, expected
from web.pictures.mixing import mix, overview
from web.pictures.tones import kinds
from web.pictures.values import Bar, Cell, Key, Picture, Row, Share

__all__ = [
    "Bar",
    "Cell",
    "Expected",
    "Key",
    "Picture",
    "Row",
    "Share",
    "expected",
    "kinds",
    "mix",
    "overview",
    "signup_bars",
]
