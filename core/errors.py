"""The errors Huashu raises. One root, few leaves; each has a stable `code`, and says whether trying again can help.

`ScriptError` is the designer's to mend, `UsageError` the embedding developer's, `EngineError` (a recogniser, voice or
model) and `RemoteError` (someone else's server) the operator's.
"""


class HuashuError(Exception):
    """Root of all errors raised on purpose. `code` is stable across releases and translations."""

    code = "error"
    retryable = False

    def __init__(self, message: str, *, code: str | None = None, retryable: bool | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code
        if retryable is not None:
            self.retryable = retryable


class ScriptError(HuashuError):
    """The bot folder is wrong; the message holds every finding, one `file:line:column: message` a line."""

    code = "script"


class UsageError(HuashuError):
    """The caller of this API misused it: an event out of order, an unknown name, a value of the wrong type."""

    code = "usage"


class LimitError(UsageError):
    """Something exceeded a stated bound. Nothing accepted before it is lost."""

    code = "limit"


class EngineError(HuashuError):
    """A recogniser, voice, detector or model cannot be loaded or failed while working."""

    code = "engine"


class OverloadedError(EngineError):
    """An engine has all the work it may have: this piece was refused instead of kept waiting. Another may take it."""

    code = "overloaded"
    retryable = True


class MissingExtraError(EngineError):
    """An optional package is not installed; the message names the `pip install 'huashu[…]'` that brings it."""

    code = "missing_extra"


class RemoteError(HuashuError):
    """Another machine failed or refused."""

    code = "remote"
    retryable = True


class StoreError(HuashuError):
    """The record cannot be read or written."""

    code = "store"
