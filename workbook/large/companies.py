"""Companies of a source in a fixed order, from any row on: what a run that was killed goes on with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final, Protocol

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from workbook.large.engine import BATCH, Engine, open_engine
from workbook.large.places import Place
from xladdin.errors import BadRequest

_CSV_BLOCK: Final = 1 << 24


class Companies(Protocol):
    """A source read in a fixed order."""

    name: str
    schema: pa.Schema
    fingerprint: str  # changes when the source does

    @property
    def total(self) -> int | None:
        """Number of companies; None where only reading would tell."""
        ...

    def batches(self, start: int, columns: list[str], id_column: str) -> Iterator[pa.RecordBatch]:
        """Give the batches from a row on."""
        ...


def open_companies(place: Place) -> Companies:
    """Open a source. Raises BadRequest."""
    if place.kind == "parquet":
        return ParquetCompanies(place)
    if place.kind == "csv":
        return CsvCompanies(place)
    return TableCompanies(place)


def _fingerprint(place: Place, schema: pa.Schema) -> str:
    files = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in place.files]
    return hashlib.sha256(json.dumps([place.kind, place.table, files, str(schema)]).encode()).hexdigest()


class ParquetCompanies:
    """Parquet files, one after the other, row group by row group: memory holds one batch."""

    def __init__(self, place: Place) -> None:
        self.name, self._files = place.name, place.files
        self._rows: list[int] = []
        schema: pa.Schema | None = None
        for path in place.files:
            try:
                with pq.ParquetFile(path) as file:
                    self._rows.append(file.metadata.num_rows)
                    found = file.schema_arrow.remove_metadata()
            except (pa.ArrowException, OSError) as error:
                raise BadRequest(f"{path.name} is not a readable Parquet file: {' '.join(str(error).split())[:200]}") from None
            schema = schema or found
            if not found.equals(schema):
                odd = sorted({str(one) for one in found} ^ {str(one) for one in schema})
                raise BadRequest(f"{path.name} has other columns than {place.files[0].name}: {', '.join(odd[:6])}; make them alike")
        assert schema is not None  # noqa: S101 - a place of files has one
        self.schema = schema
        self.fingerprint = _fingerprint(place, self.schema)

    @property
    def total(self) -> int:
        """Number of companies."""
        return sum(self._rows)

    def batches(self, start: int, columns: list[str], id_column: str) -> Iterator[pa.RecordBatch]:  # noqa: ARG002 - the files have an order
        """Give the batches from a row on; whole files and row groups before it are not read."""
        for path, rows in zip(self._files, self._rows, strict=True):
            if start >= rows:
                start -= rows
                continue
            with pq.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False) as file:
                for group in range(file.metadata.num_row_groups):
                    size = file.metadata.row_group(group).num_rows
                    if start >= size:
                        start -= size
                        continue
                    try:
                        for batch in file.iter_batches(BATCH, row_groups=[group], columns=columns):
                            yield from _after(batch, start)
                            start = max(start - batch.num_rows, 0)
                    except (pa.ArrowException, OSError) as error:
                        text = " ".join(str(error).split())[:200]
                        raise BadRequest(
                            f"{path.name}, row group {group + 1} of {file.metadata.num_row_groups} cannot be read: {text}; "
                            "what was scored before it is kept: put a good copy in its place and give the same command"
                        ) from None


class CsvCompanies:
    """CSV files, one after the other; the types of the first block hold for all."""

    total = None

    def __init__(self, place: Place) -> None:
        self.name, self._files = place.name, place.files
        with self._open(place.files[0], None) as reader:
            self.schema = reader.schema
        self.fingerprint = _fingerprint(place, self.schema)

    def _open(self, path: Any, columns: list[str] | None) -> Any:
        types = None if columns is None else {name: self.schema.field(name).type for name in columns}
        try:
            return pa.csv.open_csv(
                path, pa.csv.ReadOptions(block_size=_CSV_BLOCK), pa.csv.ParseOptions(newlines_in_values=True),
                pa.csv.ConvertOptions(include_columns=columns, column_types=types, strings_can_be_null=True),
            )  # fmt: skip
        except (pa.ArrowException, OSError, KeyError) as error:
            raise BadRequest(f"{path.name} cannot be read: {' '.join(str(error).split())[:200]}") from None

    def batches(self, start: int, columns: list[str], id_column: str) -> Iterator[pa.RecordBatch]:  # noqa: ARG002
        """Give the batches from a row on; what stands before is read and passed over."""
        for path in self._files:
            with self._open(path, columns) as reader:
                try:
                    for batch in reader:
                        yield from _after(batch, start)
                        start = max(start - batch.num_rows, 0)
                except (pa.ArrowException, OSError) as error:
                    raise BadRequest(f"{path.name} cannot be read: {' '.join(str(error).split())[:200]}") from None


class TableCompanies:
    """A table of a database, in the order of the column that names the company: that column must be unique."""

    def __init__(self, place: Place) -> None:
        self._engine: Engine = open_engine(place)
        self.name = self._engine.name
        source = self._engine.source
        self.schema = source.drop("row_").schema().to_pyarrow()
        self._total = int(self._engine.query(source.aggregate(n=source.count().cast("int64")))["n"][0].as_py())
        self.fingerprint = hashlib.sha256(json.dumps([place.kind, place.name, str(self.schema), self._total]).encode()).hexdigest()

    @property
    def total(self) -> int:
        """Number of companies."""
        return self._total

    def batches(self, start: int, columns: list[str], id_column: str) -> Iterator[pa.RecordBatch]:
        """Give the batches from a row on."""
        asked = self._engine.source.order_by(id_column).select(*columns)
        yield from self._engine.batches(asked.limit(None, offset=start) if start else asked)


def _after(batch: pa.RecordBatch, start: int) -> Iterator[pa.RecordBatch]:
    if start < batch.num_rows:
        yield batch.slice(start) if start else batch
