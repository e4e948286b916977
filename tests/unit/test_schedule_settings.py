"""The table [schedule] of settings.toml, and what a Prefect server is told of PostgreSQL."""

import pytest
from receivers import certificate

from pipeline.errors import UsageError
from pipeline.schedule.postgresql import database_settings
from pipeline.schedule.settings import Schedule
from pipeline.settings import load_settings


def read(home, text):
    home.mkdir(parents=True, exist_ok=True)
    (home / "settings.toml").write_text(text, encoding="utf-8")
    return load_settings(home).schedule


def test_without_a_table_the_defaults_hold(tmp_path):
    assert load_settings(tmp_path).schedule == Schedule()
    assert (Schedule().deadline_days, Schedule().remind_days_before) == (20, (10, 3, 0))


def test_every_setting_is_read(tmp_path):
    text = """
[schedule]
deadline_days = 30
remind_days_before = [1, 14, 1]
organisations = ["rbq", "01T"]
sources = ["pay", "esr_staff"]
cron = "30 5 * * mon-fri"
report_address = "https://equality.example.org/reports"
port = 4200
"""
    assert read(tmp_path, text) == Schedule(
        30, (14, 1), ("01T", "RBQ"), ("esr_staff", "pay"), "30 5 * * mon-fri",
        "https://equality.example.org/reports", 4200,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("deadline_days = 93", "deadline_days must be at most 92"),
        ("deadline_days = -1", "deadline_days must be a whole number of 0 or more"),
        ("deadline_days = 1.5", "deadline_days must be a whole number"),
        ("remind_days_before = [true]", "remind_days_before must be a list of whole days"),
        ("remind_days_before = 3", "remind_days_before must be a list of whole days"),
        ('organisations = ["01T", "ZZZ9"]', "organisations: number 2 of the list is no code"),
        ('sources = ["control_totals"]', "sources may name actions, board, duties"),
        ('cron = "daily"', "cron must have five fields"),
        ('cron = "* * * * rm;"', "cron must have five fields"),
        ('report_address = "file:///x"', "report_address must begin with https://"),
        ("port = 65536", "port must be a whole number"),
        ("late = 1", "holds what is not known: late"),
        ("postgresql = 1", "is no table"),
        ('postgresql = {name = "prefect"}', "user must be a text"),
        ('postgresql = {name = "a", user = "b", passwd = "c"}', "holds what is not known: passwd"),
    ],
)
def test_a_fault_is_told_by_its_place(tmp_path, line, fault):
    with pytest.raises(UsageError, match=r"settings\.toml cannot be used") as told:
        read(tmp_path, f"[schedule]\n{line}\n")
    assert fault in str(told.value)


def test_all_faults_are_told_at_once(tmp_path):
    with pytest.raises(UsageError) as told:
        read(tmp_path, '[schedule]\ndeadline_days = "x"\nport = "y"\nnothing = 1\n')
    assert len(str(told.value).splitlines()) == 4


def test_what_is_no_table_is_told(tmp_path):
    with pytest.raises(UsageError, match=r"schedule must be a table"):
        read(tmp_path, "schedule = 1\n")


# --- PostgreSQL -------------------------------------------------------------------------------

TABLE = '[schedule.postgresql]\nname = "prefect"\nuser = "equality"\n'


def database(home, more, password="right\n", mode=0o600):
    schedule = read(home, TABLE + more)
    (home / "secret").write_text(password)
    (home / "secret").chmod(mode)
    return database_settings(schedule, home)


def test_without_a_table_the_server_keeps_its_own_file(tmp_path):
    assert database_settings(Schedule(), tmp_path) == {}


def test_on_this_machine_it_is_spoken_to_as_it_is(tmp_path):
    assert database(tmp_path, 'password_file = "secret"\n') == {
        "PREFECT_SERVER_DATABASE_DRIVER": "postgresql+asyncpg",
        "PREFECT_SERVER_DATABASE_HOST": "localhost",
        "PREFECT_SERVER_DATABASE_PORT": "5432",
        "PREFECT_SERVER_DATABASE_NAME": "prefect",
        "PREFECT_SERVER_DATABASE_USER": "equality",
        "PREFECT_SERVER_DATABASE_PASSWORD": "right",
    }


def test_another_machine_is_spoken_to_under_tls_with_its_certificate_checked(tmp_path, monkeypatch):
    monkeypatch.setenv("THE_PASSWORD", "of the environment")
    known = certificate(tmp_path / "tls").chain
    more = f'host = "db.example.org"\npassword_variable = "THE_PASSWORD"\nca_file = "{known}"\n'
    found = database(tmp_path, more)
    tls = "PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_TLS"
    assert found["PREFECT_SERVER_DATABASE_PASSWORD"] == "of the environment"
    assert (found[f"{tls}_ENABLED"], found[f"{tls}_CA_FILE"]) == ("true", str(known))
    assert database(tmp_path, 'host = "10.0.0.7"\n')[f"{tls}_ENABLED"] == "true"


@pytest.mark.parametrize(
    ("more", "mode", "fault"),
    [
        ('password_file = "secret"\n', 0o644, "password_file can be read by other accounts"),
        ('password_file = "nowhere"\n', 0o600, "password_file names a file that cannot be read"),
        ('password_variable = "NOT_SET_7"\n', 0o600, "an environment variable that is not set"),
        ('ca_file = "nowhere"\n', 0o600, "ca_file names no file of certificates"),
    ],
)
def test_a_password_that_cannot_be_read_is_told_without_it(tmp_path, more, mode, fault):
    with pytest.raises(UsageError) as told:
        database(tmp_path, more, "PLANTED\n", mode)
    assert fault in str(told.value)
    assert "PLANTED" not in str(told.value)
