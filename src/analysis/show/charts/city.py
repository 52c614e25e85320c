"""The map of districts and locations: tiles of our own, or a user's polygons."""

import json
from difflib import get_close_matches
from itertools import groupby, pairwise
from pathlib import Path
from textwrap import wrap

import altair as alt
import pandas as pd

from analysis.core import danish, taxonomy, yaml_file
from analysis.core.errors import InputError
from analysis.core.headings import HEADINGS
from analysis.show import shading
from analysis.show.charts import theme
from analysis.show.phrases import figures, incidents, message, named

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
_TILES = dict(zip(taxonomy.LABELS["district"], _PLACES, strict=False))
_COLUMNS, _ROWS = 4, 3
# The share of a tile's height that is for its name and number.
_TILE_HEAD = 0.44
# In letters: a name that is longer breaks in a wide tile, whatever font the reader has.
_TILE_NAME = 18
_POLYGONS_WIDTH = 460
_POLYGONS_HEIGHT = 470
_KEY_LINE = 15
_NUMBERED = 5
# What is told of a district.
_COUNTS = ["incidents", "relative_score"]
# The ground of a district that is not asked for.
_OUTSIDE = "#eeeeee"
# As like as this to a district's name is that name misspelt.
_MISSPELT = 0.8
# Numbers closer than this share of the map's height are written as one.
_TOO_CLOSE = 0.04
# More than the outlines of any city's districts fill.
_MOST_BYTES = 20_000_000
_POINT_SIZES = [16, 420]
_POINT_SIZES_NARROW = [10, 240]


@theme.responsive
def map(  # noqa: A001 (read as charts.map)
    districts: pd.DataFrame,
    locations: pd.DataFrame,
    polygons: str | Path | None = None,
    *,
    whole_city: bool = True,
    width: float = theme.WIDTH,
) -> alt.Chart | alt.LayerChart | alt.ConcatChart:
    """Draw the districts shaded by incidents, and the locations as points sized by theirs.

    `districts` holds `name, incidents, relative_score`; `locations` holds `location` (or `name`),
    `district, latitude, longitude, incidents`, a location without coordinates is left out.
    A district that is not among them has no incidents in the `whole_city`, and else is outside what
    was asked for, and blank. Without `polygons` the districts are tiles, and a tile's points lie as
    its locations do to each other; with it, they are the shapes of that GeoJSON file. Raises
    InputError for a file that cannot be used.
    """
    title = "Hændelser i bydele og på lokationer"
    shapes = None if polygons is None else outlines(Path(polygons))
    if not districts["incidents"].any():
        return theme.sentence(title, width=width)
    known = named(districts).set_index("name")
    areas = known.reindex(list(_TILES))[_COUNTS]
    areas = (areas.fillna(0) if whole_city else areas).astype("Int64").reset_index()
    points = locations.rename(columns={"name": "location"}).dropna(subset=["latitude", "longitude"])
    points = points.sort_values(["incidents", "location"], ascending=[False, True])
    points = points.reset_index(drop=True)
    points["number"] = [
        str(place + 1) if place < _NUMBERED and count else ""
        for place, count in enumerate(points["incidents"])
    ]
    top = points[points["number"] != ""]
    missing = _missing(known["incidents"], points)
    ranked = known["incidents"].sort_values(ascending=False, kind="stable")
    lead = message(ranked, "district")
    if not whole_city and len(points) == 1 and not missing:
        (only,) = points.itertuples()
        said = f"{incidents(only.incidents)} på {only.location} i {only.district}"
        return theme.sentence(title, said, width)
    if shapes is None:
        drawn, placed = _tiles(areas, points, width), "placeret efter, hvordan de ligger i bydelen"
    else:
        drawn = _polygons(areas, points, shapes, width)
        placed = "placeret efter deres koordinater"
        if lacking := sorted(set(_TILES) - {shape["name"] for shape in shapes}):
            missing += f" Kortfilen har ikke {danish.listing(lacking)}."
    subtitle = f"Mørkere: flere hændelser. Cirkler: lokationer, større med flere, {placed}."
    leaders = f" Lokationer med flest: {figures(top.set_index('location')['incidents'])}."
    return drawn.properties(
        usermeta={"name": title},
        title=theme.title(lead, f"{subtitle}{missing}", width),
        description=f"{lead}. Bydele: {figures(ranked)}.{leaders if len(top) else ''}{missing}",
    )


def _missing(by_district: pd.Series, points: pd.DataFrame) -> str:
    """Say how many incidents have no tile, and how many no circle."""
    outside = int(by_district[~by_district.index.isin(list(_TILES))].sum())
    placeless = int(by_district.sum() - outside - points["incidents"].sum())
    told = ""
    if outside:
        told += f" Ikke på kortet: {incidents(outside)} i anden eller ukendt bydel."
    if placeless > 0:
        told += f" Uden cirkel: {incidents(placeless)} på lokationer uden kendte koordinater."
    return told


def _tiles(areas: pd.DataFrame, points: pd.DataFrame, width: float) -> alt.LayerChart:
    roomy = theme.is_roomy(width)
    tile = width / _COLUMNS
    tall = 132 if roomy else 112
    corners = [_TILES[name] for name in areas["name"]]
    areas = areas.assign(
        x=[column for column, _ in corners],
        y=[row for _, row in corners],
        x2=[column + 1 for column, _ in corners],
        y2=[row + 1 for _, row in corners],
        # A name is broken after its hyphen or slash where the tile is too narrow for it.
        label=[
            name
            if roomy and len(name) <= _TILE_NAME
            else name.replace("/", "/\n").replace("-", "-\n")
            for name in areas["name"]
        ],
    )
    lines = _key_lines(points, roomy)
    # Beside the upper tiles there is room for the key; where that is narrow, it stands below.
    rows = _ROWS if roomy else _ROWS + (_KEY_LINE * (len(lines) + 1)) / tall
    scales = {
        "x": alt.X("x:Q", scale=alt.Scale(domain=[0, _COLUMNS], nice=False), axis=None),
        "y": alt.Y("y:Q", scale=alt.Scale(domain=[rows, 0], nice=False), axis=None),
    }
    base = alt.Chart(areas).encode(**scales, tooltip=_area_tooltip("name:N"))
    text_colour = theme.either(
        alt.ColorValue,
        f"datum.incidents > {shading.white_text_from() * _most(areas)}",
        "white",
        "black",
    )
    tiles = base.mark_rect(stroke="white", strokeWidth=4, invalid="show").encode(
        alt.X2("x2:Q"), alt.Y2("y2:Q"), color=_shading("incidents", areas)
    )
    text = {"align": "left", "baseline": "top", "dx": 10 if roomy else 3}
    names = base.mark_text(
        **text,
        dy=6,
        fontSize=12 if roomy else 10,
        lineBreak="\n",
        lineHeight=12,
        fontWeight="bold",
    ).encode(alt.Text("label:N"), color=text_colour)
    counts = base.transform_filter("datum.incidents !== null").mark_text(
        **text, dy=32, fontSize=16 if roomy else 14
    )
    counts = counts.encode(alt.Text("incidents:Q", format=",d"), color=text_colour)
    spots = alt.Chart(_in_tiles(points[points["district"].isin(list(_TILES))])).encode(**scales)
    circles = _circles(spots, roomy)
    numbers = _haloed(spots, "number:N", fontSize=11, fontWeight="bold")
    left, upper = ((_COLUMNS - 1) + 12 / tile, 12 / tall) if roomy else (0, _ROWS + 10 / tall)
    key = _key(lines, left, upper, _KEY_LINE / tall).encode(**scales)
    return alt.layer(tiles, names, counts, circles, *numbers, key, width=width, height=rows * tall)


def _in_tiles(points: pd.DataFrame) -> pd.DataFrame:
    """Return points with a place, in tiles, by rank from west to east and north to south.

    Ranks instead of degrees keep neighbours, such as two institutions at one address, apart.
    """
    by_district = points.sort_values("location").groupby("district", sort=False)
    east = by_district["longitude"].rank(method="first")
    south = by_district["latitude"].rank(method="first", ascending=False)
    of = by_district["location"].transform("size")
    column = points["district"].map(lambda name: _TILES[name][0])
    row = points["district"].map(lambda name: _TILES[name][1])
    return points.assign(
        x=(column + 0.04 + (east - 0.5) / of * 0.92).round(3),
        y=(row + _TILE_HEAD + (south - 0.5) / of * (0.97 - _TILE_HEAD)).round(3),
    )


def _polygons(
    areas: pd.DataFrame, points: pd.DataFrame, shapes: list[dict], width: float
) -> alt.ConcatChart:
    roomy = theme.is_roomy(width)
    by_name = areas.set_index("name")
    features = [
        {
            "type": "Feature",
            "properties": {"name": shape["name"]}
            | {
                name: None if pd.isna(count) else int(count)
                for name, count in by_name.loc[shape["name"], _COUNTS].items()
            },
            "geometry": {"type": "MultiPolygon", "coordinates": shape["coordinates"]},
        }
        for shape in shapes
    ]
    labels = pd.DataFrame([{"name": shape["name"], **_middle(shape, points)} for shape in shapes])
    labels["told"] = [
        name if pd.isna(count) else f"{name} {danish.number(count)}"
        for name, count in zip(
            labels["name"], by_name.loc[labels["name"], "incidents"], strict=True
        )
    ]
    outlines = (
        alt.Chart(alt.InlineData(features))
        .mark_geoshape(stroke="white", strokeWidth=1.5, invalid="show")
        .encode(
            color=_shading("properties.incidents", areas),
            tooltip=_area_tooltip("properties.name:N", "properties."),
        )
    )
    spots = alt.Chart(_numbers_joined(points)).encode(
        alt.Longitude("longitude:Q"), alt.Latitude("latitude:Q")
    )
    circles = _circles(spots, roomy)
    numbers = _haloed(spots, "number:N", fontSize=11, fontWeight="bold")
    names = _haloed(
        alt.Chart(labels).encode(alt.Longitude("longitude:Q"), alt.Latitude("latitude:Q")),
        "told:N",
        fontSize=11,
    )
    city = alt.layer(outlines, circles, *names, *numbers).project("mercator")
    drawn_width = _POLYGONS_WIDTH if roomy else width
    drawn_height = _POLYGONS_HEIGHT * drawn_width / _POLYGONS_WIDTH
    lines = _key_lines(points, roomy)
    key_width = width - drawn_width - 20 if roomy else width
    key_height = drawn_height if roomy else _KEY_LINE * len(lines)
    key = _key(lines, 0, 0, _KEY_LINE).encode(
        alt.X("x:Q", scale=alt.Scale(domain=[0, key_width], nice=False), axis=None),
        theme.pixels(key_height),
    )
    return alt.concat(
        city.properties(width=drawn_width, height=drawn_height),
        key.properties(width=key_width, height=key_height),
        columns=2 if roomy else 1,
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


def _circles(spots: alt.Chart, roomy: bool) -> alt.Chart:
    return spots.mark_circle(fill="white", stroke=theme.INK, strokeWidth=1.2, opacity=0.9).encode(
        alt.Size(
            "incidents:Q",
            scale=alt.Scale(domainMin=0, range=_POINT_SIZES if roomy else _POINT_SIZES_NARROW),
            legend=None,
        ),
        tooltip=[
            alt.Tooltip("location:N", title=HEADINGS["location"]),
            alt.Tooltip("district:N", title=HEADINGS["district"]),
            alt.Tooltip("incidents:Q", format=",d", title=theme.COUNTS),
        ],
    )


def _haloed(base: alt.Chart, field: str, **look: object) -> tuple[alt.Chart, alt.Chart]:
    words = base.encode(alt.Text(field))
    # Mitred, the outline of a digit would have spikes.
    outline = {"stroke": "white", "strokeWidth": 3, "strokeJoin": "round"}
    return words.mark_text(**outline, **look), words.mark_text(**look)


def _key_lines(points: pd.DataFrame, roomy: bool) -> list[tuple[str, float]]:
    """Return the list of the numbered locations: each line and how many lines down it stands."""
    numbered = points[points["number"] != ""]
    told = [(f"{row.number}. {row.location}", row.incidents) for row in numbered.itertuples()]
    entries = [
        [*wrap(name, 24), incidents(count)] if roomy else [f"{name}: {incidents(count)}"]
        for name, count in told
    ]
    lines: list[tuple[str, float]] = []
    for entry in [["Flest hændelser"], *entries] if entries else []:
        starts = lines[-1][1] + (1.5 if roomy else 1) if lines else 0
        lines += [(text, starts + n) for n, text in enumerate(entry)]
    return lines


def _key(lines: list[tuple[str, float]], left: float, upper: float, line: float) -> alt.Chart:
    """Return the key's lines as text, placed in the units of the chart it stands in."""
    places = pd.DataFrame(
        {
            "line": [text for text, _ in lines],
            "x": left,
            "y": [round(upper + down * line, 3) for _, down in lines],
        }
    )
    return alt.Chart(places).mark_text(align="left", baseline="top").encode(alt.Text("line:N"))


def _most(areas: pd.DataFrame) -> int:
    """Return the incidents of the district with most, 0 where all of them are outside."""
    return int(areas["incidents"].fillna(0).max())


def _shading(field: str, areas: pd.DataFrame) -> alt.Color:
    """Return the shade of a count, and another ground for what is outside what was asked for."""
    return alt.Color(
        f"{field}:Q",
        legend=None,
        scale=alt.Scale(domain=[0, _most(areas)], range=list(shading.RAMP), interpolate="rgb"),
        condition={"test": f"datum.{field} === null", "value": _OUTSIDE},
    )


def _area_tooltip(name: str, prefix: str = "") -> list[alt.Tooltip]:
    return [
        alt.Tooltip(name, title=HEADINGS["district"]),
        alt.Tooltip(f"{prefix}incidents:Q", format=",d", title=theme.COUNTS),
        alt.Tooltip(f"{prefix}relative_score:Q", format=",d", title=HEADINGS["relative_score"]),
    ]


def outlines(path: Path) -> list[dict]:
    """Return the districts' shapes of a GeoJSON file: their name and their rings of degrees.

    Raises InputError for a file that cannot be used.
    """
    content = yaml_file.text(path, f"Kortfilen {path.name}", _MOST_BYTES)
    try:
        features = json.loads(content)["features"]
        found, others = [], []
        for feature in features:
            texts = [
                each for each in (feature["properties"] or {}).values() if isinstance(each, str)
            ]
            names = [name for each in texts if (name := taxonomy.match("district", each))]
            if names:
                found.append({"name": names[0], "coordinates": _rings(feature["geometry"])})
            else:
                others += texts
    except (ValueError, TypeError, LookupError):
        raise InputError(
            f"Kortfilen {path.name} er ikke GeoJSON med bydelene som flader (Polygon)."
        ) from None
    known = {taxonomy.key(name): name for name in taxonomy.LABELS["district"]}
    for text in others:
        if near := get_close_matches(taxonomy.key(text), known, 1, _MISSPELT):
            raise InputError(
                f"Kortfilen {path.name} har fladen »{text}«, som ligner {known[near[0]]}. "
                "Ret navnet."
            )
    if not found:
        raise InputError(
            f"Kortfilen {path.name} har ingen flade med navnet på en bydel, for eksempel "
            f"{danish.listing(taxonomy.LABELS['district'][:2])}."
        )
    if any(abs(lon) > 180 or abs(lat) > 90 for shape in found for lon, lat in _corners(shape)):
        raise InputError(
            f"Kortfilen {path.name} er ikke i længde- og breddegrader (WGS84, EPSG:4326)."
        )
    return found


def _rings(geometry: dict) -> list[list[list[list[float]]]]:
    polygons = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}
    return [
        [_wound(_coarse(ring), clockwise=n == 0) for n, ring in enumerate(polygon)]
        for polygon in polygons[geometry["type"]]
    ]


def _coarse(ring: list[list[float]]) -> list[list[float]]:
    """Return a ring's corners to a ten-thousandth of a degree, about ten metres, each once."""
    corners = ([round(x, 4), round(y, 4)] for x, y, *_ in ring)
    return [corner for corner, _ in groupby(corners)]


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
