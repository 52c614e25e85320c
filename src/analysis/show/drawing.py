"""Charts drawn as pictures, by a program of their own: what ends there fails one chart."""

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from analysis.core.errors import InputError

# The program that draws, started with the first picture.
_drawing: list[ProcessPoolExecutor] = []
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
    # The first time another chart, of another thread, may be what ended it.
    for _ in range(2):
        pool = _started()
        try:
            return pool.submit(_converted, converter, spec, options).result()
        except ValueError:
            break
        except BrokenProcessPool:
            with _alone:
                if pool in _drawing:
                    _drawing.remove(pool)
    raise DrawingError("Diagrammet kunne ikke tegnes.")


def _started() -> ProcessPoolExecutor:
    with _alone:
        if not _drawing:
            # Another way to begin it would copy our threads' locks.
            begin = multiprocessing.get_context("spawn")
            _drawing.append(ProcessPoolExecutor(1, begin, initializer=_begin))
        return _drawing[0]


def _begin() -> None:
    """Leave interruptions to who asks, and end when that program does, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    multiprocessing.parent_process().join()
    os._exit(0)


def _converted(converter: str, spec: dict, options: dict) -> bytes | str:
    import vl_convert

    return getattr(vl_convert, converter)(spec, **options)
