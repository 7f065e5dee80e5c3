"""The door of `itembank`."""

from shuyang.itembank.content import (
    AiAnswer,
    Block,
    Chart,
    ChartItem,
    Document,
    ItemContent,
    ItemType,
    Layer,
    MarkItem,
    MatchItem,
    MultipleItem,
    NumberItem,
    OrderItem,
    Purpose,
    Rank,
    ReviewState,
    Screen,
    SingleItem,
    Table,
    Text,
)
from shuyang.itembank.contracts import (
    Choice,
    CoverageCell,
    Grade,
    ItemDetail,
    ItemFilter,
    ItemRow,
    LoadReport,
    Presentation,
    Release,
    ReleaseItem,
    ReleaseState,
    ReleaseView,
    ReportReason,
    ReportState,
    ReportView,
    Todo,
    VersionRow,
)
from shuyang.itembank.normalising import normalise, read_number
from shuyang.itembank.rules import grade, max_category, presentation, public_id

__all__ = [
    "AiAnswer", "Block", "Chart", "ChartItem", "Choice", "CoverageCell", "Document", "Grade", "ItemContent",
    "ItemDetail", "ItemFilter", "ItemRow", "ItemType", "Layer", "LoadReport", "MarkItem", "MatchItem",
    "MultipleItem", "NumberItem", "OrderItem", "Presentation", "Purpose", "Rank", "Release", "ReleaseItem",
    "ReleaseState", "ReleaseView", "ReportReason", "ReportState", "ReportView", "ReviewState", "Screen",
    "SingleItem", "Table", "Text", "Todo", "VersionRow", "grade", "max_category", "normalise", "presentation",
    "public_id", "read_number",
]
