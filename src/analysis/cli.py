"""The command line: `barometer COMMAND`."""

import argparse
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from analysis import database

DONE, FELL_SHORT, NOT_DONE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 something fell short, 2 not done."""
    # Windows consoles and pipes are not UTF-8 by themselves.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")
    given = _parser().parse_args(arguments)
    try:
        with _interruptible():
            return given.run(given)
    # Every error that a user can cause is one of these: ours are ValueErrors and OSErrors.
    except (ValueError, OSError, MemoryError, RecursionError, KeyboardInterrupt) as error:
        print(f"barometer {given.command}: {_line(error)}", file=sys.stderr)
        return NOT_DONE


@contextmanager
def _interruptible() -> Iterator[None]:
    """Make one KeyboardInterrupt of the first Ctrl-C or request to end, whatever it came upon.

    DuckDB raises an error of its own for it, and an import that is cut short may. Later ones are
    ignored, so that what clears up after the first is not cut short itself.
    """
    is_interrupted = False

    def interrupt(*_: object) -> None:
        nonlocal is_interrupted
        is_interrupted = True
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    for each in before:
        signal.signal(each, interrupt)
    try:
        yield
    except BaseException:
        if is_interrupted:
            raise KeyboardInterrupt from None
        raise
    finally:
        # An interrupted process is about to end, and shall not be cut short in that either.
        if not is_interrupted:
            for each, handler in before.items():
                signal.signal(each, handler)


def _line(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "afbrudt"
    if isinstance(error, MemoryError):
        return "maskinen har ikke hukommelse nok"
    if isinstance(error, RecursionError):
        return "noget i det læste er indlejret for dybt"
    text = str(error)
    if isinstance(error, OSError) and error.filename:
        text = f"{error.filename}: {error.strerror}"
    return " ".join(text.split())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="barometer", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    sample = commands.add_parser(
        "sample",
        help="write synthetic exports and their reference tables",
        description="Write synthetic exports to DIR/exports and their reference tables to "
        "DIR/reference. Without --rows and --seed: the committed sample, byte for byte.",
    )
    sample.add_argument("--rows", type=whole_number, metavar="N", help="rows of the incident form")
    sample.add_argument("--seed", type=int, metavar="S", help="another seed gives another city")
    sample.add_argument(
        "--output", type=Path, metavar="DIR", default=database.ROOT / "data", help="default: data"
    )
    sample.set_defaults(run=_sample)

    ingest = commands.add_parser(
        "ingest",
        help="lav databasen af eksporterne",
        description="Lav databasen af eksporterne og referencetabellerne, og skriv, hvad der blev "
        "af hver række. Databasen, der var der, erstattes kun, når alt gik godt.",
    )
    data = database.ROOT / "data"
    ingest.add_argument(
        "--exports",
        type=Path,
        metavar="MAPPE",
        default=data / "exports",
        help="eksporterne; ellers data/exports",
    )
    ingest.add_argument(
        "--reference",
        type=Path,
        metavar="MAPPE",
        default=data / "reference",
        help="referencetabellerne; ellers data/reference",
    )
    ingest.add_argument(
        "--layout",
        type=Path,
        metavar="FIL",
        default=data / "export_layout.yaml",
        help="hvor felterne står i eksporterne; ellers data/export_layout.yaml",
    )
    ingest.add_argument(
        "--strict",
        action="store_true",
        help="slut med 1, hvis en række blev afvist eller en fil ikke læst",
    )
    ingest.add_argument(
        "--accept",
        action="store_true",
        help="erstat databasen, også hvis intet blev godkendt, eller en fil næsten er afvist",
    )
    _add_database(ingest)
    ingest.set_defaults(run=_ingest)

    layout = commands.add_parser(
        "layout",
        help="foreslå et layout til eksporter, som ingen har beskrevet",
        description="Foreslå en layoutfil til eksporter, som ingen har beskrevet: hvilke kolonner "
        "der er vores felter, hvordan tidspunkterne er skrevet, og hvad betegnelserne kan svare "
        "til. Fritekst vises aldrig. Slutter med 1, hvis et felt, der skal være der, ikke blev "
        "fundet.",
    )
    layout.add_argument(
        "exports", type=Path, nargs="+", metavar="EXPORT", help="en eksport, eller flere"
    )
    layout.add_argument(
        "--output", type=Path, metavar="FIL", help="skriv forslaget i en ny fil; ellers vises det"
    )
    layout.add_argument(
        "--reference",
        type=Path,
        metavar="MAPPE",
        default=data / "reference",
        help="mappen med registret over lokationer; ellers data/reference",
    )
    layout.set_defaults(run=_layout)

    verify = commands.add_parser(
        "verify",
        help="hold every published figure against the database",
        description="Print a line for each published figure: where it stands, what was published, "
        "what the database says, and whether they are the same. Exit 1 if one differs.",
    )
    _add_database(verify)
    verify.set_defaults(run=_verify)

    report = commands.add_parser(
        "report",
        help="run the notebooks and write reports",
        description="Run the notebooks for each parameters file; write the executed notebook, "
        "a self-contained HTML page and an Excel workbook each, the barometer to filter, and an "
        "index over all. Exit 1 if a notebook failed, or --pdf found no browser.",
    )
    report.add_argument(
        "parameters",
        type=Path,
        nargs="+",
        metavar="PARAMS.yaml",
        help="a parameters file, or a folder of them",
    )
    report.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        default=database.ROOT / "reports",
        help="default: reports",
    )
    report.add_argument(
        "--pdf", action="store_true", help="also print each report (needs Chromium, Chrome or Edge)"
    )
    report.add_argument(
        "--images", action="store_true", help="also write each chart as PNG and SVG"
    )
    _add_database(report)
    report.set_defaults(run=_report)

    note = commands.add_parser(
        "note",
        help="write the status note to the committee",
        description="Write the status note on a place as DIR/status_PLACE_PERIOD.html, .docx and, "
        "where LibreOffice or Chromium is installed, .pdf. What only a person can know is left as "
        "marked places to fill. Without --location and --district: the whole city.",
    )
    note.add_argument("--season", required=True, metavar="SEASON", help="such as 2025/26")
    place = note.add_mutually_exclusive_group()
    place.add_argument("--location", metavar="NAME", help="the location that the note is about")
    place.add_argument("--district", metavar="NAME", help="the district that the note is about")
    note.add_argument(
        "--half",
        metavar="HALF",
        default="vinter",
        help="vinter, sommer, or alle for the whole year; default: vinter",
    )
    note.add_argument(
        "--compare-season",
        metavar="SEASON",
        help="the season to compare with; default: the one before",
    )
    note.add_argument(
        "--scenario",
        type=Path,
        metavar="PARAMS.yaml",
        help="a parameters file whose scenario of closures and measures to come is assumed",
    )
    note.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        default=database.ROOT / "reports",
        help="default: reports",
    )
    _add_database(note)
    note.set_defaults(run=_note)
    return parser


def _add_database(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--database",
        type=Path,
        metavar="FILE",
        default=database.DEFAULT,
        help="default: build/barometer.duckdb",
    )


def whole_number(text: str) -> int:
    """Return a count of 1 or more; argparse names this function in its message."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _sample(given: argparse.Namespace) -> int:
    from analysis import sample

    sample.write(given.output, rows=given.rows, seed=given.seed)
    print(f"Synthetic exports written to {given.output}")
    return DONE


def _ingest(given: argparse.Namespace) -> int:
    from analysis.intake import ingest, lines

    intake = ingest(
        given.exports, given.reference, given.layout, given.database.absolute(), given.accept
    )
    print("\n".join(lines(intake)))
    if intake.refused:
        print(
            f"barometer ingest: {intake.refused}; databasen er uændret. "
            "--accept bruger eksporterne alligevel.",
            file=sys.stderr,
        )
    fell_short = intake.totals["rejected"] or intake.unread
    return FELL_SHORT if intake.refused or (given.strict and fell_short) else DONE


def _layout(given: argparse.Namespace) -> int:
    from analysis.intake.proposal import propose

    proposal = propose(given.exports, given.reference)
    if given.output:
        # What an analyst has finished is not written over.
        with given.output.open("x", encoding="utf-8") as file:
            file.write(proposal.text)
        print(f"Forslaget er skrevet i {given.output}")
    else:
        print(proposal.text, end="")
    if not proposal.missing:
        return DONE
    missing = ", ".join(proposal.missing)
    print(f"barometer layout: ikke fundet: {missing}; udfyld dem i forslaget", file=sys.stderr)
    return FELL_SHORT


def _verify(given: argparse.Namespace) -> int:
    from analysis import published

    with database.connect(given.database.absolute()) as con:
        checks = published.verify(con)
    for check in checks:
        print(check)
    differing = sum(not check.same for check in checks)
    print(f"{len(checks)} published figures, {len(checks) - differing} same, {differing} differ")
    return FELL_SHORT if differing else DONE


def _report(given: argparse.Namespace) -> int:
    from analysis import reports

    files = []
    for path in given.parameters:
        # The Windows shell leaves a pattern as it is.
        found = sorted(path.glob("*.yaml") if path.is_dir() else path.parent.glob(path.name))
        if path.is_dir() and not found:
            raise ValueError(f"mappen {path.name} har ingen parameterfiler (*.yaml)")
        files += found or [path]
    return reports.run(
        files,
        given.database.absolute(),
        given.output.absolute(),
        pdf=given.pdf,
        images=given.images,
    )


def _note(given: argparse.Namespace) -> int:
    from analysis.reports import note
    from analysis.reports.parameters import read_file
    from analysis.selection import Selection

    assumed = read_file(given.scenario).get("scenario") if given.scenario else None
    selection = Selection(
        given.season, given.half, district=given.district, location=given.location
    )
    try:
        written = note.write(
            selection,
            given.compare_season,
            given.database.absolute(),
            given.output.absolute(),
            assumed,
        )
    except note.NoteError as error:
        print(f"barometer note: {_line(error)}", file=sys.stderr)
        return FELL_SHORT
    for file in filter(None, (written.html, written.docx, written.pdf)):
        print(file.name)
    print(f"{written.to_fill} places are left to fill in")
    return DONE
