"""The env stage: virtual environment, dependencies and `.env`."""
