"""Invented names of institutions and villages.

Belongs here: names only, each used once, all within GB2312. Does not belong here: where an
institution is or how large it is.
"""

from __future__ import annotations

from pipeline.demo.streams import Stream

_DIGITS = "零一二三四五六七八九"
_FAMILIES = "张王李赵刘陈杨孙马高郭何罗梁宋郑韩冯董程曹袁许吕苏任姚石范方侯白孟秦江史贾常武温郝崔康毛史龙段雷"
_PLACES = (
    "庄",
    "营",
    "堡",
    "沟",
    "窑",
    "湾",
    "屯",
    "洼",
    "坡",
    "梁",
    "房",
    "地",
    "台",
    "滩",
    "家庄",
    "家营",
    "家堡",
    "家沟",
    "家窑",
    "家湾",
    "家洼",
    "家梁",
    "家房",
)
_DIRECTIONS = ("", "", "东", "西", "南", "北", "上", "下", "大", "小", "前", "后")
_FANCY = (
    "阳光",
    "蓝天",
    "童心",
    "金色童年",
    "小博士",
    "启明星",
    "七色花",
    "爱心",
    "春蕾",
    "育才",
    "智慧树",
    "红苹果",
    "小太阳",
    "金太阳",
    "星星",
    "新蕾",
    "希望",
    "博雅",
    "英才",
    "贝贝",
    "苗苗",
    "小天使",
    "彩虹",
    "快乐",
    "向日葵",
    "蒲公英",
    "花儿",
    "童话",
    "晨光",
    "朝阳",
    "未来星",
    "小精灵",
    "大风车",
    "摇篮",
    "乐乐",
    "天天",
    "康乐",
    "育苗",
    "百灵鸟",
    "小天鹅",
    "金摇篮",
    "世纪星",
    "明珠",
    "海贝",
    "绿洲",
    "森林",
    "小白鸽",
    "星光",
)
_FANCY_TAILS = ("", "", "双语", "艺术", "实验", "新城", "花园")


def ordinal(number: int) -> str:
    """A number from 1 to 99 in Chinese."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones else "")


class Names:
    """Hands out names and sees to it that none is used twice."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._used: set[str] = set()
        self._counts: dict[str, int] = {}

    def numbered(self, head: str, tail: str) -> str:
        """``head`` + 第n + ``tail`` with the next free number."""
        number = self._counts.get(head + tail, 0) + 1
        self._counts[head + tail] = number
        return self.once(f"{head}第{ordinal(number)}{tail}", tail)

    def once(self, name: str, tail: str) -> str:
        """The name itself, or with a number before its tail when it is taken."""
        chosen, number = name, 2
        while chosen in self._used:
            chosen = f"{name.removesuffix(tail)}第{ordinal(number)}{tail}"
            number += 1
        self._used.add(chosen)
        return chosen

    def village(self, key: str) -> str:
        """A village name such as 上李家沟."""
        stream = Stream(self._seed, "village", key)
        return stream.pick(_DIRECTIONS) + stream.pick(_FAMILIES) + stream.pick(_PLACES)

    def fancy(self, head: str, tail: str, key: str) -> str:
        """A private kindergarten's name, e.g. 怀来县沙城镇金色童年幼儿园."""
        stream = Stream(self._seed, "fancy", key)
        return self.once(head + stream.pick(_FANCY) + stream.pick(_FANCY_TAILS) + tail, tail)
