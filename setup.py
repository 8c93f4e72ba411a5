"""What pyproject.toml cannot say: the seed lies at the top of the checkout and inside the package when installed."""

from setuptools import find_namespace_packages, setup

setup(
    # Namespace packages are those without __init__.py: migrations, templates and other data.
    packages=[*find_namespace_packages(include=["biobank*"]), "biobank.seed_data"],
    package_dir={"biobank.seed_data": "seed_data"},
)
