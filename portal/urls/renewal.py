"""Addresses of the renewal in one step, short enough to be copied from a letter."""

from django.urls import path

from portal.renewal.views import by_letter, by_link

app_name = "renewal"

urlpatterns = [
    path("", by_letter, name="by-letter"),
    path("<str:link>/", by_link, name="by-link"),
]
