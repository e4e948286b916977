"""Which task runner reads and checks files, and what somebody is told who lacks it."""

import pytest

from pipeline.errors import UsageError
from pipeline.settings import load_settings
from pipeline.tasks import TaskSettings


def toml(home, text):
    (home / "settings.toml").write_text(text, encoding="utf-8")
    return home


def test_without_a_table_threads_of_the_run_do(tmp_path):
    assert load_settings(tmp_path).tasks == TaskSettings("thread", "", 2)


def test_every_setting_is_read(tmp_path):
    text = '[tasks]\nrunner = "dask"\naddress = "tls://scheduler:8786"\nworkers = 3\n'
    wanted = TaskSettings("dask", "tls://scheduler:8786", 3)
    assert load_settings(toml(tmp_path, text)).tasks == wanted


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('runner = "ray"', "runner must be one of thread, dask"),
        ('address = "tcp://scheduler:8786"', "address must begin with tls://"),
        ("workers = 0", "workers must be a whole number of 1 or more"),
        ("cores = 2", "holds what is not known: cores"),
    ],
)
def test_a_fault_is_told(tmp_path, line, fault):
    with pytest.raises(UsageError, match=fault):
        load_settings(toml(tmp_path, f"[tasks]\n{line}\n"))


def test_without_the_extra_it_is_said_what_to_install(monkeypatch):
    from flows import spread

    monkeypatch.setattr(spread.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'icb-equality\[dask\]'"):
        spread.require_dask()
