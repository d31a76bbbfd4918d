from huashu.runtime.actions import action


@action
def book(人数: int) -> dict[str, str]:
    return {"单号": f"B{人数}"}
