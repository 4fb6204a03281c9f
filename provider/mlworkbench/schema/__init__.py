"""Turn declarations into documents: schema.json, Python classes. Know no Pulumi library and no cloud."""
