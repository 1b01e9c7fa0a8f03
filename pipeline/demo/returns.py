"""The rows of every return, as dictionaries keyed by the contract's field names.

Belongs here: turning the world (people, pupils, institutions, money) into rows. Does not belong
here: file formats, headers, the register.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.demo import DEFAULT_SEED, finance, flows, kindergartens, population, pupils, schools, special
from pipeline.demo.institutions import PROGRAMME, Institution
from pipeline.demo.story import CERTIFIED_KEPT, IN_YUAN
from pipeline.demo.streams import MILLION, Stream, scaled, share_out
from pipeline.demo.territory import CITY, UNITS

Row = dict[str, object]
TOTAL = "合计"
# Schools close in the summer holiday; a recognition ends with its kindergarten.
CLOSING_DAY = "-07-15"
HISTORY = range(2011, 2019)
# From here on the form asks where entrants come from, and for the upper-secondary stage.
ASKED_IN_FULL = 2020
COHORT_GRADES = ((1, "小学"), (9, "初中"))


@dataclass
class World:
    """Everything generated, before it becomes rows."""

    seed: int
    people: population.Population
    cohorts: flows.Pupils
    movement: flows.Movement
    institutions: list[Institution]
    children: dict[tuple[str, int], int]
    enrolment: pupils.Enrolment
    money: dict[tuple[str, int], tuple[int, int]]

    @classmethod
    def make(cls, seed: int = DEFAULT_SEED) -> World:
        """Generate the world of a seed."""
        people = population.make_population(seed)
        cohorts = flows.make_pupils(people, seed)
        builder = schools.Builder(people, seed).build()
        kindergartens.KindergartenLife(builder).run()
        institutions = special.add_special_schools(builder)
        children = pupils.place_children(pupils.unit_children(people, seed), institutions, seed)
        enrolment = pupils.place_pupils(cohorts, people, institutions, seed)
        special.place_special_pupils(enrolment, institutions, seed)
        money = finance.make_finance(finance.public_pupils(children, enrolment, institutions), seed)
        return cls(
            seed,
            people,
            cohorts,
            flows.make_movement(cohorts, seed),
            institutions,
            children,
            enrolment,
            money,
        )

    # -- school by school -----------------------------------------------------------------

    def school_register(self, year: int) -> Iterator[Row]:
        for item in self.institutions:
            if not item.listed(year):
                continue
            status = item.status(year)
            yield {
                "school_id": item.school_id,
                "school_year": year,
                "school_name": item.name,
                "school_type": item.kind,
                "founder_type": item.founder,
                "is_public": _yes(item.is_public),
                "profit_status": "不适用" if item.is_public else item.profit,
                "county_code": item.unit.code,
                "site_code12": item.place.code,
                "urban_rural_code": item.place.urban_rural,
                "site_place_type": item.place.kind,
                "pays_budget_level": "市直" if item.paid_by_city else "县属",
                "host_school_id": item.host,
                "is_quality_school": _yes(item.quality),
                "is_boarding": _yes(item.boarding),
                "lon": _degrees(item.place.lon),
                "lat": _degrees(item.place.lat),
                "status": status,
                "closure_date": f"{year}{CLOSING_DAY}" if status == "撤并" else "",
                "claims_inclusive": _yes(item.inclusive(year))
                if item.is_kindergarten and status == "在办"
                else "",
            }

    def kindergarten_children(self, year: int) -> Iterator[Row]:
        for item in self.institutions:
            number = self.children.get((item.school_id, year))
            if number is None:
                continue
            rows = list(self._kindergarten_rows(item, year, number))
            yield from rows
            yield {
                "school_id": item.school_id,
                "school_year": year,
                "class_level": TOTAL,
                "age": TOTAL,
                "sex": TOTAL,
            } | {key: sum(int(str(row[key])) for row in rows) for key in ("children", "entrants", "leavers")}

    def _kindergarten_rows(self, item: Institution, year: int, number: int) -> Iterator[Row]:
        """Detail rows: classes by age; leavers stand with the six-year-olds of the oldest class."""
        stream = Stream(self.seed, "classes", item.school_id, year)
        groups = [
            sum(self.people[item.unit.code, year, sex, age] for sex in population.SEXES) for age in (3, 4, 5)
        ]
        if item.kind == "119":
            cells = [
                ("附设班", age, part, new)
                for age, part, new in zip(
                    (4, 5, 6),
                    share_out(number, [stream.between(15, 30), stream.between(50, 70), 8]),
                    (90, 45, 5),
                    strict=True,
                )
            ]
            last = "附设班"
        elif number < 40:
            cells = [
                ("混合班", age, part, new)
                for age, part, new in zip((3, 4, 5), share_out(number, groups), (92, 12, 4), strict=True)
            ]
            last = "混合班"
        else:
            nursery = (
                scaled(number, stream.between(10_000, 40_000)) if item.place.kind in ("城区", "县城") else 0
            )
            small, middle, large = share_out(number - nursery, groups)
            older = [scaled(part, stream.between(20_000, 70_000)) for part in (small, middle, large)]
            cells = [
                ("托班", 2, nursery, 100),
                ("小班", 3, small - older[0], 95),
                ("小班", 4, older[0], 80),
                ("中班", 4, middle - older[1], 10),
                ("中班", 5, older[1], 6),
                ("大班", 5, large - older[2], 4),
                ("大班", 6, older[2], 2),
            ]
            last = "大班"
        leavers = scaled(number, stream.between(300_000, 350_000))
        for level, age, part, new in cells:
            at_end = level == last and age == (5 if level == "混合班" else 6)
            if not part and not at_end:
                continue
            male = pupils.boys(part, item.school_id, year, level, age, seed=self.seed)
            away = (leavers * 52 // 100, leavers - leavers * 52 // 100) if at_end else (0, 0)
            for sex, count, gone in (("男", male, away[0]), ("女", part - male, away[1])):
                if count or gone:
                    yield {
                        "school_id": item.school_id,
                        "school_year": year,
                        "class_level": level,
                        "age": age,
                        "sex": sex,
                        "children": count,
                        "entrants": count * new // 100,
                        "leavers": gone,
                    }

    def enrolment_by_grade(self, year: int) -> Iterator[Row]:
        by_school: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for (school_id, programme, grade, at), number in self.enrolment.items():
            if at == year:
                by_school.setdefault((school_id, programme), []).append((grade, number))
        order = {"小学": 0, "初中": 1}
        for (school_id, programme), cells in sorted(
            by_school.items(), key=lambda entry: (entry[0][0], order.get(entry[0][1], 2))
        ):
            base: Row = {
                "school_id": school_id,
                "county_code": "",
                "school_year": year,
                "programme": programme,
            }
            repeating = 0
            for grade, number in sorted(cells):
                male = pupils.boys(number, school_id, year - grade, seed=self.seed)
                repeats = Stream(self.seed, "repeat", school_id, grade, year).chance(30) and number > 20
                repeating += int(repeats)
                yield base | {"grade": grade, "sex": "男", "pupils": male, "repeaters": int(repeats)}
                yield base | {"grade": grade, "sex": "女", "pupils": number - male, "repeaters": 0}
            yield base | {
                "grade": TOTAL,
                "sex": TOTAL,
                "pupils": sum(number for _, number in cells),
                "repeaters": repeating,
            }

    def inclusive_kindergarten_register(self, year: int) -> Iterator[Row]:
        """The list as it stood in the autumn: decisions in force, and those that ended since the
        autumn before."""
        for item in self.institutions:
            if not item.listed(year):
                continue
            for decision in item.recognitions:
                if decision.first_day > f"{year}-09-01" or decision.last_day < f"{year - 1}-09-01":
                    continue
                known = decision.withdrawn_on if decision.withdrawn_on <= f"{year}-10-20" else ""
                if item.closed == year and not known:
                    known = f"{year}{CLOSING_DAY}"
                yield {
                    "school_id": item.school_id,
                    "decision_no": decision.number,
                    "recognised_from": decision.first_day,
                    "recognised_to": decision.last_day,
                    "withdrawn_on": known,
                    "fee_month": decision.fee,
                    "fee_ceiling": decision.ceiling,
                    "subsidy_per_child": decision.subsidy,
                    "decided_by": decision.authority,
                }

    def technical_school_enrolment(self, year: int) -> Iterator[Row]:
        for school_id, county, grade, number in pupils.technical_pupils(self.people, year, self.seed):
            yield {
                "school_id": school_id,
                "school_year": year,
                "county_code": county,
                "grade": grade,
                "pupils": number,
                "from_county": "",
            }

    # -- by unit --------------------------------------------------------------------------

    def cohort_history(self) -> Iterator[Row]:
        """Grades 1 and 9 by unit for the years before the first return by school."""
        for year in HISTORY:
            for grade, programme in COHORT_GRADES:
                for unit in UNITS:
                    number = self.cohorts[unit.code, grade, year]
                    for code, part in flows.split_by_old_codes(unit.code, year, {"pupils": number}):
                        male = pupils.boys(part["pupils"], code, year - grade, seed=self.seed)
                        for sex, count in (("男", male), ("女", part["pupils"] - male)):
                            yield {
                                "school_id": "",
                                "county_code": code,
                                "school_year": year,
                                "programme": programme,
                                "grade": grade,
                                "sex": sex,
                                "pupils": count,
                                "repeaters": "",
                            }

    def entrants_graduates(self, year: int) -> Iterator[Row]:
        for unit in UNITS:
            code = unit.code
            junior = flows.graduates(self.cohorts, code, year, self.seed)
            sixth = self.cohorts.get((code, 6, year - 1), self.cohorts[code, 6, year])
            asked = year >= ASKED_IN_FULL
            for stage, grade, left in (("小学", 1, sixth), ("初中", 7, junior)):
                counts = {
                    "entrants": flows.entrants(self.cohorts, code, grade, year, self.seed),
                    "graduates_prev_summer": left,
                }
                for filed, part in flows.split_by_old_codes(code, year, counts):
                    row: Row = {"school_id": "", "county_code": filed, "school_year": year, "stage": stage} | part
                    if asked:
                        row |= self._entrants_in_full(code, stage, part["entrants"], year)
                        row["expected_graduates"] = self.cohorts[code, grade + (5 if grade == 1 else 2), year]
                    yield row
            if asked:
                yield from self._upper_entrants(code, year)

    def _entrants_in_full(self, code: str, stage: str, entrants: int, year: int) -> Row:
        """Where the entrants come from, and how many were in a kindergarten (primary) or placed by the city."""
        stream = Stream(self.seed, "origin", code, stage, year)
        from_city = scaled(entrants, stream.between(15_000, 45_000))
        from_afar = scaled(entrants, stream.between(4_000, 14_000))
        share = {2020: 930_000, 2021: 968_000, 2022: 991_000}.get(year, MILLION)
        return {
            "entrants_preschool": scaled(entrants, stream.between(986_000, 999_500)) if stage == "小学" else "",
            "entrants_from_county": entrants - from_city - from_afar,
            "entrants_from_city": from_city,
            "entrants_other": from_afar,
            "platform_admissions": scaled(entrants, share) if stage == "普通高中" else "",
        }

    def _upper_entrants(self, code: str, year: int) -> Iterator[Row]:
        """Entrants of grade 10 and graduates of grade 12, where the county has such schools."""
        for stage, kinds in (("普通高中", pupils.SENIOR), ("中职", pupils.VOCATIONAL)):
            local = [item for item in self.institutions if item.unit.code == code and item.kind in kinds]
            first, last, left = (
                sum(self.enrolment.get((i.school_id, PROGRAMME[i.kind], grade, at), 0) for i in local)
                for grade, at in ((10, year), (12, year), (12, year - 1))
            )
            if first:
                yield {
                    "school_id": "",
                    "county_code": code,
                    "school_year": year,
                    "stage": stage,
                    "entrants": first,
                    "graduates_prev_summer": left - scaled(left, 6_000),
                } | self._entrants_in_full(code, stage, first, year) | {"expected_graduates": last}

    def pupil_movement(self, year: int) -> Iterator[Row]:
        for unit in UNITS:
            accounts = [
                flows.split_by_old_codes(unit.code, year, self.movement[unit.code, grade, year])
                for grade in range(1, 9)
            ]
            for part in range(len(accounts[0])):
                for grade, account in enumerate(accounts, start=1):
                    filed, counts = account[part]
                    yield {
                        "school_id": "",
                        "county_code": filed,
                        "school_year": year,
                        "grade": grade,
                    } | counts

    def population_by_age(self, year: int) -> Iterator[Row]:
        for unit in UNITS:
            for age in population.AGES:
                for sex in population.SEXES:
                    yield {
                        "county_code": unit.code,
                        "ref_date": population.REFERENCE_DATES[year],
                        "basis": population.BASES[year],
                        "age": age,
                        "sex": sex,
                        "population": self.people[unit.code, year, sex, age],
                    }

    def county_finance(self, year: int) -> Iterator[Row]:
        for payer in finance.PAYERS:
            total, education = self.money[payer, year]
            in_yuan = payer in IN_YUAN
            lines = [("一般公共预算支出", "决算", total), ("教育支出", "决算", education)]
            for item, basis, wan in finance.earmarked(payer, year, self.seed):
                lines.append((item, basis, wan * finance.FEN_PER_WAN))
            for item, basis, fen in lines:
                amount: object = f"{fen // 100}.{fen % 100:02d}" if in_yuan else fen // finance.FEN_PER_WAN
                yield {
                    "unit_code": payer,
                    "fiscal_year": year,
                    "item": item,
                    "basis": basis,
                    "amount_yuan": amount,
                    "unit_in": "元" if in_yuan else "万元",
                }

    def certified_values(self, year: int) -> Iterator[Row]:
        previous = CERTIFIED_KEPT.get(year - 1, "")
        yield {
            "indicator_id": "compulsory_retention",
            "unit_code": CITY,
            "segment": "all",
            "period_type": "school_year",
            "period_year": year,
            "value": CERTIFIED_KEPT[year],
            "unit": "%",
            "basis": "省厅核定",
            "same_basis_previous": previous,
            "same_basis_change_pct": "",
            "letter_no": f"冀教发规函〔{year + 1}〕{8 + year % 7}号(演示)",
            "source_title": f"关于核定{year}年各市九年义务教育巩固率的函(演示)",
            "certified_on": f"{year + 1}-02-08",
        }


def _yes(value: bool) -> str:
    return "是" if value else "否"


def _degrees(millionths: int) -> str:
    return f"{millionths // 1_000_000}.{millionths % 1_000_000:06d}"
