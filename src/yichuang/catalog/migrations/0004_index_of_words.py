"""The index of words: each term with the items it stands in, in the place of an index over whole versions."""

import django.db.models.deletion
from django.db import migrations, models

# As `index.put` does for new versions: the terms are read from the rows, where publishing wrote them.
_FILL = """
    INSERT INTO catalog_searcheditem (number, version_id)
    SELECT row_number() OVER (ORDER BY published_at, code, version), id FROM catalog_itemversion
    WHERE retired_at IS NULL OR retired_at > now();
    INSERT INTO catalog_searchterm (term, count, items)
    SELECT word.lexeme || word.weights[1], count(*), string_agg(int4send(item.number::int), ''::bytea ORDER BY item.number)
    FROM catalog_searcheditem item JOIN catalog_itemversion version ON version.id = item.version_id,
        unnest(version.search) word GROUP BY 1
    UNION ALL SELECT '', count(*), '' FROM catalog_searcheditem;
    ALTER TABLE catalog_searchterm ALTER COLUMN items SET STORAGE EXTERNAL;
    """


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_spoken_words")]

    operations = [
        migrations.CreateModel(
            name="SearchedItem",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalog.itemversion"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SearchTerm",
            fields=[
                ("term", models.TextField(db_collation="C", primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField()),
                ("items", models.BinaryField()),
            ],
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="itemversion", name="catalog_search"),
    ]
