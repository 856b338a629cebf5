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


# What page indexes of audiences cover, besides what they are sorted by.
_ALSO_FILTERED = ["is_sealed", "home_types", "is_priority", "identity_verified"]
_ALSO_GUARDED = ["department", "registered_by", "state"]


class DemandAudience(models.Model):
    """The demand indexed once per audience it belongs to: "dep:21", "commune:21231", "epci:…".

    What lists filter, sort and guard by is copied here, so that a page, or its exact count, is read
    in one index and never in the tables. An index, not a truth: rights are decided on the demand.
    """

    pk = models.CompositePrimaryKey("demand", "audience")
    demand = models.ForeignKey(
        Demand, on_delete=models.CASCADE, related_name="audiences", db_index=False
    )
    audience = models.CharField(max_length=30)
    is_live = models.BooleanField()
    received_on = models.DateField()
    household_size = models.PositiveSmallIntegerField()
    # One bit per wished type of home.
    home_types = models.PositiveSmallIntegerField()
    is_sealed = models.BooleanField()
    is_priority = models.BooleanField()
    identity_verified = models.BooleanField()
    registered_by = models.IntegerField()
    department = models.CharField(max_length=3)
    state = models.CharField(max_length=20)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("audience of a demand")
        # The columns after `demand` only make an index cover what is filtered and guarded.
        indexes = [
            models.Index(
                fields=[
                    *["audience", "is_live", "received_on", "demand", "household_size"],
                    *_ALSO_FILTERED,
                    *_ALSO_GUARDED,
                ],
                name="audience_by_date",
            ),
            models.Index(
                fields=[
                    *["audience", "is_live", "household_size", "demand", "received_on"],
                    *_ALSO_FILTERED,
                    *_ALSO_GUARDED,
                ],
                name="audience_by_size",
            ),
            # Neither date nor demand: equal entries are kept once, so that counting reads little.
            models.Index(
                fields=[
                    *["audience", "is_live", "department"],
                    *_ALSO_FILTERED,
                    *["household_size", "state"],
                ],
                name="audience_counted",
            ),
        ]

    def __str__(self) -> str:
        return self.audience
