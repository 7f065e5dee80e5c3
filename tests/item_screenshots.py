"""Ten items of each type as a person meets them, at 1280 and 360 pixels, as PNG files in screenshots/items/.

python -m tests.item_screenshots            ten of each of the seven types
python -m tests.item_screenshots chart      one type only
python -m tests.item_screenshots S-F09      items whose id begins so, all of them

The pages are the bank's "Answer it yourself": the same templates as a sitting's, without a sitting.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page

from shuyang.itembank.content import ItemType
from shuyang.packs.yaml import read_yaml
from tests.journeys.browser import chromium, sign_in
from tests.journeys.product import ROOT, Product, start

OUT = Path("screenshots/items")
SIZES = {"1280": (1280, 800), "360": (360, 740)}
EACH = 10


def bank() -> list[tuple[str, str]]:
    """(id, type) of all items, secure ones first, in the order of their files."""
    folder = ROOT / "src/shuyang/content/items"
    paths = [*sorted(folder.glob("secure/*.yaml")), *sorted(folder.glob("practice/*.yaml"))]
    rows = [row for path in paths for row in read_yaml(path.read_text("utf-8"), where=str(path))]
    return [(row["id"], row["type"]) for row in rows]


def chosen(items: Sequence[tuple[str, str]], wanted: str) -> list[tuple[str, str]]:
    """Ten secure items of each type, spread evenly over the bank; or those that `wanted` names."""
    if wanted and wanted not in list(ItemType):
        return [one for one in items if one[0].startswith(wanted)]
    found = []
    for kind in [ItemType(wanted)] if wanted else ItemType:
        own = [one for one in items if one[1] == kind and one[0].startswith("S-")]
        step = max(1, len(own) // EACH)
        found += own[step // 2 :: step][:EACH]
    return found


def shoot(page: Page, product: Product, key: str, kind: str) -> None:
    """Both sizes of one item; says where the page is wider than the screen."""
    page.goto(f"{product.url}/bank/items/{key}/try/")
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(250)
        page.screenshot(path=OUT / f"{kind}-{key}-{size}.png", full_page=True)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            print(f"{key}: {over} px too wide at {size}", flush=True)


def main() -> int:
    wanted = next((a for a in sys.argv[1:] if not a.startswith("-")), "")
    if "-h" in sys.argv or "--help" in sys.argv:
        print(__doc__)
        return 0
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="shuyang-shots-") as home, chromium() as browser:
        product = start(Path(home))
        try:
            page = browser.new_context(locale="zh-CN").new_page()
            sign_in(page, product, "admin", product.administrator)
            for key, kind in chosen(bank(), wanted):
                shoot(page, product, key, kind)
                print(key, kind, flush=True)
        finally:
            product.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
