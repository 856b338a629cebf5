"""Addresses that belong to no room."""

from django.urls import path

from .home import home_for_principal

urlpatterns = [path("accueil/", home_for_principal, name="home-for-principal")]
