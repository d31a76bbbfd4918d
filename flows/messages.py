"""The wording of findings, in Chinese and English. A finding's code is stable; its words are for people."""

from typing import Final

WANTS: Final[dict[str, tuple[str, str]]] = {
    "step": ("步骤的内容，写成 {说: …}", "the parts of a step, {say: …}"),
    "arm": ("一个分支，写成 {当: 条件, 去: 步骤}", "an arm, {when: condition, go: step}"),
    "duration": ("时长，例如 4s、1.5s、4秒、2分钟、1小时", "a duration such as 4s, 1.5s, 300ms, 2m, 1h"),
    "expression": ("条件或算式", "an expression"),
    "flag": ("“是”或“否”（true、false）", "true or false"),
    "key": ("一个按键（0-9、*、#）", "a key: 0-9, * or #"),
    "arms": ("实验的各组，写成 {A: 50, B: 50} 或 [A, B]", "the arms of an experiment, {A: 50, B: 50} or [A, B]"),
    "hours": ("时段，例如 周一至周五 9:00-18:00", "hours such as Mon-Fri 9:00-18:00"),
    "language": ("语言标记，例如 zh-CN、en-US", "a language tag such as en-US"),
    "date": ("日期，例如 2026-10-01", "a date such as 2026-10-01"),
    "list": ("列表，写成 [甲, 乙]", "a list, [a, b]"),
    "mapping": ("“名: 值”的组合", "a mapping, name: value"),
    "name": ("名字", "a name"),
    "number": ("数", "a number"),
    "opening": (
        "一句不超过 60 个字、带【工号】或【姓名】的话，或“是”“否”",
        "a sentence of up to 60 characters with 【number】 or 【name】 in it, or yes or no",
    ),
    "path": ("文件路径", "a path"),
    "rung": ("一级，写成 {之后: 5s, 说: …}", "a rung, {after: 5s, say: …}"),
    "scalar": ("一个值", "a single value"),
    "slug": (
        "小写字母、数字、连字符组成的标识，例如 my-bot",
        "an identity of lower-case letters, digits and hyphens, such as my-bot",
    ),
    "spoken": ("要说的话", "a line of text"),
    "steps": ("步骤列表，每项写成 - 步骤名: {…}", "a list of steps, each - name: {…}"),
    "text": ("文字", "text"),
    "url": (
        "以 http://、https:// 开头的地址，或 Rasa 动作服务器的地址（rasa+http://、rasa+grpc://）",
        "an address that starts with http:// or https://, or a Rasa action server's (rasa+http://, rasa+grpc://)",
    ),
    "whole": ("整数", "a whole number"),
    "nothing": ("空", "nothing"),
    "dead_knowledge": ("知识库只在“随时”里查", "knowledge is looked up for anytime only"),
    "dead_yes_no": ("是否型变量自己会收下“是”和“不是”", "a yes_no variable takes yes and no itself"),
    "dead_examples": ("它没有例句", "it has no examples"),
    "dead_value": ("它的例句都是可选的值，会被当成值", "its examples are values of the question, which go first"),
    "dead_outside": ("它的例句都在“范围外”里", "its examples are all out of scope"),
}
"""What a place takes: Chinese, English."""

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # files
    "no_folder": ("没有文件夹“{name}” · there is no such folder", "there is no folder {name!r}"),
    "no_bot": ("缺少 bot.yaml", "bot.yaml is missing"),
    "no_flow": ("没有流程：flows/ 里至少要有一个 YAML 文件", "there is no flow: flows/ needs at least one YAML file"),
    "unreadable": ("读不了这个文件：{problem}", "this file cannot be read: {problem}"),
    "outside": ("“{name}”指到了文件夹外面，不读", "{name!r} leads outside the folder and is not read"),
    "folder_too_big": (
        "文件夹太大：最多 {files} 个文件、{limit} 字节",
        "the folder is too big: at most {files} files and {limit} bytes",
    ),
    "too_big": (
        "文件太大：{size} 字节以上，最多 {limit}",
        "the file is too big: {size} bytes or more, at most {limit}",
    ),
    "too_many": (
        "文件里的项太多，最多 {limit}（重复引用也算）",
        "the file has more than {limit} items (aliases count where they are used)",
    ),
    "too_deep": ("嵌套超过 {limit} 层", "nested deeper than {limit} levels"),
    "not_utf8": ("不是 UTF-8 文字（字节 {byte}）", "not UTF-8 text (byte {byte})"),
    "control_character": ("有不能出现的控制字符 {char}", "a control character, {char}, that may not be here"),
    "empty_file": ("文件是空的", "the file is empty"),
    "file_shape": ("文件的最外层应是“名: 值”", "the file should be a mapping, name: value"),
    "actions_syntax": ("actions.py 有语法错误：{problem}", "actions.py has a syntax error: {problem}"),
    # YAML
    "syntax": ("YAML 写法有误：{problem}", "not valid YAML: {problem}"),
    "tab": ("缩进用了制表符，YAML 只认空格", "a tab in the indentation; YAML takes spaces only"),
    "indent": ("缩进和上面的行对不齐", "the indentation does not fit the lines above"),
    "bracket_open": (
        "这个括号没有正确合上，或里面少了逗号",
        "this bracket is not closed properly, or a comma is missing in it",
    ),
    "quote_open": ("这里的引号没有合上", "the quote that starts here is not closed"),
    "two_documents": (
        "一个文件只能有一份内容，“---”之后又开了一份",
        "one file holds one document; a second one starts here",
    ),
    "tag": ("不能用 YAML 标签 {name}", "YAML tags such as {name} have no place here"),
    "key_not_text": ("名字应是简单的文字", "a key should be plain text"),
    "duplicate_key": ("“{name}”在第 {line} 行已经写过", "{name!r} is already in line {line}"),
    "colon_full": (
        "“{name}”后面是中文冒号“：”",
        "behind {name!r} stands a full-width colon",
    ),
    "colon_space": ("“{name}:”的冒号后面少一个空格", "the colon behind {name!r} needs a space after it"),
    "bracket_full": ("这里用了中文括号“{name}”", "a full-width bracket, {name!r}"),
    "not_read": ("没有读这个文件：名字要以 .yaml 结尾", "this file is not read: its name must end in .yaml"),
    "smart_quotes": ("值带着中文引号：{name}", "the value has typographic quotes: {name}"),
    # slips in spoken text
    "text_brace": (
        "没加引号的 {{ 被当成了 YAML 的括号，话会丢",
        "an unquoted {{ is a bracket to YAML, and the text is lost",
    ),
    "text_bracket": ("没加引号的 [ 被当成了 YAML 的列表", "an unquoted [ starts a list in YAML"),
    "text_star": ("没加引号的 * 开头被当成了 YAML 的引用", "text that starts with an unquoted * is an alias to YAML"),
    "text_sign": ("不能以没加引号的 {name} 开头", "text may not start with an unquoted {name}"),
    "text_colon": ("没加引号的“: ”被当成了“名: 值”", "an unquoted ': ' makes this a key and a value"),
    "text_comment": (
        "“ #”之后的文字被当成注释丢掉了：{name}",
        "everything after ' #' is a comment, so this text is lost: {name}",
    ),
    "leading_zero": (
        "没加引号的 {name} 是一个数，开头的 0 会丢",
        "an unquoted {name} is a number and loses its leading zero",
    ),
    "phone_number": ("号码 {name} 没加引号，成了整数", "the number {name} is an integer without quotes"),
    # shape
    "unknown_key": ("不认识“{name}”", "unknown key {name!r}"),
    "mixed_spelling": (
        "前面用的是“{first}”，这里却是“{name}”：一个文件只用一种写法",
        "this file started with {first!r}, and here is {name!r}: a file uses one spelling",
    ),
    "missing_key": ("缺少“{name}”", "{name!r} is missing"),
    "wrong_type": ("这里应是{want}，现在是{got}", "this should be {want}, not {got}"),
    "out_of_range": ("{name} 不在 {low} 到 {high} 之间", "{name} is not between {low} and {high}"),
    "unknown_word": ("不能是“{name}”", "{name!r} is not possible here"),
    "step_shape": ("每项只能有一个步骤：- 步骤名: {{…}}", "each item is one step: - name: {{…}}"),
    "step_name": ("步骤要有名字：- 步骤名: {{…}}", "a step needs a name: - name: {{…}}"),
    "name_with_dot": ("名字“{name}”里不能有点", "the name {name!r} may not have a dot in it"),
    "variable_name": (
        "“{name}”不能作变量名：只能用文字、数字、下划线，不能以数字开头，也不能是运算符",
        "{name!r} cannot be a variable: letters, digits and underscores, no digit first, no operator",
    ),
    # names
    "unknown_variable": ("没有变量“{name}”", "there is no variable {name!r}"),
    "unknown_name": ("没有变量“{name}”", "there is no variable {name!r}"),
    "unknown_step": ("这个流程里没有步骤“{name}”", "there is no step {name!r} in this flow"),
    "unknown_flow": ("没有流程“{name}”", "there is no flow {name!r}"),
    "unknown_ending": ("没有结局“{name}”", "there is no ending {name!r}"),
    "unknown_target": ("没有叫“{name}”的步骤或结局", "there is no step or ending {name!r}"),
    "unknown_intent": (
        "没有意图“{name}”：nlu/ 里没有它的例句，也不是内置的",
        "there is no intent {name!r}: it has no examples in nlu/ and is not built in",
    ),
    "unknown_base": ("没有知识库“{name}”", "there is no knowledge base {name!r}"),
    "unknown_question": ("这个知识库里没有问题“{name}”", "this base has no question {name!r}"),
    "never_valid": ("失效早于生效：{name}", "it ends before it begins: {name}"),
    "actions_elsewhere": (
        "没有 actions.py，也没有写“动作”：动作“{name}”要由嵌入它的程序给出",
        "there is no actions.py and no 'actions': the program that embeds the bot has to give {name!r}",
    ),
    "unknown_action": ("没有动作“{name}”", "there is no action {name!r}"),
    "unknown_type": ("没有类型“{name}”", "there is no type {name!r}"),
    "unknown_experiment": ("没有实验“{name}”", "there is no experiment {name!r}"),
    "unknown_arm": ("实验“{experiment}”没有“{name}”组", "the experiment {experiment!r} has no arm {name!r}"),
    "unknown_hours": ("没有时段“{name}”", "there are no hours {name!r}"),
    "experiment_arms": (
        "实验“{name}”要有两组以上，不能重名，占比不能都是 0",
        "the experiment {name!r} needs two arms or more, of different names, not all with a share of 0",
    ),
    "experiment_unused": ("没有条件用到实验“{name}”", "no condition asks for the experiment {name!r}"),
    "hours_unused": ("没有条件用到时段“{name}”", "no condition asks for the hours {name!r}"),
    "hours_text": ("看不懂时段“{name}”", "{name!r} is no opening hours"),
    "name_in_condition": (
        "“{name}”要能写在条件里：只能用文字、数字、下划线，不能以数字开头",
        "{name!r} has to stand in conditions: letters, digits and underscores only, no digit first",
    ),
    "unknown_result": ("“{name}”不是固定的结果词", "{name!r} is none of the fixed results"),
    "go_outside_flow": ("bot.yaml 里不能用“去”：步骤属于流程", "no go: here: steps belong to a flow, not to bot.yaml"),
    "duplicate_step": ("步骤“{name}”重名", "there are two steps {name!r}"),
    "duplicate_flow": ("流程“{name}”重名，另一个在 {file}", "there are two flows {name!r}; the other is in {file}"),
    "duplicate_answer": ("回答“{name}”写了两次", "the answer {name!r} is given twice"),
    "duplicate_base": ("知识库“{name}”重名", "there are two knowledge bases {name!r}"),
    "duplicate_list": ("词表“{name}”重名", "there are two lists {name!r}"),
    "annotation_quote": (
        "方括号列表里的标注 [词](变量) 要加引号",
        "an annotation, [words](variable), inside a bracketed list needs quotes",
    ),
    "annotation": ("标注写成 [词](变量)", "an annotation is written [words](variable)"),
    "placeholder_in_answer": ("知识库的答案里不能用占位符", "an answer of a knowledge base takes no placeholders"),
    "duplicate_question": ("问题“{name}”重复", "the question {name!r} is there twice"),
    "intent_empty": ("意图“{name}”没有例句", "the intent {name!r} has no examples"),
    # values
    "not_canonical": ("“{name}”不是 {type} 类型的值", "{name!r} is no value of type {type}"),
    "value_not_declared": ("“{name}”不在可选的值里", "{name!r} is none of the values"),
    "spoken_not_a_value": ("“{name}”不在取值里", "{name!r} is none of the values"),
    "unknown_language": (
        "{name} 没有内置的意图和数值读法，只有中文（zh-CN）和英文（en-US）有",
        "{name} has no built-in intents and typed values; zh-CN and en-US have",
    ),
    "action_unmarked": (
        "actions.py 里的函数“{name}”没有标 @action",
        "the function {name!r} in actions.py is not marked with @action",
    ),
    "not_a_key": ("“{name}”不是按键，按键是 0-9、*、#", "{name!r} cannot be keyed in; keys are 0-9, * and #"),
    "key_without_answer": ("“{name}”不在这个问题的回答里", "{name!r} is none of the answers of this question"),
    # wording
    "empty_text": ("这句话是空的", "this line is empty"),
    "template_open": ("这个括号前面没有开头", "this bracket closes nothing"),
    "template_close": ("占位符没有用 {name} 合上", "the placeholder is not closed with {name}"),
    "template_name": ("“{name}”不能作变量名", "{name!r} is no name of a variable"),
    "template_length": ("这句话有 {name} 个字，最多 2000", "this line has {name} characters, at most 2000"),
    "private_spoken": (
        "隐私变量“{name}”在没有“需要”的步骤里说了出来",
        "the private variable {name!r} is spoken where no `needs` guards it",
    ),
    "identity_open": (
        "“{name}”是{type}，却写了“隐私”: 否",
        "{name!r} is of type {type} and declared not private",
    ),
    "audio_with_placeholder": ("有占位符的话不能只用一段录音", "one recording cannot say a line with placeholders"),
    "audio_variables": (
        "录音里的变量是{given}，这句话里是{name}",
        "the recordings have the variables {given}, the line has {name}",
    ),
    "audio_stretches": ("“{name}”要配一段录音，这里有{count}段", "{name!r} takes one recording, not {count}"),
    "audio_format": ("录音“{name}”不是能播放的 WAV 文件", "{name!r} is no WAV file that can be played"),
    "audio_rate": (
        "录音“{name}”每秒 {rate} 个采样，至少要 {least}",
        "{name!r} has {rate} samples a second, at least {least} are needed",
    ),
    "any_of_alone": ("“任选”旁边不能再写“{name}”", "{name!r} may not stand beside any_of"),
    "no_ai_disclosure": (
        "外呼的开场白没有说明是智能客服",
        "an outbound bot that does not say at the start that it is one",
    ),
    "pronounce_syllable": (
        "“{word}”的读音里，“{name}”不是一个带声调的音节",
        "in the reading of {word!r}, {name!r} is no syllable with its tone",
    ),
    "pronounce_count": (
        "“{name}”有 {count} 个字，读音却有 {given} 个音节",
        "{name!r} has {count} characters, its reading {given} syllables",
    ),
    "hotwords_kind": ("“热词”只和打断方式“热词”一起用", "hotwords mean something for the kind hotword only"),
    "audio_of_many": ("“录音”只能配单独一句话", "audio goes with a single line only"),
    "audio_missing": ("没有录音文件“{name}”", "there is no recording {name!r}"),
    "audio_outside": ("录音路径“{name}”要在文件夹里面", "the path {name!r} must stay inside the folder"),
    "clarify_choices": ("“澄清”的话里要有【甲】和【乙】", "the line needs both 【first】 and 【second】"),
    "send_one": ("“发送”要写一种：短信、微信或邮件", "send takes exactly one of sms, wechat, email"),
    # steps
    "no_steps": ("流程没有步骤", "the flow has no steps"),
    "two_questions": ("一个步骤只能有一个问题（问、收集）", "a step has one question: ask or collect"),
    "question_and_do": ("一个步骤不能既提问又执行动作", "a step cannot both ask and do"),
    "ask_without_answers": ("“问”需要“回答”", "ask needs answers"),
    "collect_without_prompt": ("“收集”需要“提示”", "collect needs a prompt"),
    "part_alone": ("“{name}”要和“{owner}”一起用", "{name!r} means nothing without {owner!r}"),
    "one_of_these": ("这里只能写其中一样：{name}", "only one of these is possible here: {name}"),
    "two_moves": ("只能有一个去向，这里有几个：{name}", "only one move is possible, here are several: {name}"),
    "failed_without": ("“失败”要和“转人工”一起用", "failed means nothing without handoff"),
    "arm_shape": ("分支要么有“当”，要么有“否则”", "an arm has either when or else"),
    "else_not_last": ("“否则”应在最后", "else should be the last arm"),
    "else_alone": ("“否则”旁边不能再写别的，写到它里面", "nothing may stand beside else; put it inside"),
    # ladders
    "ladder_open": ("最后一级要离开这个问题", "the last rung must leave the question"),
    "rung_after": ("这一级缺少“之后”", "this rung has no `after`"),
    "rung_no_after": (
        "没听懂的各级不用“之后”，听不懂一次走一级",
        "rungs of `unclear` have no `after`: each is one misunderstanding",
    ),
    "rung_empty": ("这一级什么都不做", "this rung does nothing"),
    "rung_unreachable": (
        "前一级已经离开问题，这一级走不到",
        "the rung before leaves the question, so this one is never reached",
    ),
    "default_ladder": ("没有写“{name}”，用内置的", "no {name!r} is given; the built-in ladder is used"),
    # the graph
    "unreachable_step": ("走不到步骤“{name}”", "the step {name!r} is never reached"),
    "silent_loop": (
        "不提问、不等待的步骤绕成了圈：{name}",
        "steps without a question or a wait go round for ever: {name}",
    ),
    "endless_loop": (
        "不用客户说一句听懂的话，就能一直绕圈：{name}",
        "goes round for ever without a word understood from the caller: {name}",
    ),
    "unbounded_loop": (
        "客户一直回答就能一直绕圈，通话没有上限：{name}",
        "goes round as long as the caller keeps answering, so the call has no bound: {name}",
    ),
    "unset_variable": (
        "有的路走到步骤“{step}”时，变量“{name}”还没有值",
        "on some path to the step {step!r} the variable {name!r} has no value yet",
    ),
    "needs_unmet": (
        "有的路走到步骤“{step}”时，没有什么能让“{name}”满足“需要”",
        "on some path to the step {step!r} nothing can have met its needs: {name!r}",
    ),
    "disclosure_skipped": (
        "有的路没有听完“必须听完”的话，就到了步骤“{name}”：{what}",
        "on some path the must_hear line is not heard out before the step {name!r}: {what}",
    ),
    # wording and intents
    "long_line": (
        "这句话 {count} 个字没有停顿，超过 {limit} 个，一口气听不完",
        "{count} words without a pause, over {limit}: too long to take in: {name}",
    ),
    "dead_answer": ("回答“{name}”永远听不到：{reason}", "the answer {name!r} can never be given: {reason}"),
    "same_examples": (
        "“{text}”同时是意图“{other}”和“{name}”的例句",
        "{text!r} is an example of both {other!r} and {name!r}",
    ),
    "shadowed_anytime": (
        "回答“{name}”盖住了“随时”里同名的出口",
        "the answer {name!r} hides the way out of the same name in anytime",
    ),
    "call_recursion": ("流程互相调用绕成了圈：{name}", "flows call one another in a circle: {name}"),
    "local_given": (
        "“{name}”是通话带来的，不能是流程的局部变量",
        "{name!r} comes with the call; a flow cannot have it for its own",
    ),
    "with_not_local": (
        "“{name}”不是流程“{flow}”的局部变量，不能带入",
        "{name!r} is no variable of the flow {flow!r}'s own, so nothing can be given to it",
    ),
    "keep_type": (
        "“{name}”和“{other}”类型不同，不能带回",
        "{name!r} and {other!r} are of different types: the one cannot be kept in the other",
    ),
    "keep_unset": (
        "流程“{flow}”里没有什么给“{name}”赋值，带回的总是空",
        "nothing in the flow {flow!r} gives {name!r} a value, so what is kept is always empty",
    ),
    "private_passed": (
        "隐私变量“{name}”的值会进到不是隐私的“{other}”里",
        "the private value of {name!r} would come into {other!r}, which is not private",
    ),
    "call_link_loop": (
        "流程调用后又转回来，每转一圈多压一层：{name}",
        "a called flow links back to its caller; every round adds to the stack: {name}",
    ),
    "flow_unused": ("没有地方用到流程“{name}”", "nothing leads to the flow {name!r}"),
    "given_unused": ("已知变量“{name}”没有用到", "the given variable {name!r} is never used"),
    # languages
    "no_lines_file": ("缺少 lines/{name}.yaml", "lines/{name}.yaml is missing"),
    "lines_unlisted": ("“其他语言”里没有 {name}", "{name} is not among the bot's languages"),
    "no_translation": ("{owner} 缺少 {tag} 的译文：{parts}", "{owner} has no wording in {tag} for: {parts}"),
    "unused_translation": ("没有可翻译的“{name}”", "there is nothing to translate at {name!r}"),
    "language_not_spoken": (
        "机器人不会说 {name}：“语言”和“其他语言”里没有",
        "the bot does not speak {name!r}: it is neither its language nor among its languages",
    ),
    "unknown_line": ("没有“{name}”", "there is no {name!r}"),
    # satisfaction
    "satisfaction_unasked": (
        "流程“{flow}”里没有收集“{name}”的问题，拿不到满意度",
        "the flow {flow!r} has no question that collects {name!r}: nothing is rated",
    ),
    "satisfaction_scores": (
        "“{name}”的问题要用“可选”列出 {low} 到 {high} 的整数（{kind}）",
        "the question for {name!r} needs one_of with whole numbers from {low} to {high} ({kind})",
    ),
    "satisfaction_default": (
        "“{name}”不能有默认值，也不能是已知的：客户没回答也会算成打了分",
        "{name!r} may have no default and not be given: who does not answer would have answered",
    ),
    # forms
    "form_empty": ("表单“{name}”没有字段", "the form {name!r} has no fields"),
    "form_variable": (
        "“{name}”是变量，类型、取值和内容都跟变量走，这里不能再写",
        "{name!r} is a variable: its type, values and content are the variable's, and cannot be given here",
    ),
    "form_default": (
        "表单里预填的值只能由变量算出来，这里用了“{name}”",
        "what is filled in already comes from variables only, not from {name!r}",
    ),
    "form_hidden": (
        "表单“{name}”永远用不上：前面的“{other}”已经管了同样的转接",
        "the form {name!r} is never used: {other!r} before it takes the same handoffs",
    ),
    # expressions
    "expression_syntax": ("条件写得不对：{name}", "not an expression: {name}"),
    "expression_length": ("条件太长，最多 500 个字符", "the expression is too long, at most 500 characters"),
    "expression_depth": ("条件嵌套太深", "the expression is nested too deeply"),
    "expression_character": ("条件里不能有“{name}”", "{name!r} is not part of an expression"),
    "expression_quote": ("条件里的引号没有合上", "the quoted text in the expression is not closed"),
    "expression_equals": ("比较用 ==，不是 =", "compare with ==, not ="),
    "expression_operand": ("条件在这里缺了东西", "something is missing here in the expression"),
    "expression_extra": ("条件里多了“{name}”", "unexpected {name!r} in the expression"),
    "expression_close": ("条件里少了“{name}”", "{name!r} is missing in the expression"),
    "expression_chain": ("两个比较不能连写", "two comparisons cannot be chained"),
    "expression_clock": ("没有“{name}”", "there is no {name!r}"),
    "expression_time": ("“{name}”不是钟点", "{name!r} is no time of day"),
    "expression_machine": ("没有“{name}”这种接听方", "{name!r} is nothing that answers a call"),
    "beep_nothing": ("“提示音后”没有要说的话", "after_beep has nothing to say"),
    "beep_quiet": ("“安静”比“最多等”还长", "quiet is longer than within"),
}
"""Code → (Chinese, English)."""

_COLON = ("改成英文冒号加空格“: ”", "write ': '")
_QUOTE = ("给整句话加上引号", "put quotes round the whole text")
_TIMES = (
    "给步骤“{step}”加上 “次数”: 3, “之后”: {{结束: …}}",
    "add times: 3, after: {{end: …}} to the step {step!r}",
)
HINTS: Final[dict[str, tuple[str, str]]] = {
    "identity_open": (
        "去掉这一行：证件号和银行卡本来就是隐私，不进日志，也不随便念出来",
        "take it out: such numbers are private by themselves, kept out of logs and not spoken unguarded",
    ),
    "with_not_local": ("在那个流程里写“局部”: [{name}]", "write local: [{name}] in that flow"),
    "private_passed": ("给“{other}”也写上“隐私”: 是", "make {other!r} private as well"),
    "unset_variable": ("在前面收集或设置它，或者给它一个“默认”", "collect or set it before, or give it a default"),
    "needs_unmet": ("先走核实身份的步骤", "let every path pass the step that sets it"),
    "disclosure_skipped": (
        "让每条路都经过它，并写上“必须听完”: {{否则: …}}",
        "let every path pass it, with must_hear: {{else: …}}",
    ),
    "any_of_alone": ("写到“任选”的每一句里：{{文字: …, 录音: …}}", "put it into the items: {{text: …, audio: …}}"),
    "audio_with_placeholder": (
        "分段录：录音: [rec/前半句.wav, 【变量】, rec/后半句.wav]",
        "record it in parts: audio: [rec/before.wav, 【variable】, rec/behind.wav]",
    ),
    "audio_variables": ("按这句话里的顺序写变量", "write the line's variables in their order"),
    "audio_stretches": (
        "变量之间的每段文字录成一个文件，变量单独写一项",
        "one file for each stretch of text between variables, and the variables as items of their own",
    ),
    "audio_format": ("用 PCM 或 G.711 的 WAV", "use a WAV of PCM or G.711"),
    "hotwords_kind": ("写成 {{方式: 热词, 热词: [转人工]}}", "write {{kind: hotword, hotwords: [agent]}}"),
    "long_line": ("加标点断开，或者分成两句", "put in a comma, or make two sentences of it"),
    "same_examples": (
        "只留在一个意图里；两个意思都有的话，写在“{other}, {name}”下面",
        "keep it in one of the two; if it means both, write it under `{other}, {name}`",
    ),
    "shadowed_anytime": ("让这个回答也离开，或者去掉它", "let the answer leave as well, or take it out"),
    "endless_loop": _TIMES,
    "unbounded_loop": _TIMES,
    "annotation_quote": (
        '写成 ["改到[后天](日期)"]，或者每句一行、以 - 开头',
        'write ["…"], or each sentence on a line that starts with -',
    ),
    "call_link_loop": (
        "让被调用的流程走完自己返回，或者用“转到”进入它",
        "let the called flow run out, or enter it with link",
    ),
    "text_brace": (
        "占位符写成【名字】，或者给整句话加上引号",
        "write the placeholder as 【name】, or put quotes round the text",
    ),
    "text_bracket": _QUOTE,
    "text_star": _QUOTE,
    "text_sign": _QUOTE,
    "text_colon": ("给整句话加上引号，或者用中文冒号“：”", "put quotes round the whole text"),
    "text_comment": (
        "给整句话加上引号；注释另起一行",
        "put quotes round the text, or the comment on a line of its own",
    ),
    "leading_zero": ('写成 "{name}"', 'write "{name}"'),
    "phone_number": ('写成 "{name}"', 'write "{name}"'),
    "unknown_key": ("可用：{keys}", "possible: {keys}"),
    "unknown_word": ("可用：{words}", "possible: {words}"),
    "unknown_type": ("可用：{words}", "possible: {words}"),
    "mixed_spelling": ("改成“{right}”", "write {right!r}"),
    "unknown_name": ("如果是文字，加上引号", "if it is text, put quotes round it"),
    "private_spoken": ("给步骤加上“需要”: {{身份: …}}", "add needs: {{variable: value}} to the step"),
    "ladder_open": ("加上“去”“转到”“结束”或“转人工”", "add go, link, end or handoff"),
    "go_outside_flow": ("用“转到”“结束”或“转人工”", "use link, end or handoff"),
    "colon_full": _COLON,
    "colon_space": _COLON,
    "bracket_full": ("改成英文的 {{ }} 和 [ ]", "write {{ }} and [ ]"),
    "bracket_open": (
        "括号、逗号、冒号要用英文的；占位符写成【名字】",
        "between the items stands a comma; a placeholder is written 【name】",
    ),
    "smart_quotes": ('改成英文引号 "…"', 'write "…"'),
    "action_unmarked": ("在它上面加一行 @action", "put a line @action above it"),
    "tab": ("换成空格", "use spaces"),
    "expression_chain": ("用“且”连起来：a < b 且 b < c", "join them: a < b and b < c"),
    "expression_clock": (
        "有 now.hour、now.weekday、now.date、now.time，客户.怒气，排队.位数、排队.分钟，人工.原因，"
        "接听方.类型、接听方.原因，实验.名字，营业.名字",
        "there are now.hour, now.weekday, now.date, now.time, caller.anger, queue.position, queue.minutes, "
        "human.cause, machine.by, machine.cause, arm.name and open.name",
    ),
    "expression_time": ('写成 "9:00"、"18:30"', 'write "09:00" or "18:30"'),
    "expression_machine": (
        "接听方.类型有真人、语音信箱、语音导航、提示音、传真、不确定；接听方.原因有空号、关机、停机、占线、无人接听、拒接、无法接通、失败",
        "machine.by is human, voicemail, ivr, announcement, fax or uncertain; machine.cause is invalid_number, "
        "powered_off, suspended, busy, no_answer, rejected, unreachable or failed",
    ),
    "beep_nothing": ("写上“说”：这就是留言", "write say: that is the message"),
    "beep_quiet": ("“安静”写短些，一般 2s", "make it shorter, usually 2s"),
    "no_ai_disclosure": (
        "在第一个问题之前说明，例如：您好，我是××的智能客服",
        "say so before the first answer is asked for: this is the automated assistant of …",
    ),
    "pronounce_syllable": (
        "音节之间空开、标上声调：háng zhǎng（轻声不标），或 hang2 zhang3；也可以写同音的字",
        "write syllables apart, with tones: háng zhǎng (no mark: neutral) or hang2 zhang3; or characters that sound so",
    ),
    "pronounce_count": ("一个字写一个音节：行长: háng zhǎng", "one syllable a character: 行长: háng zhǎng"),
    "hours_text": (
        "例如 周一至周五 9:00-18:00、周六 9:00-12:00 14:00-17:00；例外写 2026-10-01 至 2026-10-07: 休息",
        "such as Mon-Fri 9:00-18:00, Sat 9:00-12:00 14:00-17:00; exceptions 2026-10-01 to 2026-10-07: closed",
    ),
    "experiment_unused": ('写成 当: 实验.{name} == "…"', 'ask for it: when: arm.{name} == "…"'),
    "hours_unused": ("写成 当: 营业.{name}", "ask for it: when: open.{name}"),
    "form_variable": ("去掉这一行；要改就改“变量”里的“{name}”", "take it out, or change the variable {name!r} itself"),
    "form_hidden": ("把它移到“{other}”前面", "put it before {other!r}"),
    "too_many": ("拆成几个文件", "split the file"),
    "too_big": ("拆成几个文件", "split the file"),
    "not_utf8": ("另存为 UTF-8", "save it as UTF-8"),
}
"""What would be right, where that can be said without knowing the script."""
