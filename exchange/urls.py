"""Addresses for machines, and the letter-box of a demonstration."""

from django.urls import include, path

from exchange import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("demo/courrier/", include("exchange.demo_urls")),
]
