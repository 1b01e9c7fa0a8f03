"""Command line of the generator: ``python -m pipeline.demo [--out FOLDER] [--seed N]``.

Belongs here: arguments and one line of output. Does not belong here: anything else.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline.demo import DEFAULT_SEED
from pipeline.demo.returns import World
from pipeline.demo.write import write_all

DEFAULT_OUT = Path(__file__).resolve().parents[2] / "data_raw" / "zhangjiakou"


def main(arguments: list[str] | None = None) -> int:
    """Write the demonstration files; returns 0."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.demo",
        description="生成张家口演示数据(人口普查为真实数据) / write the Zhangjiakou demonstration returns",
    )
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="输出文件夹 / folder to write into")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="随机种子 / seed")
    options = parser.parse_args(arguments)
    written = write_all(World.make(options.seed), options.out)
    size = sum(path.stat().st_size for path in written)
    print(f"已写出 {len(written)} 个文件,共 {size:,} 字节 / wrote {len(written)} files, {size:,} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
