"""Spark, for those who outgrow a machine: local (`spark:local`) or a cluster. It needs Java 17 and the extra `spark`."""

from __future__ import annotations

import os
import re
import shutil
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.sql.compilers import PySparkCompiler
from ibis.config import Config

from workbook.large.engine import BATCH, SOURCE, Unwritten, sql_of, table_of, typed_as
from workbook.large.places import Place
from xladdin.errors import BadRequest
from xladdin.lean import bring_back_pandas

_QUIET: Final = "-Dlog4j2.level=ERROR -Dlog4j.rootLogger.level=ERROR"


class _Options(Config):  # type: ignore[misc]  # Ibis is not typed
    """What Ibis asks of its own Spark backend before it writes a number; that backend itself is not needed, and brings pandas along."""

    treat_nan_as_null: bool = False


class SparkEngine(Unwritten):
    """A Spark session that reads the place's files or a table of its catalogue."""

    reads_texts = False
    orders_by_bytes = True

    def __init__(self, place: Place) -> None:
        self.name = place.name
        self._compiler = PySparkCompiler()
        if ibis.options.pyspark is None:
            ibis.options.pyspark = _Options()
        self._session = session(place.address)
        try:
            frame = frame_of(self._session, place)
            frame.createOrReplaceTempView(SOURCE)
            schema = frame.limit(0).toArrow().schema
        except Exception as error:  # noqa: BLE001 - Spark's own tree of errors is as long as Java's
            raise told(self.name, error) from None
        self.source = table_of(schema).mutate(row_=ibis.literal(0, "int64"))

    def query(self, expression: ir.Table) -> pa.Table:
        """Answer as one table."""
        try:
            table = self._session.sql(sql_of(self._compiler, expression)).toArrow()
        except Exception as error:  # noqa: BLE001
            raise told(self.name, error) from None
        return typed_as(table, expression)

    def batches(self, expression: ir.Table) -> Iterator[pa.RecordBatch]:
        """Answer batch by batch."""
        yield from self.query(expression).to_batches(BATCH)

    def bring(self, name: str, table: pa.Table) -> None:
        """Bring a small table of ours to the engine."""
        self._session.createDataFrame(table).createOrReplaceTempView(name)

    def lookup(self, name: str, table: pa.Table) -> ir.Table:
        """Bring a small table of ours to the engine, and return it."""
        self.bring(name, table)
        return table_of(table.schema, name)

    def keep(self, name: str, expression: ir.Table) -> ir.Table:
        """Keep an answer in Spark's cache."""
        try:
            self._session.sql(sql_of(self._compiler, expression)).cache().createOrReplaceTempView(name)
        except Exception as error:  # noqa: BLE001
            raise told(self.name, error) from None
        return ibis.table(expression.schema(), name=name)

    def forget(self, name: str) -> None:
        """Keep it: what Spark works out later may ask for it once more."""

    def close(self) -> None:
        """Leave the session: it is shared with whatever else runs in this program."""
        self._session.catalog.dropTempView(SOURCE)


def frame_of(started: Any, place: Place) -> Any:
    """Read a place's files or table, lazily."""
    if not place.files:
        return started.read.table(place.table)
    hidden = [path.name for path in place.files if path.name.startswith((".", "_")) or ":" in path.name]
    if hidden:  # Hadoop reads them as empty, or as addresses
        raise BadRequest(f"Spark does not read files called {hidden[0]}: give the file another name, or read it without Spark")
    # names are names, not patterns, and what folders are called is no column: recursiveFileLookup takes partitions from no path
    paths = [re.sub(r"([\\*?{}\[\],])", r"\\\1", str(path)) for path in place.files]
    reader = started.read.option("recursiveFileLookup", "true")
    if place.files[0].suffix.casefold() in (".parquet", ".pq"):
        return reader.parquet(*paths)
    return reader.csv(paths, header=True, inferSchema=True)


def told(name: str, error: Exception) -> BadRequest:
    """Say an error of Spark in one line."""
    return BadRequest(f"{name}: Spark cannot do it: {' '.join(str(error).split())[:300]}")


def session(master: str) -> Any:
    """Start Spark. Raises BadRequest where Java or the extra `spark` is missing, saying what to install."""
    java = shutil.which("java") or (Path(os.environ.get("JAVA_HOME", "")) / "bin" / "java").is_file()
    if not java:
        raise BadRequest(
            "Spark needs Java 17 and there is none (no java on the PATH, no JAVA_HOME): install a JRE 17, "
            "or give the files themselves to read them without Spark"
        )
    bring_back_pandas()  # Spark looks for it
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra
    except ImportError:
        raise BadRequest("Spark is not installed: pip install 'xladdin[spark]', or give the files themselves") from None
    warnings.filterwarnings("ignore", category=FutureWarning, module="pyspark")  # of pandas, which is not used here
    master = "local[*]" if master == "local" else master
    builder = (
        SparkSession.builder.master(master)
        .appName("xladdin")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.extraJavaOptions", _QUIET)
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.runSQLOnFiles", "false")  # a table is one of the catalogue, not text.`/any/file`
    )
    if master.startswith("local"):
        builder = builder.config("spark.driver.memory", "2g").config("spark.driver.host", "127.0.0.1")
        builder = builder.config("spark.sql.shuffle.partitions", "8")
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # the workers' Python is ours, not the first on the PATH
    try:
        started = builder.getOrCreate()
    except Exception as error:  # noqa: BLE001 - Java's own words
        raise BadRequest(f"Spark does not start at {master}: {' '.join(str(error).split())[:300]}") from None
    started.sparkContext.setLogLevel("ERROR")
    return started
