"""Say in the session's own row whether it is signed in, so that who acts is one statement."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from shuyang.people.sessions import ACCOUNT, SessionStore


def keep_signed_in(apps: Any, schema_editor: Any) -> None:
    """Nobody is signed out by the upgrade."""
    sessions, reader = apps.get_model("people", "SignInSession").objects, SessionStore()
    rows = sessions.filter(account_id__isnull=False).values_list("session_key", "session_data")
    keys = [key for key, data in rows.iterator() if reader.decode(data).get(ACCOUNT)]
    for start in range(0, len(keys), 500):
        sessions.filter(session_key__in=keys[start : start + 500]).update(signed_in=True)


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AddField("signinsession", "signed_in", models.BooleanField(default=False)),
        migrations.RunPython(keep_signed_in, migrations.RunPython.noop),
    ]
