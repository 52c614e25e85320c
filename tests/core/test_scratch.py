"""Folders for what is half made: gone when it is whole, after a crash at the next start."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import filelock
import pytest

from analysis.core.scratch import clear, put, scratch


def test_a_folder_is_gone_afterwards_and_leftovers_with_it(tmp_path):
    (tmp_path / ".ingest-left" / "deep").mkdir(parents=True)
    (tmp_path / ".ingest-left" / "deep" / "raw.duckdb").write_bytes(b"rows")
    (tmp_path / "other").mkdir()
    with scratch(".ingest-", tmp_path) as folder:
        assert [one.name for one in tmp_path.iterdir() if one.name != "other"] == [folder.name]
    assert [one.name for one in tmp_path.iterdir()] == ["other"]


def test_a_folder_in_which_another_program_works_stays(tmp_path):
    code = (
        "import sys; from pathlib import Path; from analysis.core.scratch import scratch\n"
        "with scratch('.ingest-', Path(sys.argv[1])): print('begun', flush=True); input()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout.readline() == "begun\n"
    with scratch(".ingest-", tmp_path):
        assert len(list(tmp_path.iterdir())) == 2
    other.kill()
    other.communicate()
    assert len(list(tmp_path.iterdir())) == 1
    clear(".ingest-", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_who_clears_takes_nobodys_folder_though_all_begin_at_once(tmp_path):
    def work(_):
        for _ in range(30):
            with scratch(".half-", tmp_path) as folder:
                (folder / "page").write_text("whole", encoding="utf-8")
                assert (folder / "page").exists()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert list(tmp_path.iterdir()) == []


def test_a_share_that_knows_no_locks_is_worked_on_and_never_cleared(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise NotImplementedError

    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)
    (tmp_path / ".half-other").mkdir()
    with scratch(".half-", tmp_path) as folder:
        (folder / "page").write_text("whole", encoding="utf-8")
    assert [one.name for one in tmp_path.iterdir()] == [".half-other"]


def test_where_none_can_be_made_the_error_names_where_it_should_stand(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotADirectoryError) as told, scratch(".half-", tmp_path / "file"):
        pass
    assert told.value.filename == str(tmp_path / "file")


def test_a_file_is_the_old_one_until_the_new_one_is_whole(tmp_path, cut_short):
    file = tmp_path / "index.html"
    put(file, b"<html>before</html>")
    with cut_short(), pytest.raises(OSError, match="No space"):
        put(file, b"<html>after</html>")
    assert file.read_bytes() == b"<html>before</html>"
    assert [one.name for one in tmp_path.iterdir()] == ["index.html"]
    put(file, b"<html>after</html>")
    assert file.read_bytes() == b"<html>after</html>"
