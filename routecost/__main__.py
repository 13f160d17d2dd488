"""Entry point of ``python -m routecost``."""

from routecost.cli.app import main

if __name__ == "__main__":
    main()
