"""Addresses for machines and those who program them, and the letter-box of a demonstration."""

from django.urls import include, path

from exchange import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("listes-de-codes/", views.codes, name="codes"),
    path("listes-de-codes.csv", views.codes_csv, name="codes-csv"),
    path("api/formulaire/", views.form, name="form-schema"),
    path("demo/courrier/", include("exchange.demo_urls")),
]
