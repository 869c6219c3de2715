"""Borders of the codebook: sentences that a plain word count gets wrong, each with its reason.

A case names the ids that must be given (+) and those that must not (-) on the axes named. What the
model does not yet get right is marked as an expected failure, so that mending it is noticed.
"""

import pytest

import textpipe

CASES = [
    # the borders of the pillars
    ("商務部依《晶片與科學法》撥款補助晶圓廠在亞利桑那動工，目標是恢復美國半導體製造。",
     "+infrastructure +chip_manufacturing -diplomacy_security", "fabs and subsidies are infrastructure"),
    ("商務部收緊先進AI晶片出口管制，並要求在晶片中加入位置驗證。",
     "+diplomacy_security +compute_export_control -chip_manufacturing", "chip export controls are diplomacy"),
    ("勞工部將以學徒制培訓電工與冷凍空調技師，補足資料中心所需的技術人力。",
     "+infrastructure +infrastructure_workforce -workers", "electricians are infrastructure"),
    ("勞工部將補助AI素養課程，並協助被AI取代的勞工再培訓。",
     "+innovation +workers -infrastructure_workforce", "AI literacy and displaced workers are innovation"),
    ("計畫要求NIST建立AI評測生態系，公布各機關評估模型的指引。",
     "+innovation +evaluations -national_security_evaluation", "evaluating models in general is innovation"),
    ("CAISI將評估前沿模型在網路攻擊與生化武器方面的國安風險，也檢查中國模型。",
     "+diplomacy_security +national_security_evaluation", "evaluating them for security is diplomacy"),
    ("計畫要求NIST修訂AI風險管理框架，刪除錯誤資訊、多元平等共融與氣候變遷等字眼。",
     "+innovation +free_speech -counter_china", "NIST's own framework is innovation"),
    ("美國將聯合盟友，在國際電信聯盟等標準組織反制中國的影響力。",
     "+diplomacy_security +counter_china", "standards against China are diplomacy"),
    ("計畫要求為軍方與情報單位興建高安全性資料中心。",
     "+infrastructure +secure_data_centers -permitting", "data centres for the military are a section of their own"),
    ("計畫要把完整的AI技術堆疊，包括晶片、模型與標準，出口給盟友與夥伴。",
     "+diplomacy_security +export_stack", "the full stack is diplomacy"),
    ("計畫以加速創新、建設基礎設施、引領國際外交與安全三大支柱為架構。",
     "+innovation +infrastructure +diplomacy_security", "all three pillars named"),
    ("美國白宮公布了這份二十八頁的行動計畫，引起各界討論。",
     "-innovation -infrastructure -diplomacy_security", "the plan as a whole has no pillar"),
    # rulings
    ("台積電第三季毛利率優於預期，全年資本支出上看四百億美元。",
     "-infrastructure -chip_manufacturing +semiconductor +investment_growth", "Ruling 1: company news has no pillar"),
    ("對等關稅讓台灣工具機出口商叫苦，訂單大減。",
     "-diplomacy_security -infrastructure +tariffs_trade", "Ruling 3: tariffs have no pillar"),
    ("商務部核准阿聯採購先進AI晶片，前提是遵守嚴格的安全要求。",
     "+diplomacy_security +export_stack +compute_export_control", "Ruling 4: approval for a partner is both"),
    ("華府打算用外國直接產品規則與次級關稅，要盟友跟進對中國的管制。",
     "+diplomacy_security +align_protection", "Ruling 5: bringing allies into line"),
    ("商務部擬把蝕刻機的子系統與零組件納入對中國的出口管制。",
     "+diplomacy_security +chip_equipment_loopholes", "Ruling 5: sub-systems"),
    ("北維吉尼亞機房密集，居民電費一年漲了兩成，供電吃緊。",
     "-infrastructure -grid +compute_energy", "Ruling 7: a shortage without a federal act"),
    ("能源部動用緊急權限，要求原定除役的燃煤電廠延後除役，以穩住電網。",
     "+infrastructure +grid", "Ruling 7: a federal act"),
    ("限制只會養大華為。", "-diplomacy_security -compute_export_control", "Ruling 8: the measure is implied"),
    ("軟體供應商須遵循設計即安全原則，交付前完成安全測試。",
     "+infrastructure +secure_by_design -critical_cybersecurity", "Ruling 10: duties of vendors"),
    ("CISA將向電力與供水業者分享AI威脅情資，協助強化關鍵基礎設施資安。",
     "+infrastructure +critical_cybersecurity", "Ruling 10: guidance for operators"),
    ("機關須把AI系統納入事件應變手冊，並舉行演練與通報。",
     "+infrastructure +incident_response", "Ruling 10: playbooks and drills"),
    # other countries, other times, other voices
    ("歐盟《人工智慧法》要求高風險系統業者提交風險評估文件。",
     "-innovation -infrastructure -diplomacy_security", "the EU's act has no pillar"),
    ("立法院三讀通過《人工智慧基本法》，由國科會擔任主管機關。",
     "-innovation -infrastructure -diplomacy_security", "Taiwan's own law has no pillar"),
    ("行政院推動AI新十大建設，將在台南興建國家級算力中心。",
     "-innovation -infrastructure -permitting", "Taiwan's own programme has no pillar"),
    ("早在二〇一〇年，圖靈測試的爭論就已經持續了半個多世紀。",
     "-innovation -infrastructure -diplomacy_security", "history without the plan"),
    ("公民團體痛批，放寬環評只會讓資料中心用水與汙染失控。",
     "+infrastructure +permitting", "a critic speaks of the measure"),
    ("經濟部強調，美國新規不會衝擊台灣半導體產業，影響有限。",
     "+semiconductor +neutral -risk", "a denied effect is neutral"),
    ("台廠未必受惠，訂單恐怕落入美國業者手中。", "+risk -opportunity", "a doubted gain is a risk"),
    ("美國設廠帶來訂單，卻也墊高台廠成本、稀釋毛利。", "+mixed", "gain and loss in one sentence"),
]  # fmt: skip

NOT_YET: set[str] = set()
"""Reasons of the cases that the shipped model gets wrong."""


@pytest.mark.parametrize(("text", "wanted", "reason"), CASES, ids=[reason for *_, reason in CASES])
def test_hard_case(text: str, wanted: str, reason: str, request: pytest.FixtureRequest) -> None:
    if reason in NOT_YET:
        request.applymarker(pytest.mark.xfail(strict=True, reason=reason))
    sentence = textpipe.analyze(text).sentences[0]
    given = {x.id for x in sentence.labels if x.decision == "yes" or x.axis == "stance"}
    for one in wanted.split():
        assert (one[1:] in given) == (one[0] == "+"), (one, sorted(given))
