"""Organisations of the shared file, their counters, stock and members."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .territory import Commune, Department, Epci


class OrganisationKind(models.TextChoices):
    """Kinds of bodies named by CCH R441-2-1 and R441-2-6."""

    LANDLORD = "landlord", _("Social landlord")
    STATE = "state", _("State service")
    COMMUNE = "commune", _("Commune")
    EPCI = "epci", _("EPCI")
    DEPARTMENT = "department", _("Department council")
    EMPLOYER = "employer", _("Action Logement or employer")
    SIAO = "siao", _("Reception and orientation service (SIAO)")
    MANAGER = "manager", _("Manager of the shared file")
    ASSOCIATION = "association", _("Association")


class Organisation(models.Model):
    """A partner of the shared file; its rights come from its kind, agreements and rule modules."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=150)
    short_name = models.CharField(_("short name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind.choices)
    is_counter = models.BooleanField(
        _("registers demands"),
        default=False,
        help_text=_("A body that is not a counter sees statistics only (R441-2-6)."),
    )
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    epci = models.ForeignKey(
        Epci, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations"
    )
    # Carries exceptional shares through django-guardian.
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="organisation")
    address = models.CharField(_("address"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=5, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), blank=True)
    is_demo = models.BooleanField(
        _("contact details invented for the demonstration"), default=False
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Counter(models.Model):
    """A registering counter (guichet); its 5-character code closes the registration number."""

    code = models.CharField(_("code"), max_length=5, primary_key=True)
    name = models.CharField(_("name"), max_length=150)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="counters"
    )
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, null=True, blank=True, related_name="counters"
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=5, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    hours = models.CharField(_("opening hours"), max_length=200, blank=True)
    is_public = models.BooleanField(_("open to the public"), default=True)
    is_demo = models.BooleanField(_("invented for the demonstration"), default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("counter")
        verbose_name_plural = _("counters")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class StockHolding(models.Model):
    """Rental stock of a landlord in a department: what opens the department's demands to it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="stock")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="stock")
    homes = models.PositiveIntegerField(_("number of homes"))
    is_demo = models.BooleanField(_("figure invented for the demonstration"), default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("rental stock")
        verbose_name_plural = _("rental stocks")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "department"], name="one_stock_row"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.department}"


class Role(models.TextChoices):
    """What a member does in an organisation."""

    READER = "reader", _("Reader")
    AGENT = "agent", _("Case agent")
    LEAD = "lead", pgettext_lazy("role", "Team lead")
    STATISTICS = "statistics", _("Statistics only")
    MANAGER = "manager", _("Manager of the shared file")
    DATA_PROTECTION = "data_protection", _("Data-protection officer")


class Membership(models.Model):
    """A person acting for an organisation, in one role, between two dates."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="membership_ends_after_it_starts",
                violation_error_message=_("A membership cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.organisation} ({self.get_role_display()})"
