"""Host the core: as a gRPC plugin and as dynamic providers. The only place that knows Pulumi and gRPC."""
