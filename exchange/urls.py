from django.urls import path

from exchange import views

urlpatterns = [
    path("health/", views.health, name="health"),
]
