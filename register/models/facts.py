"""What rules, lists and figures read: one narrow row per demand, one row per audience.

Both are written by `services/facts.py` in the transaction that changes the demand, nowhere else.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from register import codes

from .demand import Demand


class DemandFacts(models.Model):
    """Facts computed from a demand. Money: euros per year. NULL means unknown, never "no"."""

    demand = models.OneToOneField(
        Demand, on_delete=models.CASCADE, primary_key=True, related_name="facts"
    )
    applicant_name = models.CharField(max_length=220)
    household_size = models.PositiveSmallIntegerField(_("people to be housed"))
    household_category = models.PositiveSmallIntegerField(_("household category"))
    consumption_units = models.DecimalField(max_digits=4, decimal_places=1)
    annual_income = models.DecimalField(
        _("reference income (euros per year)"), max_digits=11, decimal_places=2, null=True
    )
    is_first_application = models.BooleanField(_("not yet in social housing"), null=True)
    current_housing = models.CharField(
        max_length=10, choices=codes.CurrentHousingKind.choices, blank=True
    )
    is_priority = models.BooleanField(_("recognised priority"), default=False)
    is_dalo = models.BooleanField(default=False)
    identity_verified = models.BooleanField(default=False)
    first_commune = models.CharField(max_length=5, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("facts of a demand")
        indexes = [
            models.Index(fields=["household_size", "demand"], name="facts_size"),
            models.Index(
                fields=["demand"], condition=models.Q(is_priority=True), name="facts_priority"
            ),
        ]

    def __str__(self) -> str:
        return str(self.demand_id)


class DemandAudience(models.Model):
    """The demand indexed once per audience it belongs to: "dep:21", "commune:21231", "epci:…".

    State and reception date are copied here so that a page and its count read one index.
    """

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="audiences")
    audience = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    received_on = models.DateField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("audience of a demand")
        constraints = [
            models.UniqueConstraint(fields=["audience", "demand"], name="audience_once"),
        ]
        indexes = [
            models.Index(
                fields=["audience", "state", "received_on", "demand"], name="audience_page"
            ),
        ]

    def __str__(self) -> str:
        return self.audience
