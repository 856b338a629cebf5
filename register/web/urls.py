"""Addresses that belong to no room."""

from django.urls import path

from .home import home_for_principal
from .session import stay

urlpatterns = [
    path("accueil/", home_for_principal, name="home-for-principal"),
    path("accueil/rester/", stay, name="stay-signed-in"),
]
