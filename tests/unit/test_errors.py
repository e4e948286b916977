import pytest

from pipeline import cli
from pipeline.cli import main
from pipeline.errors import (
    DiskError,
    EqualityError,
    ExitCode,
    LockedError,
    ProductError,
    UsageError,
)


def test_exit_codes_are_the_documented_ones():
    assert {code.name: code.value for code in ExitCode} == {
        "RELEASED": 0,
        "STOPPED": 1,
        "USAGE": 2,
        "REJECTED": 3,
        "LOCKED": 4,
        "FAULT": 70,
        "DISK": 74,
    }


@pytest.mark.parametrize(
    ("kind", "exit_code"),
    [(UsageError, 2), (LockedError, 4), (ProductError, 70), (DiskError, 74), (EqualityError, 70)],
)
def test_an_error_is_told_in_one_sentence_with_its_exit_code(
    kind, exit_code, monkeypatch, capsys, tmp_path
):
    def fail(home, options):
        raise kind("The reason, and how to mend it.")

    monkeypatch.setattr("pipeline.commands.status", fail)
    assert main(["status", "--home", str(tmp_path)]) == exit_code
    out, err = capsys.readouterr()
    assert (out, err) == ("", "equality: The reason, and how to mend it.\n")


def test_a_fault_of_the_product_tells_its_place_and_no_value(monkeypatch, capsys, tmp_path):
    def fail(home, options):
        raise ValueError("could not convert 70000001 to a date")

    monkeypatch.setattr("pipeline.commands.status", fail)
    assert main(["status", "--home", str(tmp_path)]) == ExitCode.FAULT
    err = capsys.readouterr().err
    assert "ValueError at test_errors.py" in err
    assert "in fail" in err
    assert "70000001" not in err
    assert "Traceback" not in err
    assert err.count("\n") == 1


def test_an_interrupt_is_no_fault(monkeypatch, capsys, tmp_path):
    def interrupted(home, options):
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.commands.run", interrupted)
    assert main(["run", "--home", str(tmp_path)]) == 130
    assert "the last release is untouched" in capsys.readouterr().err


def test_a_reader_that_has_seen_enough_is_no_fault(monkeypatch, tmp_path):
    class Closed:
        def fileno(self):
            return devnull.fileno()

        def write(self, text):
            raise BrokenPipeError

        def flush(self):
            raise BrokenPipeError

    monkeypatch.setattr("pipeline.commands.status", lambda home, options: print("a line"))
    with open(tmp_path / "stdout", "w") as devnull:  # noqa: PTH123 - only its number is used
        monkeypatch.setattr("sys.stdout", Closed())
        assert main(["status", "--home", str(tmp_path)]) == 0


@pytest.mark.parametrize("arguments", [[], ["dance"], ["run", "--period", "2022-03-30"]])
def test_wrong_usage_ends_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == ExitCode.USAGE
    assert "usage: equality" in capsys.readouterr().err


def test_every_command_takes_a_home():
    for command in ("demo", "run", "status", "feedback", "figures", "alerts", "check-registry"):
        assert cli._parser().parse_args([command, "--home", "x"]).home == "x"
