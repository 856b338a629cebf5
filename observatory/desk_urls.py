"""Addresses of a body's own figures, inside the desk."""

from django.urls import path

from observatory import views

app_name = "statistics"

urlpatterns = [
    path("", views.own_figures, name="index"),
    path("<slug:code>.csv", views.own_csv, name="csv"),
]
