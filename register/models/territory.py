"""Territories: region, department, EPCI, commune, priority quarter.

An EPCI may straddle two departments (Beaune Côte et Sud does), so it is no child of a department.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Region(models.Model):
    """A region, by its INSEE code."""

    code = models.CharField(_("code"), max_length=3, primary_key=True)
    name = models.CharField(_("name"), max_length=100)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A department; a demand lives in exactly one (CCH R441-2-3)."""

    code = models.CharField(_("code"), max_length=3, primary_key=True)
    name = models.CharField(_("name"), max_length=100)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="departments")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def number_prefix(self) -> str:
        """The three characters that open a registration number: "021" for Côte-d'Or."""
        return self.code.zfill(3)


class Epci(models.Model):
    """A grouping of communes with its own taxation (EPCI), by its SIREN."""

    siren = models.CharField(_("SIREN"), max_length=9, primary_key=True)
    name = models.CharField(_("name"), max_length=150)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("EPCI")
        verbose_name_plural = _("EPCIs")

    def __str__(self) -> str:
        return self.name


class Commune(models.Model):
    """A commune, by its INSEE code; `search_name` is what the typeahead compares."""

    insee = models.CharField(_("INSEE code"), max_length=5, primary_key=True)
    name = models.CharField(_("name"), max_length=100)
    search_name = models.CharField(max_length=100, db_index=True, editable=False)
    postal_codes = models.JSONField(_("postal codes"), default=list, blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="communes")
    epci = models.ForeignKey(
        Epci, on_delete=models.PROTECT, related_name="communes", null=True, blank=True
    )
    population = models.PositiveIntegerField(_("population"), default=0)
    zone_abc = models.CharField(_("ABC zone"), max_length=4, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("commune")
        verbose_name_plural = _("communes")
        ordering = ["search_name", "insee"]

    def __str__(self) -> str:
        return self.name

    @property
    def postal_code(self) -> str:
        """The first postal code, for display."""
        return self.postal_codes[0] if self.postal_codes else ""


class Quarter(models.Model):
    """A priority quarter of city policy (QPV), or any other that the form proposes in a commune."""

    code = models.CharField(_("code"), max_length=60, primary_key=True)
    name = models.CharField(_("name"), max_length=100)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="quarters")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("priority quarter")
        verbose_name_plural = _("priority quarters")

    def __str__(self) -> str:
        return f"{self.name} ({self.commune})"
