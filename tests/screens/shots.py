"""Pictures of the named pages for docs/screens: kept only where YICHUANG_SHOTS names a folder."""

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.screens.screens import Screen

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
MACHINES = {"wall": {"width": 1920, "height": 1080}, "kiosk": {"width": 1080, "height": 1920}}  # as they hang and stand
# What stays at the foot of the window would lie in the middle of a long picture, over the page's words.
STICK = "where => document.querySelectorAll('.sticky-do').forEach(e => { e.style.position = where; })"
TALLEST = 2200  # pixels: what of a long page is shown
# Every named page is shown in Chinese, on the device of its people; these also in other looks.
BOTH = {"console-powers", "home-mine", "item", "case-asked", "counter-case", "desk"}
ENGLISH = {"home-mine", "my-cases", "clock", "looks", "item", "filing-form", "filing-check", "case-asked", "verify-paper", "desk", "counter-case", "office-case", "console-powers"}  # fmt: skip
ELDER = {"home", "home-mine", "my-cases", "clock", "looks", "item", "filing-form", "case-asked", "desk", "office-case"}


def keep(page: "Page", screen: "Screen", look: str) -> None:
    """The page as a picture, by name, size and look."""
    folder = os.environ.get("YICHUANG_SHOTS")
    wanted = {"zh": True, "en": screen.name in ENGLISH, "elder": screen.name in ELDER}[look]
    if not folder or not screen.name or not wanted:
        return
    phone = screen.door == "portal"
    page.evaluate(STICK, "static")
    for name, size in (("phone", PHONE), ("desk", MACHINES.get(screen.door, DESK))):
        if (name == "phone") is phone or (look == "zh" and screen.name in BOTH):
            page.set_viewport_size(size)
            picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
            shown = picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))
            if size == DESK:
                shown = shown.resize((1080, shown.height * 1080 // shown.width))
            shown.save(Path(folder) / f"{screen.name}-{name}-{look}.webp", quality=42, method=4)
    page.evaluate(STICK, "")
    page.set_viewport_size(PHONE)


DOORS = {
    "portal": "Citizens (办事人)",
    "counter": "The counter (窗口)",
    "office": "The office (审批)",
    "console": "The console (管理后台)",
    "kiosk": "At the kiosk (取号机)",
    "wall": "On the wall (大屏)",
}
LOOKS = {"zh": "中文", "en": "English", "elder": "长辈版"}


def index() -> None:
    """The page that shows the pictures; those of pages that no longer exist go."""
    from tests.screens.screens import SCREENS

    place = Path(os.environ["YICHUANG_SHOTS"])
    lines = [
        "# Screens",
        "",
        "What people see, with the demo's data. Made by `./run screens`; looked at before each release.",
        "Citizens switch to 长辈版, staff to 大字版: one large look (22 px, one column), kept in a cookie of the browser. The gate",
        "measures every page in it on a phone, the staff's also on a desk and in English.",
        "",
    ]
    kept = set()
    for door, title in DOORS.items():
        lines += [f"## {title}", ""]
        for screen in (s for s in SCREENS if s.door == door and s.name):
            pictures = sorted(place.glob(f"{screen.name}-phone-*.webp")) + sorted(
                place.glob(f"{screen.name}-desk-*.webp")
            )
            for picture in (p for p in pictures if p.stem.rsplit("-", 2)[0] == screen.name):
                kept.add(picture)
                words = f"{screen.name}, {picture.stem.rsplit('-', 2)[1]}, {LOOKS[picture.stem.rsplit('-', 1)[1]]}"
                width = 240 if "-phone-" in picture.name else 720
                lines.append(f'<img src="{picture.name}" width="{width}" alt="{words}" title="{words}">')
        lines.append("")
    for picture in set(place.glob("*.webp")) - kept:
        picture.unlink()
    (place / "README.md").write_text("\n".join(lines), encoding="utf-8")
