"""Spark Connect: the SQL files on an engine that speaks it (Apache Spark, Sail).

Belongs here: sending tables as Parquet, running a translated file, taking the result back, saying what went wrong.
Does not belong here: which SQL is portable (portable.py), formulas.

Rows go to and fro as Parquet files in a folder that both sides see; only SQL and plans go over the wire. A finished
table lies there under a key made of its SQL and of everything it was made from, so a run that is started again after
an accident takes up what was finished and cannot take anything else for it.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
import socket
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import duckdb

from pipeline.mishap import Mishap
from pipeline.warehouse.portable import translate
from pipeline.warehouse.sqlfiles import SqlFile
from pipeline.warehouse.store import path_pattern, sql_text

_ANSWER_SECONDS = 10.0
_RETRIES = 4
_SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    # Spark 4.1 breaks the plan of core.project_result with this rule of its optimiser and refuses it; no row depends on it.
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.RemoveRedundantAliases",
}
"""Bad casts and overflows are errors, not NULLs, and days are the same everywhere."""
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT")
_STANDS = (
    "没有发布任何内容,上一版本保持不变",
    "Nothing was published, the last edition stands",
)
_AGAIN = (
    "用同一条命令重新运行即可,已算完的表不再重算;不带 --engine 则在本机用 DuckDB 计算",
    "run the same command again: finished tables are not computed again; without --engine DuckDB computes on this machine",
)
# What engines say -> what happened, what to do. The first that fits counts.
_KNOWN = (
    (
        r"disk space during the spilling|No space left on device|[Dd]isk quota exceeded",
        ("引擎的临时磁盘空间不够", "the engine ran out of disk for what does not fit its memory"),
        ("请腾出空间,或给它更多内存或更多节点", "make room there, or give it more memory or more workers"),
    ),
    (
        r"OutOfMemory|(Resources|Memory) [Ee]xhausted|[Nn]ot enough memory|[Mm]emory limit|Java heap space|GC overhead"
        r"|RESOURCE_EXHAUSTED",
        ("引擎的内存不够", "the engine ran out of memory"),
        ("请给它更多内存或更多节点", "give it more memory or more workers"),
    ),
    (
        r"[Ww]orker .{0,80}(lost|fail|stopped|not available)|heartbeat|ExecutorLost|[Ee]xecutor .{0,60}(lost|exited)",
        ("引擎失去了一个工作节点", "the engine lost one of its workers"),
        ("请看引擎的日志,恢复节点", "look at the engine's log and bring the worker back"),
    ),
    (
        r"UNAVAILABLE|RETRIES_EXCEEDED|Connection refused|failed to connect|Socket closed|SESSION_(NOT_FOUND|CLOSED)|invalid session",
        ("引擎中断了连接或已停止", "the engine has gone away"),
        ("请重新启动引擎", "start the engine again"),
    ),
    (
        r"PATH_NOT_FOUND|No such file|NotFound|does not exist|No files found",
        ("引擎看不到交换文件夹", "the engine does not see the exchange folder"),
        (
            "请用 --exchange 指定一个本机与引擎以同一路径都能读写的文件夹",
            "give --exchange a folder that this machine and the engine both read and write under the same path",
        ),
    ),
)
_T = TypeVar("_T")


class EngineTrouble(Mishap):
    """The engine is not installed, does not answer, or could not make a table. ``str()`` says what to do."""


class SparkConnect:
    """One session on a Spark Connect server; ``folder`` is where Parquet files are exchanged."""

    def __init__(self, address: str, folder: Path) -> None:
        """Connect. Raises EngineTrouble where the client is not installed or nobody answers at ``address``."""
        self.where = _answers(address)
        self.folder = folder
        self._keys: dict[str, str] = {}
        self._session = _session(address, self.where)

    def close(self) -> None:
        """End the session on the server, if it still answers."""
        try:
            self._session.stop()
        except Exception:
            # It is gone: then the session is, too, and what matters has been told already.
            return

    def forget(self) -> None:
        """As :meth:`pipeline.warehouse.engine.Engine.forget`."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def make(self, store: duckdb.DuckDBPyConnection, file: SqlFile) -> None:
        """As :meth:`pipeline.warehouse.engine.Engine.make`.

        Raises EngineTrouble where the engine fails or gives a column of another kind than the SQL says, and
        NotPortable where the file holds SQL that engines do not understand alike.
        """
        for table in file.reads:
            if table not in self._keys:
                self._send(store, table)
        sql = translate(file, {table: _view(table) for table in file.reads})
        key = _digest(sql, *(self._keys[table] for table in file.reads))
        place, finished = self.folder / file.table / key, self.folder / file.table / f"{key}.finished"
        # A list of files, not only a mark: a power cut may keep the mark and lose a file.
        if not finished.exists() or finished.read_text("utf-8") != _listing(place):
            shutil.rmtree(place, ignore_errors=True)
            self._asked(file.table, lambda: self._compute(sql, place))
            finished.write_text(_listing(place), "utf-8")
        columns = _columns(store, file.text)
        self._take(store, file.table, place, columns)
        self._show(file.table, place, columns)
        self._keys[file.table] = key

    def _send(self, store: duckdb.DuckDBPyConnection, table: str) -> None:
        """Give the engine a table of the working database."""
        columns = _columns(store, f"SELECT * FROM {table}")
        self.folder.joinpath(table).mkdir(parents=True, exist_ok=True)
        partial = self.folder / table / f"{os.getpid()}.partial"
        chosen = ", ".join(f'CAST("{name}" AS {_parquet_type(kind)}) AS "{name}"' for name, kind in columns)
        store.execute(f"COPY (SELECT {chosen} FROM {table}) TO {sql_text(str(partial))} (FORMAT parquet)").fetchall()
        with partial.open("rb") as handle:
            self._keys[table] = hashlib.file_digest(handle, "sha256").hexdigest()[:16]
        # named by its content, so that what a run reads is never what another one has written since
        target = self.folder / table / f"{self._keys[table]}.sent.parquet"
        partial.replace(target)
        self._show(table, target, columns)

    def _show(self, table: str, place: Path, columns: list[tuple[str, str]]) -> None:
        """Make a table known to the session under its own name and with the working database's types."""
        chosen = [f"CAST(`{name}` AS {_spark_type(kind)}) AS `{name}`" for name, kind in columns]
        self._asked(
            table,
            lambda: self._session.read.parquet(str(place)).selectExpr(*chosen).createOrReplaceTempView(_view(table)),
        )

    def _compute(self, sql: str, place: Path) -> None:
        frame = self._session.sql(sql)
        frame.write.parquet(str(place))
        if not any(place.glob("*.parquet")):
            # Sail leaves no file where there are no rows; the columns have to be known all the same.
            import pyarrow.parquet
            from pyspark.sql.pandas.types import to_arrow_schema

            if frame.count():
                raise EngineTrouble(_told("does not exist", self.where, place.parent.name))
            place.mkdir(parents=True, exist_ok=True)
            pyarrow.parquet.write_table(to_arrow_schema(frame.schema).empty_table(), place / "empty.parquet")

    def _take(
        self, store: duckdb.DuckDBPyConnection, table: str, place: Path, columns: list[tuple[str, str]]
    ) -> None:
        """Put a result into the working database, in a total order, with the types that DuckDB gives the SQL."""
        source = f"read_parquet({sql_text(f'{path_pattern(place)}/*.parquet')}, hive_partitioning = false)"
        came = _columns(store, f"SELECT * FROM {source}")
        odd = [
            f"{name} {kind} ≠ {got_name} {got}"
            for (name, kind), (got_name, got) in zip(columns, came, strict=False)
            if name != got_name or not _same_kind(kind, got)
        ]
        if odd or len(came) != len(columns):
            raise EngineTrouble(
                f"引擎 {self.where} 给出的 {table} 列名或类型不同,不予采用:{'、'.join(odd)}。{_STANDS[0]} / "
                f"{self.where} gives {table} with other columns or types, it is not used: {', '.join(odd)}. {_STANDS[1]}"
            )
        chosen = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in columns)
        store.execute(
            f"CREATE OR REPLACE TABLE {table} AS SELECT {chosen} FROM {source} ORDER BY ALL NULLS FIRST"
        ).fetchall()

    def _asked(self, table: str, work: Callable[[], _T]) -> _T:
        """What the engine answers; its errors as EngineTrouble."""
        import grpc
        from pyspark.errors import PySparkException

        try:
            return work()
        except (PySparkException, grpc.RpcError) as problem:
            raise EngineTrouble(_told(f"{type(problem).__name__}: {problem}", self.where, table)) from problem


def _answers(address: str) -> str:
    """``host:port`` of an address (never the token that it may carry). Raises EngineTrouble where nobody answers."""
    parts = urlsplit(address)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if parts.scheme != "sc" or not host or not port:
        raise EngineTrouble(
            "引擎地址应写成 sc://主机:端口,如 sc://127.0.0.1:50051 / an engine's address is sc://host:port"
        )
    try:
        socket.create_connection((host, port), timeout=_ANSWER_SECONDS).close()
    except OSError as problem:
        raise EngineTrouble(
            f"引擎 {host}:{port} 没有应答({problem})。{_STANDS[0]};请确认引擎已启动、地址正确;{_AGAIN[0]} / "
            f"no engine answers at {host}:{port} ({problem}). {_STANDS[1]}; see that it runs and the address is right; "
            f"{_AGAIN[1]}"
        ) from None
    return f"{host}:{port}"


def _session(address: str, where: str) -> Any:
    """A new session on the server. Raises EngineTrouble where the client is not installed or the server is no engine."""
    try:
        import grpc
        from pyspark.errors import PySparkException
        from pyspark.sql.connect.client.retries import DefaultPolicy
        from pyspark.sql.connect.session import SparkSession
    except ImportError as missing:
        raise EngineTrouble(
            f"没有安装 Spark Connect 客户端({missing.name})。请运行 make engines,再重试 / "
            f"the Spark Connect client is not installed ({missing.name}); run make engines, then try again"
        ) from None
    # What the client warns of, also after its session has ended, is told by the error that follows.
    warnings.filterwarnings("ignore", message=r"\[RETRIES_EXCEEDED\]", category=UserWarning)
    # So is what it logs, with its whole stack, of every call that fails. Its log is switched off unless this variable asks for
    # it, but opening Dagster's history configures all logging anew and switches it on; a level outlives that.
    if "SPARK_CONNECT_LOG_LEVEL" not in os.environ:
        logging.getLogger("pyspark.sql.connect.logging").setLevel(logging.CRITICAL + 1)
    try:
        session = SparkSession.builder.remote(address).create()
        # The client's own patience is a quarter of an hour; nobody should wait that long to hear that a server is gone.
        session.client.set_retry_policies([DefaultPolicy(max_retries=_RETRIES)])
        for name, value in _SETTINGS.items():
            session.conf.set(name, value)
        return session
    except (PySparkException, grpc.RpcError) as problem:
        raise EngineTrouble(_told(f"{type(problem).__name__}: {problem}", where, "")) from problem


def _told(said: str, where: str, table: str) -> str:
    """What happened at ``where`` while it made ``table``, and what to do, Chinese and English."""
    at_zh, at_en = (f",正在计算 {table}", f" while making {table}") if table else ("", "")
    for pattern, (what_zh, what_en), (todo_zh, todo_en) in _KNOWN:
        if re.search(pattern, said):
            return (
                f"{what_zh}({where}{at_zh})。{_STANDS[0]};{todo_zh},然后{_AGAIN[0]} / "
                f"{what_en} ({where}{at_en}). {_STANDS[1]}; {todo_en}, then {_AGAIN[1]}"
            )
    first = " ".join(said.split())[:300]
    return (
        f"引擎出错({where}{at_zh}):{first}。{_STANDS[0]};{_AGAIN[0]} / "
        f"the engine failed ({where}{at_en}): {first}. {_STANDS[1]}; {_AGAIN[1]}"
    )


def _view(table: str) -> str:
    """``schema.name`` as one name: views of a session have no schema."""
    return table.replace(".", "__")


def _columns(store: duckdb.DuckDBPyConnection, select: str) -> list[tuple[str, str]]:
    """(name, DuckDB type) of a SELECT's columns; nothing is computed."""
    return [(row[0], row[1]) for row in store.execute(f"DESCRIBE {select}").fetchall()]


def _parquet_type(kind: str) -> str:
    """Parquet knows no 128-bit whole numbers: DuckDB would write them as floats."""
    return "DECIMAL(38,0)" if kind == "HUGEINT" else kind


def _spark_type(kind: str) -> str:
    return {"VARCHAR": "STRING", "HUGEINT": "DECIMAL(38,0)"}.get(kind, kind)


def _same_kind(kind: str, got: str) -> bool:
    """Whether a column can be taken without changing a value: whole numbers of any width, else the very type (an
    all-NULL decimal may come as a whole number, a decimal wider but of the same scale)."""
    if kind == got:
        return True
    if kind in (*_WHOLE, "HUGEINT"):
        return got in _WHOLE or got.endswith(",0)")
    if kind.startswith("DECIMAL"):
        return _scale(got) == _scale(kind)
    return False


def _scale(kind: str) -> int | None:
    if kind in _WHOLE:
        return 0
    return int(kind.partition(",")[2].rstrip(")")) if kind.startswith("DECIMAL(") else None


def _listing(place: Path) -> str:
    """Name and size of every Parquet file of a result, one a line."""
    return "\n".join(f"{path.name} {path.stat().st_size}" for path in sorted(place.glob("*.parquet")))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
