"""Entry point of ``python -m routecost``; with ``-P``, nothing is imported from the working directory."""

from routecost.cli.app import main

if __name__ == "__main__":
    main()
