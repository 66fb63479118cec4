"""The look keeps its promises: nothing from elsewhere, nothing inline, every token known, light to fetch."""

import gzip
import re
from pathlib import Path

import pytest

from web.stylesheets import joined

WEB = Path(__file__).parents[2] / "web"
STATIC = WEB / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = sorted(WEB.rglob("*.html"))
THEMES = sorted((VENDOR / "theme").glob("*.css"))
SHEETS = sorted(STATIC.rglob("*.css"))

CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
"""What Jinja reads itself: a macro may well have an argument called `only`."""
INLINE = re.compile(r"\sstyle\s*=|<style\b|<script\b(?![^>]*\bsrc=)|\son[a-z]+\s*=|\bhx-on|javascript:", re.IGNORECASE)
ELSEWHERE = re.compile(
    r"""url\(\s*["']?(?:https?:)?//|@import|\b(?:src|href|action|srcset)\s*=\s*["'](?:https?:)?//""", re.I
)


def name_of(path: Path) -> str:
    return str(path.relative_to(WEB))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_has_nothing_inline_that_the_policy_would_refuse(path: Path) -> None:
    assert INLINE.findall(CODE.sub("", path.read_text())) == []


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="x">',
        "<style>",
        "<script>1</script>",
        '<a onclick="x">',
        '<i hx-on:click="x">',
        '<a href="javascript:x">',
    ],
)
def test_the_search_for_inline_things_finds_them(bad: str) -> None:
    assert INLINE.search(bad)


@pytest.mark.parametrize("path", [*TEMPLATES, *SHEETS], ids=name_of)
def test_nothing_is_fetched_from_another_host(path: Path) -> None:
    assert ELSEWHERE.findall(path.read_text()) == []


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.js")), ids=name_of)
def test_no_script_names_another_host(path: Path) -> None:
    assert re.findall(r"https?://(?!www\.w3\.org/)[\w.-]+", path.read_text()) == []


@pytest.mark.parametrize("path", SHEETS, ids=name_of)
def test_every_file_a_style_sheet_asks_for_is_here(path: Path) -> None:
    files = re.findall(r"""url\(["']?(?!data:)([^"')]+)""", path.read_text())
    assert [file for file in files if not (path.parent / file).is_file()] == []


def test_every_vendored_package_has_its_licence_and_version() -> None:
    licences = {path.stem for path in (VENDOR / "licences").iterdir() if path.stat().st_size > 500}
    assert licences == {"utrecht", "voorbeeld-design-tokens", "ma-design-tokens", "noto-sans", "htmx", "sortablejs"}
    assert "Mozilla Public License" in (Path(__file__).parent / "vendor" / "axe-core-licence.txt").read_text()
    table = re.findall(r"^\| (\S+).*? \| (\d+\.\d+\.\d+) \|", (VENDOR / "README.md").read_text(), re.MULTILINE)
    assert len(table) == 7


def asked(css: str) -> set[str]:
    """Custom properties read without something to fall back on."""
    return set(re.findall(r"var\(\s*(--[\w-]+)\s*\)", css))


def given(css: str) -> set[str]:
    return set(re.findall(r"(--[\w-]+)\s*:", css))


@pytest.mark.parametrize("theme", THEMES, ids=name_of)
def test_every_token_our_own_sheet_reads_is_in_every_theme(theme: Path) -> None:
    ours, tokens = joined("site.css").decode(), theme.read_text()
    missing = (asked(ours) | asked(tokens)) - given(ours) - given(tokens)
    assert not missing, "run tests/web/vendoring.py again, or mend the name"


def test_our_own_sheet_has_no_colours_of_its_own() -> None:
    assert re.findall(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(", joined("site.css").decode(), re.IGNORECASE) == []


def test_a_first_visit_weighs_little() -> None:
    sheets = [VENDOR / "utrecht.css", VENDOR / "theme" / "voorbeeld.css", STATIC / "fonts.css"]
    weights = [len(gzip.compress(css)) for css in [joined("site.css"), *(path.read_bytes() for path in sheets)]]
    fonts = [VENDOR / "fonts" / f"noto-sans-latin-{weight}.woff2" for weight in (400, 700)]
    assert sum(weights) < 35_000
    assert sum(path.stat().st_size for path in fonts) < 30_000
