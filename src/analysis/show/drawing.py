"""Charts drawn as pictures, by a program of their own: what ends there fails one chart."""

import multiprocessing
import signal
import threading
from multiprocessing.connection import Connection
from typing import NamedTuple

from analysis.core.errors import InputError


class _Program(NamedTuple):
    """The program that draws, and what it is asked through."""

    process: multiprocessing.process.BaseProcess
    asked: Connection


# Started with the first picture; asked for one at a time.
_drawing: list[_Program] = []
_alone = threading.Lock()


class DrawingError(InputError):
    """A chart that cannot be drawn; the message is Danish."""


def png(spec: dict, pixels: float = 2) -> bytes:
    """Return a chart's spec as a PNG of so many pixels for each of its own, in its own locale.

    Raises DrawingError where what draws refuses it, or ends, twice, before it has drawn.
    """
    return _drawn("vegalite_to_png", spec, scale=pixels)


def svg(spec: dict) -> str:
    """Return a chart's spec as SVG, in its own locale; raises as `png` does."""
    return _drawn("vegalite_to_svg", spec)


def _drawn(converter: str, spec: dict, **options: float) -> bytes | str:
    chosen = spec.get("usermeta", {}).get("embedOptions", {})
    options |= {
        "format_locale": chosen.get("formatLocale"),
        "time_format_locale": chosen.get("timeFormatLocale"),
    }
    with _alone:
        # The first time it may have ended before it was asked.
        for _ in range(2):
            program = _started()
            try:
                program.asked.send((converter, spec, options))
                made = program.asked.recv()
            except (EOFError, OSError):
                _end()
            except BaseException:
                # Its answer would be taken for that of the next chart.
                _end()
                raise
            else:
                if not isinstance(made, ValueError):
                    return made
                break
    raise DrawingError("Diagrammet kunne ikke tegnes.")


def _started() -> _Program:
    if not _drawing:
        # Another way to begin it would copy our threads' locks.
        begin = multiprocessing.get_context("spawn")
        ours, theirs = begin.Pipe()
        process = begin.Process(target=_draw, args=(theirs,), daemon=True)
        process.start()
        # Else nobody would see that it has ended.
        theirs.close()
        _drawing.append(_Program(process, ours))
    return _drawing[0]


def _end() -> None:
    _drawing.pop().process.kill()


def _draw(asked: Connection) -> None:
    """Draw what is asked for, until who asks has ended, however it ends."""
    # Interruptions are left to who asks.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import vl_convert

    while True:
        try:
            converter, spec, options = asked.recv()
        except EOFError:
            return
        try:
            asked.send(getattr(vl_convert, converter)(spec, **options))
        except ValueError as error:
            asked.send(ValueError(str(error)))
