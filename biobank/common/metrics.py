"""Metrics of several processes of one server."""

#: Environment variable set by `serve`: the directory in which workers and indexer share their metrics.
PROMETHEUS_DIR_ENV = "PROMETHEUS_MULTIPROC_DIR"
