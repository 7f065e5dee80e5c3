"""Tables of delivery, one file for each use."""

from shuyang.delivery.models.campaigns import Campaign
from shuyang.delivery.models.sittings import Response, Sitting

__all__ = ["Campaign", "Response", "Sitting"]
