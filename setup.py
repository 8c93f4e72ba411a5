"""What pyproject.toml cannot say: the seed lies at the top of the checkout and inside the package when installed."""

from setuptools import find_namespace_packages, setup

SEED_PACKAGE = "biobank.seed_data"

setup(
    # Namespace packages are those without __init__.py: migrations, templates and other data.
    packages=[
        *find_namespace_packages(include=["biobank*"]),
        SEED_PACKAGE,
        *(f"{SEED_PACKAGE}.{folder}" for folder in find_namespace_packages("seed_data")),
    ],
    package_dir={SEED_PACKAGE: "seed_data"},
)
