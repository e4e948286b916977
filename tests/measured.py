"""What long tests found out about the product, kept where somebody asks for it.

`docs/reliability.md` is made of it by `tools/make_reliability.py`, so that its numbers are those
of the tests. Without ``RELIABILITY_FOLDER`` in the environment nothing is kept.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path


def record(section: str, facts: Mapping[str, int | float | str]) -> None:
    """Keep facts under the name of a section, instead of what was kept there before."""
    folder = os.environ.get("RELIABILITY_FOLDER")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        text = json.dumps(dict(facts), indent=1, sort_keys=True) + "\n"
        (Path(folder) / f"{section}.json").write_text(text, encoding="utf-8")
