"""How a letter looks: every style stands in the tag, because mail programs drop sheets; a sheet only makes it dark.

Both come from the same table, so that whatever has a colour by day has one by night.
"""

from __future__ import annotations

import re

from markupsafe import Markup

LIGHT = {
    "page": "#f3eeff",
    "panel": "#ffffff",
    "ink": "#001a40",
    "soft": "#3d5374",
    "line": "#c0c7d2",
    "accent": "#5115ef",
    "on_accent": "#ffffff",
    "card": "#f3eeff",
    "warm": "#ffeee1",
    "warm_line": "#ac501b",
    "past": "#eff1f3",
    "blue": "#006fb3",
}
DARK = {
    "page": "#0c1220",
    "panel": "#161d31",
    "ink": "#eef1f8",
    "soft": "#b9c3d8",
    "line": "#46516b",
    "accent": "#b7a0ff",
    "on_accent": "#160a3c",
    "card": "#261f4a",
    "warm": "#3b2415",
    "warm_line": "#f0a271",
    "past": "#212a40",
    "blue": "#62bdf2",
}
_FONT = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
_CORNERS = "border-radius:12px"
_DOT = "display:inline-block;width:14px;height:14px;border-radius:50%"

STYLES = {
    "page": f"margin:0;padding:0;background-color:page;color:ink;{_FONT};font-size:17px;line-height:1.5;"
    "-webkit-text-size-adjust:100%",
    "room": "padding:0 8px;background-color:page;color:ink",
    "column": "width:100%;max-width:560px;margin:0 auto",
    "head": "padding:20px 16px 14px;color:ink;font-size:17px;font-weight:700",
    "dot-one": f"{_DOT};background-color:accent",
    "dot-two": f"{_DOT};margin-left:-4px;background-color:blue",
    "dot-three": f"{_DOT};margin-left:-4px;margin-right:10px;background-color:warm_line",
    "panel": f"padding:26px 20px 14px;background-color:panel;color:ink;{_CORNERS}",
    "kicker": "margin:0 0 4px;color:soft;font-size:17px;font-weight:600",
    "news": "margin:0 0 20px;color:ink;font-size:28px;line-height:1.2;font-weight:700",
    "paragraph": "margin:0 0 16px;color:ink",
    "strong": "margin:0 0 16px;color:ink;font-size:19px;font-weight:700",
    "note": "margin:0 0 16px;color:soft;font-size:15px",
    "quote": f"margin:0 0 20px;padding:16px 20px 2px;background-color:warm;color:ink;{_CORNERS}",
    "saying": "margin:0 0 14px;color:ink",
    "card": f"margin:0 0 20px;padding:18px 20px;background-color:card;color:ink;{_CORNERS}",
    "label": "margin:0;color:soft;font-size:14px;line-height:1.4",
    "day": "margin:0;color:ink;font-size:23px;line-height:1.25;font-weight:700",
    "time": "margin:2px 0 0;color:ink;font-size:20px;line-height:1.3;font-weight:600",
    "fact": "margin:0;color:ink;font-size:17px;font-weight:600;overflow-wrap:anywhere",
    "gap": "margin:12px 0 0",
    "dates": f"margin:0 0 20px;padding:16px 20px 6px;background-color:card;color:ink;{_CORNERS}",
    "past": f"margin:0 0 20px;padding:16px 20px 6px;background-color:past;color:soft;{_CORNERS}",
    "dates-label": "margin:0 0 8px;font-weight:600",
    "list": "margin:0;padding:0;list-style:none",
    "date": "margin:0 0 10px",
    "first": "font-weight:600",
    "struck": "text-decoration:line-through",
    "doing": "margin:4px 0 20px;border-collapse:separate",
    "button": f"background-color:accent;border:2px solid accent;{_CORNERS};mso-padding-alt:12px 26px",
    "button-link": "display:inline-block;padding:12px 26px;background-color:accent;color:on_accent;font-size:18px;"
    f"line-height:1.3;font-weight:700;text-decoration:none;{_CORNERS}",
    "quiet": f"background-color:panel;border:2px solid accent;{_CORNERS};mso-padding-alt:12px 26px",
    "quiet-link": "display:inline-block;padding:12px 26px;background-color:panel;color:accent;font-size:18px;"
    f"line-height:1.3;font-weight:700;text-decoration:none;{_CORNERS}",
    "link": "display:inline-block;padding:10px 0;color:accent;font-weight:600;text-decoration:underline",
    "inline": "display:inline-block;padding:10px 0;color:accent;font-weight:600;text-decoration:underline;"
    "overflow-wrap:anywhere",
    "line": "margin:0 0 10px",
    "code": f"margin:0 0 20px;padding:14px 20px;background-color:warm;color:ink;{_CORNERS}",
    "code-value": "margin:0;color:ink;font-family:Menlo,Consolas,'Courier New',monospace;font-size:30px;"
    "line-height:1.3;font-weight:700;letter-spacing:4px",
    "code-said": "margin:0;color:ink;font-size:15px",
    "task": "padding:10px 0;border-top:1px solid line;color:ink",
    "count": "padding:10px 16px 10px 0;border-top:1px solid line;color:ink;font-size:26px;line-height:1.2;"
    "font-weight:700;text-align:right;width:1%;white-space:nowrap",
    "close": "margin:24px 0 12px;padding:16px 0 0;border-top:1px solid line;color:ink",
    "foot": "padding:16px 20px 32px;color:soft;font-size:15px",
    "foot-note": "margin:0 0 6px;color:soft;font-size:15px",
    "foot-link": "display:inline-block;padding:11px 0;color:ink;font-size:15px;text-decoration:underline",
    # Shown by the mail program behind the subject, and nowhere else.
    "glance": "display:none;max-height:0;overflow:hidden;mso-hide:all",
}
_HUE = re.compile(r"(?<=[: ])(" + "|".join(sorted(LIGHT, key=len, reverse=True)) + r")(?=;|$)")
_COLOURED = re.compile(r"(?:background-color|color|border(?:-top)?):[^;]*")


def _painted(style: str, hues: dict[str, str]) -> str:
    return _HUE.sub(lambda found: hues[found[1]], style)


def _night() -> str:
    rules = []
    for name, style in STYLES.items():
        coloured = [part for part in _COLOURED.findall(style) if _HUE.search(part)]
        if coloured:
            rules.append(f".{name}{{{';'.join(f'{_painted(part, DARK)}!important' for part in coloured)}}}")
    return "".join(rules)


LOOKS = {name: Markup(f'class="{name}" style="{_painted(style, LIGHT)}"') for name, style in STYLES.items()}
SHEET = Markup(
    "<style>:root{color-scheme:light dark;supported-color-schemes:light dark}"
    f"@media (prefers-color-scheme:dark){{{_night()}}}</style>"
)
