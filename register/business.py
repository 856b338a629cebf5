"""Numbers of companies and other bodies: SIREN (9 figures), SIRET (14: a SIREN and a place)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SIREN, SIRET = 9, 14
# Its places are too many for the usual check: their figures add up to a multiple of 5.
LA_POSTE = "356000000"


def has_right_key(number: str) -> bool:
    """Luhn's check of a SIREN or SIRET, every second figure from the right counted twice."""
    if number.startswith(LA_POSTE) and sum(map(int, number)) % 5 == 0:
        return True
    figures = [int(figure) for figure in reversed(number)]
    doubled = [sum(divmod(2 * figure, 10)) for figure in figures[1::2]]
    return sum(figures[::2] + doubled) % 10 == 0


def check_siren(number: str) -> None:
    """ValidationError unless these are the nine figures of a SIREN, the last one right."""
    if len(number) != SIREN or not (number.isascii() and number.isdigit()):
        raise ValidationError(_("A SIREN has nine figures."), code="figures")
    if not has_right_key(number):
        told = _("One figure of this number is wrong. Compare it with the paper.")
        raise ValidationError(told, code="check")
