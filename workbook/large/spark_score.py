"""Scoring on Spark: the same kernel in every worker (mapInArrow). Spark itself repeats what a lost worker had; a kill begins anew."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from functions.scorecard import Scorecard
from workbook.large.places import Place
from workbook.large.scoring import Plan, make_plan, score_batch
from workbook.large.spark import frame_of, session, told
from xladdin.errors import BadRequest, CannotWrite
from xladdin.output import output

_SPARKS: Final = ("part-", "_", ".part-", "._")  # how Spark calls the files it writes


def score_with_spark(
    place: Place, out: Path, as_of: dt.date, id_column: str, scorecard: Scorecard, *, force: bool = False
) -> tuple[int, int]:
    """Score a source into one file; answers the companies, and those without a score."""
    started = session(place.address)
    try:
        frame = frame_of(started, place)
        schema = frame.limit(0).toArrow().schema
    except Exception as error:  # noqa: BLE001 - Spark's own tree of errors
        raise told(place.name, error) from None
    plan = make_plan(schema, place.name, as_of, id_column, scorecard)
    parts = out.absolute().with_name(f"{out.name}.spark")
    if os.path.lexists(parts):
        _clear(parts)
    plain = pa.schema([(one.name, pa.string() if pa.types.is_dictionary(one.type) else one.type) for one in plan.schema])
    try:
        from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - an extra

        chosen = frame.select(*plan.columns)
        chosen.mapInArrow(partial(_plainly, plan=plan, schema=plain), from_arrow_schema(plain)).write.parquet(f"file://{parts}")
        count = unscored = 0
        with output(out, place.inputs, force=force) as file, pq.ParquetWriter(file, plain, compression="zstd") as writer:
            for path in sorted(parts.glob("*.parquet")):
                for batch in pq.ParquetFile(path).iter_batches():
                    count, unscored = count + batch.num_rows, unscored + batch.column("score").null_count
                    writer.write_batch(batch.cast(plain))
    except (BadRequest, CannotWrite):
        raise
    except Exception as error:  # noqa: BLE001
        raise told(place.name, error) from None
    finally:
        shutil.rmtree(parts, ignore_errors=True)
    return count, unscored


def _clear(folder: Path) -> None:
    """Remove what a run that was killed left. Raises BadRequest for a folder of this name that holds something else."""
    plain = folder.is_dir() and not folder.is_symlink()
    others = [one for one in folder.iterdir() if not one.name.startswith(_SPARKS)] if plain else [folder]
    if others:
        raise BadRequest(f"{folder} is no folder of a run of this command ({others[0].name}): put it elsewhere, or give another name")
    shutil.rmtree(folder)


def _plainly(batches: Iterator[pa.RecordBatch], plan: Plan, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Score in a worker; Spark knows no dictionaries."""
    for batch in batches:
        yield score_batch(batch, plan).cast(schema)
