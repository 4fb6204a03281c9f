"""Be the command when the package is run as a module. Knows nothing else."""

from .cli import run

if __name__ == "__main__":
    run()
