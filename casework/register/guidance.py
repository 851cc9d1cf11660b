"""What to ask and usual answers, by matter: the side panel of the entry form.

The answers become text of the register, which is kept in Chinese whatever the language of the
page; so they stand here in Chinese, as the names of the matters do in `casework.terms`. They say
where to go and what to bring, and name no article that has not been checked.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Guide:
    ask: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


EVERYWHERE = Guide(
    ask=("事情是哪一天发生的？", "对方是谁，叫什么名字？", "手上有哪些书面材料？"),
    answers=(
        "已当场解答，并告知符合条件的可以申请法律援助。",
        "情况较复杂，已约定时间由值班律师当面解答。",
        "已告知申请法律援助的条件、需要的材料和办理时限，并给了一份申请须知。",
        "所问不属于法律事务，已告知应去的部门和电话。",
        "建议先向村（居）人民调解委员会申请调解，调解不成再来。",
        "已告知可以拨打12348或在下次值班日再来。",
    ),
)

GUIDES = {
    "civil.labour_pay": Guide(
        ask=(
            "干到哪一天？欠了几个月、多少钱？",
            "有没有合同、工资条、转账记录、考勤？",
            "同样被欠的有几个人？",
        ),
        answers=(
            "先向劳动监察部门投诉，带上考勤、工资条、转账记录；不成的申请劳动仲裁。",
            "农民工追讨劳动报酬，申请法律援助免予核查经济困难状况，已告知带身份证和用工证据来申请。",
        ),
    ),
    "civil.work_injury": Guide(
        ask=(
            "受伤是哪一天，在哪里？",
            "单位有没有申请工伤认定？",
            "病历、诊断证明、工友证言带来了吗？",
        ),
        answers=(
            "单位没有申请工伤认定的，本人或近亲属可以自己申请，注意时限，已告知需要的材料。",
        ),
    ),
    "civil.marriage": Guide(
        ask=(
            "有没有动过手、报过警？",
            "孩子多大，现在跟谁？",
            "共同的房子、存款、欠款有哪些？",
        ),
        answers=("已告知协议离婚和诉讼离婚的办法、需要的材料，建议先冷静商量孩子和财产。",),
    ),
    "civil.domestic_violence": Guide(
        ask=(
            "现在住的地方安全吗？方便接电话的时间？",
            "告诫书、病历、照片带来了吗？",
            "孩子有没有受到伤害？",
        ),
        answers=(
            "遇到危险马上打110。可以申请人身安全保护令；申请法律援助不受经济困难条件限制。",
            "已告知保存出警记录、病历、照片和聊天记录，并引导申请法律援助。",
        ),
    ),
    "civil.parental_support": Guide(
        ask=("有几个子女，各住在哪里？", "现在靠什么生活，有没有大病？", "村里调解过吗？"),
        answers=("成年子女都有赡养父母的义务，建议先由村里调解；不成可以起诉并申请法律援助。",),
    ),
    "civil.child_support": Guide(
        ask=("孩子多大，跟谁生活？", "有没有离婚协议或判决？", "欠了多久的抚养费？"),
        answers=("可以凭离婚协议或判决申请执行；没有的可以起诉，并申请法律援助。",),
    ),
    "civil.traffic": Guide(
        ask=(
            "事故是哪一天？有没有责任认定书？",
            "伤在哪里，还在治疗吗？",
            "对方的车有没有保险？",
        ),
        answers=(
            "先拿事故认定书和病历、票据；治疗结束后做伤残鉴定，再向保险公司和对方主张。",
            "已告知人身损害赔偿可以申请法律援助，需要的材料已写给来访人。",
        ),
    ),
    "civil.land_forest": Guide(
        ask=("有没有承包合同、权属证书？", "地界、山界以前是怎么定的？", "村镇处理过吗？"),
        answers=(
            "权属争议先由乡镇或县政府处理，带上证书、合同和四至图；对决定不服再走复议或诉讼。",
        ),
    ),
    "civil.homestead": Guide(
        ask=("宅基地登记在谁名下？", "有没有批准手续？", "邻居或村里是什么意见？"),
        answers=("先到村委会和自然资源所查登记和批准手续，邻里争议可以先申请人民调解。",),
    ),
    "civil.medical": Guide(
        ask=("在哪家医院，哪一天？", "病历复印、封存了吗？", "同医院谈过吗？"),
        answers=("先复印并封存病历，可以向医疗纠纷人民调解委员会申请调解。",),
    ),
    "economic.loan": Guide(
        ask=("借条、转账记录在吗？", "约定哪天还、多少利息？", "最后一次催要是哪一天？"),
        answers=("保管好借条和转账记录，书面催要并留下凭证；对方不还可以起诉。",),
    ),
    "economic.contract": Guide(
        ask=("合同带来了吗？", "哪一方没有按约定做？", "损失有多少，有没有凭证？"),
        answers=("先按合同发书面通知要求履行，留下凭证；协商不成可以调解或起诉。",),
    ),
    "economic.consumer": Guide(
        ask=("发票、付款记录在吗？", "和商家谈过吗？"),
        answers=("先和商家协商，不成可以打12315投诉，票据和实物要留好。",),
    ),
    "administrative.social_insurance": Guide(
        ask=("参保是在哪里，缴了多久？", "经办机构答复了吗，哪一天？"),
        answers=("带身份证和参保凭证到社保经办机构查询；对书面答复不服的可以申请行政复议。",),
    ),
    "administrative.subsistence": Guide(
        ask=("家里几口人，靠什么收入？", "申请过吗，哪一天答复的？"),
        answers=("向乡镇政府提出申请，村里协助；对不予批准的书面决定不服的可以申请行政复议。",),
    ),
}


def guide_of(matter_code):
    """Return the Guide of a matter: its own questions, its own answers before the usual ones."""
    own = GUIDES.get(matter_code, Guide())
    return Guide(ask=own.ask or EVERYWHERE.ask, answers=own.answers + EVERYWHERE.answers)
