"""`xladdin score`: a source of companies -> one Parquet file of scores, in bounded memory, which a kill only interrupts.

    source -> batches -> score_batch -> OUT.parts/part-00000.parquet, part-00001 … -> OUT

A part holds a fixed number of companies in the source's order. It is written beside, flushed to the disk and then renamed, so a part
that is there is whole; a run that is started again counts the companies of the parts and goes on behind them. Only parts that follow
one another from the first count: what stands behind a gap is scored again. The parts become one file in the end, by the same way, and
only when it holds as many companies as were scored. A run over another source, day or scorecard never goes on with them: the plan
stands beside. The folder loses its name before it is emptied, so that a run killed while it clears up leaves nothing to go on with.
"""

from __future__ import annotations

import datetime as dt
import glob
import hashlib
import itertools
import json
import os
import re
import shutil
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from functions.default_scorecard import DEFAULT_SCORECARD
from functions.scorecard import Scorecard
from workbook.large.companies import Companies, open_companies
from workbook.large.places import Place
from workbook.large.scoring import Plan, make_plan, score_batch
from xladdin.counted import counted
from xladdin.errors import BadRequest, CannotWrite
from xladdin.lock import only_one
from xladdin.output import check_output, output

#: companies of one part: what a kill loses at most
PART: Final = 1_000_000
_THREADS: Final = 2
_PLAN: Final = "plan.json"
_OURS: Final = re.compile(r"(plan|part-\d{5,})\.(json|parquet|new)")


@dataclass(frozen=True, slots=True)
class ScoreRun:
    """What a run did: companies in the file, of them kept from a run before, and without a score."""

    companies: int
    kept: int
    unscored: int
    seconds: float


def score_companies(
    place: Place, out: Path, *, as_of: dt.date, id_column: str = "", scorecard: Scorecard = DEFAULT_SCORECARD, part: int = PART,
    restart: bool = False, force: bool = False, step: Callable[[str], None] = lambda _step: None,
) -> ScoreRun:
    """Score every company of a source into `out`. Raises BadRequest or CannotWrite; what was scored until then is kept."""
    started = time.perf_counter()
    if out.suffix.casefold() != ".parquet":
        raise BadRequest(f"the scores are written as Parquet, so the file's name ends with .parquet; got {out.name}")
    check_output(out, place.inputs, force=force)
    place.refuse_inside(out)
    if place.kind == "spark":
        from workbook.large.spark_score import score_with_spark  # noqa: PLC0415 - an extra

        count, unscored = score_with_spark(place, out, as_of, id_column, scorecard, force=force)
        return ScoreRun(count, 0, unscored, time.perf_counter() - started)
    source = open_companies(place)
    plan = make_plan(source.schema, source.name, as_of, id_column, scorecard)
    folder = out.with_name(f"{out.name}.parts")
    try:
        with only_one(out.with_name(f"{out.name}.lock"), f"another run is scoring into {out.name}"):
            kept = _prepare(folder, source, plan, part, restart=restart)
            done = _write_parts(folder, source, plan, part, kept, step)
            step("putting the parts together")
            unscored = _assemble(folder, out, plan, done, place.inputs, force=force)
            _clear(folder)
    except OSError as error:
        raise CannotWrite(f"{out} cannot be written: {error.strerror or error}; what was scored is kept in {folder.name}") from None
    return ScoreRun(done, kept, unscored, time.perf_counter() - started)


def _prepare(folder: Path, source: Companies, plan: Plan, part: int, *, restart: bool) -> int:
    """Make the folder of parts, or take one over; answers the companies that are done."""
    card = hashlib.sha256(repr(plan.scorecard).encode()).hexdigest()
    ours = {
        "source": source.fingerprint, "as_of": plan.as_of.isoformat(), "id": plan.id_column, "fields": plan.fields, "part": part,
        "scorecard": card,
    }  # fmt: skip
    ours = json.loads(json.dumps(ours))
    for left in folder.parent.glob(f"{glob.escape(folder.name)}.cleared-*"):  # by a run that was killed while it cleared up
        shutil.rmtree(left, ignore_errors=True)
    if os.path.lexists(folder):
        _need_ours(folder)
        if restart:
            _clear(folder)
    if not folder.exists():
        folder.mkdir()
        _write_whole(folder / _PLAN, json.dumps(ours).encode())
        return 0
    try:
        theirs = json.loads((folder / _PLAN).read_bytes())
    except (OSError, ValueError):
        theirs = None
    if theirs is None and not any(folder.glob("part-*.parquet")):  # killed before anything was scored
        _write_whole(folder / _PLAN, json.dumps(ours).encode())
        return 0
    if theirs != ours:
        odd = ", ".join(key for key in ours if not isinstance(theirs, dict) or theirs.get(key) != ours[key])
        raise BadRequest(
            f"{folder.name} was begun with another {odd}: finish that run with its own source and options, or begin anew with --restart"
        )
    for path in folder.glob("*.new"):
        path.unlink()
    for path in set(folder.glob("part-*.parquet")) - set(_parts(folder)):
        path.unlink()
    return sum(pq.read_metadata(path).num_rows for path in _parts(folder))


def _need_ours(folder: Path) -> None:
    """Refuse a folder of this name that holds something else: it would be cleared away in the end."""
    others = [folder] if folder.is_symlink() or not folder.is_dir() else [one for one in folder.iterdir() if not _OURS.fullmatch(one.name)]
    if others:
        raise BadRequest(f"{folder} is no folder of a run of this command ({others[0].name}): put it elsewhere, or give another name")


def _part(folder: Path, number: int) -> Path:
    return folder / f"part-{number:05}.parquet"


def _parts(folder: Path) -> list[Path]:
    """Return the parts that follow one another from the first; behind a missing one nobody could say which companies they hold."""
    return list(itertools.takewhile(Path.is_file, (_part(folder, number) for number in itertools.count())))


def _clear(folder: Path) -> None:
    """Remove the parts, which are of no use any more: at once for every later run, however long the removing takes."""
    gone = folder.with_name(f"{folder.name}.cleared-{os.getpid()}-{time.time_ns():x}")
    folder.rename(gone)
    shutil.rmtree(gone)


def _write_parts(folder: Path, source: Companies, plan: Plan, part: int, done: int, step: Callable[[str], None]) -> int:
    """Score what is not done yet, part by part; answers the companies of all parts."""
    began, first, number = time.perf_counter(), done, len(_parts(folder))
    rows: list[pa.RecordBatch] = []
    held = 0
    failed: list[BadRequest] = []
    for batch in _scored(source, plan, done, failed):
        start = 0
        while start < batch.num_rows:
            piece = batch.slice(start, part - held)
            rows.append(piece)
            held, start = held + piece.num_rows, start + piece.num_rows
            if held == part:
                _write_part(folder, number, rows, plan)
                number, done, rows, held = number + 1, done + held, [], 0
                rate = (done - first) / max(time.perf_counter() - began, 1e-9)
                total = f" of {source.total:,}" if source.total else ""
                step(f"{done:,}{total} companies, {rate:,.0f} a second")
    if held:
        _write_part(folder, number, rows, plan)
    if failed:
        raise failed[0]
    return done + held


def _scored(source: Companies, plan: Plan, done: int, failed: list[BadRequest]) -> Iterator[pa.RecordBatch]:
    """Score batches in their order, some ahead of the reader: reading, scoring and writing overlap. A source that fails is told last."""
    if source.total is not None and done >= source.total:
        return
    waiting: deque[Future[pa.RecordBatch]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        try:
            for batch in source.batches(done, plan.columns, plan.id_column):
                waiting.append(pool.submit(score_batch, batch, plan))
                while len(waiting) > _THREADS:
                    yield waiting.popleft().result()
        except BadRequest as error:
            failed.append(error)
        while waiting:
            yield waiting.popleft().result()


def _write_part(folder: Path, number: int, batches: list[pa.RecordBatch], plan: Plan) -> None:
    path = _part(folder, number)
    new = path.with_suffix(".new")
    pq.write_table(pa.Table.from_batches(batches, plan.schema), new, compression="zstd")
    _keep(new, path)


def _assemble(folder: Path, out: Path, plan: Plan, companies: int, inputs: Sequence[Path], *, force: bool) -> int:
    """Put the parts together; answers the companies without a score. `out` appears whole or not at all."""
    unscored = put = 0
    with output(out, inputs, force=force) as file, pq.ParquetWriter(file, plan.schema, compression="zstd") as writer:
        for path in _parts(folder):
            table = pq.read_table(path, schema=plan.schema)
            put, unscored = put + table.num_rows, unscored + table["score"].null_count
            writer.write_table(table)
        if put != companies:
            raise CannotWrite(
                f"{out} was not written: {counted(companies, 'company was', 'companies were')} scored, but {folder.name} holds {put:,}; "
                "something else changed that folder, so begin anew with --restart"
            )
    return unscored


def _write_whole(path: Path, data: bytes) -> None:
    new = path.with_suffix(".new")
    new.write_bytes(data)
    _keep(new, path)


def _keep(new: Path, path: Path) -> None:
    """Make a finished file safe on the disk, then give it its name."""
    with new.open("rb+") as file:
        os.fsync(file.fileno())
    new.replace(path)
