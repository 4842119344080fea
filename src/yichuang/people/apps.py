from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "yichuang.people"
    label = "people"
    verbose_name = "人"

    def ready(self) -> None:
        from yichuang.people import seconds, vouch  # noqa: F401  (what needs two; bears witness)
