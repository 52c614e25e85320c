"""Texts that would run, load, lead away or hide, and a city in which every field holds them."""

import csv
import io
import json
import shutil
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime, timedelta

from analysis import cli
from analysis.core.database import ROOT
from analysis.core.taxonomy import tidy

DATA = ROOT / "data"
PLACE = "Blågårdens Bibliotek"
AWAY = "http://127.0.0.1:9"
# Each is short enough to be a label, and names no person.
TEXTS = (
    f"<img src={AWAY}/a onerror=window.ran=1>",
    "<script>window.ran=1</script>",
    '"><svg onload=window.ran=1>',
    f"'><iframe src={AWAY}/f>",
    "<meta http-equiv=refresh content='0;url=//127.0.0.1:9'>",
    f"<base href={AWAY}/>",
    "<style>*{display:none}</style>",
    "<!-- væk",
    "</script><script>window.ran=1//",
    "</textarea></title></table></figure>",
    "]]><x/><?php 1?>",
    "&lt;b&gt; &amp; &#60;i&#62;",
    f"![i]({AWAY}/i.png)",
    f"[Klik]({AWAY}/k)",
    f"[Klik]: {AWAY}/k",
    f"<{AWAY}/k>",
    f"{AWAY}/k www.a.example",
    "[x](javascript:window.ran=1)",
    f"$\\href{{{AWAY}}}{{x}}$ \\(y\\)",
    "\\require{html} \\[z\\]",
    "# Overskrift",
    "- punkt **fed** _skrå_ ~~væk~~ a|b",
    "```mermaid\nkode",
    f'=HYPERLINK("{AWAY}","x")',
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "=cmd|' /C calc'!A0",
    "\t=1+1",
    "_x003D_1+1",
    f'{{ INCLUDETEXT "{AWAY}/t" }}',
    "%2e%2e%2f%3cimg%3e",
    "../../væk",
    "datum.x",
    "a[0].b",
    "__proto__",
    "constructor",
    "{navn} {0} %s {{ 7*7 }} {% x %}",
    "\x1b[31mrød\x1b]0;titel\x07 \x9b2J",
    "gpj\u202egpj.exe\u2066",
    "linje\r\nny\u2028linje\x0bog\x85en",
    "nul\x00\ufffe\uffff\x08\x7f",
    "'; drop table incident; --",
    '" + __import__("os").abort() + "',
    "=?utf-8?q?Hej?=",
)
RUNS = f"<img src={AWAY}/a onerror=window.ran=1><script>window.ran=1</script>"
MOVES = f'<meta http-equiv="refresh" content="0;url={AWAY}/b"><base href="{AWAY}/">'
HIDES = "<style>.notice{display:none}</style><!--"
LOADS = f"![i]({AWAY}/c.png) [Klik]({AWAY}/d) {AWAY}/e www.a.example"
SIGNS = "{navn} {0} $\\href{x}{y}$ `a` **b** ~~c~~ | \\ # ;"
PRINTS = "\x1b[31m\x1b]0;t\x07\x9b2J\u202eto\u2066\ufffe\nlinjer\u2028tre"
# What each text of a table becomes, where it is of the place.
REGISTER = {
    "locations.csv": {"district": f"Bydel {MOVES}", "facility": f"Hus {RUNS}"},
    "measures.csv": {"kind": f"Vagt {LOADS}", "description": HIDES, "remark": f"{RUNS} {SIGNS}"},
    "shifts.csv": {"team": f"Hold {SIGNS} {RUNS}", "remark": f"{MOVES}{PRINTS}"},
    "surveys.csv": {"question": f"Føler sig {LOADS} {HIDES}", "remark": f"{RUNS}{PRINTS}"},
    "experience.csv": {"note": f"{MOVES} {LOADS.replace('@', '')} {SIGNS}"},
}
NAME = f"Sted {RUNS} {MOVES} {HIDES} {LOADS} {SIGNS} {PRINTS}".replace(";", ",")
# Places of the register beside it, whose names begin as the whole of a text does.
BESIDE = [text.replace(";", ",") for text in TEXTS[12:40:3]]
SCENARIO = {"location": "Alle", "kind": f"Vagt {LOADS} {SIGNS}", "factor": 0.8}
FILES = (
    "uro <img src=x onerror=window.ran=1>.csv",
    "uro '\"&amp; %2e%2e [x](javascript:1).csv",
    "=HYPERLINK(1) @SUM(1) uro.csv",
    "uro \x1b[31m\x9b2J\u202e\n{navn}.csv",
    "haervaerk $x$ **b** `a`.csv",
)
PARAMETERS = "sted <img src=x onerror=window.ran=1>'\"&amp; %2e%2e [x](y) {navn} $x$ =1+1"
FORM = {
    "Sagsnr": "SYN-FJENDE-{number}",
    "Oprettet": "{day}",
    "Hændelsestidspunkt": "{day}",
    "Bydel": "Nørrebro",
    "Lokation": tidy(NAME),
    "Facilitet": "Bibliotek",
    "Urotype": "Uønsket adfærd",
    "Underkategori": "Generende adfærd",
    "Forurettede": "Bruger",
    "Demografi": "Ved ikke",
    "Tilkaldt hjælp": "Politiet",
    "Ankommet hjælp": "Politiet",
    "Beskrivelse": "Syntetisk",
}
ORDER = {
    "Ordrenr": "SYN-H-FJENDE-{number}",
    "Bestilt": "{day}",
    "Bydel": "Nørrebro",
    "Lokation": tidy(NAME),
    "Facilitet": "Bibliotek",
    "Sagsnr": "",
    "Status": "Udført",
    "Beskrivelse": "Syntetisk",
}


def read(text):
    """Return a text as a page shows it."""
    return tidy(text)


def said(*arguments):
    """Run a command; return its exit code and all that a terminal is sent."""
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2)]
    with redirect_stdout(streams[0]), redirect_stderr(streams[1]):
        try:
            code = cli.main([*map(str, arguments)])
        except SystemExit as ended:
            code = ended.code
    for one in streams:
        one.flush()
    return code, "".join(one.buffer.getvalue().decode() for one in streams)


def make(folder):
    """Write exports, reference tables and parameters files in which every field is hostile."""
    _write_reference(folder / "reference")
    _write_exports(folder / "exports")
    (folder / "params").mkdir()
    usual = {
        "season": "2025/26",
        "audience": "analyst",
        "scenario": [SCENARIO | {"starts": "2026-04-01"}],
    }
    (folder / "params" / f"{PARAMETERS}.yaml").write_text(
        json.dumps(usual | {"location": read(NAME)}), encoding="utf-8"
    )


def _write_reference(folder):
    shutil.copytree(DATA / "reference", folder)
    for name, texts in REGISTER.items():
        with (folder / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if name in ("surveys.csv", "experience.csv"):
            rows += [
                rows[-1] | {"location": PLACE} | dict.fromkeys({"district"} & rows[0].keys(), "")
            ]
        for row in rows:
            if row.get("location") == PLACE:
                row |= texts | {"location": NAME}
                if name == "locations.csv":
                    row["other_names"] = f"{row['other_names']};{PLACE}"
        if name == "locations.csv":
            own = next(row for row in rows if row["location"] == NAME)
            rows += [
                own | {"location": each, "other_names": "", "district": each, "facility": each}
                for each in BESIDE
            ]
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    (folder / "city.csv").write_text(f'name\n"By {RUNS} {PRINTS}"\n', encoding="utf-8")


def _write_exports(folder):
    """Write the sample's exports, and others with a row for each text in each field."""
    shutil.copytree(DATA / "exports", folder)
    *names, last = FILES
    asked = [(field, text) for field in FORM for text in TEXTS]
    each = -(-len(asked) // len(names))
    for n, name in enumerate(names):
        _write(folder / name, FORM, asked[n * each :][:each], n * each)
    _write(folder / last, ORDER, [(field, text) for field in ORDER for text in TEXTS], 0)


def _write(file, form, asked, first):
    with file.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.DictWriter(sink, [*form, TEXTS[0]], delimiter=";")
        writer.writeheader()
        for number, (field, text) in enumerate(asked, first):
            day = datetime(2025, 10, 1, 12) + timedelta(hours=7 * number)
            row = {
                name: value.format(number=number, day=f"{day:%d-%m-%Y %H:%M}")
                if "{number}" in value or "{day}" in value
                else value
                for name, value in form.items()
            }
            # A place that the register does not know has the row's own district and facility.
            fields = ("Bydel", "Lokation", "Facilitet") if field == "Lokation" else (field,)
            writer.writerow(row | dict.fromkeys(fields, text) | {TEXTS[0]: text[:1]})
