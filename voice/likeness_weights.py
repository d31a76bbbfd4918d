"""The numbers of huashu.voice.likeness, made by `python bench/machine_likeness.py`: data."""

EVERYDAY = """
a 16214, able 165, about 2997, accept 41, accepting 1, access 55, account 1688, accounting 1, accounts 97, acme 1,
activated 10, active 52, add 1972, added 94, after 314, afternoon 97, again 1578, agent 1, agents 1, ahead 165,
airline 7, all 1921, allowed 52, already 80, am 3126, an 3059, and 5834, anna 10, announcement 1, anonymous 4,
another 168, answer 742, answered 1, answering 21, any 3061, appointment 429, appointments 100, are 5418, area 548,
arrived 38, as 581, ask 274, assistant 30, assisting 4, associates 1, assurance 1, at 4630, automated 10, automatic
1, available 412, away 139, back 353, bank 1113, be 2907, been 536, beep 10, begin 139, being 125, believe 32,
billing 4, blocked 41, blocking 10, bob 148, book 2014, box 24, bridge 27, brief 10, brown 27, busy 182, but 480,
button 27, by 1691, bye 35, call 1192, called 215, caller 1, callers 1, calling 52, calls 32, can 9525, can't 235,
cancel 959, cancelled 18, cannot 27, card 3236, carefully 10, catch 162, center 13, chairperson 1, change 2299,
changed 308, channel 148, channels 7, charge 106, check 2296, choice 21, choose 122, circuits 1, clinic 10, closed
1, code 61, collect 1, come 168, company 249, complete 66, completed 1, conference 15, confirm 1699, connect 77,
connected 4, continue 151, correct 564, could 1603, course 4, courtesy 1, coverage 13, current 1595, currently 367,
customer 204, customers 1, date 3692, david 27, day 1201, deactivated 1, decrease 139, delete 1057, deleted 35,
delivered 91, desk 18, detailed 1, dial 41, dialed 4, did 1502, didn't 198, difficulties 1, digits 4, directed 1,
directory 1, disabled 1, disconnect 69, disconnected 1, do 8771, does 2535, don't 705, done 545, down 1097, driving
35, due 331, eating 24, eight 424, electronic 27, emergencies 1, emergency 10, enabled 10, ended 1, english 91,
enter 30, entered 1, entering 4, entry 30, erased 4, error 10, estimated 27, evening 184, exactly 258, excuse 4,
exit 4, expected 32, extend 1, extended 1, extension 1, feature 1, feel 61, few 30, find 2307, fine 69, finished 21,
first 320, five 992, folder 66, followed 1, following 168, for 15217, forward 108, forwarded 1, forwarding 1, four
511, friday 365, from 5747, front 21, full 66, function 24, gave 80, get 3929, go 1904, good 1508, goodbye 55,
google 334, greeting 1, hang 10, has 885, hash 1, have 5953, he 69, he's 27, hear 857, heavy 69, hello 204, help
1012, helping 49, her 137, here 776, hi 156, him 139, hold 156, holding 4, holiday 176, home 660, host 4, hotel 210,
hour 359, hours 244, how 9241, husband 4, i 27246, i'll 128, i'm 840, identification 1, if 1952, important 63, in
12171, inbox 142, incoming 27, incorrect 148, increase 609, information 480, interested 18, into 286, invalid 1, is
17388, isn't 117, it 5781, it's 638, john 455, join 1, joined 10, joining 10, jones 38, just 1156, key 7, know 3304,
last 2270, later 215, leader 1, leave 204, leaving 66, left 393, less 52, let 1094, letters 7, library 46, like
3284, line 66, lines 10, list 6217, listen 328, listening 173, locate 170, lock 35, locked 41, login 1, long 1218,
longer 106, machine 238, mail 356, mailbox 1, main 58, manager 21, mark 108, mary 125, match 80, may 334, me 19443,
medical 27, meeting 1282, member 15, menu 35, message 201, messages 114, messaging 1, miller 10, minute 75, minutes
441, missed 35, mobile 66, moderator 1, moment 69, monday 303, monitored 1, more 1451, morning 728, mute 874, muted
18, my 25529, name 9001, need 5336, network 10, new 3737, next 2580, nine 390, no 776, nobody 1, non 15, not 2206,
now 2290, number 1082, nurse 1, of 10966, off 3672, office 201, offices 1, oh 139, ok 218, okay 159, old 308, on
12861, one 2510, only 137, open 967, operator 15, operators 1, option 38, options 58, or 722, order 2966, orders 61,
organizer 1, other 97, otherwise 18, our 165, out 1550, outside 137, over 373, pardon 10, participant 1,
participants 1, party 289, party's 1, password 4, passwords 1, patience 1, people 320, person 1586, person's 15,
personal 320, peter 46, phone 956, pick 232, pin 280, placed 52, play 6713, please 14167, position 27, possible 221,
pound 131, powered 10, press 1, previous 83, private 21, problem 32, purposes 1, put 1049, quality 21, questions 55,
queue 18, re 15, reach 72, reachable 1, reached 1, reason 89, receive 83, received 145, reception 1, recognized 4,
record 30, recorded 27, recording 18, refuse 1, reject 1, remain 13, reminder 655, remove 2721, removed 66, repeat
998, reply 229, representative 1, representatives 1, reservations 317, reset 187, restricted 4, return 55, review
30, right 1505, ring 27, robert 66, sales 18, save 500, saved 142, say 852, school 89, screening 10, second 103,
select 142, selection 10, send 1384, sent 162, server 10, service 472, set 4390, settings 576, seven 460, she 41,
she's 1, short 7, shortly 1, should 1240, sign 18, signal 1, simply 1, six 412, skip 193, smith 137, so 902, some
1674, somebody 7, son 4, sons 1, soon 260, sorry 280, sound 229, spanish 117, speak 531, speaking 77, spell 184,
staff 24, stand 13, standard 32, star 106, started 58, starting 61, state 145, stay 77, still 94, stop 773, store
193, stored 15, subscriber 1, support 7, supported 1, sure 201, susan 18, suspended 1, switch 615, switched 38,
system 41, take 1488, talk 286, technical 1, telephone 30, temporarily 1, temporary 1, ten 550, test 32, than 83,
thank 562, thanks 480, that 4514, that's 759, the 38969, them 404, then 89, there 2369, these 80, they 331, think
733, this 5792, three 477, through 244, time 5587, to 31340, today 2828, tomorrow 1375, tone 18, too 232, training
15, transfer 179, transferred 10, tries 1, trunks 1, try 260, trying 63, turned 52, two 1043, type 6012, uh 75, um
1, unable 18, unavailable 1, unidentified 1, unknown 4, unlock 4, unlocked 1, unread 44, until 379, up 3627, urgent
1, us 494, use 815, user 7, user's 1, using 173, valid 7, verify 21, voice 272, voicemail 1, volume 2363, wait 182,
waiting 46, want 3188, was 1964, we 359, we'll 4, we're 32, week 1119, welcome 7, well 221, were 297, what 17393,
what's 2969, when 2650, where 1871, which 784, while 66, who 888, who's 61, why 449, wife 63, will 3281, wireless 1,
wish 106, with 3149, work 809, working 75, would 3084, wrong 249, yeah 269, yep 10, yes 455, yet 184, you 18781,
you're 125, you've 550, your 2290, zero 38
"""

WEIGHTS = {"always": -1.219, "words": 0.284, "confidence": 0.276, "cues": 1.722}
