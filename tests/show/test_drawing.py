"""Charts as pictures: what ends while it draws fails one chart, and says which."""

import os
import signal
import subprocess
import sys
import time

import altair as alt
import pandas as pd
import psutil
import pytest
import vl_convert
from nbformat.v4 import new_code_cell, new_notebook, new_output

from analysis.reports import pictures
from analysis.show import drawing
from analysis.show.stored import CHART_TYPE


def spec(title):
    rows = pd.DataFrame({"name": ["a"], "incidents": [3]})
    return alt.Chart(rows).mark_bar().encode(x="incidents", y="name").properties(title=title)


def test_a_picture_is_that_of_the_converter():
    made = spec("Uro").to_dict()
    locale = made["usermeta"]["embedOptions"]
    told = {
        "format_locale": locale["formatLocale"],
        "time_format_locale": locale["timeFormatLocale"],
    }
    assert drawing.png(made) == vl_convert.vegalite_to_png(made, scale=2, **told)
    assert drawing.svg(made) == vl_convert.vegalite_to_svg(made, **told)


def test_a_chart_is_drawn_though_what_drew_the_one_before_is_gone():
    """At once, while nobody has seen yet that it has ended, and later."""
    for seconds in (0, 0, 0, 0.2):
        drawing.svg(spec("Uro").to_dict())
        os.kill(drawing._drawing[0].process.pid, signal.SIGKILL)
        time.sleep(seconds)
        assert drawing.svg(spec("Uro").to_dict()).startswith("<svg")


def test_what_was_asked_by_who_was_interrupted_is_not_taken_for_the_next_chart(monkeypatch):
    started = drawing._started

    def interrupted():
        program = started()
        program.asked.send(("vegalite_to_svg", spec("Forkert").to_dict(), {}))
        monkeypatch.setattr(drawing, "_started", started)
        return Interrupted(program.process)

    monkeypatch.setattr(drawing, "_started", interrupted)
    with pytest.raises(KeyboardInterrupt):
        drawing.svg(spec("Uro").to_dict())
    assert "Forkert" not in drawing.svg(spec("Uro").to_dict())


class Interrupted:
    """A program that draws, whose answer is interrupted."""

    def __init__(self, process):
        self.process, self.asked = process, self

    def send(self, asked):
        pass

    def recv(self):
        raise KeyboardInterrupt


class Ending:
    """What draws charts, and ends at those of a title."""

    def __init__(self, title, program):
        self.title, self.process, self.asked, self.pipe = (
            title,
            program.process,
            self,
            program.asked,
        )

    def send(self, asked):
        self.pipe.send(asked)
        if self.title in str(asked[1]["title"]):
            raise BrokenPipeError

    def recv(self):
        return self.pipe.recv()


def test_a_chart_that_cannot_be_drawn_fails_alone_and_is_named(tmp_path, monkeypatch):
    started = drawing._started
    monkeypatch.setattr(drawing, "_started", lambda: Ending("Svær", started()))
    outputs = [
        new_output("display_data", {CHART_TYPE: spec(title).to_dict()})
        for title in ("Let", "Svær", "Let igen")
    ]
    notebook = new_notebook(cells=[new_code_cell(outputs=outputs)])
    failed = pictures.write(notebook, tmp_path, "Kilde")
    assert failed == ["Diagrammet »Svær« kunne ikke tegnes."]
    assert sorted(file.stem for file in tmp_path.glob("*.png")) == ["01-let", "03-let-igen"]


def test_a_chart_that_is_refused_is_told_in_danish():
    with pytest.raises(drawing.DrawingError, match="kunne ikke tegnes"):
        drawing.svg({"mark": "ingen", "data": {"values": []}})


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_what_draws_ends_with_the_program_that_asked():
    code = (
        "import time\nfrom analysis.show import drawing\nif __name__ == '__main__':\n"
        "    drawing.svg({'mark': 'bar', 'data': {'values': []}})\n"
        "    print(drawing._drawing[0].process.pid, flush=True)\n    time.sleep(600)\n"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    drew = int(running.stdout.readline())
    assert psutil.pid_exists(drew)
    running.kill()
    running.wait()
    until = time.monotonic() + 20
    while psutil.pid_exists(drew) and psutil.Process(drew).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < until
        time.sleep(0.05)
