"""Charts as files."""

import vl_convert


def png(spec: dict, pixels: float = 2) -> bytes:
    """Return a chart's spec as a PNG of so many pixels for each of its own, in its own locale."""
    return vl_convert.vegalite_to_png(spec, scale=pixels, **_locale(spec))


def svg(spec: dict) -> str:
    """Return a chart's spec as SVG, in its own locale."""
    return vl_convert.vegalite_to_svg(spec, **_locale(spec))


def _locale(spec: dict) -> dict:
    options = spec.get("usermeta", {}).get("embedOptions", {})
    return {
        "format_locale": options.get("formatLocale"),
        "time_format_locale": options.get("timeFormatLocale"),
    }
