"""Audiences built for one body, so that the demands its agreements open are counted at once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .organisation import Organisation


class BuildState(models.TextChoices):
    """Where the building of an audience stands."""

    WAITING = "waiting", _("Waiting")
    UNNEEDED = "unneeded", _("Counted at once without it")
    BUILDING = "building", _("Under way")
    READY = "ready", _("Finished")
    RETIRED = "retired", _("To be removed")


# Those whose rows every write keeps in step.
KEPT_STATES = (BuildState.BUILDING, BuildState.READY)


class BuiltAudience(models.Model):
    """The demands found under any of these audiences, indexed under one key of their own.

    One row is one generation: other agreements, or other rules, make another row and retire this
    one. It opens nothing: only a right that already opens each of its `keys` is read from it.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="built_audiences"
    )
    keys = models.JSONField()
    state = models.CharField(max_length=10, choices=BuildState.choices, default=BuildState.WAITING)
    asked_at = models.DateTimeField()
    # The last demand read, how many were, and of how many.
    position = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("audience built for a body")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=BuildState.values), name="built_audience_known_state"
            )
        ]

    def __str__(self) -> str:
        return self.audience

    @property
    def audience(self) -> str:
        """The key of its rows in the audience index."""
        return built_key(self.organisation_id, self.pk)

    @property
    def percent(self) -> int:
        """How far it went, in percent."""
        return min(100, 100 * self.done // self.total) if self.total else 0


def built_key(organisation: int, generation: int | str) -> str:
    """`agr:<body>:<generation>`."""
    return f"agr:{organisation}:{generation}"
