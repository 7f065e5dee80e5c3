"""Begin a sitting for every synthetic person of an installation, or count the open ones (`--count`)."""

from __future__ import annotations

import sys
from uuid import UUID


def main() -> None:
    import django

    django.setup()
    from shuyang.delivery.api import begin
    from shuyang.delivery.models import Sitting
    from shuyang.people.models import Person
    from shuyang.trust.api import Actor

    if sys.argv[1:] == ["--count"]:
        print(Sitting.objects.filter(state="running").count())
    elif len(sys.argv) == 2:
        people = Person.objects.filter(synthetic=True).values_list("id", "unit_path")
        for person_id, unit_path in list(people):
            begin(actor=Actor(None, person_id, unit_path), campaign_id=UUID(sys.argv[1]))


if __name__ == "__main__":
    main()
