"""Spread real questions over the townships of 霍山县 and over a year, as register files.

    python -m bench.spread_consultations --from ../shared/data/consultations.csv --to .local/spread

writes one `341525106.csv` per township, with the headers that `manage.py import_register` takes.
The same questions give the same files, byte for byte: nothing depends on the day or the machine.
"""

import argparse
import csv
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

import chinese_calendar
from tqdm import tqdm

from legalaid.demo import COUNTY_CODE, facts
from legalaid.demo.people import Population

FIRST_DAY, LAST_DAY = date(2025, 11, 1), date(2026, 10, 31)
SEED = 20251101
HEADERS = [
    "途径",
    "时间",
    "姓名",
    "性别",
    "人群",
    "同来人数",
    "联系电话",
    "所属村居",
    "标题",
    "事由",
    "内容",
    "答复",
    "处理",
    "接待人",
    "已告知可申请",
    "敏感情况",
]
# The first rule whose words occur decides; from the narrow to the wide.
MATTERS = [
    ("强奸", "强奸|猥亵|性侵"),
    ("故意杀人", "杀人|杀死|致死|凶手"),
    ("制造贩卖运输毒品", "毒品|吸毒|贩毒|冰毒|罂粟"),
    ("抢劫抢夺", "抢劫|抢夺|抢走"),
    ("交通肇事", "肇事|撞死"),
    ("受贿行贿", "受贿|行贿|贿赂"),
    ("盗窃", "盗窃|偷"),
    ("诈骗", "诈骗|骗子|被骗|骗钱|刷单|传销|集资|理财|黄金佳|投资"),
    ("故意伤害", "故意伤害|轻伤|轻微伤|打伤|被打|打架"),
    ("家庭暴力", "家暴|家庭暴力|动手打我|殴打我"),
    ("赡养费", "赡养|养老钱|不养老"),
    ("抚养费", "抚养|探视|探望权"),
    ("扶养费", "扶养"),
    ("见义勇为", "见义勇为|救人"),
    ("工伤", "工伤|职业病|工地受伤|上班受伤|伤残鉴定|干活|骨折|摔伤|死亡"),
    (
        "支付劳动报酬",
        "工资|薪|劳动合同|辞职|辞退|加班|小工|打工|上班|老板|试用期|劳动仲裁|劳动关系|包工头|工钱|离职",
    ),
    ("交通事故", "车祸|交通事故|追尾|交强险|撞|交警|事故|驾驶|驾照|牌照"),
    ("医疗事故", "医院|医疗|手术|病历|误诊"),
    ("宅基地", "宅基地|老宅"),
    ("土地山林", "土地|承包|征地|拆迁|强拆|山林|林场|树|林地|林权|耕地|征收|占地"),
    ("农资纠纷", "种子|化肥|农药|饲料"),
    ("婚姻家庭", "离婚|结婚|彩礼|婚姻|老公|老婆|丈夫|妻子|继承|遗产|遗嘱|再婚|出轨"),
    ("请求国家赔偿", "国家赔偿|错误羁押"),
    ("最低生活保障待遇", "低保|五保|特困"),
    ("社会保险待遇", "社保|养老保险|医保|失业保险|退休|公积金"),
    ("抚恤金、救济金", "抚恤|烈士|救济"),
    ("其他刑事", "刑事|拘留|判刑|坐牢|取保|看守所|缓刑|犯罪|犯法|羁押|审查起诉|刑释|报警"),
    (
        "民间借贷",
        "借条|欠条|借款|借钱|欠钱|贷款|利息|还钱|还款|债|担保|货款|借了|欠我|欠了|信用卡|网贷|逾期",
    ),
    (
        "消费者权益",
        "退款|退货|消费|商家|假货|网购|淘宝|发票|产品质量|网上|押金|买了|超市|快递|微商",
    ),
    ("合同纠纷", "合同|违约|定金|订金|租|房东|中介|装修|买|卖|房子|协议|物业|开发商|购房"),
    (
        "其他行政",
        "政府|行政|村长|村委|支书|民政|补贴|派出所|公安|户口|处罚|罚款|工商|执照|城管|复议",
    ),
    ("其他经济", "公司|股东|股票|融资|税|店|股份|合伙|专利|商标|著作权|加盟"),
]
OTHERWISE = "其他民事"
RULES = [(matter, re.compile(words)) for matter, words in MATTERS]
WOMAN = re.compile("老公|丈夫|男朋友|我怀孕|婆婆|婆家|前夫")
MAN = re.compile("老婆|妻子|女朋友|岳母|丈母娘|前妻")
MIGRANT = re.compile("工地|打工|包工头|农民工|民工")
DISABLED = re.compile("残疾|智障|聋哑")
SOLDIER = re.compile("退伍|军人|当兵|复员|转业")
MANY = re.compile(r"我们(\d{1,2})个?人|(\d{1,2})户|(\d{1,2})个(?:工人|村民|业主)")
EXTREME = re.compile("自杀|跳楼|不想活|拼命|同归于尽")
MEDIA = re.compile("曝光|媒体|记者|抖音|微博")
HARD = {"支付劳动报酬", "工伤", "赡养费", "抚养费", "扶养费", "家庭暴力", "社会保险待遇"}
ANSWERS = {
    "当场解答": "就所问的事讲明有关规定、期限和要留存的证据，有需要可以带材料到站里再谈。",
    "引导申请法援": "所问属于法律援助事项范围，告知申请条件和需要的材料，已引导填写申请表。",
    "转人民调解": "双方愿意先谈，告知调解的做法，转镇人民调解委员会约双方到场。",
    "指引其他部门": "所问由主管部门办理，告知部门、电话和要带的材料。",
}
DEPARTMENTS = {"其他行政", "社会保险待遇", "最低生活保障待遇", "诈骗", "盗窃", "受贿行贿"}
NEIGHBOURS = {"土地山林", "宅基地", "其他民事", "合同纠纷"}


def matter_of(question):
    return next((matter for matter, words in RULES if words.search(question)), OTHERWISE)


def sex_of(question, random):
    if WOMAN.search(question):
        return "female"
    if MAN.search(question):
        return "male"
    return random.choice(["female", "male"])


def groups_of(question, sex):
    groups = []
    if sex == "female":
        groups.append("妇女")
    if MIGRANT.search(question):
        groups.append("农民工")
    elif re.search("村|农|田|土地", question):
        groups.append("农民")
    if DISABLED.search(question):
        groups.append("残疾人")
    if SOLDIER.search(question):
        groups.append("军人军属")
    return groups


def sensitive_of(question, persons):
    if EXTREME.search(question):
        return "言行极端"
    if MEDIA.search(question):
        return "媒体网络"
    return "多人同一事" if persons >= 5 else "没有"


def disposal_of(matter, random):
    if matter in HARD and random.random() < 0.5:
        return "引导申请法援"
    if matter in DEPARTMENTS and random.random() < 0.6:
        return "指引其他部门"
    if matter in NEIGHBOURS and random.random() < 0.3:
        return "转人民调解"
    return "当场解答"


def working_days():
    days = (FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1))
    return [day for day in days if chinese_calendar.is_workday(day)]


def rows_of(questions):
    """Yield (township code, one row of HEADERS) for every question, in the order given."""
    random = Random(SEED)
    population = Population(random)
    codes = [code for code, _name in facts.divisions()]
    townships = [code for code in codes if len(code) == 9]
    villages = {t: [c for c in codes if len(c) == 12 and c.startswith(t)] for t in townships}
    # A township with more villages is asked more.
    weights = [len(villages[township]) for township in townships]
    days = working_days()
    receivers = {
        t: [population.name("female", 1980), population.name("male", 1975)] for t in townships
    }
    for question in questions:
        township = random.choices(townships, weights)[0]
        channel = random.choices(["来电", "来访", "网络"], weights=[48, 42, 10])[0]
        matter, sex = matter_of(question), sex_of(question, random)
        found = MANY.search(question)
        persons = int(next(filter(None, found.groups()))) if found and channel == "来访" else 1
        persons = max(persons, 1)
        minute = random.choice([random.randint(510, 689), random.randint(870, 1049)])
        moment = datetime.combine(random.choice(days), time(minute // 60, minute % 60))
        disposal = disposal_of(matter, random)
        yield (
            township,
            [
                channel,
                f"{moment:%Y-%m-%d %H:%M}",
                population.name(sex, random.randint(1950, 2002)),
                "女" if sex == "female" else "男",
                "、".join(groups_of(question, sex)) or "其他人群",
                persons,
                population.phone(),
                random.choice(villages[township]),
                question[:18],
                matter,
                question,
                ANSWERS[disposal],
                disposal,
                random.choice(receivers[township]),
                "是",
                sensitive_of(question, persons),
            ],
        )


def write_files(source, folder):
    """Write one file per township into `folder`; return (files, questions)."""
    with open(source, encoding="utf-8", newline="") as file:
        questions = [row["question"].strip() for row in csv.DictReader(file)]
    files = {}
    for township, row in tqdm(rows_of(questions), total=len(questions), disable=None):
        files.setdefault(township, []).append(row)
    folder.mkdir(parents=True, exist_ok=True)
    for township, rows in sorted(files.items()):
        rows.sort(key=lambda row: row[1])
        with open(folder / f"{township}.csv", "w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([HEADERS, *rows])
    return len(files), len(questions)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--from", dest="source", type=Path, default=Path("../shared/data/consultations.csv")
    )
    parser.add_argument("--to", dest="folder", type=Path, default=Path(".local/spread"))
    options = parser.parse_args()
    files, questions = write_files(options.source, options.folder)
    print(f"{questions} questions in {files} files of {COUNTY_CODE} in {options.folder}")


if __name__ == "__main__":
    main()
