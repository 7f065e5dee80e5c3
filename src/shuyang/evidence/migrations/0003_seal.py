"""Estimates get a seal; those there are could be read at once, and stay so."""

from __future__ import annotations

from django.db import migrations, models

OPEN = "UPDATE evidence_estimate SET person_from = at, unit_from = at"


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_self_ratings")]
    operations = [
        migrations.AddField("estimate", "person_from", models.DateTimeField(null=True)),
        migrations.AddField("estimate", "unit_from", models.DateTimeField(null=True)),
        migrations.RunSQL(OPEN, migrations.RunSQL.noop),
    ]
