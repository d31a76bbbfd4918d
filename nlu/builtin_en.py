"""Example sentences of the built-in intents in English, as callers say them on the telephone. Written for Huashu."""

from typing import Final

SENTENCES: Final[dict[str, str]] = {
    "affirm": """yes | yeah | yep | yup | yes please | yes that's right | yeah sure | sure | sure thing
        | of course | ok | okay | okay then | all right | alright | fine | that's fine | fine by me | right
        | that's right | that is correct | correct | exactly | absolutely | definitely | certainly | indeed
        | I do | I am | I have | I did | it is | speaking | this is he | this is she | that's me
        | yes this is me | sounds good | sounds great | that works | that works for me | go ahead | please do
        | please go ahead | let's do it | do it | I agree | I'd like that | I would | I'd love to | I think so
        | I guess so | I suppose so | I guess that's fine | should be fine | probably yes | maybe yes
        | why not | no problem | you bet | uh-huh | mm-hmm | mhm | I confirm | confirmed | yes I want that
        | sign me up | I'm interested | yes I'm listening | I can hear you | got it | I see | understood
        | perfect | great | good | yes I can talk now | now is a good time | true""",
    "deny": """no | nope | nah | no way | not at all | no thanks | no thank you | not really | not exactly
        | I don't think so | I'd rather not | I would rather not | absolutely not | definitely not
        | of course not | never | negative | I don't | I do not | I didn't | I haven't | I'm not | I am not
        | it isn't | it's not | that's wrong | that is not right | that's not correct | incorrect | wrong
        | not correct | not me | that's not me | I don't want that | I don't want it | don't do that
        | please don't | cancel that | cancel | no I don't | no I can't | I can't | I cannot | no I'm good
        | I'm good | I'm all set | not today | not this time | not yet | no not that one | neither
        | none of them | I disagree | I refuse | I decline | probably not | maybe not | I doubt it
        | I'm afraid not | not quite | hell no | uh-uh | nuh-uh | that won't work | that doesn't work for me
        | not that I know of | I don't have one | forget it | forget it then | forget about it | never mind
        | never mind then | leave it | let's leave it | don't bother""",
    "busy": """I'm busy | I'm busy right now | I am a bit busy | sorry I'm busy | kind of busy at the moment
        | I'm in a meeting | I'm in the middle of something | I'm driving | I'm driving right now
        | I'm at work | I'm working | I can't talk right now | I can't talk now | can't talk
        | I can't speak at the moment | not a good time | it's not a good time | this is a bad time
        | now is not a good time | bad timing | I don't have time | I don't have time right now | no time
        | I have no time for this now | call me later | call back later | can you call back later
        | could you call me back | call me back tomorrow | call me another time | try me later
        | try again tomorrow | maybe later | some other time | another time please | I'm having dinner
        | we're eating | I'm with a customer | I'm on another call | I'm about to board a plane
        | I'm on the train | I have to run | I'm in a hurry | I'm at the hospital | I was sleeping
        | can we do this later | let's talk later | ring me this evening | I'm tied up""",
    "human": """human | agent | operator | representative | live agent | real person | a real person please
        | customer service | speak to a human | talk to a human | I want to talk to a person
        | I want to speak to someone | let me talk to a human | let me speak to an agent | get me an agent
        | get me a real person | connect me to an agent | connect me with a representative | transfer me
        | transfer me to an agent | put me through to someone | put me through to customer service
        | can I speak to a person | can I talk to somebody | could I speak with a representative
        | is there a person I can talk to | I'd like to speak with a human | I need a human being
        | I need to talk to someone | give me a human | I want your manager | let me speak to your manager
        | supervisor please | get me your supervisor | I don't want to talk to a machine
        | I won't talk to a robot | you can't help me get me a person | this isn't working give me an agent""",
    "stop_calling": """stop calling | stop calling me | please stop calling | please stop calling me
        | don't call me again | do not call me | do not call me again | don't call again
        | don't ever call me again | never call me again | don't call this number | stop calling this number
        | quit calling me | quit calling here | take me off your list | take me off the list
        | take my number off your list | remove me from your list | remove my number
        | remove me from your calling list | delete my number | put me on your do not call list
        | add me to the do not call list | I'm on the do not call list | leave me alone | stop bothering me
        | stop harassing me | this is harassment | no more calls | no more calls please
        | I don't want any more calls | I don't want to be called | stop contacting me
        | don't contact me again | unsubscribe | unsubscribe me | opt out | I want to opt out
        | you people keep calling me | you call every day stop it | I told you to stop calling
        | how many times do I have to tell you not to call | lose my number
        | I'll report you if you call again | stop the sales calls""",
    "repeat": """repeat | repeat that | repeat please | please repeat | please repeat that
        | can you repeat that | could you repeat that | could you repeat that please
        | would you repeat the question | say that again | say that again please | say it again
        | can you say that again | could you say that one more time | one more time | one more time please
        | come again | again please | pardon | pardon me | I beg your pardon | sorry | sorry what | what
        | what was that | what did you say | what's that | what do you mean | I didn't catch that
        | I didn't get that | I missed that | I didn't hear you | I couldn't hear you | I can't hear you
        | I did not understand | I didn't understand that | I don't understand | speak up | speak up please
        | can you speak louder | louder please | can you speak louder | a bit louder please
        | you're breaking up | the line is bad say again | huh | how much was that again""",
    "slower": """slower | slower please | slow down | slow down please | can you slow down | could you slow down
        | could you slow down a bit | please slow down | speak slower | speak slower please | please speak slower
        | speak more slowly | please speak more slowly | can you speak more slowly | could you speak more slowly
        | can you speak slower | could you speak a little slower | can you talk slower | talk slower | a bit slower
        | a little slower please | more slowly please | not so fast | not so fast please | that was too fast
        | that's too fast | you're too fast | you're going too fast | you are talking too fast | you speak too fast
        | too fast | too fast for me | I can't follow | I can't keep up | can you say that more slowly
        | say that more slowly | say it slowly | slowly please | even slower""",
    "skip": """skip | skip it | skip this | skip that | skip please | skip this one | skip that one | skip this question
        | skip the question | can I skip this | can I skip that | can I skip this one | can I skip this question
        | can we skip this | can we skip that | could we skip this one | let's skip it | let's skip this one
        | I'd like to skip this | I'd like to skip that one | I want to skip this | I'll skip this one | next
        | next question | next one | next please | next question please | go to the next question | move on
        | let's move on | move on please | can we move on | pass on that one
        | do I have to answer | do I have to answer that | do I have to say | do I have to tell you
        | I'd rather not say | I'd rather not answer | I'd rather not answer that | I'd prefer not to say
        | I prefer not to answer | I don't want to answer | I don't want to answer that | I don't want to say that
        | no comment | leave it blank | leave that blank | leave it out | leave that out | another question please""",
    "wait": """wait | wait a minute | wait a moment | wait a second | wait please | hang on
        | hang on a second | hang on a minute | hold on | hold on a second | hold on a moment | hold on please
        | just a moment | just a minute | just a second | just a sec | one moment | one moment please
        | one second | one sec | one minute | give me a second | give me a minute | give me a moment
        | give me one minute | let me think | let me check | let me see | let me look | let me have a look
        | let me find it | let me get a pen | let me get my card | let me grab my card | let me ask my wife
        | bear with me | I need a minute | I'm looking for it | I'm checking | stay on the line
        | don't hang up | please hold | can you hold | can you wait a moment | hmm let me think
        | stop for a second""",
    "are_you_robot": """are you a robot | are you a bot | are you a machine | are you a computer
        | are you human | are you a human | are you a real person | are you real | are you a person
        | are you an AI | are you a live person | am I talking to a robot | am I talking to a machine
        | am I talking to a real person | am I speaking to a human | am I speaking with a real person
        | is this a robot | is this a bot | is this a machine | is this a recording
        | is this an automated call | is this automated | is this a real person | is this a robocall
        | is that a computer talking | you're a robot aren't you | you are a robot | you sound like a robot
        | you sound like a machine | this is a recording isn't it | do I speak to a human being
        | robot or human | human or machine | who am I talking to a person or a program
        | are you artificial intelligence | are you some kind of voice assistant | what are you""",
    "goodbye": """goodbye | bye | bye bye | good bye now | bye now | see you | see you later | see ya
        | talk to you later | talk later | have a nice day | have a good day | have a good one | good night
        | take care | thanks bye | thank you goodbye | ok bye | okay goodbye | alright bye | that's all
        | that's all for now | that is all | that will be all | that's it | nothing else | no nothing else
        | no that's all | no more questions | I'm done | we're done | I'm hanging up | I have to hang up
        | I'm going to hang up now | gotta go bye | I have to go bye | end the call | end call | hang up
        | cheers bye | so long | farewell | I'll let you go | I'll let you get on | I won't keep you""",
    "not_interested": """not interested | I'm not interested | I am not interested | sorry not interested
        | no I'm not interested | I'm not interested in that | not interested thanks | no interest
        | I have no interest in this | I'm really not interested | I don't need it | I don't need that
        | I don't need this | I don't need anything | we don't need it | I don't need a loan
        | I don't need another card | I already have one | I already have that | we already have one
        | I'm happy with what I have | I'm fine with my current plan | it's not for me | that's not for me
        | not for me | no need | there's no need | I'm not looking for that | not looking to buy anything
        | I don't want to buy anything | I'm not buying | don't want to hear about it | save your breath
        | I'll think about it | let me think it over | I need to think about it | I'll consider it
        | maybe some day | I'll let you know | I'll call you if I need it | thanks but no thanks
        | no thank you I'm not interested | I'll pass | I think I'll pass | pass | it's of no use to me
        | I'm not keen on that""",
    "wrong_person": """wrong number | you have the wrong number | you've got the wrong number
        | you got the wrong number | you dialled the wrong number | I think you have the wrong number
        | sorry wrong number | this is the wrong number | wrong person | you have the wrong person
        | you've got the wrong person | you must have the wrong person | that's not my name
        | that is not my name | I'm not that person | I'm not him | I'm not her | I'm not the person you want
        | there is no one here by that name | there's nobody here by that name | no one by that name here
        | nobody with that name lives here | no such person here | I don't know who that is
        | I don't know that person | I don't know him | I don't know her | never heard of him
        | he doesn't live here anymore | she changed her number | this isn't his phone | this isn't her number
        | this is my new number | I just got this number | this is her husband | who are you looking for
        | who do you want to speak to | this is a company phone | this is an office line""",
    "not_in": """he's not in | she isn't in | she's not in | he is not in right now | he's not here | she's not here
        | she isn't here | he isn't home | she's not home | he's not at home | he's out | she's out
        | he's out at the moment | he just left | she stepped out | he went out | he's at work | he's away
        | she's away on business | he's travelling | he's on holiday | he's not available | she's unavailable
        | he can't come to the phone | she can't come to the phone right now | he's asleep | he's in the shower
        | he'll be back later | he'll be home tonight | she'll be back at six | I'm his wife | I'm her husband
        | this is his wife | this is his mother | I'm his son | I'm his daughter | I'm his colleague
        | I'm a friend of his | I'm answering for him | this is his phone but he's not here | can I take a message
        | I'll tell him you called | shall I give him a message | try him again this evening""",
    "complaint": """complaint | I want to complain | I want to make a complaint | I'd like to file a complaint
        | I'd like to make a complaint | I have a complaint | how do I complain | where can I complain
        | I'm going to complain | I will report you | I'm reporting this
        | I'm going to report you to the regulator | I'll contact my lawyer | you'll hear from my lawyer
        | this is unacceptable | your service is terrible | your service is awful | what terrible service
        | this is outrageous | this is a disgrace | you people are useless | I'm not happy with your service
        | I'm very unhappy with this | I'm very dissatisfied | this is a rip off | you cheated me
        | you charged me without asking | you lied to me | I demand an explanation | who is responsible for this
        | I want this on record | give me your name I'm going to complain | this is fraud | I'll post this online
        | I'm taking this further | I want compensation""",
    "already_paid": """I already paid | I've already paid | I have already paid | I already paid it
        | I paid already | already paid | it's paid | it's already paid | I paid yesterday | I paid last week
        | I paid it this morning | I just paid | I've just paid it | I paid that off | I paid it off
        | I've paid everything | it's been paid | it has been settled | I settled it | I've settled that already
        | I sent the money | I already sent the money | the money is on its way | I made the payment
        | I made a payment yesterday | the payment went through | I transferred it already | I paid online
        | I paid in the app | I paid by card | it was taken automatically | you already took the money
        | didn't I pay that | I thought I paid that | my wife paid it | that's been taken care of
        | I've taken care of it | it's been dealt with | that's done already""",
    "thanks": """thanks | thank you | thanks a lot | thank you very much | thank you so much | many thanks
        | thanks so much | thanks very much | thanks a million | thanks a bunch | much appreciated
        | I appreciate it | I appreciate that | I really appreciate it | appreciate your help
        | thank you for your help | thanks for your help | thanks for the help | thanks for the information
        | thanks for letting me know | thanks for calling | thank you for calling | thank you for the reminder
        | great thanks | great thank you | okay thanks | okay thank you | ok thanks | perfect thank you
        | that's very kind | that's kind of you | you've been very helpful | you've been a great help
        | that was helpful | cheers | cheers mate | ta | thank you kindly | thanks again""",
    "speak_english": """english | english please | in english | in english please | speak english
        | speak english please | please speak english | can you speak english | could you speak english
        | do you speak english | can we speak english | can we do this in english | could we do this in english
        | can you say that in english | could you say it in english | can I have that in english
        | switch to english | change to english | change the language to english | english service
        | I want english | I need english | I'd like english | I would like to speak english
        | I prefer english | is there an english option | do you have english service
        | does anyone speak english | anyone speak english | I don't speak chinese | I do not speak chinese
        | I can't speak chinese | I don't understand chinese | I do not understand chinese
        | sorry I don't speak chinese | my chinese is not good | my chinese isn't very good
        | I only speak english | no chinese | I don't know chinese""",
    "speak_chinese": """chinese | chinese please | in chinese | in chinese please | speak chinese
        | speak chinese please | please speak chinese | can you speak chinese | could you speak chinese
        | do you speak chinese | can we speak chinese | can we do this in chinese | mandarin | mandarin please
        | in mandarin please | can you speak mandarin | do you speak mandarin | could you speak mandarin
        | switch to chinese | switch to mandarin | change to chinese | change the language to chinese
        | chinese service | I want chinese | I need chinese | I'd like chinese | I would like to speak chinese
        | I prefer chinese | I prefer mandarin | is there a chinese option | do you have chinese service
        | does anyone speak chinese | I don't speak english | I do not speak english | I can't speak english
        | I don't understand english | sorry I don't speak english | my english is not good
        | my english isn't very good | I only speak chinese | no english""",
}

RETURNS: Final = """I'm back | ok I'm back | okay I'm back | I am here | I'm here | I'm here now | here I am | back
    | hello | hi | hello are you there | are you there | are you still there | still there | anyone there | ready
    | I'm ready | ok ready | I'm ready now | done | I'm done | go on | go ahead | please go on | please continue
    | continue | carry on | you can go on | you can continue | we can go on | we can continue | let's continue
    | let's go on | sorry about that | sorry I'm back | sorry for the wait | sorry to keep you waiting
    | thanks for waiting | thank you for waiting | where were we | what were you saying"""
"""What a caller says who had asked to wait and is there again, and nothing else."""
GO_ON: Final = """go on | go ahead | please go on | please continue | continue | carry on | keep going
    | and then | what else | tell me more | I'm listening | yes go on | yes please go on | the rest please"""
"""Who wants to hear the rest of a long answer, beside a plain yes."""
ENOUGH: Final = """enough | that's enough | that is enough | got it | I got it | I see | I understand
    | understood | never mind | stop | that'll do | that will do | no need | okay stop | too long | that's fine"""
"""Who has heard enough of it, beside a plain no."""
