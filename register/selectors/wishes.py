"""What the applicant says yes to besides the homes she asks for (Cerfa 14069, page 9)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register.models import Demand

_ACCEPTED: tuple[tuple[str, Promise], ...] = (
    ("accepts_flat_share", _("a room in a shared flat")),
    ("accepts_ground_floor", _("a ground floor")),
    ("accepts_no_lift", _("a building without a lift")),
    ("wants_ownership_news", _("news of homes to buy")),
)


def accepted_too(demand: Demand) -> list[str]:
    """In words; empty when nothing was ticked."""
    return [str(words) for name, words in _ACCEPTED if getattr(demand, name)]
