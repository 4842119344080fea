"""撤销, 撤回, 吊销 and 注销 are different ends, so they are different statuses."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_seal_free_text")]
    operations = [
        migrations.RemoveConstraint(model_name="certificate", name="registry_certificate_status"),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    status__in=[
                        *("valid", "suspended", "revoked", "withdrawn", "forfeited", "cancelled", "replaced"),
                    ]
                ),
                name="registry_certificate_status",
            ),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["issuer_uscc", "-id"], name="registry_certificate_issued"),
        ),
    ]
