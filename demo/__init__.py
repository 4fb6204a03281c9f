"""Show the provider at work: the real engine, emulated clouds, two hosts. Knows all parts and is known by none."""
