#!/usr/bin/env python3
"""Build `bourgogne.json` and `departments.json` of `register/reference/data` from public packages.

Needs npm, pip and a package index; everything is downloaded into a temporary folder and thrown
away. Run it again for a new vintage, then compare the counts of `tests/register/test_reference.py`.

    python scripts/build_reference_data.py [folder]
"""

import csv
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ETALAB = "@etalab/decoupage-administratif@6.0.0"
OPENFISCA = "openfisca-france==176.1.8"
ABC_ZONES = "openfisca_france/assets/zonage-communes/zonage-abc-juillet-2024.csv"
REGION = "27"
DEPARTMENTS = ("21", "58", "71", "89")
OUTPUT = Path(__file__).resolve().parents[1] / "register/reference/data"
HEADER = {
    "title": "Communes, EPCI, departments and region of Bourgogne",
    "source": (
        "Territories, populations and postal codes: Etalab, npm @etalab/decoupage-administratif "
        "6.0.0 (Insee, official geographic code; DGCL, EPCI; La Poste, postal codes). ABC zones: "
        "order of 5 July 2024 on ABC zones, as copied in PyPI openfisca-france 176.1.8."
    ),
    "licence": "Licence Ouverte / Open Licence 2.0 (data); the packages' code is not reused",
    "vintage": "2026 (territories), July 2024 (ABC zones)",
    "built_by": "scripts/build_reference_data.py",
}
DEPARTMENTS_HEADER = {
    "title": "Departments of France",
    "source": (
        "Etalab, npm @etalab/decoupage-administratif 6.0.0 (Insee, official geographic code: "
        "https://www.insee.fr/fr/information/2560452)"
    ),
    "licence": HEADER["licence"],
    "vintage": "2026 (codes and names of the 101 departments)",
    "note": (
        "Names only, for delays of other departments: the register keeps demands of the departments"
        " of its region, listed in bourgogne.json."
    ),
    "built_by": HEADER["built_by"],
}
# The other lines of the list are collectivities and territories overseas.
DEPARTMENT_ZONES = ("metro", "drom")
# Which stands between 19 and 21.
CORSICA = {"2A": "20A", "2B": "20B"}


def run(*command: str, folder: Path) -> None:
    """Run a package client found on the PATH, in `folder`."""
    program = shutil.which(command[0])
    if program is None:
        raise SystemExit(f"{command[0]} is needed to build the reference data")
    subprocess.run([program, *command[1:]], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def download_territories(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The four lists of the Etalab package, by file name."""
    run("npm", "pack", "--silent", ETALAB, folder=folder)
    with tarfile.open(next(folder.glob("etalab-*.tgz"))) as archive:
        names = ("regions", "departements", "epci", "communes")
        return {name: json.load(_member(archive, f"package/data/{name}.json")) for name in names}


def _member(archive: tarfile.TarFile, name: str) -> Any:
    return archive.extractfile(name)


def download_zones(folder: Path) -> dict[str, str]:
    """INSEE code → ABC zone."""
    pip = ("-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), OPENFISCA)
    run(sys.executable, *pip, folder=folder)
    with zipfile.ZipFile(next(folder.glob("openfisca_france-*.whl"))) as wheel:
        text = wheel.read(ABC_ZONES).decode("utf-8-sig")
    return dict(read_zones(text))


def read_zones(text: str) -> Iterable[tuple[str, str]]:
    """Rows of the zoning file, whose separator and column titles change between vintages."""
    dialect = csv.Sniffer().sniff(text[:2000], delimiters=";,\t")
    rows = csv.reader(io.StringIO(text), dialect)
    titles = [title.lower() for title in next(rows)]
    code = next(i for i, title in enumerate(titles) if "codgeo" in title or "insee" in title)
    zone = next(i for i, title in enumerate(titles) if "zon" in title)
    for row in rows:
        yield row[code].zfill(5), row[zone].strip().replace("Abis", "A bis")


def french(name: str) -> str:
    """Typographic apostrophe and dash, as the screens and letters print them."""
    return name.replace("'", "’").replace(" - ", " – ")


def derive(lists: dict[str, list[dict[str, Any]]], zones: dict[str, str]) -> dict[str, Any]:
    """Keep the four departments of Bourgogne, with the columns the register uses."""
    communes = [
        commune
        for commune in lists["communes"]
        if commune["type"] == "commune-actuelle" and commune.get("departement") in DEPARTMENTS
    ]
    kept = {commune["code"] for commune in communes}
    epci_of = {
        member["code"]: epci["code"]
        for epci in lists["epci"]
        for member in epci["membres"]
        if member["code"] in kept
    }
    groupings = set(epci_of.values())
    return {
        **HEADER,
        "regions": [
            {"code": r["code"], "name": french(r["nom"])}
            for r in lists["regions"]
            if r["code"] == REGION
        ],
        "departments": [
            {"code": d["code"], "name": french(d["nom"]), "region": d["region"]}
            for d in lists["departements"]
            if d["code"] in DEPARTMENTS
        ],
        "epci": [
            {"siren": e["code"], "name": french(e["nom"]), "population": e["populationTotale"]}
            for e in lists["epci"]
            if e["code"] in groupings
        ],
        "communes": [
            {
                "insee": c["code"],
                "name": french(c["nom"]),
                "postal_codes": c["codesPostaux"],
                "department": c["departement"],
                "epci": epci_of.get(c["code"]),
                "population": c["population"],
                "zone_abc": zones[c["code"]],
            }
            for c in sorted(communes, key=lambda c: c["code"])
        ],
    }


def derive_departments(lists: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Codes and names of all departments."""
    rows = [
        {"code": d["code"], "name": french(d["nom"])}
        for d in sorted(lists["departements"], key=lambda d: CORSICA.get(d["code"], d["code"]))
        if d["zone"] in DEPARTMENT_ZONES
    ]
    return {**DEPARTMENTS_HEADER, "departments": rows}


def write(data: dict[str, Any], path: Path) -> None:
    """One row a line: a new vintage then reads as a difference."""
    parts = []
    for key, value in data.items():
        if isinstance(value, list):
            rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in value)
            parts.append(f" {json.dumps(key)}: [\n  {rows}\n ]")
        else:
            parts.append(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def main() -> None:
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lists = download_territories(folder)
        data = derive(lists, download_zones(folder))
    write(data, output / "bourgogne.json")
    write(derive_departments(lists), output / "departments.json")
    sys.stdout.write(f"{output}: {len(data['communes'])} communes, {len(data['epci'])} EPCI\n")


if __name__ == "__main__":
    main()
