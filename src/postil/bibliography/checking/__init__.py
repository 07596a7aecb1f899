"""What an editor would query in a bibliography, beyond what reading its files has shown."""
