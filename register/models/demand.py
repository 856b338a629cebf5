"""The demand: one per applicant and department, known by its unique registration number."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from register import codes
from register.code_lists import stored

from .organisation import Counter, Organisation
from .territory import Commune, Department, Quarter


class DemandState(models.TextChoices):
    """Legal and working states of a demand (`lifecycle.py` holds the moves between them)."""

    AWAITING_CHECK = "awaiting_check", _("Registered, identity document to be checked")
    ACTIVE = "active", _("Active")
    UNDER_ALLOCATION = "under_allocation", _("Candidate for a home")
    STRUCK_OFF = "struck_off", _("Struck off")
    MERGED = "merged", _("Merged into another demand")
    ERASED = "erased", _("Erased")


LIVE_STATES = (
    DemandState.AWAITING_CHECK,
    DemandState.ACTIVE,
    DemandState.UNDER_ALLOCATION,
)


class Demand(models.Model):
    """A demand for social housing (CCH R441-2-2 to R441-2-8).

    `received_on` is the date of the first deposit: it fixes seniority and never changes.
    `number` is the 18-character unique number; it is an identifier, not a secret.
    """

    number = models.CharField(_("registration number"), max_length=18, unique=True)
    submission_token = models.UUIDField(unique=True, editable=False)
    state = models.CharField(_("state"), max_length=20, choices=DemandState.choices)
    strike_off_reason = models.CharField(
        _("reason for striking off"),
        max_length=6,
        choices=codes.StrikeOffReason.choices,
        blank=True,
    )
    struck_off_on = models.DateField(null=True, blank=True)
    # No index of their own: `demand_department_number` begins with the department, and nobody looks
    # demands up by counter.
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="demands", db_index=False
    )
    counter = models.ForeignKey(
        Counter, on_delete=models.PROTECT, related_name="demands", db_index=False
    )
    registered_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="registered_demands"
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="demands",
    )
    channel = models.CharField(_("channel"), max_length=10, choices=codes.Channel.choices)
    received_at = models.DateTimeField(_("received at"))
    received_on = models.DateField(_("received on"))
    last_renewed_on = models.DateField(_("last renewed on"), null=True, blank=True)
    expires_on = models.DateField(_("valid until"))
    language = models.CharField(_("language"), max_length=2, default="fr")
    # A legal person that houses others (CCH L442-8-1): no people, no household, no resources.
    is_association = models.BooleanField(
        _("demand of an association"), default=False, db_default=False
    )
    # A sealed file (violence) is withheld from everybody but those who need it: see the guards.
    is_sealed = models.BooleanField(_("sealed file"), default=False)

    unborn_count = models.PositiveSmallIntegerField(_("children to be born"), default=0)
    unborn_due_on = models.DateField(_("expected date of birth"), null=True, blank=True)

    building_kind = models.CharField(
        _("flat or house"),
        max_length=1,
        choices=stored(codes.BuildingKind),
        default=codes.BuildingKind.EITHER,
    )
    widening = models.BooleanField(_("widen to neighbouring communes"), default=False)
    max_monthly_cost = models.DecimalField(
        _("highest monthly cost, rent and charges (euros)"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
    )
    accepts_flat_share = models.BooleanField(_("accepts a room in a shared flat"), default=False)
    accepts_ground_floor = models.BooleanField(_("accepts a ground floor"), default=False)
    accepts_no_lift = models.BooleanField(_("accepts a building without a lift"), default=False)
    wants_ownership_news = models.BooleanField(_("wants to hear of homes to buy"), default=False)
    remarks = models.TextField(_("further details (case H1)"), max_length=1000, blank=True)
    tax_year = models.PositiveSmallIntegerField(_("tax year N-2"), null=True, blank=True)

    version = models.PositiveIntegerField(default=1, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("demand")
        verbose_name_plural = _("demands")
        # None speaks of the state: PostgreSQL then writes a step in the row's own page, and none of
        # the indexes of the demand.
        indexes = [
            models.Index(fields=["received_on", "id"], name="demand_seniority"),
            # Which departments have numbers that begin with what was typed: one look for each.
            models.Index(
                fields=["department", "number"],
                opclasses=["varchar_pattern_ops", "varchar_pattern_ops"],
                name="demand_department_number",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=DemandState.values), name="demand_state_is_known"
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=DemandState.STRUCK_OFF, struck_off_on__isnull=False)
                    & ~Q(strike_off_reason="")
                )
                | Q(
                    # Closed on that day, for none of the legal reasons: it goes on elsewhere.
                    state=DemandState.MERGED,
                    struck_off_on__isnull=False,
                    strike_off_reason="",
                )
                | Q(state=DemandState.ERASED, struck_off_on__isnull=False)
                | (Q(state__in=LIVE_STATES) & Q(strike_off_reason="", struck_off_on__isnull=True)),
                name="demand_struck_off_has_reason",
                violation_error_message=_("A demand is struck off for one of the legal reasons."),
            ),
            models.CheckConstraint(
                condition=Q(expires_on__gt=models.F("received_on")),
                name="demand_expires_after_reception",
            ),
            models.UniqueConstraint(
                fields=["account", "department"],
                # Those that live: the constraint above says which are struck off. An association
                # makes as many as the homes that it looks for (arrêté of 7 November 2000).
                condition=Q(struck_off_on__isnull=True, is_association=False),
                name="one_live_demand_per_account_and_department",
                violation_error_message=_("You already have a demand in this department."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_live(self) -> bool:
        """True while the demand counts: registered and neither struck off nor erased."""
        return self.state in LIVE_STATES


class NumberCounter(models.Model):
    """Last sequence given per department and month; never deleted, so no number is given twice."""

    territory = models.CharField(max_length=3)
    period = models.CharField(max_length=4)  # MMYY
    last = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "period"], name="one_counter_per_month"),
            models.CheckConstraint(condition=Q(last__lte=999_999), name="six_digits_at_most"),
        ]

    def __str__(self) -> str:
        return f"{self.territory}{self.period}: {self.last}"


class Reason(models.Model):
    """A reason for the demand, in the applicant's order."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="reasons")
    code = models.CharField(max_length=3, choices=stored(codes.DemandReason))
    position = models.PositiveSmallIntegerField()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["demand", "code"], name="reason_once")]

    def __str__(self) -> str:
        return self.get_code_display()


class WishedType(models.Model):
    """A wished size of home."""

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="wished_types")
    code = models.CharField(max_length=3, choices=stored(codes.HomeType))

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["demand", "code"], name="type_once")]
        indexes = [models.Index(fields=["code", "demand"], name="wished_type_demand")]

    def __str__(self) -> str:
        return self.get_code_display()


class WishedCommune(models.Model):
    """A wished commune, or one quarter of it, in order of preference (case G3).

    Without a quarter the whole commune is wished, its quarters included.
    """

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="wished_communes")
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="wishes")
    quarter = models.ForeignKey(
        Quarter,
        verbose_name=_("wished quarter"),
        on_delete=models.PROTECT,
        related_name="wishes",
        null=True,
        blank=True,
        db_index=False,
    )
    position = models.PositiveSmallIntegerField()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["demand", "commune"], name="commune_once"),
            models.UniqueConstraint(fields=["demand", "position"], name="one_commune_per_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.place}"

    @property
    def place(self) -> str:
        """The commune, followed by its quarter when one is wished."""
        name = self.commune.name
        return f"{name} – {self.quarter.name}" if self.quarter else name
