"""What another system that attends calls the conversations it has, over a restart."""

import logging

from huashu.core.errors import StoreError
from huashu.handoff.service import HandoffService

logger = logging.getLogger(__name__)


class Links:
    """Sealed by the key of the call, and erased with it."""

    def __init__(self, service: HandoffService) -> None:
        self._service = service

    def link(self, call: str, system: str, text: str) -> None:
        """To be known of a conversation after a restart."""
        try:
            self._service.record.link(call, system, text, self._service.now)
        except StoreError as error:  # a full disk must not cost the caller their agent
            logger.error("call %s: where it is at %s is not on record (%s)", call, system, error.code)

    def links(self, system: str) -> dict[str, str]:
        """Conversation → what was kept of it last, of those that this system has."""
        cases = self._service.centre.cases.values()
        mine = [case.id for case in cases if case.agent == system and case.kind == "caller"]
        found = {call: self._service.record.linked(call, system) for call in mine}
        return {call: text for call, text in found.items() if text is not None}
