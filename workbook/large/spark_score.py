"""Scoring on Spark: the same kernel in every worker (mapInArrow). Spark itself repeats what a lost worker had; a kill begins anew."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from functions.scorecard import Scorecard
from workbook.large.places import Place
from workbook.large.scoring import Plan, make_plan, score_batch
from workbook.large.spark import frame_of, session, told
from xladdin.errors import BadRequest


def score_with_spark(place: Place, out: Path, as_of: dt.date, id_column: str, scorecard: Scorecard) -> tuple[int, int]:
    """Score a source into one file; answers the companies, and those without a score."""
    started = session(place.address)
    try:
        frame = frame_of(started, place)
        schema = frame.limit(0).toArrow().schema
    except Exception as error:  # noqa: BLE001 - Spark's own tree of errors
        raise told(place.name, error) from None
    plan = make_plan(schema, place.name, as_of, id_column, scorecard)
    parts = out.absolute().with_name(f"{out.name}.spark")
    if parts.exists():
        shutil.rmtree(parts)
    plain = pa.schema([(one.name, pa.string() if pa.types.is_dictionary(one.type) else one.type) for one in plan.schema])
    try:
        from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - an extra

        chosen = frame.select(*plan.columns)
        chosen.mapInArrow(partial(_plainly, plan=plan, schema=plain), from_arrow_schema(plain)).write.parquet(f"file://{parts}")
        new = out.with_name(f"{out.name}.new")
        count = unscored = 0
        with pq.ParquetWriter(new, plain, compression="zstd") as writer:
            for path in sorted(parts.glob("*.parquet")):
                for batch in pq.ParquetFile(path).iter_batches():
                    count, unscored = count + batch.num_rows, unscored + batch.column("score").null_count
                    writer.write_batch(batch.cast(plain))
        new.replace(out)
    except BadRequest:
        raise
    except Exception as error:  # noqa: BLE001
        raise told(place.name, error) from None
    finally:
        shutil.rmtree(parts, ignore_errors=True)
    return count, unscored


def _plainly(batches: Iterator[pa.RecordBatch], plan: Plan, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Score in a worker; Spark knows no dictionaries."""
    for batch in batches:
        yield score_batch(batch, plan).cast(schema)
