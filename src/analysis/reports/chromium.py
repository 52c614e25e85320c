"""The browser that prints pages: Chromium, or another of its family, where one is installed."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.core.scratch import put

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Installed on Windows and macOS without a name on the path; playwright knows the places.
_CHANNELS = ("msedge", "chrome")
_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
_SETTLED = "!document.querySelector('figure.chart:not(.drawn)')"
_PAGE_NUMBERS = (
    '<div style="width:100%;padding:0 14mm;font:8pt Arial;text-align:right">'
    'Side <span class="pageNumber"></span> af <span class="totalPages"></span></div>'
)


class NoBrowserError(OSError):
    """No browser of Chromium's family is installed."""


@contextmanager
def browser() -> Iterator["Browser"]:
    """Run a browser without a window. Raises NoBrowserError where none is installed."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise NoBrowserError(
            "pakken playwright mangler; installér requirements/pdf.txt som i README"
        ) from None

    found = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    ways = [{"executable_path": found}] if found else [{"channel": name} for name in _CHANNELS]
    with sync_playwright() as playwright:
        for way in ways:
            try:
                running = playwright.chromium.launch(args=_FLAGS.split(), **way)
            except Error:
                continue
            try:
                yield running
            finally:
                running.close()
            return
    raise NoBrowserError("hverken Chromium, Chrome eller Edge blev fundet")


def print_pages(pages: Sequence[Path]) -> None:
    """Write each HTML page as an A4 PDF beside it. Raises NoBrowserError."""
    with browser() as running:
        context = running.new_context(offline=True)
        for file in pages:
            page = context.new_page()
            page.goto(file.as_uri())
            page.wait_for_function(_SETTLED)
            printed = page.pdf(
                prefer_css_page_size=True,
                print_background=True,
                display_header_footer=True,
                header_template="<span></span>",
                footer_template=_PAGE_NUMBERS,
                tagged=True,
                outline=True,
            )
            page.close()
            put(file.with_suffix(".pdf"), printed)
