"""Words that mean about the same to a contact centre, English. Written for Huashu.

A few examples of an intent never show all the words that callers have for a thing; a shared feature joins them.
Groups are of stems (huashu.nlu.stems), one group a line; a word belongs to one group.
"""

from types import MappingProxyType
from typing import Final

from huashu.nlu.stems import stem

_GROUPS: Final = """\
money cash funds fund payment pay sum amount
fee charge cost commission surcharge price pricey
transfer wire remit move send transaction remittance
receive arrive arrival come get deliver delivery show appear reach land
card debit credit visa mastercard amex
broken damaged faulty defective malfunction work working
lost lose missing misplaced gone find
stolen theft steal robbed thief mugged
fraud unauthorized unauthorised scam suspicious fraudulent compromised hacked unknown recognize recognise unfamiliar
block freeze lock disable suspend deactivate frozen stop unblock
unlock activate enable activation start
cancel revert undo reverse void stop abort
refund reimburse reimbursement
decline reject deny refuse fail failed unsuccessful denied rejected unable
wrong incorrect mistake error inaccurate bad
change update modify edit alter amend switch
replace replacement renew reissue
new another second additional extra spare
order request apply buy purchase obtain
pin passcode password code
forgot forget remember recall reset
account profile
identity id identification identify
verify verification confirm prove authenticate validate
why reason explain cause
how way steps procedure process
when long soon time days wait until
where location place
pending processing stuck hold waiting unprocessed
fast quick express rapid urgent asap immediately quickly hurry
slow late delay delayed overdue
limit maximum cap restriction minimum
exchange convert conversion currency currencies
abroad foreign overseas international country countries europe eu travel
atm machine cashpoint dispenser
withdraw withdrawal
deposit cheque check
balance
top topup top-up reload load
auto automatic automatically recurring
twice double duplicate duplicated two
virtual disposable temporary
phone mobile cell smartphone cellphone
app application website
contactless tap nfc
apple google samsung
child kid son daughter age old children minor young
close terminate delete end remove
problem issue trouble wrong
support accept supported accepted allowed allow
available possible
beneficiary recipient payee
salary paycheck wage payroll income
loan mortgage borrow lend
bill invoice statement
interest apr
book reserve reservation booking schedule
meeting appointment
flight plane airline fly
hotel room motel
restaurant food eat dinner meal lunch
car vehicle auto
movie film
song music track
weather rain forecast temperature snow sunny
alarm wake
remind reminder
hello hi hey
thanks thank appreciate
human agent person representative operator
"""


def _built() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _GROUPS.splitlines():
        words = line.split()
        if len(words) > 1:
            for word in words:
                found.setdefault(stem(word), words[0])
    return found


CONCEPTS: Final = MappingProxyType(_built())
"""Stem → name of its group."""
