"""The WSGI application."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuyang.config.settings")
application = get_wsgi_application()


def _warm_up() -> None:
    """Make this process ready for a first answer. A database that is not there yet is no reason not to start."""
    from django.db import Error, close_old_connections

    from shuyang.delivery.api import warm_up
    from shuyang.itembank.api import current_release
    from shuyang.kernel.errors import ShuyangError
    from shuyang.web.item_fragment import draw_ahead

    try:
        release = current_release()
        warm_up(release.hash)
        draw_ahead([item.version_id for item in release.items], seconds=2.0)
    except (Error, ShuyangError):
        return
    finally:
        close_old_connections()


_warm_up()
# What was loaded lives as long as the process: the collector need not look at it again, and may look less often.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
