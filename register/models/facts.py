"""What rules, lists and figures read: one narrow row per demand, one row per audience.

Both are written by `services/facts.py` in the transaction that changes the demand, nowhere else.
"""

from django.db import models
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from register import bits, codes
from register.code_lists import stored

from .demand import Demand, DemandState


class DemandFacts(models.Model):
    """What rules, lists and figures know of a demand, on the day it was last computed.

    NULL means unknown, never "no"; an empty code means that nobody answered. What depends on time
    stays a date (seniority, age), or is computed again on `recompute_on`. Sets of codes are
    integers, one bit per code (`bits.py`). Money: euros, per month or per year as each column says.
    Wide columns come last: rows stay narrow.
    """

    demand = models.OneToOneField(
        Demand, on_delete=models.CASCADE, primary_key=True, related_name="facts"
    )

    # The demand itself, copied so that rules read one row.
    received_on = models.DateField()
    expires_on = models.DateField()
    last_renewed_on = models.DateField(null=True)
    struck_off_on = models.DateField(null=True)
    applicant_birth_date = models.DateField(null=True)
    housed_since = models.DateField(null=True)
    # The first day on which something here changes by itself: a birthday, the end of a label.
    recompute_on = models.DateField(null=True)

    # Bits of codes.
    reasons = models.IntegerField(default=0)
    # Recognised and in force.
    priority_labels = models.IntegerField(default=0)
    # Not recognised, after examination.
    refused_priorities = models.IntegerField(default=0)
    # Detected by the rules.
    detected_priorities = models.IntegerField(default=0)
    wished_home_types = models.SmallIntegerField(default=0)
    verified_documents = models.SmallIntegerField(default=0)
    # Why offers were declined: rules name the reasons that weigh.
    decline_reasons = models.SmallIntegerField(default=0)

    # People.
    # NULL for an association: it names no household (L442-8-1).
    household_size = models.PositiveSmallIntegerField(_("people to be housed"), null=True)
    household_category = models.PositiveSmallIntegerField(_("household category"), null=True)
    # Aged 18 or more.
    adults = models.PositiveSmallIntegerField(null=True, default=0)
    # Under 18, born.
    children = models.PositiveSmallIntegerField(null=True, default=0)
    visiting_children = models.PositiveSmallIntegerField(null=True, default=0)
    unborn_count = models.PositiveSmallIntegerField(null=True, default=0)
    current_occupants = models.PositiveSmallIntegerField(null=True)
    # Square metres.
    current_surface = models.PositiveSmallIntegerField(null=True)
    # Those who will share the home without being of the household.
    flat_sharers = models.PositiveSmallIntegerField(default=0, db_default=0, null=True)
    # Offers declined by the applicant.
    refusals = models.PositiveSmallIntegerField(default=0)

    # Yes or no.
    is_sealed = models.BooleanField(default=False)
    is_couple = models.BooleanField(null=True, default=False)
    single_parent = models.BooleanField(null=True, default=False)
    has_disability = models.BooleanField(null=True, default=False)
    # An adult works again after more than a year without (D14).
    long_unemployed = models.BooleanField(null=True)
    is_first_application = models.BooleanField(_("not yet in social housing"), null=True)
    # Smaller than the legal surface.
    over_occupied = models.BooleanField(null=True)
    widening = models.BooleanField(default=False)
    # Can be reached by e-mail.
    accepts_email = models.BooleanField(default=False)
    # NULL for an association, which has no identity document to show.
    identity_verified = models.BooleanField(null=True, default=False)
    is_priority = models.BooleanField(_("recognised priority"), default=False)
    is_dalo = models.BooleanField(default=False)

    # Money and measures.
    consumption_units = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    annual_income = models.DecimalField(
        _("reference income (euros per year)"), max_digits=11, decimal_places=2, null=True
    )
    # Euros per year and consumption unit.
    income_per_unit = models.DecimalField(
        max_digits=11,
        decimal_places=2,
        null=True,
    )
    # Euros per month.
    monthly_income = models.DecimalField(max_digits=11, decimal_places=2, null=True)
    # By all the adults, euros per month.
    alimony_paid = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    # Rent and charges, euros per month.
    current_cost = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    # Euros per month.
    housing_benefit = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    # Percent of the monthly income spent on the present home; 999.99 stands for more.
    effort_ratio = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        null=True,
    )
    # Euros per month.
    max_monthly_cost = models.DecimalField(max_digits=8, decimal_places=2, null=True)

    # Codes and words.
    state = models.CharField(max_length=20, choices=DemandState.choices)
    department = models.CharField(max_length=3)
    strike_off_reason = models.CharField(
        max_length=6, choices=codes.StrikeOffReason.choices, blank=True
    )
    channel = models.CharField(max_length=10, choices=codes.Channel.choices, blank=True)
    applicant_title = models.CharField(max_length=1, choices=stored(codes.Title), blank=True)
    family_status = models.CharField(max_length=1, choices=stored(codes.FamilyStatus), blank=True)
    work_status = models.CharField(max_length=3, choices=stored(codes.WorkStatus), blank=True)
    current_housing = models.CharField(
        max_length=10, choices=stored(codes.CurrentHousingKind), blank=True
    )
    current_home_type = models.CharField(max_length=3, choices=stored(codes.HomeType), blank=True)
    building_kind = models.CharField(max_length=1, choices=stored(codes.BuildingKind), blank=True)
    first_reason = models.CharField(max_length=3, choices=stored(codes.DemandReason), blank=True)
    first_commune = models.CharField(max_length=5, blank=True)
    # Versions of the priority modules that detected, as "12" or "12,15".
    detected_by = models.CharField(max_length=60, blank=True)
    # As lines show them, so that a page reads no other table: last name first; one place a line.
    applicant_name = models.CharField(max_length=220)
    wished_places = models.CharField(blank=True, default="", db_default="")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("facts of a demand")
        indexes = [
            models.Index(fields=["household_size", "demand"], name="facts_size"),
            models.Index(
                fields=["demand"], condition=models.Q(is_priority=True), name="facts_priority"
            ),
            models.Index(
                fields=["recompute_on"],
                condition=models.Q(recompute_on__isnull=False),
                name="facts_recompute",
            ),
        ]

    def __str__(self) -> str:
        return str(self.demand_id)


class FactsCheck(models.Model):
    """One night's check of the facts: how many rows were computed again, and which differed.

    `wrong` holds the columns that differed, by key of the demand; the rows were then mended.
    """

    at = models.DateTimeField()
    checked = models.PositiveIntegerField()
    wrong = models.JSONField(default=dict)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("check of the facts")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


# What page indexes of audiences cover, besides what they are sorted by.
_ALSO_FILTERED = ["is_sealed", "home_types", "is_priority", "identity_verified"]
_ALSO_GUARDED = ["department", "registered_by"]


_COUNTED = ["audience", "is_live", "department", *_ALSO_FILTERED, "household_size"]


def wishes(home_type: str) -> models.Q:
    """Rows of demands that wish this type of home: written as the indexes that count them are."""
    bit = bits.mask([home_type], bits.HOME_TYPES)
    return models.Q(GreaterThan(models.F("home_types").bitand(bit), 0))


class DemandAudience(models.Model):
    """The demand indexed once per audience it belongs to: "dep:21", "commune:21231", "epci:…".

    What lists filter, sort and guard by is copied here, so that a page, or its exact count, is read
    in one index and never in the tables. An index, not a truth: rights are decided on the demand.
    Of its state only "live" is copied: a demand that becomes a candidate is not indexed again.

    `quarter` is the quarter wished in the commune of the row, empty for the whole commune and in
    other rows. No index covers it: only who asks for a quarter looks at it.
    """

    pk = models.CompositePrimaryKey("demand", "audience")
    demand = models.ForeignKey(
        Demand, on_delete=models.CASCADE, related_name="audiences", db_index=False
    )
    audience = models.CharField(max_length=30)
    is_live = models.BooleanField()
    received_on = models.DateField()
    household_size = models.PositiveSmallIntegerField(null=True)
    # One bit per wished type of home.
    home_types = models.PositiveSmallIntegerField()
    is_sealed = models.BooleanField()
    is_priority = models.BooleanField()
    identity_verified = models.BooleanField(null=True)
    registered_by = models.IntegerField()
    department = models.CharField(max_length=3)
    quarter = models.CharField(max_length=60, default="", db_default="")

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
            models.Index(fields=_COUNTED, name="audience_counted"),
            # The same for each type of home, which most lists are asked for.
            *(
                models.Index(
                    fields=_COUNTED, condition=wishes(code), name=f"audience_counts_{code.lower()}"
                )
                for code in bits.HOME_TYPES
            ),
        ]

    def __str__(self) -> str:
        return self.audience
