"""The wheel that the pipeline's activities run: the package `pipeline`, and nothing else."""

from setuptools import find_packages, setup

setup(
    name="clinical-features",
    version="1.0.0",
    description="Clinical features from electronic health records, in PySpark",
    license="Apache-2.0",
    packages=find_packages(include=["pipeline", "pipeline.*"]),
    package_data={"pipeline": ["py.typed"]},
    python_requires=">=3.9",
)
