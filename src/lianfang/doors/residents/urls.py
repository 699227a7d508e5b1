"""Addresses of the residents' pages."""

from django.urls import path

from lianfang.doors.residents import views

app_name = "residents"
urlpatterns = [
    path("<slug:token>/", views.door, name="door"),
    path("<slug:token>/help/", views.ask_for_help, name="help"),
    path("<slug:token>/record/", views.record, name="record"),
    path("<slug:token>/language/", views.language, name="language"),
    path("<slug:token>/size/", views.elder, name="elder"),
]
