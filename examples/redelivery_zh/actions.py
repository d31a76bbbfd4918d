"""What the redelivery example does: register the new date with the parcel system."""

from huashu import ActionContext, action


@action("改派登记")
def register(单号: str, 日期: str, 方式: str, context: ActionContext) -> dict[str, str]:
    """A real one posts to the parcel system, with `context.key` so that a repeated call books once."""
    return {"取件码": 单号[-4:]}
