"""What filtering the interactive page takes in Chromium: the whole city over four seasons.

Each figure is the time from a click to the end of the frame that shows its answer.
"""

import tempfile
from pathlib import Path
from statistics import median

from analysis.barometer import Selection, cube
from analysis.core import asking
from analysis.core.database import connect
from analysis.reports import interactive
from analysis.reports.chromium import browser

_CLICKS = """async () => {
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const buttons = [...document.querySelectorAll("[data-view] button, .pick")];
  const times = [];
  for (const button of buttons) {
    await painted();
    const start = performance.now();
    button.click();
    await painted();
    times.push(performance.now() - start);
  }
  return times;
}"""


def main() -> None:
    """Measure and print."""
    seasons = [Selection(f"{year}/{year + 1}", half=None) for year in range(2021, 2025)]
    with connect() as con, tempfile.TemporaryDirectory() as folder, browser() as running:
        counted = cube.of(con, seasons)
        text = interactive.of(
            counted,
            asking.dataset(con),
            heading="København",
            chosen="fire sæsoner",
            parameters="fire",
        )
        file = Path(folder) / "barometer.html"
        file.write_text(text, encoding="utf-8")
        page = running.new_page()
        page.goto(file.as_uri())
        times = page.evaluate(_CLICKS)
    incidents = sum(row[-1] for row in counted.cells)
    print(
        f"{incidents} incidents, {len(counted.cells)} cells, {len(text.encode()) / 1e6:.2f} MB; "
        f"{len(times)} clicks: median {median(times):.0f} ms, longest {max(times):.0f} ms"
    )


if __name__ == "__main__":
    main()
