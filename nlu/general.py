"""Sentences that belong to no contact-centre script: the negatives every model learns from. Written for Huashu.

A script's own examples win: train() leaves out those too close to one of them.
"""

from types import MappingProxyType
from typing import Final

from huashu.nlu.text import bare, normal

_ZH: Final = """\
干嘛的 干什么的 你是谁 你谁啊 哪位 你是哪里的 你哪儿的 什么事 有事吗 啥事儿 说吧什么事
你们是哪家公司 哪来的电话 你怎么有我号码
喂喂 喂你好 喂您好
今天天气怎么样 明天会下雨吗 外面热不热 给我讲个笑话 唱首歌来听听 放点音乐 帮我点个外卖 附近有什么好吃的
晚上吃什么 红烧肉怎么做 推荐一部电影 昨天的球赛谁赢了 世界杯冠军是谁 中国有多少个省 珠穆朗玛峰有多高
地球到月亮多远 一加一等于几 光速是多少 谁写的红楼梦 李白是哪个朝代的 帮我订一张去上海的机票 火车票还有吗
导航去火车站 打开空调 把灯关了 定个明早七点的闹钟 现在几点了 今天星期几 给我妈打电话 我的快递到哪了
你喜欢什么颜色 你有女朋友吗 你几岁了 你吃饭了吗 你家住哪里 你会唱歌吗 你觉得我帅吗 我好无聊 我今天心情不好
我失恋了 陪我聊聊天 孩子发烧了怎么办 感冒吃什么药 怎么减肥 如何学好英语 高考分数线是多少 怎么写作文
翻译一下这句话 背一首古诗 成语接龙 猜个谜语 那只猫好可爱 我家的狗丢了 楼下在装修吵死了 刚才电视里演的什么
他昨天跟我说的那件事 你看那边那个人 这衣服多少钱一件 买二送一吗 西瓜甜不甜 小明把作业写完了没有 妈饭好了没
快点下来吃饭 你把门关上 把电视声音关小点 别吵了我在打电话呢 宝宝不哭 走左边那条路 停这里就行 师傅前面右转
股票今天涨了吗 房价会跌吗 哪个牌子的手机好 电脑开不了机 微信怎么删好友 怎么做视频 这个游戏怎么玩
王者荣耀上分 明星八卦 最近有什么新闻 那年的雪下得真大 桌子上有三个苹果 他们昨天去爬山了 桃花开了
我正在看一本小说 老师说下周要考试 火星上有水吗 恐龙为什么灭绝 飞机为什么会飞"""

_EN: Final = """\
who is this | who are you | what is this about | what company is this | how did you get my number
| where are you calling from
| what's the weather like today | is it going to rain tomorrow | tell me a joke | sing me a song
| play some music | what should I have for dinner | how do I make pancakes | recommend a good movie
| who won the game last night | who won the world cup | how tall is mount everest | how far is the moon
| what is two plus two | who wrote hamlet | what is the capital of france | book me a flight to chicago
| are there trains to boston | navigate to the station | turn on the lights | turn off the heating
| set an alarm for seven | what time is it | what day is it today | text my mother | where is my parcel
| what's your favourite colour | do you have a girlfriend | how old are you | did you eat | where do you live
| can you dance | I'm bored | I feel sad today | my girlfriend left me | chat with me
| my child has a fever what should I do | how do I lose weight | how can I learn spanish
| translate this sentence | write me a poem | tell me a riddle | that cat is so cute | I lost my dog
| they're building next door and it's loud | what was on tv | look at that man over there
| how much is this shirt | are the melons sweet | has tom finished his homework | dinner's ready come down
| close the door please | turn the tv down I'm on the phone | don't cry baby | take the road on the left
| stop here driver | which phone is best | my computer won't start | how do I play this game
| any celebrity gossip | what's in the news | it snowed a lot that year | there are three apples on the table
| they went hiking yesterday | the roses are in bloom | I'm reading a novel
| the teacher said there is an exam next week | is there water on mars | why did the dinosaurs die out
| how do planes fly | how many legs does a spider have | what is the meaning of life
| find me a sushi place nearby | how do you spell restaurant | who is the president
| convert miles to kilometres | water the plants on sunday | the bus was late again this morning
| my neighbour plays the drums at night | she painted the fence green | we had a picnic by the lake"""

GENERAL: Final = MappingProxyType(
    {
        "zh": tuple(_ZH.split()),
        "en": tuple(" ".join(sentence.split()) for sentence in _EN.split("|")),
    }
)
"""Primary language subtag → sentences."""

GREETINGS: Final = MappingProxyType(
    {
        "zh": ("你好", "您好", "你好你好", "您好您好", "早上好", "上午好", "中午好", "下午好", "晚上好", "大家好"),
        "en": (
            "hello", "hi", "hey", "hello hello", "hi there", "hello there", "hey there", "good morning",
            "good afternoon", "good evening", "good day",
        ),
    }
)  # fmt: skip
"""Primary language subtag → what people say when they pick up. It is an answer to nothing: 你好 is made of the letters
of 好, and a caller who greets has not confirmed who they are."""


def is_greeting(text: str) -> bool:
    """Whether the whole utterance is a greeting: it asks for nothing, though 下午好 has the words of 下午几点上班."""
    said = {normal(text), bare(text)}  # "hi" is a greeting in "hi there", a filler in "hi can you hear me"
    return any(not said.isdisjoint(greetings) for greetings in GREETINGS.values())
