"""The map of districts and locations: tiles of our own, or a user's polygons."""

import json
from itertools import pairwise
from pathlib import Path
from textwrap import wrap

import altair as alt
import pandas as pd

from analysis import danish, taxonomy
from analysis.charts import theme
from analysis.headings import HEADINGS
from analysis.names import figures, incidents, named

# Column and row of each district's tile, in the taxonomy's order, roughly as the city lies.
_PLACES = (
    (2, 2),
    (3, 2),
    (1, 0),
    (0, 0),
    (2, 1),
    (1, 1),
    (0, 2),
    (0, 1),
    (1, 2),
    (2, 0),
)
_TILES = dict(zip(taxonomy.LABELS["district"], _PLACES, strict=True))
_TILE_WIDTH = theme.WIDTH / 4
_TILE_HEIGHT = 132
_TILES_HEIGHT = 3 * _TILE_HEIGHT
# The upper part of a tile is for its name and number.
_TILE_HEAD = 50
_POLYGONS_WIDTH = 460
_POLYGONS_HEIGHT = 470
_NUMBERED = 5
# Numbers closer than this share of the map's height are written as one.
_TOO_CLOSE = 0.04
_POINT_SIZES = [16, 420]


def map(  # noqa: A001 (read as charts.map)
    districts: pd.DataFrame, locations: pd.DataFrame, polygons: str | Path | None = None
) -> alt.Chart | alt.LayerChart | alt.HConcatChart:
    """Draw the districts shaded by incidents, and the locations as points sized by theirs.

    `districts` holds `name, incidents, relative_score`; `locations` holds `location` (or `name`),
    `district, latitude, longitude, incidents`, a location without coordinates is left out.
    Without `polygons` the districts are tiles, and a tile's points lie as its locations do to each
    other; with it, they are the shapes of that GeoJSON file. Raises ValueError, in Danish, for a
    file that cannot be used.
    """
    title = "Hændelser i bydele og på lokationer"
    shapes = None if polygons is None else _shapes(Path(polygons))
    if not districts["incidents"].any():
        return theme.empty(title)
    areas = named(districts)
    areas = areas.set_index("name").reindex(list(_TILES), fill_value=0).reset_index()
    points = locations.rename(columns={"name": "location"}).dropna(subset=["latitude", "longitude"])
    points = points.sort_values(["incidents", "location"], ascending=[False, True])
    points = points.reset_index(drop=True)
    points["number"] = [
        str(place + 1) if place < _NUMBERED and count else ""
        for place, count in enumerate(points["incidents"])
    ]
    top = points[points["number"] != ""]
    ranking = areas.sort_values("incidents", ascending=False, kind="stable")
    description = (
        f"{title}. Bydele: {figures(areas, 'name', list(ranking['name']))}. "
        f"Lokationer med flest: {figures(top, 'location', list(top['location']))}."
    )
    if shapes is None:
        drawn, placed = _tiles(areas, points), "placeret efter, hvordan de ligger i bydelen"
    else:
        drawn, placed = _polygons(areas, points, shapes), "placeret efter deres koordinater"
    subtitle = f"Mørkere: flere hændelser. Cirkler: lokationer, større med flere, {placed}"
    return drawn.properties(title=theme.title(title, subtitle), description=description)


def _tiles(areas: pd.DataFrame, points: pd.DataFrame) -> alt.LayerChart:
    corners = [_TILES[name] for name in areas["name"]]
    areas = areas.assign(
        x=[column * _TILE_WIDTH for column, _ in corners],
        y=[row * _TILE_HEIGHT for _, row in corners],
        x2=[(column + 1) * _TILE_WIDTH - 4 for column, _ in corners],
        y2=[(row + 1) * _TILE_HEIGHT - 4 for _, row in corners],
    )
    base = _in_pixels(areas, theme.WIDTH, _TILES_HEIGHT).encode(tooltip=_area_tooltip("name:N"))
    text_colour = (
        alt.when(alt.datum.incidents > theme.white_text_from() * areas["incidents"].max())
        .then(alt.value("white"))
        .otherwise(alt.value("black"))
    )
    tiles = base.mark_rect().encode(
        alt.X2("x2:Q"), alt.Y2("y2:Q"), _shading("incidents:Q", areas).legend(None)
    )
    names = base.mark_text(align="left", baseline="top", dx=9, dy=9, fontWeight="bold").encode(
        alt.Text("name:N"), color=text_colour
    )
    counts = base.mark_text(align="left", baseline="top", dx=9, dy=26, fontSize=16).encode(
        alt.Text("incidents:Q").format(",d"), color=text_colour
    )
    placed = _in_tiles(points[points["district"].isin(list(_TILES))])
    spots = _in_pixels(placed, theme.WIDTH, _TILES_HEIGHT)
    circles = _circles(spots)
    numbers = _haloed(spots, "number:N", fontSize=11, fontWeight="bold")
    key = _key(points, theme.WIDTH, _TILES_HEIGHT, left=3 * _TILE_WIDTH + 12)
    return alt.layer(tiles, names, counts, circles, *numbers, key).properties(
        width=theme.WIDTH, height=_TILES_HEIGHT
    )


def _in_tiles(points: pd.DataFrame) -> pd.DataFrame:
    """Return points with a place in their tile, by rank from west to east and north to south.

    Ranks instead of degrees keep neighbours, such as two institutions at one address, apart.
    """
    by_district = points.sort_values("location").groupby("district", sort=False)
    east = by_district["longitude"].rank(method="first")
    south = by_district["latitude"].rank(method="first", ascending=False)
    of = by_district["location"].transform("size")
    left = points["district"].map(lambda name: _TILES[name][0]) * _TILE_WIDTH
    upper = points["district"].map(lambda name: _TILES[name][1]) * _TILE_HEIGHT + _TILE_HEAD
    return points.assign(
        x=(left + 6 + (east - 0.5) / of * (_TILE_WIDTH - 16)).round(1),
        y=(upper + (south - 0.5) / of * (_TILE_HEIGHT - _TILE_HEAD - 8)).round(1),
    )


def _polygons(areas: pd.DataFrame, points: pd.DataFrame, shapes: list[dict]) -> alt.HConcatChart:
    by_name = areas.set_index("name")
    features = [
        {
            "type": "Feature",
            "properties": {
                "name": shape["name"],
                "incidents": int(by_name.loc[shape["name"], "incidents"]),
                "relative_score": int(by_name.loc[shape["name"], "relative_score"]),
            },
            "geometry": {"type": "MultiPolygon", "coordinates": shape["coordinates"]},
        }
        for shape in shapes
    ]
    labels = pd.DataFrame([{"name": shape["name"], **_middle(shape, points)} for shape in shapes])
    labels["told"] = [
        f"{name} {danish.number(by_name.loc[name, 'incidents'])}" for name in labels["name"]
    ]
    outlines = (
        alt.Chart(alt.InlineData(features))
        .mark_geoshape(stroke="white", strokeWidth=1.5)
        .encode(
            _shading("properties.incidents:Q", areas).legend(None),
            tooltip=_area_tooltip("properties.name:N", "properties."),
        )
    )
    spots = alt.Chart(_numbers_joined(points)).encode(
        alt.Longitude("longitude:Q"), alt.Latitude("latitude:Q")
    )
    circles = _circles(spots)
    numbers = _haloed(spots, "number:N", fontSize=11, fontWeight="bold")
    names = _haloed(
        alt.Chart(labels).encode(alt.Longitude("longitude:Q"), alt.Latitude("latitude:Q")),
        "told:N",
        fontSize=11,
    )
    city = alt.layer(outlines, circles, *names, *numbers).project("mercator")
    width = theme.WIDTH - _POLYGONS_WIDTH - 20
    key = _key(points, width, _POLYGONS_HEIGHT, left=0)
    return alt.hconcat(
        city.properties(width=_POLYGONS_WIDTH, height=_POLYGONS_HEIGHT),
        key.properties(width=width, height=_POLYGONS_HEIGHT),
        spacing=20,
    )


def _numbers_joined(points: pd.DataFrame) -> pd.DataFrame:
    """Return points with the numbers that would lie on each other written as one: "1, 3"."""
    near = _TOO_CLOSE * (points["latitude"].max() - points["latitude"].min())
    numbers = list(points["number"])
    numbered = [place for place, number in enumerate(numbers) if number]
    for place in numbered:
        for before in numbered[:place]:
            here, there = points.iloc[place], points.iloc[before]
            # A degree of longitude is about half as long as one of latitude here.
            apart = max(
                abs(here["latitude"] - there["latitude"]),
                abs(here["longitude"] - there["longitude"]) / 2,
            )
            if numbers[before] and apart <= near:
                numbers[before], numbers[place] = f"{numbers[before]}, {numbers[place]}", ""
                break
    return points.assign(number=numbers)


def _circles(spots: alt.Chart) -> alt.Chart:
    return spots.mark_circle(fill="white", stroke=theme.INK, strokeWidth=1.2, opacity=0.9).encode(
        alt.Size("incidents:Q").scale(domainMin=0, range=_POINT_SIZES).legend(None),
        tooltip=[
            alt.Tooltip("location:N").title(HEADINGS["location"]),
            alt.Tooltip("district:N").title(HEADINGS["district"]),
            alt.Tooltip("incidents:Q").format(",d").title(theme.COUNTS),
        ],
    )


def _haloed(base: alt.Chart, field: str, **look: object) -> tuple[alt.Chart, alt.Chart]:
    words = base.encode(alt.Text(field))
    return words.mark_text(stroke="white", strokeWidth=3, **look), words.mark_text(**look)


def _key(points: pd.DataFrame, width: float, height: float, left: float) -> alt.Chart:
    """Return the list of the numbered locations."""
    numbered = points[points["number"] != ""]
    entries = [["Flest hændelser"]] + [
        [*wrap(f"{row.number}. {row.location}", 24), incidents(row.incidents)]
        for row in numbered.itertuples(index=False)
    ]
    starts = [sum(len(entry) * 15 + 8 for entry in entries[:n]) for n in range(len(entries))]
    lines = pd.DataFrame({"line": ["\n".join(entry) for entry in entries], "x": left, "y": starts})
    return (
        _in_pixels(lines, width, height)
        .mark_text(align="left", baseline="top", lineBreak="\n", lineHeight=15, dy=9)
        .encode(alt.Text("line:N"))
    )


def _in_pixels(frame: pd.DataFrame, width: float, height: float) -> alt.Chart:
    return alt.Chart(frame).encode(
        alt.X("x:Q").scale(domain=[0, width], nice=False).axis(None),
        alt.Y("y:Q").scale(domain=[height, 0], nice=False).axis(None),
    )


def _shading(field: str, areas: pd.DataFrame) -> alt.Color:
    most = int(areas["incidents"].max())
    return alt.Color(field).scale(domain=[0, most], range=list(theme.RAMP), interpolate="rgb")


def _area_tooltip(name: str, prefix: str = "") -> list[alt.Tooltip]:
    return [
        alt.Tooltip(name).title(HEADINGS["district"]),
        alt.Tooltip(f"{prefix}incidents:Q").format(",d").title(theme.COUNTS),
        alt.Tooltip(f"{prefix}relative_score:Q").format(",d").title(HEADINGS["relative_score"]),
    ]


def _shapes(path: Path) -> list[dict]:
    """Return the districts' shapes of a GeoJSON file: their name and their rings of degrees."""
    try:
        features = json.loads(path.read_text(encoding="utf-8-sig"))["features"]
        found = [
            {"name": name, "coordinates": _rings(feature["geometry"])}
            for feature in features
            if (name := _district(feature["properties"] or {}))
        ]
    except OSError:
        raise ValueError(f"Kortfilen {path.name} findes ikke eller kan ikke åbnes.") from None
    except (ValueError, TypeError, LookupError):
        raise ValueError(
            f"Kortfilen {path.name} er ikke GeoJSON med bydelene som flader (Polygon)."
        ) from None
    if not found:
        raise ValueError(
            f"Kortfilen {path.name} har ingen flade med navnet på en bydel, for eksempel "
            f"{danish.listing(taxonomy.LABELS['district'][:2])}."
        )
    if any(abs(lon) > 180 or abs(lat) > 90 for shape in found for lon, lat in _corners(shape)):
        raise ValueError(
            f"Kortfilen {path.name} er ikke i længde- og breddegrader (WGS84, EPSG:4326)."
        )
    return found


def _district(properties: dict) -> str | None:
    labels = (
        taxonomy.match("district", value) for value in properties.values() if isinstance(value, str)
    )
    return next((label for label in labels if label), None)


def _rings(geometry: dict) -> list[list[list[list[float]]]]:
    polygons = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}
    return [
        # To a tenth of a thousandth of a degree, about ten metres.
        [
            _wound([[round(x, 4), round(y, 4)] for x, y, *_ in ring], clockwise=n == 0)
            for n, ring in enumerate(polygon)
        ]
        for polygon in polygons[geometry["type"]]
    ]


def _wound(ring: list[list[float]], *, clockwise: bool) -> list[list[float]]:
    """Return a ring in the direction that d3-geo wants; the other fills the rest of the globe."""
    area = sum((x2 - x1) * (y2 + y1) for (x1, y1), (x2, y2) in pairwise(ring))
    return ring if (area > 0) == clockwise else ring[::-1]


def _corners(shape: dict) -> list[list[float]]:
    return [corner for polygon in shape["coordinates"] for ring in polygon for corner in ring]


def _middle(shape: dict, points: pd.DataFrame) -> dict[str, float]:
    """Return a place for a shape's name: about its middle, away from the numbered points."""
    lon, lat = zip(*max((polygon[0] for polygon in shape["coordinates"]), key=_extent), strict=True)
    numbered = points[points["number"] != ""]
    longitude = (min(lon) + max(lon)) / 2

    def room(latitude: float) -> float:
        aside = (numbered["longitude"] - longitude).abs() / 2
        return (numbered["latitude"] - latitude).abs().combine(aside, max).min()

    places = [min(lat) + share * (max(lat) - min(lat)) for share in (0.5, 0.65, 0.35)]
    return {"longitude": longitude, "latitude": max(places, key=room)}


def _extent(ring: list[list[float]]) -> float:
    lon, lat = zip(*ring, strict=True)
    return (max(lon) - min(lon)) * (max(lat) - min(lat))
