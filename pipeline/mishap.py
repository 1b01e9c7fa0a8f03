"""What goes wrong with the machine rather than with the figures, in words for the person at the keyboard.

Belongs here: recognising a full disk, a folder that may not be written, a damaged log, saying what to do; looking
at the folders before work starts. Does not belong here: findings about returns, catching errors (runner.py,
telling.py).
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

_FULL = ("磁盘(或配额)已满", "the disk (or its quota) is full")
_MEMORY = ("内存不够", "there is not enough memory")
_GIVE = (
    "请关闭别的程序,少同时做几个项目(--jobs),设了 JIANCE_MEMORY 的把它调大,或换内存更大的机器,再重新运行",
    "close other programs, make fewer programmes at a time (--jobs), raise JIANCE_MEMORY where it is set, or take a machine "
    "with more memory, then run again",
)
_CLEAR = (
    "请腾出空间后重新运行;build/ 文件夹可以整个删除,会自动重建",
    "free some space and run again; the folder build/ may be deleted, it is made again",
)
_DENIED = ("没有写入(或读取)权限,或磁盘是只读的", "it may not be written (or read), or the disk is read-only")
_ALLOW = (
    "请让运行的用户能写入那里(一般是 build/ 和 editions/;data_raw/ 只需能读),再重新运行",
    "give the user who runs it write access to that place (commonly build/ and editions/; data_raw/ need only be read), then run again",
)
_PLACE = (
    "放文件夹的地方是别的东西(文件、失效的链接),或路径中断",
    "there is something else (a file, a broken link) where a folder should be, or the path leads nowhere",
)
_REMOVE = (
    "请看这个路径,移走挡住的文件或改正链接,再重新运行",
    "look at this path, move away what is in the way or mend the link, and run again",
)
_GONE = (
    "工作文件夹(build/)里各份报表的行不见了或已损坏",
    "the rows of returns in the working folder (build/) are gone or damaged",
)
_AFRESH = (
    "请重新运行整个任务(jiance run,或在界面里生成全部资产),会从收到的文件重新读入",
    "run the whole again (jiance run, or all assets in the interface): they are read from the received files anew",
)
_LOG = ("Dagster 的运行记录(build/dagster)已损坏", "Dagster's history of runs (build/dagster) is damaged")
_DROP = (
    "请删除或移走 build/dagster 后重新运行:只失去运行历史,已发布的版本和证据都不在那里",
    "delete or move away build/dagster and run again: only the history of runs goes, no edition and no evidence",
)
_LOCKED = ("Dagster 的运行记录正被别的程序长时间占用", "another program keeps Dagster's history of runs locked")
_WAIT = ("请等它结束后重新运行", "wait for it to end and run again")
_SERVER = ("PostgreSQL 没有应答,Dagster 的运行记录在那里", "PostgreSQL, which holds Dagster's history of runs, does not answer")
_START = (
    "请启动它(systemctl status postgresql),看 dagster.yaml 里的地址是否正确,再重新运行",
    "start it (systemctl status postgresql), see that the address in dagster.yaml is right, and run again",
)
_UNSET = ("缺少 dagster.yaml 里写的环境变量", "an environment variable that dagster.yaml names is not set")
_EXPORT = (
    "请系统维护人员在服务(EnvironmentFile)或命令行里设好它(docs/server.md),再重新运行",
    "whoever keeps the server sets it for the service (EnvironmentFile) or at the command line (docs/server.md); run again then",
)
_SET_UP = ("没有安装服务器所需的库", "the libraries of a server are not installed")
_MAKE = ("请先运行 make server", "run make server first")

# What the operating system, DuckDB, SQLite and PostgreSQL say -> what happened, what to do. The first that fits counts.
_KNOWN = (
    (r"too many retries for DB connection|connection to server .* failed|server closed the connection", _SERVER, _START),
    (r"fetch the environment variable \S+ which is not set", _UNSET, _EXPORT),
    (r"No module named '(dagster_postgres|distributed)'|Couldn't import module pipeline\.shared_history", _SET_UP, _MAKE),
    (r"failed to offload data block|max_temp_directory_size", _FULL, _CLEAR),
    (r"Out of Memory Error|\bMemoryError\b|Cannot allocate memory", _MEMORY, _GIVE),
    (r"No space left on device|Disk quota exceeded|File too large|database or disk is full", _FULL, _CLEAR),
    (r"Read-only file system|Permission denied|Operation not permitted|readonly database", _DENIED, _ALLOW),
    (r"Not a directory|File exists|Is a directory|Too many levels of symbolic links", _PLACE, _REMOVE),
    (r"database disk image is malformed|file is not a database|malformed database schema", _LOG, _DROP),
    (r"database is locked", _LOCKED, _WAIT),
    (r"(No files found that match|No magic bytes found)[^\n]*/raw/\w+\.parquet", _GONE, _AFRESH),
    (r"/raw/\w+\.parquet[^\n]*too small to be a Parquet file", _GONE, _AFRESH),
)
_UNOPENED = re.compile(r"unable to open database file|disk I/O error")
"""What SQLite says of a full disk and of a folder that may not be written alike."""
_LEFT = 1024**2
_PATHS = re.compile(r"[\"'](/[^\"'\\\n]+)\\?[\"']")


class Mishap(RuntimeError):
    """An accident that its own message explains: what happened and what to do, in Chinese and English."""


def require_places(folders: Iterable[Path]) -> None:
    """Raise OSError unless each folder, or the nearest one above it that exists, may be written.

    So a run that could not publish is told before its work, not after it. Nothing is made.
    """
    for folder in folders:
        place = folder
        while not os.path.lexists(place):
            place = place.parent
        if not place.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(place))
        if not os.access(place, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place))


def explain(text: str, working_in: Path) -> str:
    """What an error of the machine means and what to do, Chinese and English; empty for any other error.

    ``text``: what the error says, as Python, DuckDB, SQLite or PostgreSQL put it; of a traceback only the lines that are not
    source code count. ``working_in``: a folder on the disk that was written to.
    """
    said = "\n".join(line for line in text.splitlines() if not line.startswith(" "))
    known = list(_KNOWN)
    if _UNOPENED.search(said):
        full = shutil.disk_usage(working_in).free < _LEFT
        known.insert(0, (_UNOPENED.pattern, *((_FULL, _CLEAR) if full else (_DENIED, _ALLOW))))
    for pattern, (what_zh, what_en), (todo_zh, todo_en) in known:
        if re.search(pattern, said):
            place = _PATHS.search(said)
            where = f":{place.group(1)}" if place else ""
            return (
                f"{what_zh}{where}。没有发布任何内容,上一版本保持不变;{todo_zh} / "
                f"{what_en}. Nothing was published, the last edition stands; {todo_en}"
            )
    return ""
