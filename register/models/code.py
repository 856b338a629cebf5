"""The codes of the national lists, and those of ours that complete them: data, never code."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ListedCode(models.Model):
    """A code of a list (SNE nomenclatures), its label, its cases, the days it is given on.

    `official` is its French label as far as it was read. `places` gives, by revision of the form,
    the pages that ask it and its case numbers. A date that is not known is empty; a code that ended
    on a day that is not known `is_obsolete`. `position` is its place in the list.
    """

    list_name = models.CharField(_("list"), max_length=40)
    code = models.CharField(_("code"), max_length=10, blank=True)
    position = models.PositiveSmallIntegerField(_("place in the list"))
    official = models.CharField(_("official label"), max_length=150, blank=True)
    english = models.CharField(_("label in English"), max_length=150)
    places = models.JSONField(_("pages and cases of the form"), default=dict, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid to"), null=True, blank=True)
    is_obsolete = models.BooleanField(_("obsolete"), default=False)
    is_national = models.BooleanField(_("national"), default=True)
    source = models.CharField(_("source"), max_length=300)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("code of a list")
        verbose_name_plural = _("codes of the lists")
        ordering = ["list_name", "position"]
        constraints = [
            models.UniqueConstraint(fields=["list_name", "code"], name="code_once_in_its_list"),
        ]

    def __str__(self) -> str:
        return f"{self.list_name} {self.code}".rstrip()
