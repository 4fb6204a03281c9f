"""State what the vendors document: shapes, operations, statuses, errors. Know no property and no Pulumi."""
