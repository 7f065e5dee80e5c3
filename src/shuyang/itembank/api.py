"""The door of `itembank`."""

from shuyang.itembank.content import (
    AiAnswer,
    Block,
    Chart,
    ChartItem,
    ChartSpec,
    Document,
    ItemContent,
    ItemType,
    Layer,
    MarkItem,
    MatchItem,
    MultipleItem,
    NumberItem,
    Option,
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
from shuyang.itembank.queries.bank import coverage, item, items, items_citing, open_reports, source_hash, todos
from shuyang.itembank.queries.contents import cited_in, contents, practice_version_ids
from shuyang.itembank.queries.releases import current_release, release, releases
from shuyang.itembank.release_body import expert_item, release_recipe, standard_blueprints, standard_prior
from shuyang.itembank.rules import grade, max_category, presentation, public_id
from shuyang.itembank.sampling import answer_earning
from shuyang.itembank.services.load import load_items
from shuyang.itembank.services.publish import publish_release
from shuyang.itembank.services.reports import decide_report, report_item
from shuyang.itembank.storing import from_text, to_text
from shuyang.itembank.structure import chart_problems, problems_of

__all__ = [
    "AiAnswer", "Block", "Chart", "ChartItem", "ChartSpec", "Choice", "CoverageCell", "Document", "Grade", "ItemContent",
    "ItemDetail", "ItemFilter", "ItemRow", "ItemType", "Layer", "LoadReport", "MarkItem", "MatchItem",
    "MultipleItem", "NumberItem", "Option", "OrderItem", "Presentation", "Purpose", "Rank", "Release",
    "ReleaseItem", "ReleaseState", "ReleaseView", "ReportReason", "ReportState", "ReportView", "ReviewState",
    "Screen", "SingleItem", "Table", "Text", "Todo", "VersionRow", "answer_earning", "chart_problems", "cited_in", "contents",
    "coverage", "current_release", "decide_report", "expert_item", "from_text", "grade", "item", "items",
    "items_citing", "load_items", "max_category", "normalise", "open_reports", "practice_version_ids",
    "presentation", "problems_of", "public_id", "publish_release", "read_number", "release", "release_recipe",
    "releases", "report_item", "source_hash", "standard_blueprints", "standard_prior", "to_text", "todos",
]
