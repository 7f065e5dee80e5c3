"""Charts: one definition each, from a contract to an ECharts option, for the page and for paper."""
