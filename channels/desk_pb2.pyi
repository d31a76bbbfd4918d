from huashu.channels import conversations_pb2 as _conversations_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import Any as _Any, ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DeskRequest(_message.Message):
    __slots__ = ("sign_in", "do", "voice", "export_tickets")
    SIGN_IN_FIELD_NUMBER: _ClassVar[int]
    DO_FIELD_NUMBER: _ClassVar[int]
    VOICE_FIELD_NUMBER: _ClassVar[int]
    EXPORT_TICKETS_FIELD_NUMBER: _ClassVar[int]
    sign_in: SignIn
    do: Do
    voice: Voice
    export_tickets: ExportTickets
    def __init__(self, sign_in: _Optional[_Union[SignIn, _Mapping[str, _Any]]] = ..., do: _Optional[_Union[Do, _Mapping[str, _Any]]] = ..., voice: _Optional[_Union[Voice, _Mapping[str, _Any]]] = ..., export_tickets: _Optional[_Union[ExportTickets, _Mapping[str, _Any]]] = ...) -> None: ...

class DeskReply(_message.Message):
    __slots__ = ("signed_in", "view", "answered", "voice", "export_tickets_chunk")
    SIGNED_IN_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_FIELD_NUMBER: _ClassVar[int]
    VOICE_FIELD_NUMBER: _ClassVar[int]
    EXPORT_TICKETS_CHUNK_FIELD_NUMBER: _ClassVar[int]
    signed_in: SignedIn
    view: View
    answered: Answered
    voice: Voice
    export_tickets_chunk: ExportTicketsChunk
    def __init__(self, signed_in: _Optional[_Union[SignedIn, _Mapping[str, _Any]]] = ..., view: _Optional[_Union[View, _Mapping[str, _Any]]] = ..., answered: _Optional[_Union[Answered, _Mapping[str, _Any]]] = ..., voice: _Optional[_Union[Voice, _Mapping[str, _Any]]] = ..., export_tickets_chunk: _Optional[_Union[ExportTicketsChunk, _Mapping[str, _Any]]] = ...) -> None: ...

class SignIn(_message.Message):
    __slots__ = ("agent", "name", "role", "language", "queues", "skills", "capacity", "areas")
    class SkillsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class CapacityEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    AGENT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    QUEUES_FIELD_NUMBER: _ClassVar[int]
    SKILLS_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_FIELD_NUMBER: _ClassVar[int]
    AREAS_FIELD_NUMBER: _ClassVar[int]
    agent: str
    name: str
    role: str
    language: str
    queues: _containers.RepeatedScalarFieldContainer[str]
    skills: _containers.ScalarMap[str, int]
    capacity: _containers.ScalarMap[str, int]
    areas: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, agent: _Optional[str] = ..., name: _Optional[str] = ..., role: _Optional[str] = ..., language: _Optional[str] = ..., queues: _Optional[_Iterable[str]] = ..., skills: _Optional[_Mapping[str, int]] = ..., capacity: _Optional[_Mapping[str, int]] = ..., areas: _Optional[_Iterable[str]] = ...) -> None: ...

class SignedIn(_message.Message):
    __slots__ = ("agent", "now")
    AGENT_FIELD_NUMBER: _ClassVar[int]
    NOW_FIELD_NUMBER: _ClassVar[int]
    agent: str
    now: float
    def __init__(self, agent: _Optional[str] = ..., now: _Optional[float] = ...) -> None: ...

class Do(_message.Message):
    __slots__ = ("id", "set_presence", "accept", "decline", "acknowledge", "say", "note", "fill", "hold", "transfer", "complete", "give_back", "close", "wrap_up_done", "unmask", "find", "supervise", "pull", "file_ticket", "work_ticket", "say_aside", "read_ticket")
    ID_FIELD_NUMBER: _ClassVar[int]
    SET_PRESENCE_FIELD_NUMBER: _ClassVar[int]
    ACCEPT_FIELD_NUMBER: _ClassVar[int]
    DECLINE_FIELD_NUMBER: _ClassVar[int]
    ACKNOWLEDGE_FIELD_NUMBER: _ClassVar[int]
    SAY_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    FILL_FIELD_NUMBER: _ClassVar[int]
    HOLD_FIELD_NUMBER: _ClassVar[int]
    TRANSFER_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    GIVE_BACK_FIELD_NUMBER: _ClassVar[int]
    CLOSE_FIELD_NUMBER: _ClassVar[int]
    WRAP_UP_DONE_FIELD_NUMBER: _ClassVar[int]
    UNMASK_FIELD_NUMBER: _ClassVar[int]
    FIND_FIELD_NUMBER: _ClassVar[int]
    SUPERVISE_FIELD_NUMBER: _ClassVar[int]
    PULL_FIELD_NUMBER: _ClassVar[int]
    FILE_TICKET_FIELD_NUMBER: _ClassVar[int]
    WORK_TICKET_FIELD_NUMBER: _ClassVar[int]
    SAY_ASIDE_FIELD_NUMBER: _ClassVar[int]
    READ_TICKET_FIELD_NUMBER: _ClassVar[int]
    id: str
    set_presence: SetPresence
    accept: Accept
    decline: Decline
    acknowledge: Acknowledge
    say: Say
    note: Note
    fill: Fill
    hold: Hold
    transfer: Transfer
    complete: Complete
    give_back: GiveBack
    close: Close
    wrap_up_done: WrapUpDone
    unmask: Unmask
    find: Find
    supervise: Supervise
    pull: Pull
    file_ticket: FileTicket
    work_ticket: WorkTicket
    say_aside: SayAside
    read_ticket: ReadTicket
    def __init__(self, id: _Optional[str] = ..., set_presence: _Optional[_Union[SetPresence, _Mapping[str, _Any]]] = ..., accept: _Optional[_Union[Accept, _Mapping[str, _Any]]] = ..., decline: _Optional[_Union[Decline, _Mapping[str, _Any]]] = ..., acknowledge: _Optional[_Union[Acknowledge, _Mapping[str, _Any]]] = ..., say: _Optional[_Union[Say, _Mapping[str, _Any]]] = ..., note: _Optional[_Union[Note, _Mapping[str, _Any]]] = ..., fill: _Optional[_Union[Fill, _Mapping[str, _Any]]] = ..., hold: _Optional[_Union[Hold, _Mapping[str, _Any]]] = ..., transfer: _Optional[_Union[Transfer, _Mapping[str, _Any]]] = ..., complete: _Optional[_Union[Complete, _Mapping[str, _Any]]] = ..., give_back: _Optional[_Union[GiveBack, _Mapping[str, _Any]]] = ..., close: _Optional[_Union[Close, _Mapping[str, _Any]]] = ..., wrap_up_done: _Optional[_Union[WrapUpDone, _Mapping[str, _Any]]] = ..., unmask: _Optional[_Union[Unmask, _Mapping[str, _Any]]] = ..., find: _Optional[_Union[Find, _Mapping[str, _Any]]] = ..., supervise: _Optional[_Union[Supervise, _Mapping[str, _Any]]] = ..., pull: _Optional[_Union[Pull, _Mapping[str, _Any]]] = ..., file_ticket: _Optional[_Union[FileTicket, _Mapping[str, _Any]]] = ..., work_ticket: _Optional[_Union[WorkTicket, _Mapping[str, _Any]]] = ..., say_aside: _Optional[_Union[SayAside, _Mapping[str, _Any]]] = ..., read_ticket: _Optional[_Union[ReadTicket, _Mapping[str, _Any]]] = ...) -> None: ...

class ExportTickets(_message.Message):
    __slots__ = ("id", "form", "private")
    ID_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    PRIVATE_FIELD_NUMBER: _ClassVar[int]
    id: str
    form: str
    private: bool
    def __init__(self, id: _Optional[str] = ..., form: _Optional[str] = ..., private: _Optional[bool] = ...) -> None: ...

class ExportTicketsChunk(_message.Message):
    __slots__ = ("to", "data")
    TO_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    to: str
    data: bytes
    def __init__(self, to: _Optional[str] = ..., data: _Optional[bytes] = ...) -> None: ...

class Answered(_message.Message):
    __slots__ = ("to", "answer")
    TO_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    to: str
    answer: Answer
    def __init__(self, to: _Optional[str] = ..., answer: _Optional[_Union[Answer, _Mapping[str, _Any]]] = ...) -> None: ...

class Voice(_message.Message):
    __slots__ = ("conversation", "number", "data", "rate")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    number: int
    data: bytes
    rate: int
    def __init__(self, conversation: _Optional[str] = ..., number: _Optional[int] = ..., data: _Optional[bytes] = ..., rate: _Optional[int] = ...) -> None: ...

class SetPresence(_message.Message):
    __slots__ = ("presence", "reason")
    PRESENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    presence: str
    reason: str
    def __init__(self, presence: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class Accept(_message.Message):
    __slots__ = ("offer",)
    OFFER_FIELD_NUMBER: _ClassVar[int]
    offer: str
    def __init__(self, offer: _Optional[str] = ...) -> None: ...

class Decline(_message.Message):
    __slots__ = ("offer", "reason")
    OFFER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    offer: str
    reason: str
    def __init__(self, offer: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class Acknowledge(_message.Message):
    __slots__ = ("conversation",)
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    def __init__(self, conversation: _Optional[str] = ...) -> None: ...

class Say(_message.Message):
    __slots__ = ("conversation", "text")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    text: str
    def __init__(self, conversation: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class SayAside(_message.Message):
    __slots__ = ("conversation", "text")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    text: str
    def __init__(self, conversation: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class Note(_message.Message):
    __slots__ = ("conversation", "text")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    text: str
    def __init__(self, conversation: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class Fill(_message.Message):
    __slots__ = ("conversation", "values")
    class ValuesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _conversations_pb2.Scalar
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_conversations_pb2.Scalar, _Mapping[str, _Any]]] = ...) -> None: ...
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    values: _containers.MessageMap[str, _conversations_pb2.Scalar]
    def __init__(self, conversation: _Optional[str] = ..., values: _Optional[_Mapping[str, _conversations_pb2.Scalar]] = ...) -> None: ...

class Hold(_message.Message):
    __slots__ = ("conversation", "on")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    on: bool
    def __init__(self, conversation: _Optional[str] = ..., on: _Optional[bool] = ...) -> None: ...

class Transfer(_message.Message):
    __slots__ = ("conversation", "queue", "agent", "kind", "note")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    queue: str
    agent: str
    kind: str
    note: str
    def __init__(self, conversation: _Optional[str] = ..., queue: _Optional[str] = ..., agent: _Optional[str] = ..., kind: _Optional[str] = ..., note: _Optional[str] = ...) -> None: ...

class Complete(_message.Message):
    __slots__ = ("conversation", "how")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    HOW_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    how: str
    def __init__(self, conversation: _Optional[str] = ..., how: _Optional[str] = ...) -> None: ...

class GiveBack(_message.Message):
    __slots__ = ("conversation", "step", "values")
    class ValuesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _conversations_pb2.Scalar
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_conversations_pb2.Scalar, _Mapping[str, _Any]]] = ...) -> None: ...
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    step: str
    values: _containers.MessageMap[str, _conversations_pb2.Scalar]
    def __init__(self, conversation: _Optional[str] = ..., step: _Optional[str] = ..., values: _Optional[_Mapping[str, _conversations_pb2.Scalar]] = ...) -> None: ...

class Close(_message.Message):
    __slots__ = ("conversation", "disposition", "note", "values")
    class ValuesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _conversations_pb2.Scalar
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_conversations_pb2.Scalar, _Mapping[str, _Any]]] = ...) -> None: ...
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    DISPOSITION_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    disposition: str
    note: str
    values: _containers.MessageMap[str, _conversations_pb2.Scalar]
    def __init__(self, conversation: _Optional[str] = ..., disposition: _Optional[str] = ..., note: _Optional[str] = ..., values: _Optional[_Mapping[str, _conversations_pb2.Scalar]] = ...) -> None: ...

class WrapUpDone(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Unmask(_message.Message):
    __slots__ = ("conversation", "slot", "ticket")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    TICKET_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    slot: str
    ticket: str
    def __init__(self, conversation: _Optional[str] = ..., slot: _Optional[str] = ..., ticket: _Optional[str] = ...) -> None: ...

class Find(_message.Message):
    __slots__ = ("conversation", "text", "where")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    WHERE_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    text: str
    where: str
    def __init__(self, conversation: _Optional[str] = ..., text: _Optional[str] = ..., where: _Optional[str] = ...) -> None: ...

class Supervise(_message.Message):
    __slots__ = ("conversation", "mode")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    mode: str
    def __init__(self, conversation: _Optional[str] = ..., mode: _Optional[str] = ...) -> None: ...

class Pull(_message.Message):
    __slots__ = ("conversation", "queue", "agent")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    queue: str
    agent: str
    def __init__(self, conversation: _Optional[str] = ..., queue: _Optional[str] = ..., agent: _Optional[str] = ...) -> None: ...

class FileTicket(_message.Message):
    __slots__ = ("conversation", "queue", "title", "values", "due")
    class ValuesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _conversations_pb2.Scalar
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_conversations_pb2.Scalar, _Mapping[str, _Any]]] = ...) -> None: ...
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    DUE_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    queue: str
    title: str
    values: _containers.MessageMap[str, _conversations_pb2.Scalar]
    due: float
    def __init__(self, conversation: _Optional[str] = ..., queue: _Optional[str] = ..., title: _Optional[str] = ..., values: _Optional[_Mapping[str, _conversations_pb2.Scalar]] = ..., due: _Optional[float] = ...) -> None: ...

class WorkTicket(_message.Message):
    __slots__ = ("ticket", "do", "note", "values", "agent")
    class ValuesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _conversations_pb2.Scalar
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_conversations_pb2.Scalar, _Mapping[str, _Any]]] = ...) -> None: ...
    TICKET_FIELD_NUMBER: _ClassVar[int]
    DO_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    ticket: str
    do: str
    note: str
    values: _containers.MessageMap[str, _conversations_pb2.Scalar]
    agent: str
    def __init__(self, ticket: _Optional[str] = ..., do: _Optional[str] = ..., note: _Optional[str] = ..., values: _Optional[_Mapping[str, _conversations_pb2.Scalar]] = ..., agent: _Optional[str] = ...) -> None: ...

class ReadTicket(_message.Message):
    __slots__ = ("ticket",)
    TICKET_FIELD_NUMBER: _ClassVar[int]
    ticket: str
    def __init__(self, ticket: _Optional[str] = ...) -> None: ...

class View(_message.Message):
    __slots__ = ("said", "hint", "conversation", "offer", "withdrawn", "queue", "agent", "gone", "ticket", "aside", "rating", "origin")
    SAID_FIELD_NUMBER: _ClassVar[int]
    HINT_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    OFFER_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    GONE_FIELD_NUMBER: _ClassVar[int]
    TICKET_FIELD_NUMBER: _ClassVar[int]
    ASIDE_FIELD_NUMBER: _ClassVar[int]
    RATING_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    said: Said
    hint: Hint
    conversation: Conversation
    offer: Offer
    withdrawn: Withdrawn
    queue: Queue
    agent: Agent
    gone: Gone
    ticket: Ticket
    aside: Aside
    rating: Rating
    origin: Origin
    def __init__(self, said: _Optional[_Union[Said, _Mapping[str, _Any]]] = ..., hint: _Optional[_Union[Hint, _Mapping[str, _Any]]] = ..., conversation: _Optional[_Union[Conversation, _Mapping[str, _Any]]] = ..., offer: _Optional[_Union[Offer, _Mapping[str, _Any]]] = ..., withdrawn: _Optional[_Union[Withdrawn, _Mapping[str, _Any]]] = ..., queue: _Optional[_Union[Queue, _Mapping[str, _Any]]] = ..., agent: _Optional[_Union[Agent, _Mapping[str, _Any]]] = ..., gone: _Optional[_Union[Gone, _Mapping[str, _Any]]] = ..., ticket: _Optional[_Union[Ticket, _Mapping[str, _Any]]] = ..., aside: _Optional[_Union[Aside, _Mapping[str, _Any]]] = ..., rating: _Optional[_Union[Rating, _Mapping[str, _Any]]] = ..., origin: _Optional[_Union[Origin, _Mapping[str, _Any]]] = ...) -> None: ...

class Answer(_message.Message):
    __slots__ = ("ok", "code", "text", "values")
    class ValuesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _conversations_pb2.Scalar
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_conversations_pb2.Scalar, _Mapping[str, _Any]]] = ...) -> None: ...
    OK_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    ok: bool
    code: str
    text: str
    values: _containers.MessageMap[str, _conversations_pb2.Scalar]
    def __init__(self, ok: _Optional[bool] = ..., code: _Optional[str] = ..., text: _Optional[str] = ..., values: _Optional[_Mapping[str, _conversations_pb2.Scalar]] = ...) -> None: ...

class Said(_message.Message):
    __slots__ = ("conversation", "n", "by", "at", "text", "final", "heard", "agent", "command")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    N_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    FINAL_FIELD_NUMBER: _ClassVar[int]
    HEARD_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    n: int
    by: str
    at: float
    text: str
    final: bool
    heard: float
    agent: str
    command: str
    def __init__(self, conversation: _Optional[str] = ..., n: _Optional[int] = ..., by: _Optional[str] = ..., at: _Optional[float] = ..., text: _Optional[str] = ..., final: _Optional[bool] = ..., heard: _Optional[float] = ..., agent: _Optional[str] = ..., command: _Optional[str] = ...) -> None: ...

class Aside(_message.Message):
    __slots__ = ("conversation", "n", "agent", "at", "text", "command")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    N_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    n: int
    agent: str
    at: float
    text: str
    command: str
    def __init__(self, conversation: _Optional[str] = ..., n: _Optional[int] = ..., agent: _Optional[str] = ..., at: _Optional[float] = ..., text: _Optional[str] = ..., command: _Optional[str] = ...) -> None: ...

class Slot(_message.Message):
    __slots__ = ("name", "title", "masked", "source", "confidence", "private")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    MASKED_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    PRIVATE_FIELD_NUMBER: _ClassVar[int]
    name: str
    title: str
    masked: str
    source: str
    confidence: float
    private: bool
    def __init__(self, name: _Optional[str] = ..., title: _Optional[str] = ..., masked: _Optional[str] = ..., source: _Optional[str] = ..., confidence: _Optional[float] = ..., private: _Optional[bool] = ...) -> None: ...

class Suggestion(_message.Message):
    __slots__ = ("text", "source", "kind")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    text: str
    source: str
    kind: str
    def __init__(self, text: _Optional[str] = ..., source: _Optional[str] = ..., kind: _Optional[str] = ...) -> None: ...

class Hint(_message.Message):
    __slots__ = ("conversation", "at", "kind", "text", "level")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    at: float
    kind: str
    text: str
    level: str
    def __init__(self, conversation: _Optional[str] = ..., at: _Optional[float] = ..., kind: _Optional[str] = ..., text: _Optional[str] = ..., level: _Optional[str] = ...) -> None: ...

class Field(_message.Message):
    __slots__ = ("name", "title", "type", "required", "choices", "value", "private")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_FIELD_NUMBER: _ClassVar[int]
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    PRIVATE_FIELD_NUMBER: _ClassVar[int]
    name: str
    title: str
    type: str
    required: bool
    choices: _containers.RepeatedScalarFieldContainer[str]
    value: str
    private: bool
    def __init__(self, name: _Optional[str] = ..., title: _Optional[str] = ..., type: _Optional[str] = ..., required: _Optional[bool] = ..., choices: _Optional[_Iterable[str]] = ..., value: _Optional[str] = ..., private: _Optional[bool] = ...) -> None: ...

class StepTitle(_message.Message):
    __slots__ = ("id", "title")
    ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    id: str
    title: str
    def __init__(self, id: _Optional[str] = ..., title: _Optional[str] = ...) -> None: ...

class MoodPoint(_message.Message):
    __slots__ = ("at", "anger")
    AT_FIELD_NUMBER: _ClassVar[int]
    ANGER_FIELD_NUMBER: _ClassVar[int]
    at: float
    anger: float
    def __init__(self, at: _Optional[float] = ..., anger: _Optional[float] = ...) -> None: ...

class Conversation(_message.Message):
    __slots__ = ("id", "state", "bot", "medium", "direction", "language", "queue", "reason", "wanted", "caller", "since", "began", "agent", "step", "steps", "question", "slots", "promised", "refused", "mood", "suggestions", "form", "dispositions", "note", "history", "on_hold", "with_", "version", "asked", "asking", "form_title", "listening", "joined")
    ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    BOT_FIELD_NUMBER: _ClassVar[int]
    MEDIUM_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    WANTED_FIELD_NUMBER: _ClassVar[int]
    CALLER_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    BEGAN_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    PROMISED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    MOOD_FIELD_NUMBER: _ClassVar[int]
    SUGGESTIONS_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    DISPOSITIONS_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    ON_HOLD_FIELD_NUMBER: _ClassVar[int]
    WITH__FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ASKED_FIELD_NUMBER: _ClassVar[int]
    ASKING_FIELD_NUMBER: _ClassVar[int]
    FORM_TITLE_FIELD_NUMBER: _ClassVar[int]
    LISTENING_FIELD_NUMBER: _ClassVar[int]
    JOINED_FIELD_NUMBER: _ClassVar[int]
    id: str
    state: str
    bot: str
    medium: str
    direction: str
    language: str
    queue: str
    reason: str
    wanted: str
    caller: str
    since: float
    began: float
    agent: str
    step: str
    steps: _containers.RepeatedCompositeFieldContainer[StepTitle]
    question: str
    slots: _containers.RepeatedCompositeFieldContainer[Slot]
    promised: _containers.RepeatedScalarFieldContainer[str]
    refused: _containers.RepeatedScalarFieldContainer[str]
    mood: _containers.RepeatedCompositeFieldContainer[MoodPoint]
    suggestions: _containers.RepeatedCompositeFieldContainer[Suggestion]
    form: _containers.RepeatedCompositeFieldContainer[Field]
    dispositions: _containers.RepeatedScalarFieldContainer[str]
    note: str
    history: _containers.RepeatedScalarFieldContainer[str]
    on_hold: bool
    with_: _containers.RepeatedScalarFieldContainer[str]
    version: int
    asked: str
    asking: str
    form_title: str
    listening: _containers.RepeatedScalarFieldContainer[str]
    joined: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., state: _Optional[str] = ..., bot: _Optional[str] = ..., medium: _Optional[str] = ..., direction: _Optional[str] = ..., language: _Optional[str] = ..., queue: _Optional[str] = ..., reason: _Optional[str] = ..., wanted: _Optional[str] = ..., caller: _Optional[str] = ..., since: _Optional[float] = ..., began: _Optional[float] = ..., agent: _Optional[str] = ..., step: _Optional[str] = ..., steps: _Optional[_Iterable[_Union[StepTitle, _Mapping[str, _Any]]]] = ..., question: _Optional[str] = ..., slots: _Optional[_Iterable[_Union[Slot, _Mapping[str, _Any]]]] = ..., promised: _Optional[_Iterable[str]] = ..., refused: _Optional[_Iterable[str]] = ..., mood: _Optional[_Iterable[_Union[MoodPoint, _Mapping[str, _Any]]]] = ..., suggestions: _Optional[_Iterable[_Union[Suggestion, _Mapping[str, _Any]]]] = ..., form: _Optional[_Iterable[_Union[Field, _Mapping[str, _Any]]]] = ..., dispositions: _Optional[_Iterable[str]] = ..., note: _Optional[str] = ..., history: _Optional[_Iterable[str]] = ..., on_hold: _Optional[bool] = ..., with_: _Optional[_Iterable[str]] = ..., version: _Optional[int] = ..., asked: _Optional[str] = ..., asking: _Optional[str] = ..., form_title: _Optional[str] = ..., listening: _Optional[_Iterable[str]] = ..., joined: _Optional[_Iterable[str]] = ...) -> None: ...

class Origin(_message.Message):
    __slots__ = ("id", "conversation", "medium", "began", "said", "slots", "recordings", "missing")
    ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    MEDIUM_FIELD_NUMBER: _ClassVar[int]
    BEGAN_FIELD_NUMBER: _ClassVar[int]
    SAID_FIELD_NUMBER: _ClassVar[int]
    SLOTS_FIELD_NUMBER: _ClassVar[int]
    RECORDINGS_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    id: str
    conversation: str
    medium: str
    began: float
    said: _containers.RepeatedCompositeFieldContainer[Said]
    slots: _containers.RepeatedCompositeFieldContainer[Slot]
    recordings: _containers.RepeatedScalarFieldContainer[str]
    missing: bool
    def __init__(self, id: _Optional[str] = ..., conversation: _Optional[str] = ..., medium: _Optional[str] = ..., began: _Optional[float] = ..., said: _Optional[_Iterable[_Union[Said, _Mapping[str, _Any]]]] = ..., slots: _Optional[_Iterable[_Union[Slot, _Mapping[str, _Any]]]] = ..., recordings: _Optional[_Iterable[str]] = ..., missing: _Optional[bool] = ...) -> None: ...

class Offer(_message.Message):
    __slots__ = ("id", "conversation", "expires")
    ID_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_FIELD_NUMBER: _ClassVar[int]
    id: str
    conversation: Conversation
    expires: float
    def __init__(self, id: _Optional[str] = ..., conversation: _Optional[_Union[Conversation, _Mapping[str, _Any]]] = ..., expires: _Optional[float] = ...) -> None: ...

class Withdrawn(_message.Message):
    __slots__ = ("id", "why")
    ID_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    id: str
    why: str
    def __init__(self, id: _Optional[str] = ..., why: _Optional[str] = ...) -> None: ...

class Queue(_message.Message):
    __slots__ = ("name", "title", "waiting", "longest", "expected", "answered", "lost", "level", "open", "agents", "opinion")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    LONGEST_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_FIELD_NUMBER: _ClassVar[int]
    LOST_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    AGENTS_FIELD_NUMBER: _ClassVar[int]
    OPINION_FIELD_NUMBER: _ClassVar[int]
    name: str
    title: str
    waiting: int
    longest: float
    expected: float
    answered: int
    lost: int
    level: float
    open: bool
    agents: int
    opinion: Opinion
    def __init__(self, name: _Optional[str] = ..., title: _Optional[str] = ..., waiting: _Optional[int] = ..., longest: _Optional[float] = ..., expected: _Optional[float] = ..., answered: _Optional[int] = ..., lost: _Optional[int] = ..., level: _Optional[float] = ..., open: _Optional[bool] = ..., agents: _Optional[int] = ..., opinion: _Optional[_Union[Opinion, _Mapping[str, _Any]]] = ...) -> None: ...

class Opinion(_message.Message):
    __slots__ = ("asked", "answers", "csat", "nps")
    ASKED_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    CSAT_FIELD_NUMBER: _ClassVar[int]
    NPS_FIELD_NUMBER: _ClassVar[int]
    asked: int
    answers: int
    csat: float
    nps: float
    def __init__(self, asked: _Optional[int] = ..., answers: _Optional[int] = ..., csat: _Optional[float] = ..., nps: _Optional[float] = ...) -> None: ...

class Rating(_message.Message):
    __slots__ = ("conversation", "kind", "score", "at", "queue", "agent", "served")
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    SERVED_FIELD_NUMBER: _ClassVar[int]
    conversation: str
    kind: str
    score: int
    at: float
    queue: str
    agent: str
    served: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, conversation: _Optional[str] = ..., kind: _Optional[str] = ..., score: _Optional[int] = ..., at: _Optional[float] = ..., queue: _Optional[str] = ..., agent: _Optional[str] = ..., served: _Optional[_Iterable[str]] = ...) -> None: ...

class Agent(_message.Message):
    __slots__ = ("id", "name", "presence", "since", "skills", "load", "capacity", "conversations", "opinion", "away", "queues")
    class SkillsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class LoadEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class CapacityEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PRESENCE_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    SKILLS_FIELD_NUMBER: _ClassVar[int]
    LOAD_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_FIELD_NUMBER: _ClassVar[int]
    CONVERSATIONS_FIELD_NUMBER: _ClassVar[int]
    OPINION_FIELD_NUMBER: _ClassVar[int]
    AWAY_FIELD_NUMBER: _ClassVar[int]
    QUEUES_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    presence: str
    since: float
    skills: _containers.ScalarMap[str, int]
    load: _containers.ScalarMap[str, int]
    capacity: _containers.ScalarMap[str, int]
    conversations: _containers.RepeatedScalarFieldContainer[str]
    opinion: Opinion
    away: str
    queues: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., presence: _Optional[str] = ..., since: _Optional[float] = ..., skills: _Optional[_Mapping[str, int]] = ..., load: _Optional[_Mapping[str, int]] = ..., capacity: _Optional[_Mapping[str, int]] = ..., conversations: _Optional[_Iterable[str]] = ..., opinion: _Optional[_Union[Opinion, _Mapping[str, _Any]]] = ..., away: _Optional[str] = ..., queues: _Optional[_Iterable[str]] = ...) -> None: ...

class Gone(_message.Message):
    __slots__ = ("kind", "id")
    KIND_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    kind: str
    id: str
    def __init__(self, kind: _Optional[str] = ..., id: _Optional[str] = ...) -> None: ...

class Ticket(_message.Message):
    __slots__ = ("id", "state", "queue", "title", "conversation", "agent", "due", "level", "form", "note", "caller", "rating", "reopened", "assigned_by", "done")
    ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    DUE_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    CALLER_FIELD_NUMBER: _ClassVar[int]
    RATING_FIELD_NUMBER: _ClassVar[int]
    REOPENED_FIELD_NUMBER: _ClassVar[int]
    ASSIGNED_BY_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    id: str
    state: str
    queue: str
    title: str
    conversation: str
    agent: str
    due: float
    level: int
    form: _containers.RepeatedCompositeFieldContainer[Field]
    note: str
    caller: str
    rating: str
    reopened: int
    assigned_by: str
    done: float
    def __init__(self, id: _Optional[str] = ..., state: _Optional[str] = ..., queue: _Optional[str] = ..., title: _Optional[str] = ..., conversation: _Optional[str] = ..., agent: _Optional[str] = ..., due: _Optional[float] = ..., level: _Optional[int] = ..., form: _Optional[_Iterable[_Union[Field, _Mapping[str, _Any]]]] = ..., note: _Optional[str] = ..., caller: _Optional[str] = ..., rating: _Optional[str] = ..., reopened: _Optional[int] = ..., assigned_by: _Optional[str] = ..., done: _Optional[float] = ...) -> None: ...
