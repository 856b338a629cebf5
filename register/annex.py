"""Code lists of the annex on handicap and loss of autonomy, one annex per person (Cerfa 14069).

The national codes verbatim (nomenclatures SNE v02.01). No list holds a diagnosis: the annex says
what a home must have, never why.
"""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Course(TextChoices):
    """État: whether the needs will change."""

    STABLE = "STA", _("Stable")
    EVOLVING = "EVO", _("Likely to change")


class Steps(TextChoices):
    """Marches: how many steps the person can climb."""

    NONE = "1", _("No step at all")
    FEW = "2", _("1 to 3 steps")
    FIRST_FLOOR = "3", _("One floor")
    MORE = "4", _("More than one floor")


class Motor(TextChoices):
    """Moteur: limbs whose use is limited."""

    UPPER = "MS", _("Arms or hands")
    LOWER = "MI", _("Legs")


class Sensory(TextChoices):
    """Sensoriel: senses that are limited."""

    HEARING = "DA", _("Hearing")
    SIGHT = "DV", _("Sight")


class Aid(TextChoices):
    """Aide technique: what the person moves or is moved with."""

    NONE = "1", pgettext_lazy("technical aid", "None")
    CANE = "2", _("Cane or crutches")
    WALKER = "3", _("Walking frame")
    MANUAL_CHAIR = "4", _("Manual wheelchair")
    ELECTRIC_CHAIR = "5", _("Electric wheelchair")
    HOIST = "6", _("Patient hoist")
    MEDICAL_BED = "7", _("Medical bed")


class Equipment(TextChoices):
    """Équipement: what the home or the building must have."""

    BATH = "1", _("Adapted bath")
    TOILET = "2", _("Toilet with room to transfer from a chair")
    SHOWER = "3", _("Step-free shower")
    LIFT = "4", _("Lift")
    CARER_ROOM = "5", _("Room for a carer")
    PARKING = "6", _("Wide parking space (3.30 m)")


class Topic(TextChoices):
    """A question of the annex; each is answered from a list of its own."""

    COURSE = "course", _("Do these needs change?")
    STEPS = "steps", _("Steps this person can climb")
    MOTOR = "motor", _("Difficulty to move")
    SENSORY = "sensory", _("Difficulty to see or hear")
    AID = "aid", _("What this person uses")
    EQUIPMENT = "equipment", _("What the home must have")


LISTS: Mapping[str, type[TextChoices]] = {
    Topic.COURSE: Course,
    Topic.STEPS: Steps,
    Topic.MOTOR: Motor,
    Topic.SENSORY: Sensory,
    Topic.AID: Aid,
    Topic.EQUIPMENT: Equipment,
}
# One answer at most.
SINGLE = (Topic.COURSE, Topic.STEPS)
