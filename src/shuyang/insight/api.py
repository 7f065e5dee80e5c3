"""The door of `insight`."""

from shuyang.insight.content import Content, Effect, Fact, Option, Paragraph, ParagraphKind
from shuyang.insight.contracts import Binding, BriefingState, ChartData, ChartRow, Statement, StatementKind
from shuyang.insight.document import Block, BlockKind, Document, Piece
from shuyang.insight.queries import archive, briefing, briefings, statements, verify, waiting
from shuyang.insight.rules import LENGTHS, Edit, OptionEdit
from shuyang.insight.services import Moved, NoFigures, discard, draft, save, send_back, sign, submit, withdraw
from shuyang.insight.source import Interval, Language
from shuyang.insight.verifying import check
from shuyang.insight.view_contracts import BriefingHead, BriefingView, Check, May

__all__ = [
    "LENGTHS", "Binding", "Block", "BlockKind", "BriefingHead", "BriefingState", "BriefingView", "ChartData", "ChartRow",
    "Check", "Content", "Document", "Edit", "Effect", "Fact", "Interval", "Language", "May", "Moved", "NoFigures", "Option",
    "OptionEdit", "Paragraph", "ParagraphKind", "Piece", "Statement", "StatementKind", "archive", "briefing", "briefings",
    "check", "discard", "draft", "save", "send_back", "sign", "statements", "submit", "verify", "waiting", "withdraw",
]  # fmt: skip
