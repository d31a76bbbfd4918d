"""How English-speaking machines and people begin a telephone call: a small grammar of each, data.

One line is one sentence, going on where the next is indented; (a|b|) is a choice, which may be empty. Written from what
carriers, mailboxes, menus, queues and conference bridges say everywhere, in many paraphrases, and from how people
answer. Together they are what a recogniser is asked for, and what words are weighed by (huashu.voice.likeness): what a
machine says is told from what people say only where people's ways are listed too.
"""

MACHINES = """
(we are|we're|i'm|i am) sorry
(we are|we're|i'm|i am) sorry (the|your|that) (number|call|extension|mailbox|customer)
(i'm|i am|we're|we are) sorry but (i|we) (was|were) (unable|not able) to (reach|find|connect|complete|locate) (them
    |your party|the person|the number|the call)
(we're|i'm|) sorry but (the|this|that|your|there|i|we) (is|user's|person's|number|person|party|customer's|customer
    |mailbox|call|extension|cannot|can't)
sorry (there|that|this|the|your|you) (is|was) (no|not|nobody)
sorry (the|this) (user|person|customer|party|mailbox) (cannot|can't|is not|isn't) (available|accept|answer|take)
the number you (have|) (dialed|called|reached) (is|has been|was) (not in service|disconnected|changed|out of service
    |no longer in service|not valid|temporarily disconnected|incorrect)
the (number|line|person|party|customer|subscriber|user|extension) you (are|were) (calling|trying to reach
    |trying to call) (is|was) (busy|unavailable|not available|on the phone|on another call|switched off|not answering
    |not in service|temporarily unavailable|out of reach)
the (person|party|subscriber|customer|user|caller) (at|on) (extension|this number|this line) (is|is not) (available
    |unavailable|busy|on the phone|answering)
(is|is currently|is now) (unavailable|not available|busy|on the phone|on another call|away|not answering|in use
    |out of the office|not in service|switched off)
(the|this|that) (subscriber|customer|user|wireless customer|mobile|phone) (you have called|you have dialed|) (is
    |may be) (switched off|powered off|turned off|out of coverage|outside the coverage area|not reachable
    |not available)
(your|the|this) call (cannot|can not|could not|can't) be (completed|connected|put through|answered
    |transferred) (as dialed|at this time|right now|at the moment|)
(please|) (check|verify) the number (and|then) (dial|try|call) again
(please|) (hang up|try again|call back|try your call again|dial again|call again) (later|in a few minutes
    |at a later time|)
please try (again|later|your call again|again later|your call later)
(the|this|your) (number|line|phone|telephone|service|account) (is|has been) (restricted|suspended|blocked|removed
    |added|changed|disconnected|activated|deactivated|enabled|disabled)
all (circuits|lines|trunks|channels) are (busy|in use) (now|at the moment|) please try (again|your call) later
due to (a network|heavy|technical|an) (error|difficulties|problem|calling|call volume) your call (cannot
    |could not) be (completed|connected)
(the|this|that) (number|person|party|subscriber|customer) (does not|is not|cannot) (accept|accepting|take
    |receive) (calls|incoming calls|anonymous calls|private calls|unidentified calls|blocked calls
    |calls from this number)
(the|this) (person|party) you are (trying to reach|calling) (does not|is not) (accept|accepting) (calls
    |your call) (at this time|)
if you (feel|think|believe) you have reached this (recording|number) in error
this is a (recording|recorded message|recorded announcement|courtesy call|test)
you have (dialed|reached|called|entered) (a|an) (number|invalid|wrong|incorrect|non working) (number|extension
    |that is not in service|option|code)
(you have|you've) reached (the|a) (voicemail|voice mail|mailbox|voice mailbox|answering machine|answering service
    |office|home|desk|voice messaging system) (of|for|)
(you have|you've) reached (a number|the number|the line|extension) (that|which|) (is|)
(your call|the call|you) (has|have) been (forwarded|transferred|forwarded to|directed) (to an automated|to a|to the
    |to|) (voice messaging system|voice mail|voicemail|mailbox|voice message system|answering service)
(please|) leave (a|your|a brief|a short|a detailed|me a) message (after|at) the (tone|beep|signal)
(please|) leave your name (and|) (number|telephone number|phone number) (and|) (a|) (message|brief message|)
(please|) record your (message|name|greeting|announcement) (after|at) the (tone|beep)
(after|at) the (tone|beep|sound of the tone) (please|) (record|say|speak|leave) your (message|name|number)
when you (are|have) (finished|done) (recording|speaking|) (you may|) (hang up|press pound|press the pound key
    |press one for more options|simply hang up)
when (done|finished) (please|) (hang up|press pound|press the pound key|press the star key|press the hash key)
(i|we) (can't|cannot|can not|am unable to|are unable to) (come to the phone|take your call|answer the phone
    |answer your call|get to the phone) (right now|at the moment|at this time|)
(i'm|i am|we are|we're) (not|away|away from|out of) (here|available|at home|in|my desk|the office|the phone|right now
    |to take your call)
(so|) (please|) leave (me|us|) a message (and|) (i'll|i will|we'll|we will) (get back to you|call you back
    |return your call) (as soon as possible|as soon as i can|)
(i'll|i will|we'll|we will) (get back to you|call you back|return your call) as soon as (possible|i can|we can)
(sorry|) (i|we) missed your call
thank you for (calling|your call|your patience|holding|waiting|using|leaving a message|trying)
thank you for calling (the|) (company|office|center|bank|clinic|hotel|store|school|airline|support line|help desk
    |service)
(the|this|that|your|user's|the user's|the person's) (mailbox|mail box|voice mailbox|inbox|voicemail) is (full
    |not set up|unavailable)
(the|this|that) (mailbox|mail box|voice mailbox|inbox|user's mailbox|user's mail box) (is full and|) (cannot|can't
    |can not|does not) (accept|take|receive|hold) (any|any more|more|new) messages (at this time|right now|)
(has|does) not (set up|have) a (voice mailbox|mailbox|voicemail|greeting) (yet|)
(your|the) message (has been|was|is|is now|will be|could not be) (sent|saved|deleted|recorded|forwarded|erased
    |delivered|too short|too long|stored|cancelled|received)
(you have|there are) (no|new|old|one|two|more|no more|unread) (messages|message|new messages|old messages
    |saved messages)
(first|next|last|previous|new|old|urgent) message
message (received|from|sent|deleted|saved) (at|on|from|) (phone number|extension|an unknown caller|unknown caller|)
press (one|two|three|four|five|six|seven|eight|nine|zero|star|pound) (to|for) (leave|hear|play|send|save|delete
    |repeat|cancel|continue|record|call|accept|exit|return|skip|listen|change|speak|mark|forward|reply|add|remove
    |reach|confirm|review|re record|switch|disconnect|join|mute|talk)
to (leave|hear|play|send|save|delete|repeat|cancel|continue|record|call|accept|exit|return|skip|listen|change|speak
    |mark|forward|reply|add|remove|reach|confirm|review|disconnect|join|mute|increase|decrease|reset|lock|unlock
    |extend) (this|the|your|a|these|that) (message|messages|call|recording|greeting|options|menu|name|volume
    |conference|number|party|operator|password|extension|system|caller|person) (press|dial|please press|enter) (one
    |two|three|four|five|six|seven|eight|nine|zero|star|pound|now)
press (one|two|three|four|five|six|seven|eight|nine|zero|star|pound) to (save|delete|play|hear|repeat|send|mark
    |forward|accept|call|remove|record|change|cancel) (this|the|your) (message|messages|next message|previous message
    |call|recording|greeting|number|person|name|options|current message|last message) (as urgent|again|)
press (one|two|three|four|five|six|seven|eight|nine|zero|star|pound) for (more options|other options|help
    |the operator|an operator|sales|support|customer service|the directory|the main menu|billing|english|spanish
    |more information|the next message)
press (one|two|three) to (accept|reject|take|refuse|confirm) (this|the|a) (call|message|recording|number
    |charge) or (two|three|star|pound|zero) to (accept|reject|cancel|hear it again|send it to voicemail|refuse it
    |return)
for (sales|support|technical support|customer service|billing|appointments|all other questions|an operator|english
    |spanish|the directory|a list of|more options|help|accounting|reservations|emergencies|orders|information
    |help with your account) (please|) press (one|two|three|four|five|six|seven|eight|nine|zero|star|pound)
(or|and|then|please|otherwise) press (one|two|three|four|five|six|seven|eight|nine|zero|star|pound|the star key
    |the pound key|the hash key|any key)
press the (star|pound|hash|zero|number) (key|sign|button) (to|for|when|and|)
(followed by|and then press|then press|and press|press|or) the (pound|hash|star|pound or hash) (key|sign)
please (enter|dial|key in|type|re enter|enter or say|say) (your|the|a|one or more) (number|account number|card number
    |password|pin|pin number|extension|extension number|phone number|telephone number|conference number
    |mailbox number|access code|code|area code|digits|date|name|agent number|personal identification number
    |channel number|new number|new password|member number) (followed by|and then press|and press|then press
    |starting with|now|or|) (the|) (pound key|hash key|star key|pound sign|area code|)
(to|) (reach|speak to|speak with|talk to|wait for|waiting to speak with) (an operator|an agent|a representative
    |a customer service representative|our staff|a person|a nurse) (please|) (press zero|dial zero|stay on the line
    |hold|)
if you know your party's (extension|name) (you may|please|) (dial|enter) it (now|at any time)
(enter|spell|dial) the (first|last) (three|four|few|) letters of (your party's|the person's|the) (last|first) name
(welcome to|thank you for calling|you have reached) the (company|conference|directory|automated|voice mail|voicemail
    |telephone|meeting|account|service) (system|center|bridge|directory|service|menu|line|)
(your|that|this|the) (password|pin|pin number|entry|option|selection|choice|extension|number|code|account|login
    |access code) (is|was|is not|was not) (incorrect|invalid|not valid|a valid|valid|recognized|a valid extension
    |a valid option|a valid number|too short|correct)
(that|this) is not a valid (extension|option|password|number|entry|choice|mailbox|selection|code|conference number)
(invalid|incorrect) (password|entry|option|extension|number|selection|login|mailbox|pin|code|account number) (please
    |) (try again|)
(you|they) (have|did) (entered|not enter|entered an) (invalid|incorrect|a valid|the wrong) (option|number|extension
    |password|code|pin)
(please|) (say|enter|spell|choose|select) (your|the|one of the|a) (name|number|following options|date|option
    |following|password)
please (listen|select|choose) (carefully|from|one of) (as|the|) (our|following|) (menu|options) (have changed|)
please (hold|wait|stay on the line|hold on|remain on the line) (while|for|and|until) (we|i|your call|the next|an
    |somebody) (connect you|try to connect|try to reach|transfer your call|transfer you|will be answered|is connected
    |agent|available agent|try that extension|find|locate the person)
please (hold|wait|stand by|continue to hold|stay on the line|remain on the line) (while|until) (we|i|your party
    |the person) (try|tries|are trying|connect|find|transfer) (to|your call|you|that) (connect you|reach|locate|find
    |extension|your party|the person)
please (hold|wait|stay on the line|continue to hold|hold the line) (for the next available
    |and your call will be answered by the next available|for an available) (agent|representative|operator)
(one moment|just a moment|a moment) please
(your|the) call (will be|is being|is) (answered|recorded|transferred|connected|important to us
    |monitored) (in the order it was received|by the next available|for quality|for training|shortly
    |by the first available|)
(this|your|the) call (may|will) be (recorded|monitored) (for quality|for training|or monitored|) (purposes
    |and training purposes|assurance|)
all (of our|our|) (agents|representatives|operators|lines|associates|staff) are (currently|still|) (busy
    |assisting other callers|helping other customers|unavailable|on other calls)
(our|the) (office|store|offices|company|office hours) (is|are) (closed|currently closed|open|now closed
    |from) (for the day|monday through friday|at this time|for the holiday|)
(your|the) (estimated|expected|current) (wait|hold|waiting) time is (less than|about|) (one|two|five|ten) minutes
(there are|you are|your position|you are now) (callers|caller number|in the queue is|number|in line) (waiting
    |ahead of you|one|two|three|)
(there is|there are) (currently|now|) (no|one|two|other|one other) (callers|participants|participant|people|person
    |other people) (in the conference|waiting|in line|on the line|waiting to speak with an agent)
(you are|you will be|you have been|you will now be|you are now) (the first|the only|entering|joined to|placed into
    |removed from|disconnected from|muted|in) (person|participant|caller|the conference|this conference
    |conference number|the meeting|a meeting|) (in|on|) (the conference|this call|)
(the|this|your) (conference|meeting|call|conference call) (is|has|will|is now|is currently|cannot be|has been) (full
    |locked|ended|begin|muted|unlocked|over|extended|recorded|started|joined)
(has|have|is|are) (left|joined|entered|joining|leaving|now leaving) the (conference|meeting|call)
(the|this) (leader|host|organizer|chairperson|moderator) (has|is|will) (left|not arrived|joined|join) (the conference
    |yet|)
(this|that|the) (feature|service|option|function) is not (available|allowed|enabled|supported|active) (on this line
    |at this time|for this number|)
(call|the call) (forwarding|waiting|transfer|blocking|return|screening) (is|has been|) (activated|deactivated|enabled
    |disabled|on|off|)
(the|this) (time|date|current time) (is|will be) (exactly|now|)
(you have|there is|i have) (an|a) (incoming|new|waiting|collect) (call|caller) (from|who|waiting|)
(to|in order to) accept (this|the) call (press|say|dial) (one|yes|zero)
(goodbye|good bye)
thank you goodbye
(your|the) (password|passwords|pin|greeting|name|number|settings) (has been|have been|was|were|did not) (changed
    |saved|match|recorded|deleted|removed|reset)
(there is|you have) (a|no|an) (temporary|standard|personal|recorded) greeting
(record|listen to|change) your (greeting|temporary greeting|name|busy greeting|unavailable greeting) (now
    |after the tone|)
(which|change to which) (folder|mailbox|option) (should|would|do) (i|you) (save|like|want) (the message to|)
hi this is an (automated|important|automatic|electronic) (message|call|reminder|service) (from|for|)
(google|the google|your) (subscriber|assistant|voice) (you have called|is) (not available|screening)
(please|) state your name and (why you're calling|the reason for your call) (after the tone|)
(the|this) (account|system|service|network|server) is (currently|temporarily|) (unavailable|busy|down|out of service)
(if this is|if you are calling about|if you would like|if you wish|if you want) (an emergency|a medical emergency
    |correct|to leave a message|to speak to|to return) (please|) (hang up and dial|press|stay on the line
    |dial) (nine one one|one|two|zero)
"""

PEOPLE = """
hello
hello hello
hi
yes
yeah
yep
yes hello
hello yes
hello who is (this|that|calling|it|speaking)
hi who's (this|that|calling)
who (is|are) (this|you|calling)
(hello|hi|yes|) this is (he|she|him|her|peter|john|mary|anna|david|susan|bob|robert|the manager)
(hello|hi|good morning|good afternoon|good evening|) (peter|john|mary|anna|david|susan|bob|robert|miller|smith|jones
    |brown) (speaking|here|)
(hello|hi|yes) (peter|john|mary|anna|david|susan|bob|robert) speaking (how can i help you|what can i do for you|)
(good morning|good afternoon|hello) (this is|you're speaking with|you're through to) (peter|john|mary
    |anna) (how can i help|how may i help you|what can i do for you)
(miller and sons|acme company|smith and brown|the office|front desk|reception|customer service|sales
    |accounts) (how can i help you|how may i help you|this is mary|mary speaking|good morning|)
thank you for calling (acme|miller and sons|the office|the clinic|us) (this is mary|this is peter
    |mary speaking) (how can i help you|how may i help you|what can i do for you)
(how|what) (can|may) i (help|do for|help you with|do) (you|you today|)
(yes|yeah|sure|okay|ok|all right|fine|no) (i can|go ahead|that's fine|please|that's right|that's me|of course|it is
    |i am|i do)
(yes|yeah|) (speaking|that's me|this is me|i'm here|i'm listening|go on)
(sorry|i'm sorry|pardon|excuse me|what) (what|who|who is this|i didn't hear you|i didn't catch that
    |can you say that again|what did you say|could you repeat that|i can't hear you|)
(i'm sorry|sorry) i'm (busy|driving|in a meeting|at work|eating|with a customer) (right now|can you call back
    |can you call me later|)
(i can't|i cannot) (talk|speak) (right now|now|at the moment) (can you|could you|please|) (call|call me) (back|later
    |back later|tomorrow|)
(no|not|sorry) (thanks|interested|i'm not interested|thank you|i don't want it|wrong number|you have the wrong number)
(he's|she's|he is|she is|peter is|mary is) (not here|not in|not available|out|away|on the phone|busy|at work
    |in a meeting) (right now|at the moment|today|can i take a message|can i help you
    |would you like to leave a message|)
(can|may|could) i (take|have|ask) (a message|your name|who is calling|who's calling|what this is about|your number)
(hold on|just a minute|one second|wait a minute|just a second|hang on|one moment) (please|let me get him|i'll get her
    |i'll put you through|)
(you|i) (have|think you have) the wrong number
(what|who) (do you want|is it|is it about|are you calling about|company are you from|)
(oh|well|um|uh) (hi|hello|yes|yeah|okay|no) (how are you|what's up|)
(i|we) (want|need|would like|don't need|don't want|already have) (a|the|some|that|to|one)
(can you|could you|please) (call|ring|phone) (me|us|) (back|later|tomorrow|next week|in an hour)
(how did you get|where did you get|who gave you) (my number|this number)
(take me off|remove me from) your (list|call list)
(stop calling|don't call) (me|here|again|this number)
(zero|one|two|three|four|five|six|seven|eight|nine|ten)
(zero|one|two|three|four|five|six|seven|eight|nine) (zero|one|two|three|four|five|six|seven|eight|nine)
(it's|it is|this is) (about|for|from|my|the) (book|library|appointment|wife|husband|son|office)
(i'll|i will) (call you back|pick it up|come|be there|take it|think about it|ask my wife|ask my husband) (later
    |tomorrow|on monday|)
"""
