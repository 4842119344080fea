from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "yichuang.people"
    label = "people"
    verbose_name = "人"
    default = True

    def ready(self) -> None:
        from yichuang.people import handlers, seconds, vouch  # noqa: F401  (is told; what needs two; bears witness)


class PeopleWhoLookConfig(AppConfig):
    """The room for a process that only asks who somebody is (live events): its tables and queries, none of its commands,
    which need the catalogue too."""

    name = "yichuang.people"
    label = "people"
    verbose_name = "人"
