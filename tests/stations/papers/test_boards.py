from stations.papers.boards import Block, Note, names_a_person, read


def test_a_text_is_read_into_lead_blocks_points_and_notes():
    board = read(
        """
        > 先来问一问。
        # 审查决定 | 7日内 | 法律援助法第四十三条
        由县中心决定。
        - 带身份证
        - 带材料
        # 办理
        ! 事情很急：可以先援助。 | 法律援助法第四十四条
        ! 全程免费
        """
    )
    assert board.lead == "先来问一问。"
    assert board.blocks == [
        Block(
            "审查决定",
            "7日内",
            "法律援助法第四十三条",
            ["由县中心决定。"],
            ["带身份证", "带材料"],
        ),
        Block("办理"),
    ]
    assert board.notes == [
        Note("事情很急", "可以先援助。", "法律援助法第四十四条"),
        Note("", "全程免费", ""),
    ]


def test_plain_lines_are_a_block_without_a_heading_and_nothing_is_nothing():
    assert read("来了就办。\n\n不收费。").blocks == [
        Block(paragraphs=["来了就办。", "不收费。"])
    ]
    assert read("") == read("  \n ")


def test_a_bar_of_a_chinese_keyboard_parts_as_well():
    assert read("# 咨询｜当场答").blocks == [Block("咨询", "当场答")]


def test_a_mobile_or_identity_number_names_a_person_and_an_office_phone_does_not():
    assert names_a_person("找王某，13912342648")
    assert names_a_person("341525198406170028")
    assert not names_a_person("0564-000-2148，12348，2026年11月5日")
