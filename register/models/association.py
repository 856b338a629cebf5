"""The association that asks for a home, and the numbering of its demands."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from register.business import check_siren

from .demand import Demand


class Association(models.Model):
    """The legal person that makes a demand for those whom it houses (CCH L442-8-1, R441-2-2 a).

    `rank` is the continuous numbering that completes the registration number (arrêté of 7 November
    2000): 1 for the first demand of this SIREN in the department, and so on. `representative` is
    who signs for it.
    """

    demand = models.OneToOneField(
        Demand, on_delete=models.CASCADE, primary_key=True, related_name="association"
    )
    name = models.CharField(_("name of the association"), max_length=200)
    search_name = models.CharField(max_length=220, editable=False)
    siren = models.CharField(_("SIREN"), max_length=9, validators=[check_siren])
    representative = models.CharField(_("representative"), max_length=200, blank=True)
    rank = models.PositiveIntegerField(_("rank among the demands of the association"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("association that makes a demand")
        indexes = [
            models.Index(
                fields=["search_name"],
                opclasses=["varchar_pattern_ops"],
                name="association_search_name",
            ),
            models.Index(fields=["siren"], name="association_siren"),
        ]

    def __str__(self) -> str:
        return self.name


class AssociationCounter(models.Model):
    """Last rank given to a demand of an association in a department; never deleted, as numbers."""

    siren = models.CharField(max_length=9)
    territory = models.CharField(max_length=3)
    last = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["siren", "territory"], name="one_counter_per_association"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.siren} {self.territory}: {self.last}"
