"""Simulated examinees: how good a bank and a blueprint are before anyone takes the test."""
