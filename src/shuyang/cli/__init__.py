"""Command line: `shuyang …`. Parse, call a door, print."""
