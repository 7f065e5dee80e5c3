"""Tables of the kit, gathered where Django looks for them."""

from shuyang.kit.jobs.models import Job

__all__ = ["Job"]
