"""What filtering the interactive page takes in Chromium, for the city and one five times as large.

The answer is the time from a click until every figure stands where it is shown (script and layout),
and `painted` until the end of the frame that shows it, the wait for the screen included.
"""

import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles

from analysis.barometer import Selection, cube
from analysis.barometer.cube import Cube
from analysis.core import asking
from analysis.core.database import connect
from analysis.reports import interactive
from analysis.reports.chromium import browser

_TIMES = 5
_CLICKS = """async () => {
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const buttons = [...document.querySelectorAll("[data-view] button, .district .pick")];
  const times = [];
  for (const button of buttons) {
    await painted();
    const start = performance.now();
    button.click();
    document.body.offsetHeight;
    const answered = performance.now() - start;
    await painted();
    times.push([answered, performance.now() - start]);
  }
  return times;
}"""
_EVERY = "document.getElementById('period').value = '-1'"
_UNFOLD = "for (const fold of document.querySelectorAll('.fold')) fold.click()"
_CHANGED = "document.getElementById('period').dispatchEvent(new Event('change'))"


def main() -> None:
    """Measure and print."""
    seasons = [Selection(f"{year}/{year + 1}", half=None) for year in range(2021, 2026)]
    with connect() as con, browser() as running:
        data = asking.dataset(con)
        spans = [interactive.span_of(con, one) for one in seasons]
        city = [cube.of(con, seasons), cube.of(con, seasons, without=cube.PERSONS)]
        large = [_larger(one) for one in city]
        print(
            "| page | incidents | places | cells | MB | answer, median | 95 % | painted, median |"
        )
        print("|---|---|---|---|---|---|---|---|")
        for name, cubes, steps in (
            ("a season of the city", city, ()),
            ("all seasons of 300 places, unfolded", large, (_EVERY, _CHANGED, _UNFOLD)),
        ):
            told = {"opened": len(spans) - 2, "place": "København", "parameters": name}
            text = interactive.of(cubes, data, spans, **told)
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "barometer.html"
                file.write_text(text, encoding="utf-8")
                page = running.new_page()
                page.goto(file.as_uri())
                for step in steps:
                    page.evaluate(step)
                answers, frames = zip(*page.evaluate(_CLICKS), strict=True)
                page.close()
            print(
                f"| {name} | {sum(row[-1] for row in cubes[0].cells)} "
                f"| {len(cubes[0].values['location'])} | {sum(len(one.cells) for one in cubes)} "
                f"| {len(text.encode()) / 1e6:.1f} | {median(answers):.0f} ms "
                f"| {quantiles(answers, n=20)[-1]:.0f} ms | {median(frames):.0f} ms |"
            )


def _larger(one: Cube) -> Cube:
    """Return the cube of a city with so many times the places, each as one of this city."""
    place = cube.CUBE_DIMENSIONS.index("location")
    names, cells, helped = one.values["location"], len(one.cells), one.help
    return replace(
        one,
        values=one.values
        | {"location": tuple(f"{name} {n}" for n in range(_TIMES) for name in names)},
        cells=tuple(
            (*row[:place], row[place] + n * len(names), *row[place + 1 :])
            for n in range(_TIMES)
            for row in one.cells
        ),
        help=tuple((row[0] + n * cells, *row[1:]) for n in range(_TIMES) for row in helped),
    )


if __name__ == "__main__":
    main()
