"""Find a commune as people type it."""

from django.db.models import Case, F, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from register.models import Commune
from register.text import search_key

BOURGOGNE = ("21", "58", "71", "89")
LIMIT = 20
# What people write for short in French place names.
ABBREVIATIONS = {"st": "saint", "ste": "sainte"}


def search_communes(text: str, limit: int = LIMIT) -> QuerySet[Commune]:
    """Communes of Bourgogne whose name or postal code matches `text`, best first, in one query.

    Accents, case, hyphens and apostrophes do not count; "st apo" finds Saint-Apollinaire, "210"
    the postal codes that begin so, "21000 dijon" both at once. A name equal to the text comes
    first, then names beginning with it, then names with a word beginning with it, then others;
    within these, the most populated. An empty text finds nothing.
    """
    words = [ABBREVIATIONS.get(word, word) for word in search_key(text).split()]
    digits = [word for word in words if word.isdigit()]
    name = " ".join(word for word in words if not word.isdigit())
    communes = Commune.objects.filter(department_id__in=BOURGOGNE)
    if not words:
        return communes.none()
    for number in digits:
        communes = communes.alias(codes=Cast("postal_codes", TextField())).filter(
            Q(codes__contains=f'"{number}') | Q(insee=number)
        )
    if name:
        communes = communes.filter(search_name__contains=name)
    return communes.order_by(_rank(name), F("population").desc(), "search_name")[:limit]


def communes_named(text: str) -> list[Commune]:
    """The communes that a line of a list names: by INSEE code, by name, or as `commune_in_full`.

    Several when others have the same name, or a postal code does not tell them apart.
    """
    words = search_key(text).split()
    name = " ".join(word for word in words if not word.isdigit())
    found = [c for c in search_communes(text) if name in ("", c.search_name)]
    by_code = [commune for commune in found if commune.pk in words]
    return by_code or (found if name else [])


def commune_in_full(commune: Commune) -> str:
    """Its name and INSEE code: 75 communes of Bourgogne share their name with another."""
    return f"{commune.name} ({commune.pk})"


def _rank(name: str) -> Case:
    """Closeness of the commune's name to `name`, smallest first."""
    return Case(
        When(search_name=name, then=Value(0)),
        When(search_name__startswith=name, then=Value(1)),
        When(search_name__contains=f" {name}", then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
