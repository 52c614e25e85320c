"""How many edits of a note `barometer check` finds, and how often it calls a right figure wrong.

Notes on a library, a district and the city are written from the sample. A person edits one sentence
or row of one of them, 250 times for each kind of edit: what is said is then wrong, or is right in
other words. In every other trial the person has written on as well: words of every fourth sentence
are others or gone, sentences are moved and taken out, and what was to be filled in is.
"""

import random
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from analysis.core import danish
from analysis.core.database import DEFAULT, connect
from analysis.core.selection import Selection
from analysis.reports import checking, claims, note

TRIALS, SEED = 250, 20260424
PLACES = ({"location": "Blågårdens Bibliotek"}, {"district": "Nørrebro"}, {})
WRONG = (
    *("digit", "direction", "place", "year", "certainty", "rank", "number in words"),
    *("labels swapped", "figures swapped", "reworded and a digit"),
)
TRUE = ("true rewording", "true number in words")
_BY_KIND: dict[str, list[list[str]]] = {}
for (_kind, _), _words in claims.WORDS.items():
    _BY_KIND.setdefault(_kind, []).append(_words.split())
# Of each kind the first two meanings are each other's opposites.
_OPPOSITE = {
    one: other
    for first, second, *_ in _BY_KIND.values()
    for pair in zip(first, second, strict=False)
    for one, other in (pair, pair[::-1])
}
_FILLED = "Udvalget bad den 3. marts om en status, og 12 ansatte har svaret"
_FIGURE = re.compile(r"[−+]?\d[\d.]*")
_PROMPT = re.compile(r"\[Udfyldes: [^\]]*\]")
# Sentences of a note, and how a person may say the same.
_REWORDED = (
    (
        r"Der er meldt (\S+) hændelser ind i (.+) mod (\S+) i (.+) \((\d+) pct\. færre\)\.",
        r"Antallet af hændelser er faldet fra \3 i \4 til \1 i \2 (\5 pct.).",
        r"Fra \4 til \2 er antallet faldet \5 pct., fra \3 til \1 hændelser.",
        r"I \2 er der meldt \1 hændelser ind, mod \3 i \4.",
    ),
    (
        r"Antallet er faldet med (\S+) \((\d+) %\), fra (\S+) i (.+) til (\S+) i (.+)\.",
        r"I \6 var der \5 mod \3 i \4, altså \1 færre (\2 %).",
        r"Fra \4 til \6 er antallet faldet fra \3 til \5.",
    ),
    (
        r"Der var flest i (\w+) \((\d+)\), færrest i (\w+) \((\d+)\)\.",
        r"Der var færrest i \3 (\4), flest i \1 (\2).",
        r"Måneden med flest hændelser var \1 med \2, og den med færrest var \3 med \4.",
    ),
    (
        r"(.+) er registreret ved (\d+) af (\d+) hændelser \((\d+) pct\.\)\.",
        r"Ved \4 pct. af hændelserne (\2 af \3) er \1 registreret.",
        r"Af \3 hændelser er \1 registreret ved \2 (\4 pct.).",
    ),
    (
        r"(.+) er den hyppigste urotype: (\d+) af (\d+) hændelser \((\d+) pct\.\)\.",
        r"Den hyppigste urotype er \1 med \2 af \3 hændelser (\4 pct.).",
        r"\4 pct. af de \3 hændelser (\2) er \1, den hyppigste urotype.",
    ),
    (
        r"I (.+) var det (\d+) af (\d+)\.",
        r"Det var \2 af \3 i \1.",
        r"Af de \3 i \1 var det \2.",
    ),
    (
        r"Der ventes omkring (\S+) hændelser \(mellem (\S+) og (\S+)\) (.+) i (\w+ \d{4})\.",
        r"I \5 ventes der mellem \2 og \3 hændelser \4, omkring \1.",
        r"Omkring \1 hændelser ventes i \5 \4 (mellem \2 og \3).",
    ),
    (
        r"Der er tilkaldt hjælp (\d+) gange, og hjælpen kom (\d+) gange\.",
        r"Hjælpen kom \2 af de \1 gange, den blev tilkaldt.",
    ),
    (
        r"Besøg (.+): (\S+) i (\d+) og (\S+) i (\d+)\.",
        r"I \5 var der \4 besøg \1 mod \2 i \3.",
    ),
    (
        r"Fra (\d+) til (\d+) er besøgstallet steget med (\S+) \((\d+) pct\.\)\.",
        r"Besøgstallet er steget med \3 (\4 pct.) fra \1 til \2.",
        r"Der er \3 flere besøg i \2 end i \1, en stigning på \4 pct.",
    ),
)


class Edit(NamedTuple):
    """Sentences as they now stand, and by their places what should be found in them.

    Of what should be found is known what is said and what is right, or None of either.
    """

    sentences: dict[int, str]
    wrong: list[tuple[int, str | None, str | None]]


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as folder:
        notes = []
        for place in PLACES:
            of = Selection("2025/26", **place)
            written = note.write(of, None, DEFAULT, Path(folder))
            notes.append((of, checking.lines(written.docx)))
    con = connect()
    names = checking._names(con)
    for kinds, found in ((WRONG, "found"), (TRUE, "called wrong")):
        told = f"{found} | to be read | others called wrong"
        print(f"\n| edit | alone: {told} | with other changes: {told} |")
        print("|---|---|---|---|---|---|---|")
        total = Counter(), Counter()
        for kind in kinds:
            rng = random.Random(f"{SEED} {kind}")
            counts = [trials(con, rng, notes, names, kind, besides) for besides in (False, True)]
            print(_row(kind, counts), flush=True)
            for one, more in zip(total, counts, strict=True):
                one.update(more)
        print(_row("all", total))


def _row(kind: str, counts: Sequence[Counter]) -> str:
    cells = [
        f"{one['found']} of {one['edits']} | {one['open']} | {one['wrong']} of {one['claims']}"
        for one in counts
    ]
    return f"| {kind} | {' | '.join(cells)} |"


def trials(con, rng, notes, names, kind: str, besides: bool) -> Counter:
    """Return what came of edits of a kind, alone or beside other changes."""
    split = claims.splitter(names)
    counts = Counter()
    for _ in range(TRIALS // 2):
        of, right = rng.choice(notes)
        edit = None
        while edit is None:
            edit = _edit(rng, right, kind, names, split)
        edited = {n: edit.sentences.get(n, one) for n, one in enumerate(right)}
        if besides:
            edited = _reworded(rng, edited, edit.sentences, split)
        checked = checking.compared([*edited.values()], right, names)
        checked = checking.recounted(con, of, split, checked)
        of_edit = [
            [
                one
                for one in checked.findings
                if one.sentence == edited[place]
                and said in (None, one.said.lower())
                and meant in (None, one.right.lower())
            ]
            for place, said, meant in edit.wrong
        ]
        counts.update(
            edits=1,
            found=all(of_edit) if kind in WRONG else any(of_edit),
            open=any(edited[place] in checked.unknown for place in edit.sentences),
            claims=checked.claims - len(edit.wrong),
            wrong=len(checked.findings) - sum(map(len, of_edit)),
        )
    return counts


def _edit(rng, right, kind, names, split) -> Edit | None:
    """Return an edit of a sentence that was drawn; None where it is none for this kind."""
    place = rng.randrange(len(right) - 1)
    sentence = right[place]
    if "reword" in kind:
        return _said_otherwise(rng, place, sentence, with_digit="digit" in kind)
    if "swapped" in kind:
        rows = [one.split(" | ") for one in right[place : place + 2]]
        numbers = [[n for n, cell in enumerate(row) if _FIGURE.fullmatch(cell)] for row in rows]
        if kind == "figures swapped":
            pair = rng.sample(numbers[0], 2) if len(numbers[0]) > 1 else (0, 0)
            return _swapped(place, rows[:1], *pair)
        if not all(numbers) or rows[0][1:] == rows[1][1:]:
            return None
        return _swapped(place, rows, 0, 0)
    words = split(sentence)
    word = rng.choice(words)
    if sentence.count(word.text) > 1 or _PROMPT.search(sentence):
        return None
    said = _other(rng, word, kind, names)
    if said is None:
        return None
    edited = re.sub(r"\s+", " ", sentence.replace(word.text, said)).strip()
    wanted = (None, None) if kind in TRUE else (said.lower(), word.text.lower())
    return Edit({place: edited}, [(place, *wanted)])


def _swapped(place, rows, n, m) -> Edit | None:
    """Return a row, or two, with two cells swapped; None where these are the same."""
    one, other = rows[0], rows[-1]
    if one[n] == other[m]:
        return None
    one[n], other[m] = other[m], one[n]
    sentences = {place + k: " | ".join(row) for k, row in enumerate(rows)}
    return Edit(sentences, [(each, None, None) for each in sentences])


def _said_otherwise(rng, place, sentence, *, with_digit) -> Edit | None:
    """Return a sentence in other words, with a wrong digit or none."""
    for pattern, *others in _REWORDED:
        told = re.fullmatch(pattern, sentence)
        if told is None:
            continue
        parts = [*told.groups()]
        wanted = (None, None)
        if with_digit:
            figures = [n for n, part in enumerate(parts) if _FIGURE.fullmatch(part)]
            n = rng.choice([n for n in figures if not re.fullmatch(r"20\d\d", parts[n])])
            wanted = (_digit(rng, parts[n]), parts[n])
            if wanted[0] in parts or parts.count(parts[n]) > 1:
                return None
            parts[n] = wanted[0]
        other = rng.choice(others)
        if with_digit and rf"\{n + 1}" not in other:
            return None
        said = re.sub(r"\\(\d)", r"{\1}", other).format("", *parts)
        return Edit({place: danish.capital(said)}, [(place, *wanted)])
    return None


def _digit(rng, text):
    """Return a figure with a digit of it another."""
    n = rng.choice([n for n, one in enumerate(text) if one.isdigit()])
    return text[:n] + rng.choice([one for one in "123456789" if one != text[n]]) + text[n + 1 :]


def _other(rng, word, kind, names):
    """Return what a person might have written in place of a word; None for another kind's."""
    text = word.text
    low = text.lower()
    said = None
    match kind:
        case "digit" if word.kind == "number" and any(map(str.isdigit, text)):
            return _digit(rng, text)
        case "year" if word.kind == "year":
            year = int(text[:4]) + rng.choice((-1, 1))
            return f"{year}/{(year + 1) % 100:02}" if "/" in text else str(year)
        case "place" if word.kind == "place":
            return rng.choice([one for one in names if one.lower() != low])
        case "number in words" | "true number in words" if re.fullmatch(r"[1-9]\d?", text):
            is_true = kind in TRUE
            said = rng.choice(
                [one for one, n in claims.NUMBER_WORDS.items() if (n == int(text)) == is_true]
            )
        case "direction" if word.kind not in ("certainty", "extent") or low in ("begge", "alle"):
            said = _OPPOSITE.get(low)
        case "rank" if word.kind == "rank" and word.value in ("most", "least"):
            said = rng.choice(("næst", "tredje")) + low
        case "certainty" if word.meaning == claims.UNSURE and " " in low:
            # "ingen klar"
            said = low.split()[-1]
        case "certainty" if word.meaning in claims.HEDGES:
            said = rng.choice(["", _OPPOSITE[low]] if word.meaning == claims.UNSURE else [""])
        case "certainty" if word.meaning == claims.SURE:
            said = _OPPOSITE[low]
    return said and (said.capitalize() if text[0].isupper() else said)


def _reworded(rng, edited, kept, split):
    """Return a note that a person has written on in, of which `kept` is not taken out."""
    sentences = []
    for n, sentence in edited.items():
        text = _PROMPT.sub(_FILLED, sentence)
        if rng.random() < 0.25 and " | " not in text:
            words = split(text)
            plain = [one.text for one in words if one.text.isalpha() and not one.kind]
            for one in rng.sample(plain, len(plain) // 6):
                instead = rng.choice(("", "dog", "således"))
                text = re.sub(rf"(?<!\w){one}(?!\w)", instead, text, count=1)
        sentences.append((n, re.sub(r"\s+", " ", text).strip()))
    sentences = [one for one in sentences if one[0] in kept or rng.random() > 0.03]
    for _ in range(len(sentences) // 30):
        sentences.insert(
            rng.randrange(len(sentences)), sentences.pop(rng.randrange(len(sentences)))
        )
    return dict(sentences)


if __name__ == "__main__":
    main()
