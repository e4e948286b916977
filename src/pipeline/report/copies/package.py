"""The description of the copies that programs read: Data Package (datapackage.org), version 2."""

import hashlib
import json
from pathlib import Path
from typing import Any

from pipeline.publish.plain_csv import FORMULA_RULE
from pipeline.publish.tables import ATTRIBUTION
from pipeline.report.source import Published
from schemas.published import TABLES
from schemas.published_keys import REFERENCES, UNIQUE

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TYPES = {
    "varchar": "string", "bigint": "integer", "double": "number", "date": "date",
    "boolean": "boolean",
}  # fmt: skip
_LICENCE = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}


def descriptor(published: Published, folder: Path) -> str:
    """Return ``datapackage.json`` for the copies that lie in ``folder``.

    The CSV files are its tables, with types, descriptions and keys; the Parquet files stand beside
    them as files, since they carry types of their own. Each has its size and SHA-256.
    """
    sample = "Every person in it is invented. " if published.is_sample else ""
    package = {
        "$schema": PROFILE,
        "name": f"workforce-equality-{published.release_id}",
        "id": published.release_id,
        "title": "Workforce equality figures",
        "description": f"{sample}Protected figures of release {published.release_id}: the WRES, "
        f"the WDES, pay gaps, workforce profile and declaration rates. {FORMULA_RULE} What is "
        "missing is empty.",
        "version": published.release_id,
        "licenses": [_LICENCE],
        "sources": [{"title": ATTRIBUTION}],
        "resources": [
            *(_table(name, folder) for name in TABLES),
            *(_parquet(name, folder) for name in TABLES),
        ],
    }
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def _table(name: str, folder: Path) -> dict[str, Any]:
    schema = TABLES[name]
    return {
        "name": name,
        "type": "table",
        "title": name.replace("_", " ").capitalize(),
        "description": schema.description,
        **_file(folder, f"csv/{name}.csv"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"'},
        "schema": {
            "fields": [_field(name, column) for column in schema.columns],
            "missingValues": [""],
            **_keys(name),
        },
    }


def _parquet(name: str, folder: Path) -> dict[str, Any]:
    return {
        "name": f"{name}-parquet",
        "title": f"{name.replace('_', ' ').capitalize()}, as Parquet",
        "description": TABLES[name].description,
        **_file(folder, f"parquet/{name}.parquet"),
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
    }


def _file(folder: Path, path: str) -> dict[str, Any]:
    content = (folder / path).read_bytes()
    return {
        "path": path,
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }


def _field(table: str, name: str) -> dict[str, Any]:
    column = TABLES[table].columns[name]
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    if values := allowed(table, name):
        constraints["enum"] = values
    field: dict[str, Any] = {
        "name": name,
        "type": TYPES[column.metadata["sql_type"]],
        "description": column.description,
    }
    if constraints:
        field["constraints"] = constraints
    if field["type"] == "string" and not column.nullable:
        # An empty cell is an empty text there, such as the bodies of a source that nobody sent.
        field["missingValues"] = []
    return field


def allowed(table: str, name: str) -> list[str]:
    """Return the values that a coded column may hold; none where it is not coded."""
    checks = TABLES[table].columns[name].checks
    return [str(value) for check in checks for value in check.statistics["allowed_values"]]


def _keys(table: str) -> dict[str, Any]:
    """Return the keys of a table; a primary key has no missing value, a unique key may."""
    names = list(UNIQUE[table])
    has_gaps = any(TABLES[table].columns[name].nullable for name in names)
    keys: dict[str, Any] = {"uniqueKeys": [names]} if has_gaps else {"primaryKey": names}
    if references := REFERENCES.get(table):
        keys["foreignKeys"] = [
            {
                "fields": list(one.columns),
                "reference": {"resource": one.table, "fields": list(one.target)},
            }
            for one in references
        ]
    return keys
