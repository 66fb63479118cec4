"""Makes both vendor/ folders again from unpacked packages: `python tests/web/vendoring.py NODE_MODULES`."""

import json
import re
import shutil
import sys
from pathlib import Path

STATIC = Path(__file__).parents[2] / "web" / "static"
VENDOR = STATIC / "vendor"
TEST_VENDOR = Path(__file__).parent / "vendor"

COMPONENTS = [
    "root",
    "body",
    "document",
    "page-layout",
    "page-header",
    "page-body",
    "page-footer",
    "skip-link",
    "heading-1",
    "heading-2",
    "heading-3",
    "heading-4",
    "paragraph",
    "link",
    "ordered-list",
    "unordered-list",
    "separator",
    "alert",
    "data-badge",
    "status-badge",
    "breadcrumb-nav",
    "nav-bar",
    "nav-list",
    "pagination",
    "button",
    "button-group",
    "form",
    "form-field",
    "form-field-description",
    "form-field-error-message",
    "form-fieldset",
    "form-label",
    "textbox",
    "textarea",
    "select",
    "checkbox",
    "custom-checkbox",
    "radio-button",
    "data-list",
    "table",
]

THEMES = {
    "voorbeeld": "@nl-design-system-unstable/voorbeeld-design-tokens",
    "ma": "@nl-design-system-community/ma-design-tokens",
}
FONT = "@fontsource/noto-sans"
COPIES = {
    **{f"{FONT}/files/noto-sans-{part}-{weight}-normal.woff2": VENDOR / "fonts" / f"noto-sans-{part}-{weight}.woff2"
       for part in ("latin", "latin-ext") for weight in (400, 700)},
    "htmx.org/dist/htmx.min.js": VENDOR / "htmx.min.js",
    "sortablejs/Sortable.min.js": VENDOR / "sortable.min.js",
    "axe-core/axe.min.js": TEST_VENDOR / "axe.min.js",
    "@utrecht/component-library-css/LICENSE.md": VENDOR / "licences" / "utrecht.md",
    f"{THEMES['voorbeeld']}/LICENSE.md": VENDOR / "licences" / "voorbeeld-design-tokens.md",
    f"{THEMES['ma']}/LICENSE.md": VENDOR / "licences" / "ma-design-tokens.md",
    f"{FONT}/LICENSE": VENDOR / "licences" / "noto-sans.txt",
    "htmx.org/LICENSE": VENDOR / "licences" / "htmx.txt",
    "sortablejs/LICENSE": VENDOR / "licences" / "sortablejs.txt",
    "axe-core/LICENSE": TEST_VENDOR / "axe-core-licence.txt",
    "axe-core/LICENSE-3RD-PARTY.txt": TEST_VENDOR / "axe-core-licence-third-parties.txt",
}  # fmt: skip


def used(css: str) -> set[str]:
    """The names of the custom properties that a style sheet reads."""
    return set(re.findall(r"var\(\s*(--[\w-]+)", css))


def defined(css: str) -> dict[str, str]:
    """Custom property -> value, for a style sheet with one declaration a line."""
    return dict(re.findall(r"^\s*(--[\w-]+):\s*(.+?);[^;\n]*$", css, re.MULTILINE))


def needed(tokens: dict[str, str], names: set[str]) -> set[str]:
    """Those tokens that `names` ask for, directly or by way of another token."""
    found: set[str] = set()
    while names:
        found |= names
        names = {name for token in names for name in used(tokens.get(token, ""))} - found
    return found & tokens.keys()


def versioned(package: Path) -> str:
    about = json.loads((package / "package.json").read_text())
    return f"{about['name']} {about['version']}"


def components(modules: Path) -> str:
    packages = [modules / "@utrecht" / f"{name}-css" for name in COMPONENTS]
    parts = [
        f"/* {versioned(package)} */\n{(package / 'dist' / 'index.min.css').read_text().strip()}\n"
        for package in packages
    ]
    return "/* EUPL-1.2, Gemeente Utrecht and Frameless B.V.; see licences/utrecht.md */\n" + "".join(parts)


def theme(package: Path, name: str, css: str) -> str:
    tokens = defined((package / "dist" / "theme.css").read_text())
    keep = needed(tokens, used(css))
    lines = [f"  {token}: {value};\n" for token, value in tokens.items() if token in keep]
    head = f"/* EUPL-1.2, {versioned(package)}, reduced to the tokens in use; see licences/{name}-design-tokens.md */\n"
    return head + f".{name}-theme {{\n" + "".join(lines) + "}\n"


def main(modules: Path) -> None:
    for source, target in COPIES.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / source, target)
    (VENDOR / "theme").mkdir(exist_ok=True)
    utrecht = components(modules)
    (VENDOR / "utrecht.css").write_text(utrecht)
    ours = "".join(part.read_text() for part in (STATIC / "site").glob("*.css"))
    for name, package in THEMES.items():
        css = theme(modules / package, name, utrecht + ours)
        (VENDOR / "theme" / f"{name}.css").write_text(css)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
