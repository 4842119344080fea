"""What stands on the display above a window: numbers, never a name. Few short lines in Chinese: its letters are of light."""


def lines(window: str, *, open: bool, paused: bool, number: str, serving: bool, calls: int) -> tuple[str, ...]:
    """The lines for a window. `number`: whom it has called (for the `calls`-th time) or serves; "" for nobody.

    A pause counts from the next one on: whoever was called before it still comes.
    """
    head = f"{window} 号窗口"
    if not open:
        return head, "暂未开放"
    if number and serving:
        return head, f"{number} 号正在办理"
    if number:
        return (head, f"请 {number} 号", f"第 {calls} 次呼叫") if calls > 1 else (head, f"请 {number} 号")
    return head, "暂停服务" if paused else "请等候叫号"
