"""What looks like data about a single person: by the header of a column, by the form of a value.

Belongs here: the words and forms that are refused. Does not belong here: the findings (sheets.py,
cells.py).
"""

from __future__ import annotations

import datetime as dt
import re

from pipeline.intake.contract import normal_header

_ZH = (
    "姓名 身份证 证件号 学籍号 学号 准考证 残疾证 残疾人证 护照号 户口簿 电话 手机 联系方式 联系人 住址 家庭地址 "
    "家长 监护人 出生日期 出生年月 邮箱 微信 银行卡 银行账号 照片 负责人 填报人 审核人 "
    "诊断 残疾类型 残疾类别 残疾等级 障碍类型 障碍类别 病名 病情 病史 病历 病种 疾病 医疗 就诊 健康状况"
)
_EN = (
    "id_card id_number identity_card passport phone telephone mobile guardian student_name pupil_name child_name "
    "full_name student_number student_no parent birth_date date_of_birth email home_address bank_account photo "
    "diagnosis diagnoses disability_type type_of_disability disability_category disability_grade disability_level "
    "disability_certificate illness disease medical health_condition"
)
_WORDS = frozenset([*_ZH.split(), *_EN.split(), *_EN.replace("_", "").split()])
_EXACT = frozenset(
    ["name", "tel", "address", "birthday", "学生", "幼儿", "儿童", "地址", "民族", "籍贯", "qq"]
)

# Eighteen digits of which the seventh to fourteenth are a day of birth; the last may be an X.
_IDENTITY = re.compile(
    r"(?<![0-9])[1-9][0-9]{5}((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})[0-9]{3}[0-9Xx](?![0-9])"
)
_IDENTITY_LENGTH = 18
_GAPS = re.compile(r"(?<=[0-9])[\s\-]+(?=[0-9Xx])")
MASK = "（疑似身份证号，不显示）"


def is_personal(header: str) -> bool:
    """True if a column of this header would hold data about a single person."""
    normal = normal_header(header)
    return normal in _EXACT or any(word in normal for word in _WORDS)


def holds_identity_number(text: str) -> bool:
    """True if ``text`` holds what looks like an identity number of a person (18 digits with a day of birth)."""
    return len(text) >= _IDENTITY_LENGTH and _identity(text) is not None


def masked(text: str) -> str:
    """``text``, or the words that stand for a text with an identity number, which is never shown."""
    return MASK if holds_identity_number(text) else text


def _identity(text: str) -> re.Match[str] | None:
    half = text.translate({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})
    for form in (half, _GAPS.sub("", half)):
        for found in _IDENTITY.finditer(form):
            try:
                dt.date(*(int(part) for part in found.groups()))
            except ValueError:
                continue
            return found
    return None
