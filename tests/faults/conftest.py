"""What the tests of faults start from: an undisturbed run, copies of its home, and what kills."""

import pytest
from killing import Killer, copy_of, plain_run


@pytest.fixture(scope="module")
def plain():
    return plain_run()


@pytest.fixture(scope="module")
def killer():
    with Killer() as killer:
        yield killer


@pytest.fixture
def home(plain, tmp_path):
    return copy_of(plain.home, tmp_path / "home")
