"""YAML that analysts write: bounded, one line for what is wrong, and the same to every reader."""

import os
import time

import pytest
import yaml
from papermill.iorw import NoDatesSafeLoader

from analysis.core import yaml_file
from analysis.core.database import ROOT


@pytest.fixture
def written(tmp_path):
    def write(content):
        file = tmp_path / "fil.yaml"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    return write


def refusal(file, what="Filen"):
    began = time.monotonic()
    with pytest.raises(ValueError, match=rf"{what} {file.name} ") as refused:
        yaml_file.read(file, what)
    assert time.monotonic() - began < 20
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300 + len(file.name)
    return str(refused.value)


@pytest.mark.parametrize("file", sorted((ROOT / "params").glob("*.yaml")), ids=lambda one: one.stem)
def test_papermill_reads_the_committed_files_alike(file):
    values = yaml_file.read(file)
    assert values == yaml.load(file.read_text(encoding="utf-8"), NoDatesSafeLoader)
    assert values["season"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10", 10),
        ("-3", -3),
        ("0x1f", 31),
        ("0", 0),
        ("0.8", 0.8),
        ("1.5e+3", 1500.0),
        (".inf", float("inf")),
        ("true", True),
        ("FALSE", False),
        ("", None),
        ("~", None),
        ("null", None),
        ("2025/26", "2025/26"),
        ("2026-12-23", "2026-12-23"),
        ("2026-12-23 10:00:00", "2026-12-23 10:00:00"),
        ("ja", "ja"),
        ("0,8", "0,8"),
        ("'010'", "010"),
        ('"no"', "no"),
        ("Blågårdens Bibliotek", "Blågårdens Bibliotek"),
        ("[a, {b: 1}]", ["a", {"b": 1}]),
        ("|\n  to\n  linjer\n", "to\nlinjer\n"),
    ],
)
def test_a_value_is_read_as_papermill_reads_it(written, text, value):
    file = written(f"navn: {text}")
    read = yaml_file.read(file)["navn"]
    assert (type(read), read) == (type(value), value)
    assert read == yaml.load(file.read_text(encoding="utf-8"), NoDatesSafeLoader)["navn"]


@pytest.mark.parametrize(
    "value",
    ["010", "-010", "09", "0o10", "1_000", "1:30", "1:30.5", "1e3", "-.5", "0b11", "+0x1f", "yes",
     "No", "on", "OFF", "<<", "="],
)  # fmt: skip
def test_what_programs_read_differently_is_refused(written, value):
    told = refusal(written(f"season: 2025/26\nrounds: {value}\n"))
    assert f"har »{value}« i linje 2, som programmer læser forskelligt" in told
    assert f"har »{value}« i linje 2" in refusal(written(f"a: {{}}\n{value}: 1\n"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: &x [1]\nb: *x", "har en henvisning (& eller *) i linje 1"),
        ("a: 1\nb: *x", "har en henvisning (& eller *) i linje 2"),
        ("a: !!python/object/apply:os.getcwd []", "har et mærke"),
        ("a: !!str 10", "har et mærke"),
        ("a: 1\nb: 2\na: 3", "har a to gange (anden gang i linje 3)"),
        ("a: {x: {1: a,\n 0x1: b}}", "har 0x1 to gange (anden gang i linje 2)"),
        ('"a\\nb": 1\n"a\\nb": 2', "har a b to gange (anden gang i linje 2)"),
        ("x" * 900 + ": 1\n" + "x" * 900 + ": 2", "har … to gange (anden gang i linje 2)"),
        ("a: 0" + "1" * 90_000, "har »…« i linje 1"),
        ("? [a]\n: b", "har en liste eller opstilling som navn i linje 1"),
        ("a: " + "9" * 21, "har et tal på mere end 20 tegn i linje 1"),
        ("a: 0x" + "f" * 90_000, "har et tal på mere end 20 tegn i linje 1"),
        ('a: 1\nb: "x\\0y"', "har et styretegn i værdien i linje 2"),
        ('a: "\\ud800"', "har et styretegn i værdien i linje 1"),
        ("a: 1\nb: \0", "styretegn i linje 2"),
        ("a: 1\nb: [", "er ikke gyldig YAML (ved linje 2)"),
        ("a: 1\n---\nb: 1", "er ikke gyldig YAML (ved linje 2)"),
        ("a: b: c", "er ikke gyldig YAML (ved linje 1)"),
        ("%YAML 9.9\n---\na: 1", "er ikke gyldig YAML (ved linje 1)"),
        ("- a", "skal bestå af linjer som »navn: værdi«"),
        ("a", "skal bestå af linjer"),
        ("1: a", "skal bestå af linjer"),
        (b"a: 1\nb: bl\xe5", "kan ikke læses som tekst i UTF-8 (ved linje 2)"),
        ("a: 1".encode("utf-16"), "kan ikke læses som tekst i UTF-8 (ved linje 1)"),
        ("a: [" * 5_000, "har mere end 20 lag i hinanden i linje 1"),
        ("[" * 99_000, "har mere end 20 lag i hinanden i linje 1"),
        ("- " * 40_000, "har mere end 20 lag i hinanden i linje 1"),
        ("? " * 40_000, "har mere end 20 lag i hinanden i linje 1"),
        ("x" * 100_001, "fylder mere end 100 kB"),
        ("- a\n" * 25_000, "skal bestå af linjer"),
    ],
)
def test_what_is_wrong_is_one_line_with_the_line_number(written, text, told):
    assert told in refusal(written(text), "Parameterfilen")


def test_what_is_no_file_is_refused_at_once(tmp_path):
    assert "findes ikke" in refusal(tmp_path / "nej.yaml")
    assert "findes ikke" in refusal(tmp_path / "n\0j.yaml")
    assert "kan ikke læses" in refusal(tmp_path / ("j" * 999))
    (tmp_path / "mappe.yaml").mkdir()
    assert "er en mappe" in refusal(tmp_path / "mappe.yaml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes among its files")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "ikke er en fil" in refusal(tmp_path / "pipe.yaml")


@pytest.mark.parametrize("content", ["", "\n", "# intet\n", "---\n", "\ufeff"])
def test_a_file_without_a_value_is_empty(written, content):
    assert yaml_file.read(written(content)) == {}
