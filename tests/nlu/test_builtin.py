"""The built-in intents beside one another: sentences that are no examples go to the right one, none to a wrong one."""

from collections.abc import Iterator
from functools import cache

import pytest

from huashu.core.events import Heard
from huashu.core.expect import Expectation
from huashu.nlu.builtin import BUILTIN, PARTS, SAME, sentences
from huashu.nlu.data import TrainingData
from huashu.nlu.embedded import EmbeddedUnderstander, train
from huashu.nlu.text import bare
from tests.nlu import bank

pytestmark = pytest.mark.unit

ZH = {
    "肯定": "可以的呀没问题|嗯对是这样|好那就办吧|行我同意|是的我是本人",
    "否定": "不用不用|我不需要这个|不是这么回事|不行不行我不办|没有这回事",
    "在忙": "我这会儿正开着会呢|现在开车不方便讲|手头忙着你晚点再打|我在上班没法接|等下班再说吧现在忙",
    "转人工": "给我找个真人客服|我想找人工坐席|你叫个人来跟我讲|能帮我转到人工那边吗|我不想跟机器说叫人来",
    "别再打": "以后都别再打过来了|不要老给我打电话|把我电话从你们系统删掉|再打过来我就拉黑了|别再骚扰我行吗",
    "请重复": "不好意思你再说一遍好吗|刚刚没听清楚你讲的|你刚才说的是什么|麻烦你重复一下刚才的话|信号不好我没听清",
    "等一下": "你先等我一会儿|稍微等一下我找找|等我看一眼|先别挂我去拿下卡|你等等啊",
    "说慢点": "你能不能说慢一些|讲得太快了慢点讲|麻烦语速放慢些|你慢着点说|说太快听不过来",
    "跳过": "这个问题跳过吧|这题我不想答|能不能先跳过这个|问下一个问题行吗|这个我不方便透露",
    "是机器人吗": "你到底是真人还是机器人啊|我怎么感觉你是机器人|跟我说话的是机器吧|你不会是个机器人吧|是不是自动语音",
    "再见": "那就先这样再见啊|行那挂了啊|好的拜拜啦|没别的事就挂了|再见了您",
    "没兴趣": "对你们这个不太感兴趣|我暂时没有这方面需求|不考虑这个业务|这个我用不着不用介绍|以后有需要再说",
    "打错了": "你这是打错电话了吧|我不是你找的那个人|没有这个人你打错了|你们号码搞错了|这个号现在是我在用不是他",
    "不在": "他这会儿不在家|他出门去了|我是他太太他不在|他上班还没回来|你找他呀他不在这",
    "投诉": "我要去投诉你们公司|你们服务真差我要投诉|我要向消协举报|你们这样我要投诉的|投诉热线是多少",
    "已还款": "我昨天已经还掉了|钱我早就还清了|不是都还过了吗|刚才已经在APP还了|这笔我已经付清了",
    "谢谢": "好的谢谢你啦|太感谢您了|多谢多谢|麻烦您了谢谢|谢谢你帮忙",
}
EN = {
    "affirm": "yes that is fine|sure let's go ahead|yeah that's me|of course I agree|okay sounds good to me",
    "deny": "no I don't think so|no that's not right|no not at all|I don't want to do that|no that is wrong",
    "busy": "I'm really busy right now|I'm driving can you call later|this isn't a good time"
    "|I'm in a meeting at the moment"
    "|can't talk I'm at work",
    "human": "I want to talk to a real human|can you transfer me to an agent|let me speak with a representative"
    "|put me through to a person please|I need to speak to somebody real",
    "stop_calling": "please don't ever call me again|stop calling this number please"
    "|take my number off your calling list"
    "|I want you to stop calling me|remove me from your call list",
    "repeat": "sorry can you repeat that|I didn't hear what you said"
    "|could you please say that again|what was that you said"
    "|pardon could you repeat the question",
    "wait": "please wait a moment|hang on just a second please|hold on let me find my card|give me just a minute"
    "|wait a second let me check",
    "slower": "please speak a bit slower|could you talk more slowly please"
    "|you're talking way too fast|slow down a little"
    "|that's too fast for me",
    "skip": "can we skip this question please|I don't want to answer this one|skip that question"
    "|let's go to the next question"
    "|I'd prefer not to answer that",
    "are_you_robot": "am I talking to a robot|are you actually a real person|is this a machine|you sound like a robot"
    "|are you a real human or a bot",
    "goodbye": "okay goodbye then|bye bye now|alright talk to you later bye|I'm hanging up now bye|that's all goodbye",
    "not_interested": "I'm not interested in that|sorry not interested at all"
    "|I don't need this product|no interest thank you"
    "|I'm really not interested in your offer",
    "wrong_person": "you have the wrong number|I think you've got the wrong person|there's nobody here by that name"
    "|I'm not the person you want|wrong number I don't know him",
    "not_in": "he's not at home right now|she isn't here at the moment|I'm his wife he's out|he's gone to work"
    "|she can't come to the phone now",
    "complaint": "I'd like to complain about this|I want to file a formal complaint|your service is really terrible"
    "|I'm going to report your company|this is totally unacceptable",
    "already_paid": "I already paid this last week|I've paid that already"
    "|I sent the payment yesterday|that bill has been paid"
    "|it's already been settled",
    "thanks": "thank you so very much|thanks for your help|many thanks to you"
    "|okay thank you very much|I appreciate your help",
}


@cache
def understander(language: str) -> EmbeddedUnderstander:
    own = ZH if language == "zh" else EN
    return EmbeddedUnderstander(train(TrainingData(language, regulars={name: BUILTIN[language][name] for name in own})))


def paraphrases(language: str) -> Iterator[tuple[str, str]]:
    for name, texts in (ZH if language == "zh" else EN).items():
        for text in texts.split("|"):
            yield text, name


@pytest.mark.parametrize("language", ["zh", "en"])
def test_paraphrases_are_told_apart(language: str) -> None:
    own = ZH if language == "zh" else EN
    examples = {bare(text) for name in own for text in BUILTIN[language][name]}
    at_yes_no = Expectation("x.y", kind="yes_no", intents=tuple(own)[:2], anytime=tuple(own)[2:], language=language)
    asked = [(text, name) for text, name in paraphrases(language) if bare(text) not in examples]
    assert len(asked) >= 75
    wrong, unsure = [], []
    for text, name in asked:
        best = understander(language).understand(Heard(text), at_yes_no, at=bank.AT).intents[:1]
        if not best or best[0].confidence < 0.5:
            unsure.append((text, name))
        elif best[0].name != name:
            wrong.append((text, name, best[0].name))
    assert len(wrong) <= 0.06 * len(asked), wrong
    assert len(unsure) <= 0.06 * len(asked), unsure


def test_a_part_belongs_to_the_whole_where_it_is_no_intent_of_the_script() -> None:
    for part, whole in PARTS.items():
        for language in ("zh", "en"):
            own = BUILTIN[language][part][0]
            for spelling in (whole, SAME[whole]):
                assert own in sentences(language, spelling, {whole, "肯定"})
                assert own not in sentences(language, spelling, {whole, part})
                assert own not in sentences(language, spelling, {whole, SAME[part]})
    assert sentences("ja", "打错了", ()) == ()
