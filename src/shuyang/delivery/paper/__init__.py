"""Tests on paper: fixed forms printed, answers read from a workbook and scored as on the screen."""
