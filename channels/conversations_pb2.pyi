from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import Any as _Any, ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Null(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NULL: _ClassVar[Null]

class Encoding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ENCODING_UNSPECIFIED: _ClassVar[Encoding]
    ENCODING_LINEAR16: _ClassVar[Encoding]
    ENCODING_MULAW: _ClassVar[Encoding]
    ENCODING_ALAW: _ClassVar[Encoding]

class Direction(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DIRECTION_UNSPECIFIED: _ClassVar[Direction]
    DIRECTION_INBOUND: _ClassVar[Direction]
    DIRECTION_OUTBOUND: _ClassVar[Direction]

class Medium(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MEDIUM_UNSPECIFIED: _ClassVar[Medium]
    MEDIUM_TEXT: _ClassVar[Medium]
    MEDIUM_VOICE: _ClassVar[Medium]

class Marks(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MARKS_UNSPECIFIED: _ClassVar[Marks]
    MARKS_SENT: _ClassVar[Marks]
    MARKS_NONE: _ClassVar[Marks]

class Cause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CAUSE_UNSPECIFIED: _ClassVar[Cause]
    CAUSE_NO_ANSWER: _ClassVar[Cause]
    CAUSE_BUSY: _ClassVar[Cause]
    CAUSE_REJECTED: _ClassVar[Cause]
    CAUSE_UNREACHABLE: _ClassVar[Cause]
    CAUSE_INVALID_NUMBER: _ClassVar[Cause]
    CAUSE_POWERED_OFF: _ClassVar[Cause]
    CAUSE_SUSPENDED: _ClassVar[Cause]
    CAUSE_FAILED: _ClassVar[Cause]

class AnsweredBy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ANSWERED_BY_UNSPECIFIED: _ClassVar[AnsweredBy]
    ANSWERED_BY_HUMAN: _ClassVar[AnsweredBy]
    ANSWERED_BY_VOICEMAIL: _ClassVar[AnsweredBy]
    ANSWERED_BY_IVR: _ClassVar[AnsweredBy]
    ANSWERED_BY_ANNOUNCEMENT: _ClassVar[AnsweredBy]
    ANSWERED_BY_UNCERTAIN: _ClassVar[AnsweredBy]
    ANSWERED_BY_FAX: _ClassVar[AnsweredBy]

class Party(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PARTY_UNSPECIFIED: _ClassVar[Party]
    PARTY_CALLER: _ClassVar[Party]
    PARTY_BOT: _ClassVar[Party]
    PARTY_HUMAN: _ClassVar[Party]
    PARTY_SYSTEM: _ClassVar[Party]

class EngineKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ENGINE_KIND_UNSPECIFIED: _ClassVar[EngineKind]
    ENGINE_KIND_RECOGNISER: _ClassVar[EngineKind]
    ENGINE_KIND_VOICE: _ClassVar[EngineKind]

class BargeInKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BARGE_IN_KIND_UNSPECIFIED: _ClassVar[BargeInKind]
    BARGE_IN_KIND_OFF: _ClassVar[BargeInKind]
    BARGE_IN_KIND_SPEECH: _ClassVar[BargeInKind]
    BARGE_IN_KIND_WORDS: _ClassVar[BargeInKind]
    BARGE_IN_KIND_HOTWORD: _ClassVar[BargeInKind]
    BARGE_IN_KIND_DTMF: _ClassVar[BargeInKind]

class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    KIND_UNSPECIFIED: _ClassVar[Kind]
    KIND_YES_NO: _ClassVar[Kind]
    KIND_CHOICE: _ClassVar[Kind]
    KIND_VALUE: _ClassVar[Kind]
    KIND_FREE: _ClassVar[Kind]

class MessageMedium(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MESSAGE_MEDIUM_UNSPECIFIED: _ClassVar[MessageMedium]
    MESSAGE_MEDIUM_SMS: _ClassVar[MessageMedium]
    MESSAGE_MEDIUM_WECHAT: _ClassVar[MessageMedium]
    MESSAGE_MEDIUM_EMAIL: _ClassVar[MessageMedium]
NULL: Null
ENCODING_UNSPECIFIED: Encoding
ENCODING_LINEAR16: Encoding
ENCODING_MULAW: Encoding
ENCODING_ALAW: Encoding
DIRECTION_UNSPECIFIED: Direction
DIRECTION_INBOUND: Direction
DIRECTION_OUTBOUND: Direction
MEDIUM_UNSPECIFIED: Medium
MEDIUM_TEXT: Medium
MEDIUM_VOICE: Medium
MARKS_UNSPECIFIED: Marks
MARKS_SENT: Marks
MARKS_NONE: Marks
CAUSE_UNSPECIFIED: Cause
CAUSE_NO_ANSWER: Cause
CAUSE_BUSY: Cause
CAUSE_REJECTED: Cause
CAUSE_UNREACHABLE: Cause
CAUSE_INVALID_NUMBER: Cause
CAUSE_POWERED_OFF: Cause
CAUSE_SUSPENDED: Cause
CAUSE_FAILED: Cause
ANSWERED_BY_UNSPECIFIED: AnsweredBy
ANSWERED_BY_HUMAN: AnsweredBy
ANSWERED_BY_VOICEMAIL: AnsweredBy
ANSWERED_BY_IVR: AnsweredBy
ANSWERED_BY_ANNOUNCEMENT: AnsweredBy
ANSWERED_BY_UNCERTAIN: AnsweredBy
ANSWERED_BY_FAX: AnsweredBy
PARTY_UNSPECIFIED: Party
PARTY_CALLER: Party
PARTY_BOT: Party
PARTY_HUMAN: Party
PARTY_SYSTEM: Party
ENGINE_KIND_UNSPECIFIED: EngineKind
ENGINE_KIND_RECOGNISER: EngineKind
ENGINE_KIND_VOICE: EngineKind
BARGE_IN_KIND_UNSPECIFIED: BargeInKind
BARGE_IN_KIND_OFF: BargeInKind
BARGE_IN_KIND_SPEECH: BargeInKind
BARGE_IN_KIND_WORDS: BargeInKind
BARGE_IN_KIND_HOTWORD: BargeInKind
BARGE_IN_KIND_DTMF: BargeInKind
KIND_UNSPECIFIED: Kind
KIND_YES_NO: Kind
KIND_CHOICE: Kind
KIND_VALUE: Kind
KIND_FREE: Kind
MESSAGE_MEDIUM_UNSPECIFIED: MessageMedium
MESSAGE_MEDIUM_SMS: MessageMedium
MESSAGE_MEDIUM_WECHAT: MessageMedium
MESSAGE_MEDIUM_EMAIL: MessageMedium

class ClientMessage(_message.Message):
    __slots__ = ("event", "audio", "telephone_event")
    EVENT_FIELD_NUMBER: _ClassVar[int]
    AUDIO_FIELD_NUMBER: _ClassVar[int]
    TELEPHONE_EVENT_FIELD_NUMBER: _ClassVar[int]
    event: Event
    audio: Audio
    telephone_event: TelephoneEvent
    def __init__(self, event: _Optional[_Union[Event, _Mapping[str, _Any]]] = ..., audio: _Optional[_Union[Audio, _Mapping[str, _Any]]] = ..., telephone_event: _Optional[_Union[TelephoneEvent, _Mapping[str, _Any]]] = ...) -> None: ...

class ServerMessage(_message.Message):
    __slots__ = ("accepted", "action", "audio", "transcript", "error", "over")
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    AUDIO_FIELD_NUMBER: _ClassVar[int]
    TRANSCRIPT_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    OVER_FIELD_NUMBER: _ClassVar[int]
    accepted: Accepted
    action: Action
    audio: Audio
    transcript: Transcript
    error: Error
    over: Over
    def __init__(self, accepted: _Optional[_Union[Accepted, _Mapping[str, _Any]]] = ..., action: _Optional[_Union[Action, _Mapping[str, _Any]]] = ..., audio: _Optional[_Union[Audio, _Mapping[str, _Any]]] = ..., transcript: _Optional[_Union[Transcript, _Mapping[str, _Any]]] = ..., error: _Optional[_Union[Error, _Mapping[str, _Any]]] = ..., over: _Optional[_Union[Over, _Mapping[str, _Any]]] = ...) -> None: ...

class Scalar(_message.Message):
    __slots__ = ("text", "flag", "integer", "decimal", "null")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    FLAG_FIELD_NUMBER: _ClassVar[int]
    INTEGER_FIELD_NUMBER: _ClassVar[int]
    DECIMAL_FIELD_NUMBER: _ClassVar[int]
    NULL_FIELD_NUMBER: _ClassVar[int]
    text: str
    flag: bool
    integer: int
    decimal: str
    null: Null
    def __init__(self, text: _Optional[str] = ..., flag: _Optional[bool] = ..., integer: _Optional[int] = ..., decimal: _Optional[str] = ..., null: _Optional[_Union[Null, str]] = ...) -> None: ...

class AudioFormat(_message.Message):
    __slots__ = ("encoding", "rate", "sparse", "tones")
    ENCODING_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    SPARSE_FIELD_NUMBER: _ClassVar[int]
    TONES_FIELD_NUMBER: _ClassVar[int]
    encoding: Encoding
    rate: int
    sparse: bool
    tones: bool
    def __init__(self, encoding: _Optional[_Union[Encoding, str]] = ..., rate: _Optional[int] = ..., sparse: _Optional[bool] = ..., tones: _Optional[bool] = ...) -> None: ...

class Audio(_message.Message):
    __slots__ = ("data", "at")
    DATA_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    at: int
    def __init__(self, data: _Optional[bytes] = ..., at: _Optional[int] = ...) -> None: ...

class TelephoneEvent(_message.Message):
    __slots__ = ("payload", "timestamp")
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    payload: bytes
    timestamp: int
    def __init__(self, payload: _Optional[bytes] = ..., timestamp: _Optional[int] = ...) -> None: ...

class Event(_message.Message):
    __slots__ = ("start", "ringing", "answered", "not_answered", "machine_detected", "hung_up", "speech_started", "speech_stopped", "heard", "dtmf", "playback_started", "playback_mark", "playback_ended", "action_result", "human_joined", "human_left", "handoff_failed", "handoff_queued", "human_said", "engine_failed", "beep")
    START_FIELD_NUMBER: _ClassVar[int]
    RINGING_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_FIELD_NUMBER: _ClassVar[int]
    NOT_ANSWERED_FIELD_NUMBER: _ClassVar[int]
    MACHINE_DETECTED_FIELD_NUMBER: _ClassVar[int]
    HUNG_UP_FIELD_NUMBER: _ClassVar[int]
    SPEECH_STARTED_FIELD_NUMBER: _ClassVar[int]
    SPEECH_STOPPED_FIELD_NUMBER: _ClassVar[int]
    HEARD_FIELD_NUMBER: _ClassVar[int]
    DTMF_FIELD_NUMBER: _ClassVar[int]
    PLAYBACK_STARTED_FIELD_NUMBER: _ClassVar[int]
    PLAYBACK_MARK_FIELD_NUMBER: _ClassVar[int]
    PLAYBACK_ENDED_FIELD_NUMBER: _ClassVar[int]
    ACTION_RESULT_FIELD_NUMBER: _ClassVar[int]
    HUMAN_JOINED_FIELD_NUMBER: _ClassVar[int]
    HUMAN_LEFT_FIELD_NUMBER: _ClassVar[int]
    HANDOFF_FAILED_FIELD_NUMBER: _ClassVar[int]
    HANDOFF_QUEUED_FIELD_NUMBER: _ClassVar[int]
    HUMAN_SAID_FIELD_NUMBER: _ClassVar[int]
    ENGINE_FAILED_FIELD_NUMBER: _ClassVar[int]
    BEEP_FIELD_NUMBER: _ClassVar[int]
    start: Start
    ringing: Ringing
    answered: Answered
    not_answered: NotAnswered
    machine_detected: MachineDetected
    hung_up: HungUp
    speech_started: SpeechStarted
    speech_stopped: SpeechStopped
    heard: Heard
    dtmf: Dtmf
    playback_started: PlaybackStarted
    playback_mark: PlaybackMark
    playback_ended: PlaybackEnded
    action_result: ActionResult
    human_joined: HumanJoined
    human_left: HumanLeft
    handoff_failed: HandoffFailed
    handoff_queued: HandoffQueued
    human_said: HumanSaid
    engine_failed: EngineFailed
    beep: Beep
    def __init__(self, start: _Optional[_Union[Start, _Mapping[str, _Any]]] = ..., ringing: _Optional[_Union[Ringing, _Mapping[str, _Any]]] = ..., answered: _Optional[_Union[Answered, _Mapping[str, _Any]]] = ..., not_answered: _Optional[_Union[NotAnswered, _Mapping[str, _Any]]] = ..., machine_detected: _Optional[_Union[MachineDetected, _Mapping[str, _Any]]] = ..., hung_up: _Optional[_Union[HungUp, _Mapping[str, _Any]]] = ..., speech_started: _Optional[_Union[SpeechStarted, _Mapping[str, _Any]]] = ..., speech_stopped: _Optional[_Union[SpeechStopped, _Mapping[str, _Any]]] = ..., heard: _Optional[_Union[Heard, _Mapping[str, _Any]]] = ..., dtmf: _Optional[_Union[Dtmf, _Mapping[str, _Any]]] = ..., playback_started: _Optional[_Union[PlaybackStarted, _Mapping[str, _Any]]] = ..., playback_mark: _Optional[_Union[PlaybackMark, _Mapping[str, _Any]]] = ..., playback_ended: _Optional[_Union[PlaybackEnded, _Mapping[str, _Any]]] = ..., action_result: _Optional[_Union[ActionResult, _Mapping[str, _Any]]] = ..., human_joined: _Optional[_Union[HumanJoined, _Mapping[str, _Any]]] = ..., human_left: _Optional[_Union[HumanLeft, _Mapping[str, _Any]]] = ..., handoff_failed: _Optional[_Union[HandoffFailed, _Mapping[str, _Any]]] = ..., handoff_queued: _Optional[_Union[HandoffQueued, _Mapping[str, _Any]]] = ..., human_said: _Optional[_Union[HumanSaid, _Mapping[str, _Any]]] = ..., engine_failed: _Optional[_Union[EngineFailed, _Mapping[str, _Any]]] = ..., beep: _Optional[_Union[Beep, _Mapping[str, _Any]]] = ...) -> None: ...

class Start(_message.Message):
    __slots__ = ("bot", "direction", "medium", "language", "caller", "callee", "variables", "marks", "audio", "resume", "zone", "seed", "call", "wall", "received", "arms")
    class VariablesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Scalar
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Scalar, _Mapping[str, _Any]]] = ...) -> None: ...
    class ArmsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    BOT_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    MEDIUM_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    CALLER_FIELD_NUMBER: _ClassVar[int]
    CALLEE_FIELD_NUMBER: _ClassVar[int]
    VARIABLES_FIELD_NUMBER: _ClassVar[int]
    MARKS_FIELD_NUMBER: _ClassVar[int]
    AUDIO_FIELD_NUMBER: _ClassVar[int]
    RESUME_FIELD_NUMBER: _ClassVar[int]
    ZONE_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    CALL_FIELD_NUMBER: _ClassVar[int]
    WALL_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_FIELD_NUMBER: _ClassVar[int]
    ARMS_FIELD_NUMBER: _ClassVar[int]
    bot: str
    direction: Direction
    medium: Medium
    language: str
    caller: str
    callee: str
    variables: _containers.MessageMap[str, Scalar]
    marks: Marks
    audio: AudioFormat
    resume: str
    zone: str
    seed: int
    call: str
    wall: float
    received: str
    arms: _containers.ScalarMap[str, str]
    def __init__(self, bot: _Optional[str] = ..., direction: _Optional[_Union[Direction, str]] = ..., medium: _Optional[_Union[Medium, str]] = ..., language: _Optional[str] = ..., caller: _Optional[str] = ..., callee: _Optional[str] = ..., variables: _Optional[_Mapping[str, Scalar]] = ..., marks: _Optional[_Union[Marks, str]] = ..., audio: _Optional[_Union[AudioFormat, _Mapping[str, _Any]]] = ..., resume: _Optional[str] = ..., zone: _Optional[str] = ..., seed: _Optional[int] = ..., call: _Optional[str] = ..., wall: _Optional[float] = ..., received: _Optional[str] = ..., arms: _Optional[_Mapping[str, str]] = ...) -> None: ...

class Ringing(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Answered(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class NotAnswered(_message.Message):
    __slots__ = ("cause",)
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    cause: Cause
    def __init__(self, cause: _Optional[_Union[Cause, str]] = ...) -> None: ...

class MachineDetected(_message.Message):
    __slots__ = ("by", "confidence", "cause")
    BY_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    by: AnsweredBy
    confidence: float
    cause: Cause
    def __init__(self, by: _Optional[_Union[AnsweredBy, str]] = ..., confidence: _Optional[float] = ..., cause: _Optional[_Union[Cause, str]] = ...) -> None: ...

class Beep(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class HungUp(_message.Message):
    __slots__ = ("by",)
    BY_FIELD_NUMBER: _ClassVar[int]
    by: Party
    def __init__(self, by: _Optional[_Union[Party, str]] = ...) -> None: ...

class SpeechStarted(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SpeechStopped(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Alternative(_message.Message):
    __slots__ = ("text", "confidence")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    text: str
    confidence: float
    def __init__(self, text: _Optional[str] = ..., confidence: _Optional[float] = ...) -> None: ...

class Heard(_message.Message):
    __slots__ = ("text", "final", "confidence", "alternatives", "language")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    FINAL_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    text: str
    final: bool
    confidence: float
    alternatives: _containers.RepeatedCompositeFieldContainer[Alternative]
    language: str
    def __init__(self, text: _Optional[str] = ..., final: _Optional[bool] = ..., confidence: _Optional[float] = ..., alternatives: _Optional[_Iterable[_Union[Alternative, _Mapping[str, _Any]]]] = ..., language: _Optional[str] = ...) -> None: ...

class Dtmf(_message.Message):
    __slots__ = ("digit",)
    DIGIT_FIELD_NUMBER: _ClassVar[int]
    digit: str
    def __init__(self, digit: _Optional[str] = ...) -> None: ...

class PlaybackStarted(_message.Message):
    __slots__ = ("say",)
    SAY_FIELD_NUMBER: _ClassVar[int]
    say: str
    def __init__(self, say: _Optional[str] = ...) -> None: ...

class PlaybackMark(_message.Message):
    __slots__ = ("say", "played")
    SAY_FIELD_NUMBER: _ClassVar[int]
    PLAYED_FIELD_NUMBER: _ClassVar[int]
    say: str
    played: float
    def __init__(self, say: _Optional[str] = ..., played: _Optional[float] = ...) -> None: ...

class PlaybackEnded(_message.Message):
    __slots__ = ("say", "played")
    SAY_FIELD_NUMBER: _ClassVar[int]
    PLAYED_FIELD_NUMBER: _ClassVar[int]
    say: str
    played: float
    def __init__(self, say: _Optional[str] = ..., played: _Optional[float] = ...) -> None: ...

class ActionResult(_message.Message):
    __slots__ = ("action", "ok", "values", "error")
    class ValuesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Scalar
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Scalar, _Mapping[str, _Any]]] = ...) -> None: ...
    ACTION_FIELD_NUMBER: _ClassVar[int]
    OK_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    action: str
    ok: bool
    values: _containers.MessageMap[str, Scalar]
    error: str
    def __init__(self, action: _Optional[str] = ..., ok: _Optional[bool] = ..., values: _Optional[_Mapping[str, Scalar]] = ..., error: _Optional[str] = ...) -> None: ...

class HumanJoined(_message.Message):
    __slots__ = ("agent", "handoff")
    AGENT_FIELD_NUMBER: _ClassVar[int]
    HANDOFF_FIELD_NUMBER: _ClassVar[int]
    agent: str
    handoff: str
    def __init__(self, agent: _Optional[str] = ..., handoff: _Optional[str] = ...) -> None: ...

class HumanLeft(_message.Message):
    __slots__ = ("step", "values")
    class ValuesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Scalar
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Scalar, _Mapping[str, _Any]]] = ...) -> None: ...
    STEP_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    step: str
    values: _containers.MessageMap[str, Scalar]
    def __init__(self, step: _Optional[str] = ..., values: _Optional[_Mapping[str, Scalar]] = ...) -> None: ...

class HandoffFailed(_message.Message):
    __slots__ = ("cause", "handoff")
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    HANDOFF_FIELD_NUMBER: _ClassVar[int]
    cause: str
    handoff: str
    def __init__(self, cause: _Optional[str] = ..., handoff: _Optional[str] = ...) -> None: ...

class HandoffQueued(_message.Message):
    __slots__ = ("position", "wait", "handoff")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    WAIT_FIELD_NUMBER: _ClassVar[int]
    HANDOFF_FIELD_NUMBER: _ClassVar[int]
    position: int
    wait: float
    handoff: str
    def __init__(self, position: _Optional[int] = ..., wait: _Optional[float] = ..., handoff: _Optional[str] = ...) -> None: ...

class HumanSaid(_message.Message):
    __slots__ = ("text", "agent", "command", "centre", "spoken")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    COMMAND_FIELD_NUMBER: _ClassVar[int]
    CENTRE_FIELD_NUMBER: _ClassVar[int]
    SPOKEN_FIELD_NUMBER: _ClassVar[int]
    text: str
    agent: str
    command: str
    centre: str
    spoken: str
    def __init__(self, text: _Optional[str] = ..., agent: _Optional[str] = ..., command: _Optional[str] = ..., centre: _Optional[str] = ..., spoken: _Optional[str] = ...) -> None: ...

class EngineFailed(_message.Message):
    __slots__ = ("engine", "code")
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    engine: EngineKind
    code: str
    def __init__(self, engine: _Optional[_Union[EngineKind, str]] = ..., code: _Optional[str] = ...) -> None: ...

class Action(_message.Message):
    __slots__ = ("say", "stop", "listen", "run_action", "handoff", "transfer", "send", "callback_requested", "opt_out", "disposition", "hangup", "human_say", "rated")
    SAY_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    LISTEN_FIELD_NUMBER: _ClassVar[int]
    RUN_ACTION_FIELD_NUMBER: _ClassVar[int]
    HANDOFF_FIELD_NUMBER: _ClassVar[int]
    TRANSFER_FIELD_NUMBER: _ClassVar[int]
    SEND_FIELD_NUMBER: _ClassVar[int]
    CALLBACK_REQUESTED_FIELD_NUMBER: _ClassVar[int]
    OPT_OUT_FIELD_NUMBER: _ClassVar[int]
    DISPOSITION_FIELD_NUMBER: _ClassVar[int]
    HANGUP_FIELD_NUMBER: _ClassVar[int]
    HUMAN_SAY_FIELD_NUMBER: _ClassVar[int]
    RATED_FIELD_NUMBER: _ClassVar[int]
    say: Say
    stop: Stop
    listen: Listen
    run_action: RunAction
    handoff: Handoff
    transfer: Transfer
    send: Send
    callback_requested: CallbackRequested
    opt_out: OptOut
    disposition: Disposition
    hangup: Hangup
    human_say: HumanSay
    rated: Rated
    def __init__(self, say: _Optional[_Union[Say, _Mapping[str, _Any]]] = ..., stop: _Optional[_Union[Stop, _Mapping[str, _Any]]] = ..., listen: _Optional[_Union[Listen, _Mapping[str, _Any]]] = ..., run_action: _Optional[_Union[RunAction, _Mapping[str, _Any]]] = ..., handoff: _Optional[_Union[Handoff, _Mapping[str, _Any]]] = ..., transfer: _Optional[_Union[Transfer, _Mapping[str, _Any]]] = ..., send: _Optional[_Union[Send, _Mapping[str, _Any]]] = ..., callback_requested: _Optional[_Union[CallbackRequested, _Mapping[str, _Any]]] = ..., opt_out: _Optional[_Union[OptOut, _Mapping[str, _Any]]] = ..., disposition: _Optional[_Union[Disposition, _Mapping[str, _Any]]] = ..., hangup: _Optional[_Union[Hangup, _Mapping[str, _Any]]] = ..., human_say: _Optional[_Union[HumanSay, _Mapping[str, _Any]]] = ..., rated: _Optional[_Union[Rated, _Mapping[str, _Any]]] = ...) -> None: ...

class BargeIn(_message.Message):
    __slots__ = ("kind", "words", "protected", "hotwords")
    KIND_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    PROTECTED_FIELD_NUMBER: _ClassVar[int]
    HOTWORDS_FIELD_NUMBER: _ClassVar[int]
    kind: BargeInKind
    words: int
    protected: float
    hotwords: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, kind: _Optional[_Union[BargeInKind, str]] = ..., words: _Optional[int] = ..., protected: _Optional[float] = ..., hotwords: _Optional[_Iterable[str]] = ...) -> None: ...

class Say(_message.Message):
    __slots__ = ("id", "text", "spoken", "language", "audio", "voice", "barge_in", "step", "fixed", "expects_reply", "rate", "parts")
    ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SPOKEN_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    AUDIO_FIELD_NUMBER: _ClassVar[int]
    VOICE_FIELD_NUMBER: _ClassVar[int]
    BARGE_IN_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    FIXED_FIELD_NUMBER: _ClassVar[int]
    EXPECTS_REPLY_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    id: str
    text: str
    spoken: str
    language: str
    audio: str
    voice: str
    barge_in: BargeIn
    step: str
    fixed: bool
    expects_reply: bool
    rate: float
    parts: _containers.RepeatedCompositeFieldContainer[SpokenPart]
    def __init__(self, id: _Optional[str] = ..., text: _Optional[str] = ..., spoken: _Optional[str] = ..., language: _Optional[str] = ..., audio: _Optional[str] = ..., voice: _Optional[str] = ..., barge_in: _Optional[_Union[BargeIn, _Mapping[str, _Any]]] = ..., step: _Optional[str] = ..., fixed: _Optional[bool] = ..., expects_reply: _Optional[bool] = ..., rate: _Optional[float] = ..., parts: _Optional[_Iterable[_Union[SpokenPart, _Mapping[str, _Any]]]] = ...) -> None: ...

class SpokenPart(_message.Message):
    __slots__ = ("text", "audio")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    AUDIO_FIELD_NUMBER: _ClassVar[int]
    text: str
    audio: str
    def __init__(self, text: _Optional[str] = ..., audio: _Optional[str] = ...) -> None: ...

class Stop(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class Listen(_message.Message):
    __slots__ = ("id", "expect")
    ID_FIELD_NUMBER: _ClassVar[int]
    EXPECT_FIELD_NUMBER: _ClassVar[int]
    id: str
    expect: Expectation
    def __init__(self, id: _Optional[str] = ..., expect: _Optional[_Union[Expectation, _Mapping[str, _Any]]] = ...) -> None: ...

class Choice(_message.Message):
    __slots__ = ("value", "spoken")
    VALUE_FIELD_NUMBER: _ClassVar[int]
    SPOKEN_FIELD_NUMBER: _ClassVar[int]
    value: Scalar
    spoken: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, value: _Optional[_Union[Scalar, _Mapping[str, _Any]]] = ..., spoken: _Optional[_Iterable[str]] = ...) -> None: ...

class DtmfRule(_message.Message):
    __slots__ = ("digits", "terminator", "inter_digit")
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    TERMINATOR_FIELD_NUMBER: _ClassVar[int]
    INTER_DIGIT_FIELD_NUMBER: _ClassVar[int]
    digits: int
    terminator: str
    inter_digit: float
    def __init__(self, digits: _Optional[int] = ..., terminator: _Optional[str] = ..., inter_digit: _Optional[float] = ...) -> None: ...

class Expectation(_message.Message):
    __slots__ = ("step", "kind", "slot", "type", "choices", "unit", "phrases", "dtmf", "language")
    STEP_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    PHRASES_FIELD_NUMBER: _ClassVar[int]
    DTMF_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    step: str
    kind: Kind
    slot: str
    type: str
    choices: _containers.RepeatedCompositeFieldContainer[Choice]
    unit: str
    phrases: _containers.RepeatedScalarFieldContainer[str]
    dtmf: DtmfRule
    language: str
    def __init__(self, step: _Optional[str] = ..., kind: _Optional[_Union[Kind, str]] = ..., slot: _Optional[str] = ..., type: _Optional[str] = ..., choices: _Optional[_Iterable[_Union[Choice, _Mapping[str, _Any]]]] = ..., unit: _Optional[str] = ..., phrases: _Optional[_Iterable[str]] = ..., dtmf: _Optional[_Union[DtmfRule, _Mapping[str, _Any]]] = ..., language: _Optional[str] = ...) -> None: ...

class RunAction(_message.Message):
    __slots__ = ("id", "name", "args", "timeout")
    class ArgsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Scalar
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Scalar, _Mapping[str, _Any]]] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ARGS_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    args: _containers.MessageMap[str, Scalar]
    timeout: float
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., args: _Optional[_Mapping[str, Scalar]] = ..., timeout: _Optional[float] = ...) -> None: ...

class Handoff(_message.Message):
    __slots__ = ("id", "queue", "reason", "within")
    ID_FIELD_NUMBER: _ClassVar[int]
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    WITHIN_FIELD_NUMBER: _ClassVar[int]
    id: str
    queue: str
    reason: str
    within: float
    def __init__(self, id: _Optional[str] = ..., queue: _Optional[str] = ..., reason: _Optional[str] = ..., within: _Optional[float] = ...) -> None: ...

class HumanSay(_message.Message):
    __slots__ = ("id", "text", "agent")
    ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    id: str
    text: str
    agent: str
    def __init__(self, id: _Optional[str] = ..., text: _Optional[str] = ..., agent: _Optional[str] = ...) -> None: ...

class Transfer(_message.Message):
    __slots__ = ("id", "to")
    ID_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    id: str
    to: str
    def __init__(self, id: _Optional[str] = ..., to: _Optional[str] = ...) -> None: ...

class Send(_message.Message):
    __slots__ = ("id", "medium", "text", "to")
    ID_FIELD_NUMBER: _ClassVar[int]
    MEDIUM_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    id: str
    medium: MessageMedium
    text: str
    to: str
    def __init__(self, id: _Optional[str] = ..., medium: _Optional[_Union[MessageMedium, str]] = ..., text: _Optional[str] = ..., to: _Optional[str] = ...) -> None: ...

class CallbackRequested(_message.Message):
    __slots__ = ("id", "at")
    ID_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    id: str
    at: str
    def __init__(self, id: _Optional[str] = ..., at: _Optional[str] = ...) -> None: ...

class OptOut(_message.Message):
    __slots__ = ("id", "scope")
    ID_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    id: str
    scope: str
    def __init__(self, id: _Optional[str] = ..., scope: _Optional[str] = ...) -> None: ...

class Rated(_message.Message):
    __slots__ = ("id", "kind", "score")
    ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    id: str
    kind: str
    score: int
    def __init__(self, id: _Optional[str] = ..., kind: _Optional[str] = ..., score: _Optional[int] = ...) -> None: ...

class Disposition(_message.Message):
    __slots__ = ("id", "ending", "result", "label", "values", "arms")
    class ValuesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Scalar
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Scalar, _Mapping[str, _Any]]] = ...) -> None: ...
    class ArmsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    ENDING_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    ARMS_FIELD_NUMBER: _ClassVar[int]
    id: str
    ending: str
    result: str
    label: str
    values: _containers.MessageMap[str, Scalar]
    arms: _containers.ScalarMap[str, str]
    def __init__(self, id: _Optional[str] = ..., ending: _Optional[str] = ..., result: _Optional[str] = ..., label: _Optional[str] = ..., values: _Optional[_Mapping[str, Scalar]] = ..., arms: _Optional[_Mapping[str, str]] = ...) -> None: ...

class Hangup(_message.Message):
    __slots__ = ("id", "within", "by")
    ID_FIELD_NUMBER: _ClassVar[int]
    WITHIN_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    id: str
    within: float
    by: Party
    def __init__(self, id: _Optional[str] = ..., within: _Optional[float] = ..., by: _Optional[_Union[Party, str]] = ...) -> None: ...

class Accepted(_message.Message):
    __slots__ = ("call", "digest", "resumed", "recorded")
    CALL_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    RESUMED_FIELD_NUMBER: _ClassVar[int]
    RECORDED_FIELD_NUMBER: _ClassVar[int]
    call: str
    digest: str
    resumed: bool
    recorded: int
    def __init__(self, call: _Optional[str] = ..., digest: _Optional[str] = ..., resumed: _Optional[bool] = ..., recorded: _Optional[int] = ...) -> None: ...

class Transcript(_message.Message):
    __slots__ = ("text", "final", "confidence")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    FINAL_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    text: str
    final: bool
    confidence: float
    def __init__(self, text: _Optional[str] = ..., final: _Optional[bool] = ..., confidence: _Optional[float] = ...) -> None: ...

class Over(_message.Message):
    __slots__ = ("code", "message", "retry_after")
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    RETRY_AFTER_FIELD_NUMBER: _ClassVar[int]
    code: str
    message: str
    retry_after: float
    def __init__(self, code: _Optional[str] = ..., message: _Optional[str] = ..., retry_after: _Optional[float] = ...) -> None: ...

class Error(_message.Message):
    __slots__ = ("code", "message")
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    code: str
    message: str
    def __init__(self, code: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...
