"""The door of `insight`."""

from shuyang.insight.contracts import Binding, ChartData, ChartRow, Statement, StatementKind
from shuyang.insight.queries import statements
from shuyang.insight.source import Interval, Language

__all__ = ["Binding", "ChartData", "ChartRow", "Interval", "Language", "Statement", "StatementKind", "statements"]
