from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0009_face_of_an_item")]

    operations = [
        migrations.AddField(
            model_name="facecheck",
            name="set_aside_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
