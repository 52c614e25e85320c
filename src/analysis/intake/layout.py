"""The layout file: which heading of an export is which of our fields."""

from pathlib import Path

from analysis.intake.errors import IngestError
from analysis.selection import nearest
from analysis.taxonomy import key

FIELDS = {
    "uro": (
        "case_number",
        "reported_at",
        "occurred_at",
        "district",
        "location",
        "facility",
        "category",
        "subcategory",
        "victim",
        "demography",
        "called",
        "arrived",
    ),
    "haervaerk": (
        "order_number",
        "reported_at",
        "district",
        "location",
        "facility",
        "case_number",
        "status",
    ),
}
Layout = dict[str, dict[str, list[str]]]


def read(file: Path) -> Layout:
    """Return the accepted headings of each field of each form.

    Raises IngestError where the file cannot be read or does not map every field.
    """
    import yaml

    try:
        given = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise IngestError(f"{file.name}: cannot be read: {str(error).splitlines()[0]}") from None
    if not isinstance(given, dict):
        raise IngestError(f"{file.name}: is not a mapping of forms to fields")
    layout = {}
    for form, fields in FIELDS.items():
        mapped = given.get(form)
        lacking = [
            field for field in fields if not isinstance(mapped, dict) or not mapped.get(field)
        ]
        if lacking:
            raise IngestError(f"{file.name}: {form} maps no heading to {', '.join(lacking)}")
        layout[form] = {
            field: [
                str(one)
                for one in (mapped[field] if isinstance(mapped[field], list) else [mapped[field]])
            ]
            for field in fields
        }
    return layout


def match(layout: Layout, headings: list[str], file: str) -> tuple[str, dict[str, int]]:
    """Return the form that the headings belong to and the column (from 0) of each field.

    Raises IngestError naming what is missing and the nearest headings found.
    """
    found = [key(heading) for heading in headings]
    columns, missing = {}, {}
    for form, fields in layout.items():
        columns[form] = {
            field: found.index(key(heading))
            for field, accepted in fields.items()
            for heading in reversed(accepted)
            if key(heading) in found
        }
        missing[form] = [
            accepted[0] for field, accepted in fields.items() if field not in columns[form]
        ]
    form = min(layout, key=lambda one: (len(missing[one]) / len(layout[one]), -len(layout[one])))
    if missing[form]:
        raise IngestError(_mismatch(file, form, missing[form], headings))
    twice = [headings[at] for at in columns[form].values() if found.count(found[at]) > 1]
    if twice:
        raise IngestError(f"{file}: the heading {twice[0]!r} stands more than once")
    return form, columns[form]


def _mismatch(file: str, form: str, missing: list[str], headings: list[str]) -> str:
    found = [heading for heading in headings if key(heading)]
    parts = []
    for heading in missing:
        near = nearest(heading, found, 2)
        hint = f" (nearest found: {', '.join(near)})" if near else ""
        parts.append(heading + hint)
    if len(missing) == len(set(missing)) and not any("nearest" in part for part in parts):
        parts[-1] += f" (found: {', '.join(found) or 'no headings'})"
    return f"{file}: the headings do not match the layout; as {form} it lacks {', '.join(parts)}"
