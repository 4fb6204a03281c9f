"""Speak HTTP to the clouds: signing, errors, retries. Know no resource and no Pulumi."""
