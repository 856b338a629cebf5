"""Public addresses of the observatory."""

from django.urls import path

from observatory import views

app_name = "observatory"

urlpatterns = [
    path("", views.public_figures, name="index"),
    path("<slug:code>.csv", views.public_csv, name="csv"),
]
