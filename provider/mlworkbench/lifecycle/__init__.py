"""Lead a resource through its life: create, wait, read, update, delete. Know no HTTP and no Pulumi."""
