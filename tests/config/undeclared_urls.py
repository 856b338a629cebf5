"""A room whose author forgot to say who its view is for."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("never seen")


forgotten.__module__ = "portal.views"

urlpatterns = [
    path("forgotten/", forgotten),
    path("", include("config.urls")),
]
