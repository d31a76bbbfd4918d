from huashu.channels import conversations_pb2 as _conversations_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import Any as _Any, ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RecogniseRequest(_message.Message):
    __slots__ = ("config", "audio", "end")
    CONFIG_FIELD_NUMBER: _ClassVar[int]
    AUDIO_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    config: RecogniseConfig
    audio: _conversations_pb2.Audio
    end: EndUtterance
    def __init__(self, config: _Optional[_Union[RecogniseConfig, _Mapping[str, _Any]]] = ..., audio: _Optional[_Union[_conversations_pb2.Audio, _Mapping[str, _Any]]] = ..., end: _Optional[_Union[EndUtterance, _Mapping[str, _Any]]] = ...) -> None: ...

class RecogniseConfig(_message.Message):
    __slots__ = ("audio", "language", "phrases", "closed", "until_pause", "finals_only")
    AUDIO_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    PHRASES_FIELD_NUMBER: _ClassVar[int]
    CLOSED_FIELD_NUMBER: _ClassVar[int]
    UNTIL_PAUSE_FIELD_NUMBER: _ClassVar[int]
    FINALS_ONLY_FIELD_NUMBER: _ClassVar[int]
    audio: _conversations_pb2.AudioFormat
    language: str
    phrases: _containers.RepeatedScalarFieldContainer[str]
    closed: bool
    until_pause: bool
    finals_only: bool
    def __init__(self, audio: _Optional[_Union[_conversations_pb2.AudioFormat, _Mapping[str, _Any]]] = ..., language: _Optional[str] = ..., phrases: _Optional[_Iterable[str]] = ..., closed: _Optional[bool] = ..., until_pause: _Optional[bool] = ..., finals_only: _Optional[bool] = ...) -> None: ...

class EndUtterance(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RecogniseReply(_message.Message):
    __slots__ = ("heard", "begin", "end", "words", "emotion", "event")
    HEARD_FIELD_NUMBER: _ClassVar[int]
    BEGIN_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    EMOTION_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    heard: _conversations_pb2.Heard
    begin: float
    end: float
    words: _containers.RepeatedCompositeFieldContainer[HeardWord]
    emotion: str
    event: str
    def __init__(self, heard: _Optional[_Union[_conversations_pb2.Heard, _Mapping[str, _Any]]] = ..., begin: _Optional[float] = ..., end: _Optional[float] = ..., words: _Optional[_Iterable[_Union[HeardWord, _Mapping[str, _Any]]]] = ..., emotion: _Optional[str] = ..., event: _Optional[str] = ...) -> None: ...

class HeardWord(_message.Message):
    __slots__ = ("word", "begin", "end")
    WORD_FIELD_NUMBER: _ClassVar[int]
    BEGIN_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    word: str
    begin: float
    end: float
    def __init__(self, word: _Optional[str] = ..., begin: _Optional[float] = ..., end: _Optional[float] = ...) -> None: ...

class SynthesiseRequest(_message.Message):
    __slots__ = ("text", "ssml", "language", "voice", "speed", "audio", "timings")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SSML_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    VOICE_FIELD_NUMBER: _ClassVar[int]
    SPEED_FIELD_NUMBER: _ClassVar[int]
    AUDIO_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    text: str
    ssml: str
    language: str
    voice: str
    speed: float
    audio: _conversations_pb2.AudioFormat
    timings: bool
    def __init__(self, text: _Optional[str] = ..., ssml: _Optional[str] = ..., language: _Optional[str] = ..., voice: _Optional[str] = ..., speed: _Optional[float] = ..., audio: _Optional[_Union[_conversations_pb2.AudioFormat, _Mapping[str, _Any]]] = ..., timings: _Optional[bool] = ...) -> None: ...

class SynthesiseReply(_message.Message):
    __slots__ = ("audio", "words", "visemes")
    AUDIO_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    VISEMES_FIELD_NUMBER: _ClassVar[int]
    audio: _conversations_pb2.Audio
    words: _containers.RepeatedCompositeFieldContainer[WordTiming]
    visemes: _containers.RepeatedCompositeFieldContainer[Viseme]
    def __init__(self, audio: _Optional[_Union[_conversations_pb2.Audio, _Mapping[str, _Any]]] = ..., words: _Optional[_Iterable[_Union[WordTiming, _Mapping[str, _Any]]]] = ..., visemes: _Optional[_Iterable[_Union[Viseme, _Mapping[str, _Any]]]] = ...) -> None: ...

class WordTiming(_message.Message):
    __slots__ = ("at", "word", "start", "estimated")
    AT_FIELD_NUMBER: _ClassVar[int]
    WORD_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_FIELD_NUMBER: _ClassVar[int]
    at: float
    word: str
    start: int
    estimated: bool
    def __init__(self, at: _Optional[float] = ..., word: _Optional[str] = ..., start: _Optional[int] = ..., estimated: _Optional[bool] = ...) -> None: ...

class Viseme(_message.Message):
    __slots__ = ("at", "number", "estimated")
    AT_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_FIELD_NUMBER: _ClassVar[int]
    at: float
    number: int
    estimated: bool
    def __init__(self, at: _Optional[float] = ..., number: _Optional[int] = ..., estimated: _Optional[bool] = ...) -> None: ...
