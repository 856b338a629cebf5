"""Address of the public simulator."""

from django.urls import path

from portal.simulator.views import simulator

app_name = "simulator"

urlpatterns = [path("", simulator, name="simulator")]
