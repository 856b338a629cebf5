"""Dated figures of the law and of local decisions: data, never code."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Parameter(models.Model):
    """One figure in force between two dates on a territory, with its source.

    `code` names the figure ("ceiling.plus.1"), `territory` is "" for everywhere, a department code
    or a zone ("autres"), `unit` says how to read `value` ("EUR/year", "months").
    """

    code = models.CharField(_("code"), max_length=80)
    territory = models.CharField(_("territory"), max_length=20, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=4)
    unit = models.CharField(_("unit"), max_length=20)
    source = models.CharField(_("source"), max_length=300)
    is_verified = models.BooleanField(_("verified in a published source"), default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("dated parameter")
        verbose_name_plural = _("dated parameters")
        ordering = ["code", "territory", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "territory", "valid_from"], name="one_value_per_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.valid_from:%Y-%m-%d})"
