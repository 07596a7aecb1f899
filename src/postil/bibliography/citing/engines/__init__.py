"""The citation engines: pandoc's own processor, and citeproc-js for whoever has Node."""
