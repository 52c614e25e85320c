"""The command line: `barometer COMMAND`."""

import _thread
import argparse
import os
import re
import signal
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import takewhile
from pathlib import Path
from typing import NoReturn

from analysis.core.errors import InputError, is_damaged, is_full, printable

DONE, FELL_SHORT, NOT_DONE = 0, 1, 2
try:
    from analysis.core import database
    from analysis.core.audience import ANALYST, AUDIENCES, INTERNAL
except InputError as error:
    # The taxonomy, which analysts may edit, is read when it is imported.
    print(f"barometer: {error}", file=sys.stderr)
    raise SystemExit(NOT_DONE) from None
DATA = database.ROOT / "data"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 something fell short, 2 not done."""
    # Windows consoles and pipes are not UTF-8 by themselves.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")
    given = _parser().parse_args(arguments)
    if not (database.ROOT / "notebooks").is_dir():
        print(
            f"barometer {given.command}: {database.ROOT} er ikke projektets mappe; installér med "
            "»pip install --editable«, eller lad BAROMETER_HOME være mappen",
            file=sys.stderr,
        )
        return NOT_DONE
    # What is written is the owner's alone, where the system has rights.
    before = os.umask(0o077)
    try:
        with _interruptible(), _temporary():
            code = given.run(given)
            sys.stdout.flush()
            return code
    except BrokenPipeError:
        # Who reads what is printed has seen enough; nothing more goes to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (Exception, KeyboardInterrupt) as error:
        if is_damaged(error) and "database" in given:
            error = database.damaged(error, given.database)
        # Every error that a user can cause is one of these: ours are ValueErrors and OSErrors.
        told = ValueError, OSError, MemoryError, RecursionError, KeyboardInterrupt
        if not isinstance(error, told) and not is_full(error):
            raise
        print(f"barometer {given.command}: {_line(error)}", file=sys.stderr)
        return NOT_DONE
    finally:
        os.umask(before)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Make one KeyboardInterrupt of the first Ctrl-C or request to end, whatever it came upon.

    DuckDB raises an error of its own for it, and an import that is cut short may. One that comes
    while an object is done away with would be swallowed, and is raised anew. Later ones are
    ignored, so that what clears up after the first is not cut short itself.
    """
    is_interrupted = False

    def interrupt(*_: object) -> None:
        nonlocal is_interrupted
        is_interrupted = True
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    def listen() -> None:
        for each in before:
            signal.signal(each, interrupt)

    def unraised(swallowed: "sys.UnraisableHookArgs") -> None:
        if swallowed.exc_type is not KeyboardInterrupt:
            hook(swallowed)
            return
        listen()
        # A moment later, since it would be swallowed here too.
        threading.Timer(0.05, _thread.interrupt_main).start()

    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    hook, sys.unraisablehook = sys.unraisablehook, unraised
    listen()
    try:
        yield
    except BaseException:
        if is_interrupted:
            raise KeyboardInterrupt from None
        raise
    finally:
        sys.unraisablehook = hook
        # An interrupted process is about to end, and shall not be cut short in that either.
        if not is_interrupted:
            for each, handler in before.items():
                signal.signal(each, handler)


@contextmanager
def _temporary() -> Iterator[None]:
    """Let temporary files, also of what we start, lie in a folder that the next command clears."""
    from analysis.core.scratch import scratch

    names = "TMPDIR", "TEMP", "TMP"
    before = {name: os.environ.get(name) for name in names}, tempfile.tempdir
    with ExitStack() as stack:
        # Where there is no room for one, most commands need none.
        with suppress(OSError):
            folder = str(stack.enter_context(scratch("barometer-command-")))
            os.environ.update(dict.fromkeys(names, folder))
            tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = before[1]
            for name, value in before[0].items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value


def _line(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "afbrudt"
    if isinstance(error, MemoryError):
        return "maskinen har ikke hukommelse nok"
    if isinstance(error, RecursionError):
        return "noget i det læste er indlejret for dybt"
    if is_full(error):
        return (
            "disken er fuld, hvor resultatet eller midlertidige filer "
            f"({tempfile.gettempdir()}) skrives; gør plads, og kør igen"
        )
    text = str(error)
    if isinstance(error, OSError) and error.filename:
        from analysis.intake.errors import reason

        text = f"{error.filename}: {reason(error)}"
    return printable(" ".join(text.split()))


class _DanishParser(argparse.ArgumentParser):
    """argparse, whose own words are English, in Danish."""

    def __init__(self, **options: object) -> None:
        super().__init__(add_help=False, allow_abbrev=False, **options)
        self._positionals.title, self._optionals.title = "argumenter", "valg"
        self.add_argument("-h", "--help", action="help", help="vis denne hjælp")

    def format_usage(self) -> str:
        return super().format_usage().replace("usage: ", "brug: ", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "brug: ", 1)

    def parse_known_args(self, args: Sequence[str], namespace: object = None) -> tuple:
        # A command tells what is unknown itself, and before what is missing.
        if not self._subparsers:
            known = self._option_string_actions
            names = [each.partition("=")[0] for each in takewhile("--".__ne__, args)]
            if unknown := [each for each in names if each.startswith("--") and each not in known]:
                self.error(f"ukendt: {unknown[0]}{_near(unknown[0], known)}")
        found, left = super().parse_known_args(args, namespace)
        if left and not self._subparsers:
            self.error(f"ukendt: {' '.join(left)}")
        return found, left

    def error(self, message: str) -> NoReturn:
        if choice := _CHOICE.fullmatch(message):
            name, value, choices = choice.groups()
            near = _near(value.strip("'"), re.findall(r"[\w-]+", choices))
            message = f"{name} kan ikke være {value}{near or f', men {choices}'}"
        for english, danish in _ARGPARSE:
            message = re.sub(english, danish, message)
        print(f"{self.prog}: {printable(message)}. Se {self.prog} --help.", file=sys.stderr)
        raise SystemExit(NOT_DONE)


def _near(given: str, known: Iterable[str]) -> str:
    from analysis.core.selection import nearest

    # What all options begin with makes none of them more alike.
    bare = {each.lstrip("-"): each for each in known}
    return "".join(f"; nærmest er {bare[one]}" for one in nearest(given.lstrip("-"), bare, 1))


# What argparse says of arguments it cannot use.
_CHOICE = re.compile(r"argument (.*): invalid choice: (\S+) \(choose from (.*)\)")
_ARGPARSE = (
    (r"the following arguments are required: (.*)", r"der mangler \1"),
    (r"unrecognized arguments: (.*)", r"ukendt: \1"),
    (r"argument (.*): expected (?:one|at least one) argument", r"der mangler en værdi efter \1"),
    (r"argument (.*): not allowed with argument (.*)", r"\1 kan ikke bruges sammen med \2"),
    (r"argument (.*): ignored explicit argument (.*)", r"\1 tager ingen værdi, men fik \2"),
    (r"argument (.*): invalid \w+ value: (.*)", r"\1 skal være et helt tal, men er \2"),
    (r"argument ([^:]*): ", r"\1: "),
)


def _parser() -> argparse.ArgumentParser:
    parser = _DanishParser(
        prog="barometer",
        description="Tryghedsbarometret: fra eksporter til database, rapporter og notat.",
    )
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="KOMMANDO", title="kommandoer"
    )

    sample = commands.add_parser(
        "sample",
        help="skriv syntetiske eksporter og deres referencetabeller",
        description="Skriv syntetiske eksporter i MAPPE/exports og deres referencetabeller i "
        "MAPPE/reference. Uden --rows og --seed: det medfølgende eksempel, byte for byte.",
    )
    sample.add_argument("--rows", type=whole_number, metavar="N", help="rækker i uroskemaet")
    sample.add_argument("--seed", type=_seed, metavar="S", help="et andet tal giver en anden by")
    sample.add_argument("--output", type=Path, metavar="MAPPE", default=DATA, help="ellers data")
    sample.set_defaults(run=_sample)

    ingest = commands.add_parser(
        "ingest",
        help="lav databasen af eksporterne",
        description="Lav databasen af eksporterne og referencetabellerne, og skriv, hvad der blev "
        "af hver række. Databasen, der var der, erstattes kun, når alt gik godt.",
    )
    ingest.add_argument(
        "--exports",
        type=Path,
        metavar="MAPPE",
        default=DATA / "exports",
        help="eksporterne; ellers data/exports",
    )
    _add_reference(ingest, "referencetabellerne")
    ingest.add_argument(
        "--layout",
        type=Path,
        metavar="FIL",
        default=DATA / "export_layout.yaml",
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
        help="erstat databasen, også hvis intet eller under halvdelen af en fil blev godkendt",
    )
    ingest.add_argument(
        "--lake",
        type=Path,
        metavar="MAPPE",
        help="skriv også tabellerne som Parquet, hændelserne efter sæson og bydel; mappen kan "
        "gives som --database til alle kommandoer",
    )
    _add_database(ingest)
    ingest.set_defaults(run=_ingest)

    purge = commands.add_parser(
        "purge",
        help="fjern ældre hændelser overalt",
        description="Fjern hændelserne før en dag fra databasen, datasøen og det, der gemmes ved "
        "siden af, sammen med alle rapporter, som viser dem. Eksporterne røres ikke. Et notat, som "
        "nogen har rettet i, bliver liggende, og kommandoen slutter da med 1.",
    )
    purge.add_argument(
        "--before", required=True, metavar="DAG", help="den første dag, der bliver, som 2024-10-01"
    )
    purge.add_argument("--lake", type=Path, metavar="MAPPE", help="også datasøen i denne mappe")
    _add_output(purge)
    _add_database(purge)
    purge.set_defaults(run=_purge)

    layout = commands.add_parser(
        "layout",
        help="foreslå et layout til eksporter, som ingen har beskrevet",
        description="Foreslå en layoutfil til eksporter, som ingen har beskrevet: hvilke kolonner "
        "der er vores felter, hvordan tidspunkterne er skrevet, og hvad betegnelserne kan svare "
        "til. Fritekst vises aldrig. Slutter med 1, hvis et felt, der skal være der, ikke blev "
        "fundet.",
    )
    layout.add_argument(
        "exports", type=Path, nargs="+", metavar="EKSPORT", help="en eksport, eller flere"
    )
    layout.add_argument(
        "--output", type=Path, metavar="FIL", help="skriv forslaget i en ny fil; ellers vises det"
    )
    _add_reference(layout, "mappen med registret over lokationer")
    layout.set_defaults(run=_layout)

    verify = commands.add_parser(
        "verify",
        help="hold hvert offentliggjort tal op mod databasen",
        description="Skriv en linje for hvert offentliggjort tal: hvor det står, hvad der blev "
        "offentliggjort, hvad databasen siger, og om de er ens. Slutter med 1, hvis et afviger.",
    )
    _add_database(verify)
    verify.set_defaults(run=_verify)

    report = commands.add_parser(
        "report",
        help="kør notebooks, og skriv rapporterne",
        description="Kør alle notebooks for hver parameterfil: for hver den kørte notebook, "
        "en HTML-side, der kan stå alene, og en Excel-fil; desuden barometret, som kan filtreres, "
        "og en oversigt over det hele. Slutter med 1, hvis data intet har fra en periode, hvis en "
        "notebook fejlede, eller --pdf ikke fandt en browser.",
    )
    report.add_argument(
        "parameters",
        type=Path,
        nargs="*",
        metavar="PARAMETRE.yaml",
        help="en parameterfil, eller en mappe med dem",
    )
    report.add_argument(
        "--each",
        choices=("location", "district"),
        help="uden parameterfiler: hver lokation eller bydel i registret, hver i sin mappe",
    )
    report.add_argument("--season", metavar="SÆSON", help="med --each: for eksempel 2025/26")
    report.add_argument(
        "--half",
        metavar="HALVÅR",
        help="med --each: vinter, sommer eller alle (hele året); ellers vinter",
    )
    report.add_argument(
        "--pdf",
        action="store_true",
        help="også hver rapport som PDF (kræver Chromium, Chrome eller Edge)",
    )
    report.add_argument("--images", action="store_true", help="også hvert diagram som PNG og SVG")
    report.add_argument(
        "--only",
        action="extend",
        type=lambda text: text.split(","),
        default=[],
        metavar="NUMRE",
        help="kun disse notebooks, for eksempel 03,07",
    )
    report.add_argument(
        "--dry-run", action="store_true", help="skriv kun, hvilke sider der ville blive lavet"
    )
    report.add_argument("--quiet", action="store_true", help="skriv kun, hvad der fejlede")
    report.add_argument(
        "--force",
        action="store_true",
        help="lav alt forfra, også det, der står der i forvejen og er lavet af det samme",
    )
    report.add_argument(
        "--audience",
        choices=AUDIENCES,
        help="hvem siderne er til: public (alle; én side med tal, som ingen kan kendes på), "
        "internal (forvaltningen) eller analyst, som også ser ukendte betegnelser, som de er "
        "skrevet, og kan krydse sted og time; ellers parameterfilens",
    )
    report.add_argument(
        "--scheduler",
        metavar="ADRESSE",
        help="lad en Dask-klynge køre notebooks, for eksempel tcp://server:8786; den skal kunne "
        "se samme mapper som her",
    )
    _add_output(report)
    _add_database(report)
    report.set_defaults(run=_report)

    packs = commands.add_parser(
        "packs",
        help="lav en mappe til hver bydels repræsentant før det månedlige møde",
        description="Lav for hver bydel en mappe: et kort til mødet med månedens nye tal og det, "
        "repræsentanten skal svare på, et overblik over bydelen og over hvert sted, og et udkast "
        "til en mail med det hele vedhæftet. Intet bliver sendt. Listen på kortet er for måneden "
        "efter. Slutter med 1, hvis et overblik fejlede.",
    )
    packs.add_argument("--season", required=True, metavar="SÆSON", help="for eksempel 2025/26")
    packs.add_argument(
        "--month", required=True, metavar="MÅNED", help="den måned, mødet ser på, som 2025-11"
    )
    packs.add_argument(
        "--output",
        type=Path,
        metavar="MAPPE",
        help="hvor mapperne lægges; ellers reports/moede_MÅNED",
    )
    packs.add_argument("--quiet", action="store_true", help="skriv kun, hvad der fejlede")
    _add_audience(packs)
    _add_database(packs)
    packs.set_defaults(run=_packs)

    note = commands.add_parser(
        "note",
        help="skriv statusnotatet til udvalget",
        description="Skriv statusnotatet om et sted som MAPPE/status_STED_PERIODE.html, .docx og, "
        "hvor LibreOffice eller Chromium findes, .pdf. Hvad kun et menneske kan vide, står som "
        "felter, der skal udfyldes. Et notat, som nogen har rettet i, bliver ikke overskrevet; "
        "kommandoen slutter da med 1. Uden --location og --district: hele byen.",
    )
    note.add_argument("--season", required=True, metavar="SÆSON", help="for eksempel 2025/26")
    place = note.add_mutually_exclusive_group()
    place.add_argument("--location", metavar="NAVN", help="lokationen, som notatet handler om")
    place.add_argument("--district", metavar="NAVN", help="bydelen, som notatet handler om")
    note.add_argument(
        "--half",
        metavar="HALVÅR",
        default="vinter",
        help="vinter, sommer eller alle (hele året); ellers vinter",
    )
    note.add_argument(
        "--compare-season",
        metavar="SÆSON",
        help="sæsonen, der sammenlignes med; ellers den foregående",
    )
    note.add_argument(
        "--scenario",
        type=Path,
        metavar="PARAMETRE.yaml",
        help="en parameterfil med de kommende lukninger og tiltag, der antages",
    )
    note.add_argument(
        "--force",
        action="store_true",
        help="skriv notatet forfra, også hvis nogen har rettet i det",
    )
    _add_audience(note)
    _add_output(note)
    _add_database(note)
    note.set_defaults(run=_note)

    changes = commands.add_parser(
        "changes",
        help="vis hvert tal, der er ændret siden sidst, og hvorfor",
        description="Hold databasen op mod den, der var før: en linje for hvert tal i barometrets "
        "visninger, som er et andet, med hvor meget der er nyt, meldt sent, rettet, udgået, "
        "anderledes inddelt, eller skyldes registret, åbningstiderne eller programmet. Delene er "
        "tilsammen forskellen. Desuden en side med måneder, steder og hele byens visninger. "
        "Linjerne er til analytikere: små tal for et sted kan vise en enkelt hændelse.",
    )
    changes.add_argument(
        "--before",
        type=Path,
        metavar="FIL",
        help="databasen fra før; ellers den, som indlæsningen har gemt ved siden af",
    )
    changes.add_argument(
        "--output",
        type=Path,
        metavar="FIL.html",
        default=database.ROOT / "reports" / "aendringer.html",
        help="siden; ellers reports/aendringer.html",
    )
    _add_database(changes)
    changes.set_defaults(run=_changes)

    check = commands.add_parser(
        "check",
        help="hold et redigeret notat op mod databasen",
        description="Læs et notat, som »barometer note« har skrevet, efter at nogen har rettet i "
        "det, og vis hvert tal, hver retning, hvert sted og hver periode, der ikke længere passer "
        "med databasen, med det rigtige. Intet sendes nogen steder hen.",
    )
    check.add_argument("note", type=Path, metavar="NOTAT.docx", help="notatet, gemt fra Word")
    _add_database(check)
    check.set_defaults(run=_check)
    return parser


def _add_database(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--database",
        type=Path,
        metavar="FIL",
        default=database.DEFAULT,
        help="databasen; ellers build/barometer.duckdb",
    )


def _add_audience(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--audience",
        choices=(INTERNAL, ANALYST),
        help="hvem det er til; begge får det samme. Alle (public) får kun siden fra barometer "
        "report",
    )


def _add_output(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--output",
        type=Path,
        metavar="MAPPE",
        default=database.ROOT / "reports",
        help="hvor de skrives; ellers reports",
    )


def _add_reference(command: argparse.ArgumentParser, what: str) -> None:
    command.add_argument(
        "--reference",
        type=Path,
        metavar="MAPPE",
        default=DATA / "reference",
        help=f"{what}; ellers data/reference",
    )


def whole_number(text: str) -> int:
    """Return a count of 1 or more."""
    return _at_least(1, text)


def _seed(text: str) -> int:
    return _at_least(0, text)


def _at_least(least: int, text: str) -> int:
    number = int(text)
    if number < least:
        raise argparse.ArgumentTypeError(f"skal være {least} eller mere")
    return number


def _sample(given: argparse.Namespace) -> int:
    from analysis import sample

    sample.write(given.output, rows=given.rows, seed=given.seed)
    print(f"Syntetiske eksporter er skrevet i {given.output}")
    return DONE


def _ingest(given: argparse.Namespace) -> int:
    from analysis.intake import ingest, intake_lines

    intake = ingest(
        given.exports,
        given.reference,
        given.layout,
        given.database.absolute(),
        given.accept,
        given.lake and given.lake.absolute(),
    )
    print("\n".join(intake_lines(intake)))
    if intake.refused:
        print(
            f"barometer ingest: {intake.refused}; databasen er uændret. "
            "--accept bruger eksporterne alligevel.",
            file=sys.stderr,
        )
    fell_short = intake.totals["rejected"] or intake.unread
    return FELL_SHORT if intake.refused or (given.strict and fell_short) else DONE


def _purge(given: argparse.Namespace) -> int:
    from analysis.core import danish
    from analysis.core.selection import as_day
    from analysis.intake.purge import purge
    from analysis.reports.removal import remove

    before = as_day(given.before, "before")
    removed = purge(before, given.database.absolute(), given.lake and given.lake.absolute())
    told = danish.counted(removed, "hændelse", "hændelser")
    print(
        f"{told} før {danish.day(before)} er fjernet fra databasen"
        f"{' og datasøen' * bool(given.lake)}; databasen fra før og de gemte svar er slettet"
    )
    folders, edited = remove(given.output.absolute())
    told = danish.counted(folders, "mappe", "mapper")
    print(
        f"{told} med rapporter, deres oversigt, listen over kørsler og siden over ændringer er "
        f"fjernet fra {given.output.name}; lav dem igen, når de skal bruges"
    )
    print("Eksporterne er ikke rørt: Ligger de der endnu, kommer hændelserne igen ved indlæsning")
    for name in edited:
        print(f"barometer purge: {name} er rettet i hånden og er ikke fjernet", file=sys.stderr)
    return FELL_SHORT if edited else DONE


def _layout(given: argparse.Namespace) -> int:
    from analysis.intake.proposal import propose

    # What an analyst has finished is not written over.
    if given.output and given.output.exists():
        raise FileExistsError(f"{given.output} findes allerede; vælg et andet navn")
    proposal = propose(given.exports, given.reference)
    if given.output:
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
    from analysis.barometer import published

    with database.connect(given.database.absolute()) as con:
        checks = published.verify(con)
    for check in checks:
        print(check)
    differing = sum(not check.same for check in checks)
    print(f"{len(checks)} offentliggjorte tal: {len(checks) - differing} ens, {differing} afviger")
    return FELL_SHORT if differing else DONE


def _report(given: argparse.Namespace) -> int:
    from analysis import reports

    for_each = "--season" if given.season else "--half" if given.half else ""
    if for_each and not given.each:
        raise ValueError(
            f"{for_each} hører til --each location (eller district); en parameterfil har sin egen"
        )
    if given.each and not given.season:
        raise ValueError(f"--each {given.each} mangler --season, for eksempel --season 2025/26")
    if not (given.each or given.parameters):
        raise ValueError("giv en parameterfil, eller --each location (eller district) og --season")
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
        each=(given.each, given.season, given.half or "vinter") if given.each else None,
        only=given.only,
        pdf=given.pdf,
        images=given.images,
        dry_run=given.dry_run,
        quiet=given.quiet,
        force=given.force,
        scheduler=given.scheduler,
        audience=given.audience,
    )


def _packs(given: argparse.Namespace) -> int:
    from analysis import reports
    from analysis.core.selection import as_month
    from analysis.reports import packs, register

    month = as_month(given.month)
    output = (given.output or database.ROOT / "reports" / packs.folder_of(month)).absolute()
    for folder in (output, output.parent):
        register.refuse_mixed(folder)
    code = packs.write(given.season, month, given.database.absolute(), output, quiet=given.quiet)
    reports.list_again(output.parent)
    if not given.quiet:
        print(f"Mapperne ligger i {output}")
    return code


def _note(given: argparse.Namespace) -> int:
    from analysis.core.selection import Selection
    from analysis.reports import note, register, word
    from analysis.reports.parameters import read_file

    register.refuse_mixed(given.output.absolute())
    assumed = read_file(given.scenario) if given.scenario else {"scenario": None}
    if "scenario" not in assumed:
        raise ValueError(f"{given.scenario.name} har ingen scenario")
    selection = Selection(
        given.season, given.half, district=given.district, location=given.location
    )
    try:
        written = note.write(
            selection,
            given.compare_season,
            given.database.absolute(),
            given.output.absolute(),
            assumed["scenario"],
            force=given.force,
        )
    except (note.NoteError, word.EditedError) as error:
        if is_damaged(error):
            raise
        hint = ", eller brug --force" if isinstance(error, word.EditedError) else ""
        print(f"barometer note: {_line(error)}{hint}", file=sys.stderr)
        return FELL_SHORT
    for file in filter(None, (written.html, written.docx, written.pdf)):
        print(file.name)
    print(f"{written.to_fill} felter mangler at blive udfyldt")
    if not written.covered:
        print("barometer note: data dækker ikke begge perioder helt", file=sys.stderr)
    return DONE if written.covered else FELL_SHORT


def _changes(given: argparse.Namespace) -> int:
    from analysis import reports
    from analysis.reports import register, revisions
    from analysis.revisions import figures, words

    register.refuse_mixed(given.output.absolute().parent)
    now = given.database.absolute()
    before = given.before.absolute() if given.before else database.before(now.resolve())
    if not before.exists():
        raise FileNotFoundError(
            f"{before.name} findes ikke; --before skal være en database, som er gemt fra før"
            if given.before
            else f"der er ingen database fra før ved siden af {now.name}; indlæsningen gemmer den, "
            "første gang hændelserne bliver andre. Giv en med --before"
        )
    found = figures.between(before, now)
    # First, since who reads the lines may have seen enough of them.
    revisions.write(found, given.output.absolute())
    reports.list_again(given.output.absolute().parent)
    for figure in found.figures.to_dict("records"):
        print(words.line(figure))
    print(words.summary(found))
    print(f"Siden er skrevet i {given.output}")
    return DONE


def _check(given: argparse.Namespace) -> int:
    from analysis.core import danish
    from analysis.reports import checking, note

    try:
        found = checking.check(given.note, given.database.absolute())
    except note.NoteError as error:
        print(f"barometer check: {_line(error)}", file=sys.stderr)
        return FELL_SHORT
    for one in found.findings:
        if not one.said:
            told = f"Der mangler »{one.right}«, som databasen siger"
        elif not one.right:
            told = f"Der står »{one.said}«, som databasen ikke siger"
        else:
            told = f"Der står »{one.said}«, databasen siger »{one.right}«"
        print(f"{told}: {one.sentence}")
    if found.unknown:
        of = danish.counted(len(found.unknown), "sætning", "sætninger")
        print(f"{of} er skrevet til eller om og kan kun læses efter:")
        for sentence in found.unknown:
            print(f"  {sentence}")
    wrong = danish.counted(len(found.findings), "sted passer", "steder passer")
    print(f"{danish.number(found.claims)} oplysninger er holdt op mod databasen; {wrong} ikke")
    return FELL_SHORT if found.findings else DONE
