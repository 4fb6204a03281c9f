"""Know what a property promises, and what follows for check, diff, preview and read. Know no cloud and no host."""
