"""Paper: charts as SVG by the same ECharts as the page, documents as PDF by typst."""
