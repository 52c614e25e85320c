"""How many edits of a note `barometer check` finds, and how often it calls a right figure wrong.

Notes on a library, a district and the city are written from the sample. A thousand times one claim
of one of them is edited: a digit, a direction, a place or a year. In every other trial a person has
written on as well: words of every fourth sentence are others or gone, sentences are moved and taken
out, and what was to be filled in is.
"""

import random
import re
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.core.database import DEFAULT, connect
from analysis.core.selection import Selection
from analysis.reports import checking, note

TRIALS, SEED = 1000, 20260424
PLACES = ({"location": "Blågårdens Bibliotek"}, {"district": "Nørrebro"}, {})
_OPPOSITE = {one: other for pair in checking._PAIRS for one, other in (pair, pair[::-1])}
_FILLED = "Udvalget bad den 3. marts om en status, og 12 ansatte har svaret"
_PROMPT = re.compile(r"\[Udfyldes: [^\]]*\]")


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as folder:
        notes = []
        for place in PLACES:
            written = note.write(Selection("2025/26", **place), None, DEFAULT, Path(folder))
            notes.append(checking.lines(written.docx))
    with connect() as con:
        names = checking._names(con)
    print("| edit | alone: found | wrongly called | with other changes: found | wrongly called |")
    print("|---|---|---|---|---|")
    for kind, alone, beside in trials(notes, names):
        told = [f"{one['found']} of {one['edits']}" for one in (alone, beside)]
        called = [f"{one['wrong']} of {one['claims']}" for one in (alone, beside)]
        print(f"| {kind} | {told[0]} | {called[0]} | {told[1]} | {called[1]} |")


def trials(notes: list[list[str]], names: list[str], number: int = TRIALS) -> list[tuple]:
    """Return for each kind of edit, and all, what came of it alone and beside other changes."""
    rng = random.Random(SEED)
    split = checking._splitter(names)
    counts: dict[tuple[str, bool], Counter] = {}
    for trial in range(number):
        right = rng.choice(notes)
        kind = ("digit", "direction", "place", "year")[trial % 4]
        is_reworded = trial % 8 > 3
        place, said, meant, sentence = _edit(rng, right, kind, names, split)
        edited = [*right]
        edited[place] = sentence
        if is_reworded:
            edited, sentence = _reworded(rng, edited, place, split)
        checked = checking.compared(edited, right, names)
        found = [
            one
            for one in checked.findings
            if one.sentence == sentence and one.said.lower() == said.lower()
        ]
        is_found = any(one.right.lower() == meant.lower() for one in found)
        for of in (kind, "all"):
            counts.setdefault((of, is_reworded), Counter()).update(
                edits=1,
                found=is_found,
                claims=checked.claims - 1,
                wrong=len(checked.findings) - bool(found),
            )
    return [
        (kind, counts[kind, False], counts[kind, True])
        for kind in ("digit", "direction", "place", "year", "all")
    ]


def _edit(rng, right, kind, names, split):
    """Return the place of a sentence, what it now says, what is right, and the edited sentence."""
    while True:
        place = rng.randrange(len(right))
        words = split(right[place])
        n = rng.randrange(len(words))
        if not (claim := checking._claim(words[n])) or words.count(words[n]) > 1:
            continue
        said = _other(rng, claim, kind, names)
        if said is None or right[place].count(claim.text) > 1:
            continue
        return place, said, claim.text, right[place].replace(claim.text, said)


def _other(rng, claim, kind, names):
    """Return what a person might have written in place of a claim; None for another kind's."""
    text = claim.text
    is_year = re.fullmatch(r"20\d\d(/\d\d)?", text)
    if kind == "digit" and claim.kind == "number" and not is_year and any(map(str.isdigit, text)):
        n = rng.choice([n for n, one in enumerate(text) if one.isdigit()])
        return text[:n] + rng.choice([one for one in "123456789" if one != text[n]]) + text[n + 1 :]
    if kind == "direction" and claim.kind == "direction" and text.lower() in _OPPOSITE:
        other = _OPPOSITE[text.lower()]
        return other.capitalize() if text[0].isupper() else other
    if kind == "place" and claim.kind == "place":
        return rng.choice([one for one in names if one != text])
    if kind == "year" and is_year:
        year = int(text[:4]) + rng.choice((-1, 1))
        return f"{year}/{(year + 1) % 100:02}" if "/" in text else str(year)
    return None


def _reworded(rng, edited, place, split):
    """Return a note that a person has written on in, and the edited sentence as it then stands."""
    sentences = []
    for n, sentence in enumerate(edited):
        text = _PROMPT.sub(_FILLED, sentence)
        if rng.random() < 0.25 and " | " not in text:
            words = split(text)
            plain = [k for k, one in enumerate(words) if one.isalpha() and not checking._claim(one)]
            for k in rng.sample(plain, len(plain) // 6):
                text = re.sub(
                    rf"(?<!\w){words[k]}(?!\w)", rng.choice(("", "dog", "således")), text, count=1
                )
        sentences.append((n, re.sub(r"\s+", " ", text).strip()))
    kept = [one for one in sentences if one[0] == place or rng.random() > 0.03]
    for _ in range(len(kept) // 30):
        kept.insert(rng.randrange(len(kept)), kept.pop(rng.randrange(len(kept))))
    return [text for _, text in kept], next(text for n, text in kept if n == place)


if __name__ == "__main__":
    main()
