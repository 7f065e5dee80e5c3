"""What an accessible page is: axe-core, keyboard, 200 % zoom, a small phone, large type, forced colours, in one look."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import Error as BrowserError

from tests.journeys.addresses import name_of
from tests.journeys.product import Product

VENDOR = Path(__file__).parent / "vendor"
DESK, ZOOMED, PHONE = (1280, 800), (640, 400), (360, 740)  # 640 px: a window of 1280 at 200 %
TABS = 25  # so many stops of the Tab key are walked on a page; the rest is of the same kind
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|F\d\d|L-F\d\d-\d|[A-Z2-7]{16}|[SP]-F\d\d-\d-\d+")
# Opens what is folded, and waits two frames: tables that now scroll are made reachable
_UNFOLD = """
async () => {
  document.querySelectorAll('details').forEach(d => d.open = true);
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
}
"""
_AXE = """
async () => (await axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})).violations
  .map(v => v.id + ' ' + v.help + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | '))
"""
# Marks what the Tab key should reach, then notes every stop: does it show where it is, is it in view, what is it?
_NOTE_STOPS = """
() => {
  const groups = new Set();
  window.wanted = [...document.querySelectorAll(
    'a[href], button:not([disabled]), input:not([type=hidden]):not([disabled]), select, textarea, summary, [tabindex="0"]'
  )].filter(e => {
    if (!e.checkVisibility({visibilityProperty: true}) || e.matches(':disabled') || e.closest('[inert]')) return false;
    if (e.type !== 'radio') return true;
    const own = (e.form ? [...document.forms].indexOf(e.form) : '') + e.name;
    const first = !groups.has(own); groups.add(own); return first;
  });
  scrollTo(0, 0);
  document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex');
  window.stops = new Map();
  document.addEventListener('focusin', event => {
    const e = event.target, s = getComputedStyle(e), box = e.getBoundingClientRect();
    const ring = (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none';
    if (!stops.has(e)) stops.set(e, [ring, box.bottom > 0 && box.top < innerHeight, e.outerHTML.slice(0, 90)]);
  });
  // a field for a date has stops of its own inside
  return [wanted.length, 6 * document.querySelectorAll('input[type^=date], input[type=time], input[type=month]').length];
}
"""
_STOPS = (
    "[[...stops.values()], wanted.filter(e => !stops.has(e) && e.type !== 'radio').map(e => e.outerHTML.slice(0, 90))]"
)
# In forced colours only the system's colours are left: a control whose text has the colour of its ground can't be seen.
_INVISIBLE = """
() => [...document.querySelectorAll('main a[href], main button, main input:not([type=hidden]), main select')]
  .filter(e => e.checkVisibility({visibilityProperty: true}))
  .filter(e => { const s = getComputedStyle(e); return s.color === s.backgroundColor && s.forcedColorAdjust !== 'none'; })
  .map(e => e.outerHTML.slice(0, 80))
"""


# Words that end at an edge, and controls that lie below others: what is lost when all is twice as large. Tables scroll.
_LOST = """
() => {
  const named = e => e.outerHTML.slice(0, 90);
  const shown = e => e.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && !e.closest('.sy-visually-hidden, .visually-hidden');
  const cut = [...document.querySelectorAll('main *')].filter(e => shown(e) && !e.closest('.sy-chart, .cm-editor, select')
    && ['hidden', 'clip'].includes(getComputedStyle(e).overflowX) && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1
    && e.textContent.trim());
  const controls = document.querySelectorAll('main a[href], main button, main select, main input:not([type=hidden])');
  const covered = [...controls].filter(e => {
    if (!shown(e) || e.closest('.sy-tablewrap, .sy-markcell, .cm-editor, .pr-wide') || e.matches(':disabled')) return false;
    e.scrollIntoView({block: 'center'});
    const box = [...e.getClientRects()].find(b => b.width > 2 && b.height > 2);
    if (!box) return false;
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return top && top !== e && !e.contains(top) && !top.contains(e) && !(e.labels && [...e.labels].some(l => l.contains(top)));
  });
  scrollTo(0, 0);
  return [...cut.slice(0, 3).map(e => 'words are cut off: ' + named(e)),
    ...covered.slice(0, 3).map(e => 'covered by something else: ' + named(e))];
}
"""
# In forced colours a chart is drawn in system colours only; a colour of its own could vanish on the user's ground.
_OWN_COLOURS = """
() => {
  const own = (e, part) => /^#|^rgb/.test(e.getAttribute(part) || '') && e.getAttribute(part + '-opacity') !== '0';
  const drawn = [...document.querySelectorAll('.sy-chart svg :is(path, rect, circle, polyline, text)')]
    .filter(e => !e.closest('defs, clipPath, pattern') && e.getAttribute('d') !== '');
  const flat = e => /^M[^LCAQZ]*L[^LCAQZ]*$/.test(e.getAttribute('d') || '');  // a line has no inside to be filled
  const filled = drawn.filter(e => own(e, 'fill') && !flat(e)).map(e => e.getAttribute('fill'));
  const lined = drawn.filter(e => own(e, 'stroke') && e.getAttribute('stroke-width') !== '0').map(e => e.getAttribute('stroke'));
  return [...new Set([...filled, ...lined])];
}
"""


LOOKED_AT: set[str] = set()
"""Names of the addresses that `problems` has looked at in this run."""


# Charts draw themselves anew when the browser has told them of their new size.
_TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def prepare(context: BrowserContext) -> None:
    """Load axe-core, speaking Chinese, into every page of a context."""
    locale = (VENDOR / "axe.zh_CN.json").read_text("utf-8")
    start = f"if (window.axe) axe.configure({{locale: {json.dumps(json.loads(locale), ensure_ascii=False)}}});"
    context.add_init_script(script=(VENDOR / "axe.min.js").read_text("utf-8") + "\n" + start)


def problems(page: Page, address: str, *, keyboard: bool = True) -> list[str]:
    """What is wrong with the page at hand. All of it is looked at: what is folded is opened first."""
    LOOKED_AT.add(name_of(urlsplit(page.url).path))
    page.evaluate(_UNFOLD)
    found = [*page.evaluate(_AXE), *_frame(page)]
    if keyboard:
        found += _keyboard(page)
    found += [*_sizes(page), *_forced_colours(page)]
    return [f"{address} {one}" for one in found]


def _frame(page: Page) -> Iterator[str]:
    if page.locator("h1").count() != 1:
        yield "there is not one heading that says what the page is for"
    if not page.title().split(" · ")[0].strip():
        yield "the title is empty"


def _keyboard(page: Page) -> Iterator[str]:
    """Tab reaches every control in turn, shows where it is, and goes on. On long pages the first `TABS` stops are walked."""
    page.emulate_media(reduced_motion="reduce")  # else the page is still scrolling when the focus is there already
    wanted, inside = page.evaluate(_NOTE_STOPS)
    for _ in range(min(TABS, wanted) + inside):
        page.keyboard.press("Tab")
    stops, missed = page.evaluate(_STOPS)
    for ring, seen, what in stops:
        if not ring:
            yield f"no sign of focus on {what}"
        if not seen:
            yield f"focus goes where it is not seen: {what}"
    if wanted <= TABS and missed:
        yield f"the Tab key does not reach: {' | '.join(missed[:3])}"


def _sizes(page: Page) -> Iterator[str]:
    """Nothing sticks out at 200 % and on a phone, in normal and large type."""
    for large in (False, True):
        page.evaluate(f"{_large(large)}")
        for width, height in (ZOOMED, PHONE):
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate(_TWO_FRAMES)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                yield f"{wide} px wide in a window of {width}{' in large type' if large else ''}"
            if (width, large) == (ZOOMED[0], False):
                yield from page.evaluate(_LOST)
    page.evaluate(_large(False))
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})


def _large(on: bool) -> str:
    return f"document.documentElement.dataset.type = '{'large' if on else 'normal'}'"


def _forced_colours(page: Page) -> Iterator[str]:
    page.emulate_media(forced_colors="active")
    if page.locator(".sy-chart").count():
        page.evaluate(_TWO_FRAMES)
    yield from (f"can't be seen in forced colours: {one}" for one in page.evaluate(_INVISIBLE))
    yield from (f"a chart keeps {one} in forced colours" for one in page.evaluate(_OWN_COLOURS))
    page.emulate_media(forced_colors="none")


def shape(address: str) -> str:
    """An address with ids and keys taken out: pages of one shape are of one template."""
    return _ID.sub("…", address.split("#")[0].split("?")[0])


def walk(page: Page, product: Product, seeds: list[str], *, most: int = 90) -> Iterator[str]:
    """Open each seed, then one page of every shape that is linked from anywhere; yields the address of each."""
    waiting, known = list(seeds), {shape(s) for s in seeds}
    done = 0
    while waiting and done < most:
        address = waiting.pop(0)
        try:
            response = page.goto(product.url + address)
        except BrowserError as error:
            if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
                continue  # a file, not a page
            raise
        if response is None or "text/html" not in response.headers.get("content-type", ""):
            continue
        done += 1
        yield address
        for link in page.evaluate("[...document.querySelectorAll('a[href^=\"/\"]')].map(a => a.getAttribute('href'))"):
            if shape(link) not in known and not link.startswith("/static/"):
                known.add(shape(link))
                waiting.append(link)
