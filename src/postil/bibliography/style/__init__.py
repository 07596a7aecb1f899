"""Citation styles: `shipped` has those that come along, `file` reads one, `printing` says what one prints of a work."""
