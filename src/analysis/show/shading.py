"""The ramp that counts are shaded by in matrices, on the map and in tables, and text upon it."""

from functools import cache

# From few to many.
RAMP = ("#EDF3FA", "#12396B")


def luminance(colour: str) -> float:
    """Return the relative luminance of "#RRGGBB", 0 (black) to 1 (white), as WCAG 2 defines it."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def shade(share: float) -> str:
    """Return the ramp's colour at a share from 0 to 1 of the way."""
    ends = [[int(colour[n : n + 2], 16) for n in (1, 3, 5)] for colour in RAMP]
    return "#" + "".join(
        f"{round(low + (high - low) * share):02X}" for low, high in zip(*ends, strict=True)
    )


@cache
def white_text_from() -> float:
    """Return the share of the ramp from which white text reads better than black.

    There both have a contrast of 4.5:1 (WCAG 2, level AA); the luminance is 0.179.
    """
    return next(n / 1000 for n in range(1001) if luminance(shade(n / 1000)) < 0.179)
