"""Fill the reference tables from the files of `data/`, as often as one likes.

Territories and lists of codes follow the files: a new vintage replaces the old values.
Organisations and parameters are only added: what an editor corrected, ended or removed for an
existing organisation stays so, above all its agreements, from which rights follow.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.db.models import Q

from register import clock, code_lists
from register.bulk import insert_once
from register.models import (
    Agreement,
    AgreementStatus,
    Commune,
    Counter,
    DemandFacts,
    Department,
    Epci,
    ListedCode,
    Organisation,
    Parameter,
    Quarter,
    Region,
    StockHolding,
    WishedCommune,
)
from register.models.agreement import usual_data_classes
from register.text import search_key

DATA = Path(__file__).parent / "data"
BATCH = 500
Row = Mapping[str, Any]


def read_data(name: str) -> dict[str, Any]:
    """One file of `data/`, with its header (source, licence, vintage)."""
    data: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return data


def load_reference(*, report: Callable[[str], object] = print) -> None:
    """Load lists of codes, territories, partners and dated figures; a second call changes nothing.

    What is invented for the demonstration (contact details, counters, agreements, some stock) is
    loaded in a demonstration only: elsewhere an organisation starts without any right.
    """
    with transaction.atomic():
        _load_codes(report)
        _load_territories(report)
        _load_partners(report)
        _load_parameters(report)


def _load_codes(report: Callable[[str], object]) -> None:
    lists = code_lists.every().values()
    rows = [
        ListedCode(position=place, **_columns(ListedCode, code))
        for each in lists
        for place, code in enumerate(each.codes)
    ]
    _upsert(ListedCode, rows, "list_name", "code")
    report(f"Codes: {len(rows)} of {len(lists)} lists")


def _columns(model: type[models.Model], item: Any) -> dict[str, Any]:
    """What a row has in common with `item`, by name."""
    names = (field.name for field in model._meta.concrete_fields)
    return {name: getattr(item, name) for name in names if hasattr(item, name)}


def _load_territories(report: Callable[[str], object]) -> None:
    data = read_data("bourgogne")
    _upsert(Region, [Region(**row) for row in data["regions"]])
    _upsert(Department, [_department(row) for row in data["departments"]])
    _upsert(Epci, [Epci(siren=row["siren"], name=row["name"]) for row in data["epci"]])
    known = _place_names()
    _upsert(Commune, [_commune(row) for row in data["communes"]])
    quarters = read_data("quarters")["quarters"]
    _upsert(Quarter, [_with_ids(Quarter, row, commune="commune") for row in quarters])
    _make_renamed_due(known)
    report(
        f"Territories: {len(data['communes'])} communes, {len(data['epci'])} EPCI, "
        f"{len(quarters)} priority quarters"
    )


def _place_names() -> dict[str, str]:
    return {
        key: name
        for places in (Commune, Quarter)
        for key, name in places._default_manager.values_list("pk", "name")
    }


def _make_renamed_due(known: dict[str, str]) -> None:
    """Facts repeat the names of wished places: those of renamed ones are due tonight."""
    renamed = [key for key, name in _place_names().items() if known.get(key, name) != name]
    wished = WishedCommune.objects.filter(Q(commune__in=renamed) | Q(quarter__in=renamed))
    if renamed:
        due = DemandFacts.objects.filter(demand__in=wished.values("demand"))
        due.update(recompute_on=clock.today())


def _department(row: Row) -> Department:
    return Department(code=row["code"], name=row["name"], region_id=row["region"])


def _commune(row: Row) -> Commune:
    commune: Commune = _with_ids(Commune, row, department="department", epci="epci")
    commune.search_name = search_key(row["name"])
    return commune


def _with_ids(model: Any, row: Row, **keys: str) -> Any:
    """Build a row whose `keys` (field=column of the file) hold identifiers of other tables."""
    values = {name: value for name, value in row.items() if name not in keys.values()}
    return model(**values, **{f"{field}_id": row.get(name) for field, name in keys.items()})


def _upsert(model: type[models.Model], rows: list[Any], *keys: str) -> None:
    """Write rows over those of the same `keys`, by default the primary key."""
    known = keys or (model._meta.pk.name,)
    columns = [f for f in model._meta.concrete_fields if not f.primary_key]
    fields = [column.name for column in columns if column.name not in known]
    model._default_manager.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=known,
        update_fields=fields,
    )


def _load_partners(report: Callable[[str], object]) -> None:
    data = read_data("organisations")
    known = set(Organisation.objects.values_list("code", flat=True))
    new = [row for row in data["organisations"] if row["code"] not in known and _is_wanted(row)]
    organisations = {row["code"]: _create_organisation(row) for row in new}
    mine = {
        name: [
            row for row in data[name] if row["organisation"] in organisations and _is_wanted(row)
        ]
        for name in ("counters", "stock", "agreements")
    }
    counters = [_counter(row, organisations) for row in mine["counters"]]
    for counter in counters:
        insert_once(counter, "code")
    StockHolding.objects.bulk_create([_stock(row, organisations) for row in mine["stock"]])
    for row in mine["agreements"]:
        _create_agreement(row, organisations)
    report(f"Partners: {len(organisations)} organisations and {len(counters)} counters added")


def _is_wanted(row: Row) -> bool:
    return settings.DEMO or not row.get("is_demo", False)


def _create_organisation(row: Row) -> Organisation:
    facts = {name: value for name, value in row.items() if name not in {"demo", "commune", "epci"}}
    if settings.DEMO and "demo" in row:
        facts = {**facts, **row["demo"], "is_demo": True}
    group, _created = Group.objects.get_or_create(name=f"organisation:{row['code']}")
    organisation = Organisation(
        **facts, group=group, commune_id=row.get("commune"), epci_id=row.get("epci")
    )
    organisation.full_clean()
    organisation.save()
    return organisation


def _counter(row: Row, organisations: Mapping[str, Organisation]) -> Counter:
    values = {**row, "organisation": organisations[row["organisation"]]}
    values["commune_id"] = values.pop("commune")
    return Counter(**values)


def _stock(row: Row, organisations: Mapping[str, Organisation]) -> StockHolding:
    values = {**row, "organisation": organisations[row["organisation"]]}
    values["department_id"] = values.pop("department")
    return StockHolding(**values)


def _create_agreement(row: Row, organisations: Mapping[str, Organisation]) -> None:
    agreement = Agreement.objects.create(
        organisation=organisations[row["organisation"]],
        purpose=row["purpose"],
        starts_on=date.fromisoformat(row["starts_on"]),
        ends_on=_day(row["ends_on"]),
        status=AgreementStatus.SIGNED,
        data_classes=[*usual_data_classes(), *row.get("also_opens", ())],
    )
    agreement.departments.set(row["departments"])


def _load_parameters(report: Callable[[str], object]) -> None:
    known = set(Parameter.objects.values_list("code", "territory", "valid_from"))
    rows = [_parameter(row) for row in read_data("parameters")["parameters"]]
    new = [row for row in rows if (row.code, row.territory, row.valid_from) not in known]
    Parameter.objects.bulk_create(new, batch_size=BATCH)
    ended = sum(_ended(row) for row in rows if row.valid_to)
    report(f"Dated figures: {len(new)} added, {ended} given their end")


def _ended(row: Parameter) -> int:
    """Give a figure that nobody changed since it was loaded the end that the file now knows."""
    return Parameter.objects.filter(
        code=row.code,
        territory=row.territory,
        valid_from=row.valid_from,
        valid_to__isnull=True,
        value=row.value,
        source=row.source,
    ).update(valid_to=row.valid_to)


def _parameter(row: Row) -> Parameter:
    return Parameter(
        code=row["code"],
        territory=row["territory"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        value=Decimal(str(row["value"])),
        unit=row["unit"],
        source=row["source"],
        is_verified=row["status"] == "verified",
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
