from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "yichuang.people"
    label = "people"
    verbose_name = "人"
