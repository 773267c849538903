"""Start the service: `python -m {{ cookiecutter.package_name }}`."""

from {{ cookiecutter.package_name }}.server import main

if __name__ == "__main__":
    main()
