"""The numbers of huashu.voice.likeness, made by `python bench/machine_likeness.py`: data.

The counts of words are of CLINC150 (S. Larson et al., 2019, CC BY 3.0) and HWU64 (X. Liu et al., 2019, CC BY 4.0).
"""

EVERYDAY = """
a 18984, able 276, about 2847, accept 55, accepting 3, access 71, account 3041, accounting 3, accounts 171, acme 3,
activated 8, active 34, add 1904, added 113, after 250, afternoon 87, again 1224, agent 3, agents 3, ahead 266,
airline 13, all 1530, allowed 97, already 118, am 3268, an 3268, and 6196, anna 8, announcement 3, anonymous 8,
another 271, answer 661, answered 3, answering 29, any 2973, appointment 419, appointments 71, are 6528, area 377,
arrived 61, as 729, ask 345, assistant 24, assisting 8, associates 3, assurance 3, at 5480, automated 18, automatic 3,
available 429, away 155, back 477, bank 2030, be 3663, been 887, beep 8, begin 124, being 150, believe 61, billing 8,
blocked 76, blocking 18, bob 161, book 1593, box 39, bridge 29, brief 8, brown 39, busy 266, but 413, button 18, by
1756, bye 66, call 1530, called 266, caller 3, callers 3, calling 97, calls 29, can 12279, can't 334, cancel 898,
cancelled 13, cannot 50, card 6012, carefully 8, catch 134, center 13, chairperson 3, change 2778, changed 524,
channel 92, channels 8, charge 187, check 2051, choice 29, choose 113, circuits 3, clinic 8, closed 3, code 50,
collect 3, come 208, company 282, complete 92, completed 3, conference 18, confirm 1014, connect 134, connected 8,
continue 103, correct 445, could 1604, course 8, courtesy 3, coverage 24, current 1641, currently 377, customer 140,
customer's 3, customers 3, date 1393, david 45, day 1298, deactivated 3, decrease 124, delete 735, deleted 24,
delivered 108, desk 13, detailed 3, dial 66, dialed 8, did 1619, didn't 213, difficulties 3, digits 8, directed 3,
directory 3, disabled 3, disconnect 129, disconnected 3, do 12284, does 2999, don't 761, done 366, down 740, driving
45, due 545, eating 45, eight 413, electronic 18, emergencies 3, emergency 8, enabled 8, ended 3, english 150, enter
29, entered 3, entering 8, entry 24, erased 8, error 8, estimated 29, evening 129, exactly 229, excuse 8, exit 8,
expected 50, extend 3, extended 3, extension 3, feature 3, feel 61, few 34, find 2673, fine 66, finished 18, first
340, five 940, folder 13, followed 3, following 124, for 18367, forward 97, forwarded 3, forwarding 3, four 513,
friday 377, from 5864, front 18, full 82, function 24, gave 71, get 5090, go 2425, good 1662, goodbye 103, google 155,
greeting 3, hang 8, has 1140, hash 3, have 7197, he 55, he's 18, hear 824, heavy 55, hello 271, help 1704, helping 50,
her 150, here 682, hi 145, him 145, hold 250, holding 8, holiday 255, home 571, host 8, hotel 350, hour 250, hours
182, how 13101, husband 8, i 36163, i'll 182, i'm 1335, identification 3, if 2815, important 45, in 13454, inbox 92,
incoming 18, incorrect 108, increase 687, information 434, interested 24, into 398, invalid 3, is 18815, isn't 103, it
6307, it's 519, john 361, join 3, joined 8, joining 8, jones 34, just 951, key 13, know 5022, last 2188, later 266,
leader 3, leave 192, leaving 66, left 471, less 34, let 1361, letters 13, library 45, like 3831, line 71, lines 8,
list 5369, listen 245, listening 166, locate 255, lock 55, locked 76, login 3, long 1878, longer 145, machine 171,
mail 303, mailbox 3, main 55, manager 29, mark 97, mary 113, match 50, may 492, me 20758, medical 39, meeting 1277,
member 18, menu 24, message 219, messages 76, messaging 3, miller 8, minute 118, minutes 440, missed 45, mobile 61,
moderator 3, moment 76, monday 355, monitored 3, more 1461, morning 513, mute 303, muted 13, my 35342, name 1883, need
7924, network 8, new 3695, next 2704, nine 371, no 750, nobody 3, non 18, not 1925, now 2357, number 1409, nurse 3, of
12063, off 2873, office 203, offices 3, oh 118, ok 145, okay 161, old 324, on 14381, one 2467, only 129, open 650,
operator 29, operators 3, option 39, options 66, or 1009, order 1935, orders 50, organizer 3, other 129, otherwise 13,
our 166, out 2067, outside 108, over 445, pardon 8, participant 3, participants 3, party 240, party's 3, password 8,
passwords 3, patience 3, people 477, person 392, person's 13, personal 50, peter 45, phone 1398, pick 192, pin 524,
placed 87, play 2994, please 12906, position 29, possible 361, pound 87, powered 8, press 3, previous 71, private 18,
problem 39, purposes 3, put 1372, quality 18, questions 103, queue 13, re 8, reach 92, reachable 3, reached 3, reason
124, receive 103, received 118, reception 3, recognized 8, record 24, recorded 18, recording 13, refuse 3, reject 3,
remain 13, reminder 787, remove 1056, removed 50, repeat 487, reply 145, representative 3, representatives 3,
reservations 582, reset 224, restricted 8, return 82, review 24, right 1425, ring 29, robert 50, sales 13, save 324,
saved 192, say 1088, school 61, screening 8, second 113, select 97, selection 8, send 1188, sent 129, server 8,
service 324, set 3131, settings 582, seven 434, she 45, she's 3, short 13, shortly 3, should 1767, sign 34, signal 3,
simply 3, six 408, skip 197, smith 103, so 1077, some 1830, somebody 13, son 8, sons 3, soon 382, sorry 213, sound
171, spanish 208, speak 550, speaking 124, spell 345, staff 34, stand 13, standard 39, star 92, started 55, starting
82, state 250, stay 113, still 145, stop 740, store 171, stored 18, subscriber 3, support 8, supported 3, sure 313,
susan 13, suspended 3, switch 650, switched 50, system 45, take 2041, talk 408, technical 3, telephone 24, temporarily
3, temporary 3, ten 540, test 18, than 92, thank 487, thanks 429, that 4700, that's 682, the 38512, them 566, then 66,
there 2673, these 76, they 492, think 729, this 5259, three 450, through 392, time 3826, to 38707, today 2273,
tomorrow 1167, tone 13, too 219, training 13, transfer 334, transferred 18, tries 3, trunks 3, try 219, trying 118,
turned 45, two 977, type 419, uh 55, um 3, unable 24, unavailable 3, unidentified 3, unknown 8, unlock 8, unlocked 3,
unread 29, until 519, up 3147, urgent 3, us 413, use 1419, user 3, user's 3, using 303, valid 13, verify 39, voice
487, voicemail 3, volume 1188, wait 266, waiting 55, want 3774, was 2141, we 398, we'll 8, we're 29, week 872, welcome
13, well 197, were 492, what 19795, what's 3747, when 3642, where 2309, which 761, while 92, who 1161, who's 50, why
756, wife 55, will 3905, wireless 3, wish 134, with 3542, work 829, working 129, would 3431, wrong 203, yeah 187, yep
18, yes 440, yet 282, you 22238, you're 192, you've 355, your 3073, zero 29
"""
"""Words of huashu.voice.openings_en, and how often each is among a million that people say to assistants."""

WEIGHTS = {"always": -0.305, "words": 0.287, "confidence": 0.411, "cues": 0.032}
