"""How simulated callers word things in English. Written for Huashu; not what understanding is taught with.

In a sentence `(a|b|)` is a choice. What also stands among a bot's examples is not used against that bot.

Sentences are divided by semicolons, synonyms by slashes.
"""

from typing import Final

from huashu.lab.dividing import divided, groups

INTENTS: Final[dict[str, tuple[str, ...]]] = divided(
    {
        "affirm": """(yeah |yes |)(that|it) would be (lovely|wonderful|just fine) ;
            (by all means|go for it|let's go with that) ; (mm |)that'll do( nicely|) ;
            (yes |)(go on|carry on)( then|) ; (I|we) (sure do|certainly would) ;
            (yep |)let's have it( that way|) ; works (fine |)for (us|me)( I think|) ;
            (yeah |)(happy|glad) (to|with that)""",
        "confirm": """(you've|you have) got (it|that) right ; (yes |)(as far as I know|I believe so) ;
            (yep |)(spot on|bang on|that's the one) ; (that|it) is( indeed|)""",
        "correct": """(oh |)(no |)(that isn't|that's not) (what I (said|meant)) ;
            (no |)(you've|you have) got (it|that) wrong ; (that's|it's) (all |)wrong I'm afraid""",
        "identity": """(yes |)(this is|it's) (me|him|her)( who's this|) ; (yep |)that would be me ;
            (you're|you are) (speaking|talking) (to|with) (him|her|me)""",
        "deny": """(I'd|I would) (prefer|sooner) not ;
            (let's not|let's leave it|we'd better not|we'd better leave it) ; (no |)(forget|scrap) (it|that) ;
            (I'm|we're) (going to |gonna )(pass|skip) (on that|that one) ; (nah |)(leave it|don't bother)""",
        "busy": """(I've|I have) got (my hands full|people here|a line of customers) ;
            (sorry |)(could we|can we) do this (tonight|another day|after lunch) ;
            (I'm|I am) just (walking out the door|about to go in somewhere|picking up the kids) ;
            (make it quick |)I'm (running late|rushing)""",
        "human": """(please |)(get|give) me (somebody|someone) (who's |)(real|alive|with a pulse) ;
            (I'd|I would) (much |)rather (deal with|speak with) (staff|a lady at the desk|one of your people) ;
            (is there|isn't there) (anybody|anyone) (in|there) I (could|can) (talk|speak) (to|with) ;
            (just |)(pass|patch|hand) me (over |)to (the desk|reception|your staff) ;
            (enough of|no more) (this machine|the recording)( give me staff|)""",
        "stop_calling": """(I've had enough of|I'm sick of) (these|your) calls ;
            (kindly |)(cross|strike|wipe) (me|my number) off( your books|) ;
            (don't|do not) (ever |)(ring|phone|dial) (me|here|this phone) (again|any more)""",
        "repeat": """(sorry |)(say|run) that (by me |)(once more|again) ;
            (I|we) (missed|didn't hear) (that|the last bit|what you said) ;
            (the line|it) (cut out|is breaking up|crackled)( there|) ; (huh|eh|what was that) ;
            (could you |)(speak up|slow down)( a (bit|little)|)""",
        "wait": """(bear with me|give me a tick|hang on a sec) ;
            (let me|I need to) (grab|fetch|find) (my (diary|calendar|glasses)|a pen) ;
            (hold|stay) on (the line |)(a second|a moment|while I look) ;
            (someone's|somebody's) at the door( hold on|)""",
        "are_you_robot": """(am I|are we) (speaking|talking) (to|with) (a|some) (computer|machine|recording) ;
            (you sound|you're talking) (like a|kind of) (robot|automated|machine) ;
            (is this|are you) (one of those|an) (automated (things|systems)|AI things)""",
        "goodbye": """(right |)(I'll|I will) (let you go|be off)( then|) ; (cheerio|take care|so long|have a good one) ;
            (that's|that was) (everything|all I wanted|it from me)( thanks|) ;
            (nothing|not a thing) (else|more)( for today|)""",
        "not_interested": """(it's|that's) (not (for me|my thing)|nothing for us) ;
            (I've|we've) no (use|need) for (it|that|any of this) ;
            (we're|I'm) (happy|fine) (as (we are|I am)|without it)""",
        "wrong_person": """(there's|we have) no(body|one) (here |)(by|of|with) that name ;
            (you've|you must have) (dialled|got) the wrong (house|party|guy) ;
            (he|she) (doesn't live|moved out of|isn't) here( any more|)""",
        "thanks": """(cheers|much obliged|bless you) ; (that's|that was) (very |really |)(kind|helpful)( of you|) ;
            (I|we) (really |)appreciate (it|that|your help)""",
    },
    ";",
)
"""By English name of the built-in intent; "identity" is a yes to "are you …?"."""

VALUES: Final[dict[str, tuple[str, ...]]] = divided(
    {
        "choice": """{v} ; {v} please ; (I think |I guess |)(I'll|I'd) (take|have|go for) (the |){v} ;
            (it's|it would be) (for |)(the |){v} ; (just |)(the |a |){v}( if you can|) ; {v}( yeah|) ;
            (could|can) (I|we) (do|get) (the |){v} ; (we're|I'm) after (a |the |){v}""",
        "number": """{v} ; (it's|that's|make it) {v} ; {v} (I think|or so)""",
        "digits": """{v} ; (it's|that's|sure it's) {v} ; (the|my) number('s| is) {v} ; (okay |)(ready|here goes) {v} ;
            (you can (use|try)) {v}""",
        "date": """{v} ; {v} please ; (how about|what about|say) {v} ; (could|can) (we|you) do {v} ;
            {v} (works|is good|would suit me) ; (I'm|we're) free (on |){v}""",
        "time": """{v} ; {v} please ; (how about|say|around) {v} ; (could|can) (we|you) (do|make it) {v} ;
            {v} (works|would suit me|if you have it)""",
        "text": """{v} ; (it's|that's) {v} ; (the name's|I'm|put it under) {v} ; {v} (please|here)""",
    },
    ";",
)
"""Sentences around a spoken value."""

SYNONYMS: Final = groups(
    """i want to/i need to/i'd love to/i'm hoping to/i wanna ; can i/could i/may i ; can you/could you/would you ;
    appointment/visit/slot/booking ; cancel/call off/drop/scrap ; book/set up/arrange ;
    move/shift/push back/rearrange ; another/a different/some other ; change/swap/switch ; time/hour ;
    please/if you would/thanks ; doctor/physician/doc ; i can't/i'm not able to/there's no way i can ;
    do you/d'you ; hurt/injured ; earliest/soonest ; where is/where do i find ; park/leave my car ;
    bring/take along ; schedule/arrange/put down ; any day/whichever day""",
    ";",
)
"""Words of which one may stand for the other in a caller's mouth."""

_LISTS: Final = divided(
    {
        "front": """um ; uh ; well ; so ; hi ; yeah so ; listen ; okay ; look ; right so ; er ;
            hi there ; let me see""",
        "middle": """um ; uh ; like ; er ; you know""",
        "end": """please ; you know ; I guess ; if that's okay ; thanks ; I think ; right ; or something""",
        "chat": """(it's|isn't it) (awfully|really) (hot|cold|windy) (out|today) ;
            (my|our) (dog|cat) (just |)(ate|knocked over) (something|the plant) ;
            did you (see|catch) the (game|match)( yesterday|) ;
            (traffic|parking) was (a nightmare|awful) this morning ;
            (my|the) (daughter|grandson) (is getting|just got) (married|a new job) ;
            (you have|that's) a (nice|lovely) voice ;
            (prices|groceries) (are|have gone) (through the roof|so high) (now|these days) ;
            (I|we) (just |)came back from (holiday|the lake)""",
        "backchannel": """mm-hmm ; uh-huh ; okay ; right ; yeah ; I see""",
        "mumble": """um well the ; I was just ; it's sort of ; you know the thing ; uh so ; er it's like ; hmm I ;
            what I mean is""",
        "names": """Emma Carter ; John Whitfield ; Priya Patel ; Luis Ortega ; Grace Kim ; Tom Baker""",
        "faq": """{q} ; I was wondering {q} ; quick question {q} ; oh and {q} ; {q} by any chance ;
            could you tell me {q}""",
    },
    ";",
)
FRONT: Final = _LISTS["front"]
"""Hesitations and openings before a sentence, within it, behind it."""
MIDDLE: Final = _LISTS["middle"]
END: Final = _LISTS["end"]
CHAT: Final = _LISTS["chat"]
"""Talk that belongs to no script."""
BACKCHANNEL: Final = _LISTS["backchannel"]
MUMBLE: Final = _LISTS["mumble"]
NAMES: Final = _LISTS["names"]
FAQ: Final = _LISTS["faq"]
"""Around a question of the knowledge base."""
