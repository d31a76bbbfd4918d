"""The question-concentration curve: how many items it takes to answer how much of what is asked, as a picture."""

from collections.abc import Sequence

from huashu.flows.svg import Sheet

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 640.0, 412.0, 64.0, 66.0, 24.0, 56.0
INK, GREY, GRID, CURVE = "#1f2933", "#66727f", "#dde3e9", "#3f78c9"


def concentration(counts: Sequence[int], total: int, *, title: str, across: str, up: str) -> str:
    """SVG. counts: questions an item answers, most asked first; total: all questions, unanswered ones too.

    across, up: what the axes are called. The dashed line is where four fifths of all questions lie.
    """
    sheet = Sheet()
    most = max(len(counts), 1)
    inner, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def at(items: float, share: float) -> tuple[float, float]:
        return LEFT + inner * items / most, TOP + tall * (1 - share)

    for fifth in range(6):
        x, y = at(0, fifth / 5)
        sheet.path(f"M{x:.1f} {y:.1f} H{LEFT + inner:.1f}", edge=GRID, stroke=1.0)
        sheet.text(x - 8, y + 4, f"{fifth * 20} %", size=11, fill=GREY, anchor="end")
    for step in sorted({round(most * quarter / 4) for quarter in range(5)}):
        sheet.text(at(step, 0)[0], TOP + tall + 18, str(step), size=11, fill=GREY, anchor="middle")
    points, reached, eighty = [at(0, 0)], 0, 0
    for number, count in enumerate(counts, 1):
        reached += count
        points.append(at(number, reached / max(total, 1)))
        if not eighty and reached >= 0.8 * total:
            eighty = number
    sheet.path("M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points), edge=CURVE, stroke=2.2)
    if eighty:
        x, y = at(eighty, 0.8)
        sheet.path(f"M{LEFT:.1f} {y:.1f} H{x:.1f} V{TOP + tall:.1f}", edge=INK, stroke=1.0, dashed=True)
        sheet.text(x + 6, TOP + tall - 8, str(eighty), size=12, fill=INK, bold=True)
    sheet.text(LEFT, 26, title, size=15, fill=INK, bold=True)
    sheet.text(LEFT + inner / 2, HEIGHT - 14, across, size=12, fill=GREY, anchor="middle")
    sheet.text(12, TOP - 14, up, size=12, fill=GREY)
    return sheet.svg(WIDTH, HEIGHT, title, ())
