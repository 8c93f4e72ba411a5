"""What pyproject.toml cannot say: the seed lies at the top of the checkout and inside the package when installed."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["biobank*"]), "biobank.seed_data"],
    package_dir={"biobank.seed_data": "seed_data"},
)
