"""Huashu: conversational voice and text robots for contact centres.

    from huashu import Bot, action

Everything is loaded on first use (PEP 562), so that `import huashu` stays light; no room imports from here.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from huashu.embed import AsyncCall, Bot, Call, Reply
    from huashu.runtime.actions import ActionContext, ActionFailed, action
    from huashu.speech import speak

_WHERE = {
    "ActionContext": "huashu.runtime.actions",
    "ActionFailed": "huashu.runtime.actions",
    "AsyncCall": "huashu.embed",
    "Bot": "huashu.embed",
    "Call": "huashu.embed",
    "Reply": "huashu.embed",
    "action": "huashu.runtime.actions",
    "speak": "huashu.speech",
}

__all__ = ["ActionContext", "ActionFailed", "AsyncCall", "Bot", "Call", "Reply", "__version__", "action", "speak"]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'huashu' has no attribute {name!r}; it has: {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted(__all__)
