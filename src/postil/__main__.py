"""Runs the command line as `python -m postil`."""

from postil.cli import main

main()
