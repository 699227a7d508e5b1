"""Addresses of the residents' pages."""

from django.urls import path

from lianfang.doors.residents import boards, calls, views, volunteers

app_name = "residents"
urlpatterns = [
    path("at/<uuid:place_id>/", boards.board, name="place"),
    path("at/<uuid:place_id>/language/", boards.language, name="place_language"),
    path("at/<uuid:place_id>/size/", boards.elder, name="place_elder"),
    path("post/<uuid:post_id>/", boards.post, name="post"),
    path("post/<uuid:post_id>/language/", boards.post_language, name="post_language"),
    path("post/<uuid:post_id>/size/", boards.post_elder, name="post_elder"),
    path("call/<str:token>/", calls.reply, name="call"),
    path("<slug:token>/", views.door, name="door"),
    path("<slug:token>/help/", views.ask_for_help, name="help"),
    path("<slug:token>/record/", views.record, name="record"),
    path("<slug:token>/volunteer/", volunteers.volunteer, name="volunteer"),
    path("<slug:token>/language/", views.language, name="language"),
    path("<slug:token>/size/", views.elder, name="elder"),
]
