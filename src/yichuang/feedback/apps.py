from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "yichuang.feedback"
    label = "feedback"
    verbose_name = "好差评·帮办"

    def ready(self) -> None:
        """Hear what is over."""
        from yichuang.feedback import handlers  # noqa: F401  (subscribes)
