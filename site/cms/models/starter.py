"""Memory of what the installation brought."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class StarterRecord(models.Model):
    """One starter page already brought in: never again, even if an editor deleted it since."""

    key = models.CharField(_("key"), max_length=100, unique=True)
    page = models.ForeignKey(
        Page, verbose_name=_("page"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    loaded_at = models.DateTimeField(_("brought in on"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("starter content")
        verbose_name_plural = _("starter contents")

    def __str__(self) -> str:
        return self.key
