"""Hold a Pulumi provider to the laws of its protocol. Knows the public protocol only: no provider, no resource."""

__version__ = "0.1.0"
