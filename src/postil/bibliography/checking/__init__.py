"""What an editor would query in a bibliography, once its files are read."""
