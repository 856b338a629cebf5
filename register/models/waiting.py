"""How long those waited who were housed: figures of a year, kept from one month to the next."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from register import codes
from register.code_lists import stored


class WaitingTime(models.Model):
    """Households housed in an area and a size of home, and the wait of a quarter, half, three.

    `area` is a key of territory ("commune:21231", "epci:242100410", "dep:21"); waits are in whole
    months from the first deposit to the lease. The year begins on `begins_on` and ends before
    `ends_on`. No row is written of fewer households than statistical secrecy asks for.
    """

    area = models.CharField(max_length=30)
    home_type = models.CharField(max_length=3, choices=stored(codes.HomeType))
    begins_on = models.DateField()
    ends_on = models.DateField()
    homes = models.PositiveIntegerField()
    quarter = models.PositiveSmallIntegerField()
    half = models.PositiveSmallIntegerField()
    three_quarters = models.PositiveSmallIntegerField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("waiting time")
        verbose_name_plural = _("waiting times")
        constraints = [
            models.UniqueConstraint(fields=["area", "home_type"], name="one_wait_per_area_and_type")
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.home_type}"
