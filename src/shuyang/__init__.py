"""Shuyang 数养: measure, develop and put to use the digital competence of public officials."""

__version__ = "0.1.0"
