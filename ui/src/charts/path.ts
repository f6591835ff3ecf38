/* SVG path texts. */
import type { Num } from "../data.ts";

const at = (v: number): string => (Math.round(v * 10) / 10).toString();

/** A line through the known points; a gap where one is unknown. */
export function linePath(x: (i: number) => number, y: (v: number) => number, values: readonly Num[]): string {
    let text = "";
    let open = false;
    values.forEach((v, i) => {
        if (v === null) {
            open = false;
            return;
        }
        text += `${open ? "L" : "M"}${at(x(i))} ${at(y(v))}`;
        open = true;
    });
    return text;
}

/** The area between two lines, in pieces where both are known. */
export function bandPath(
    x: (i: number) => number,
    y: (v: number) => number,
    low: readonly Num[],
    high: readonly Num[],
): string {
    let text = "";
    let piece: number[] = [];
    const close = (): void => {
        if (piece.length > 1) {
            const there = piece.map((i) => `${at(x(i))} ${at(y(high[i] as number))}`);
            const back = piece.map((i) => `${at(x(i))} ${at(y(low[i] as number))}`).reverse();
            text += `M${there.concat(back).join("L")}Z`;
        }
        piece = [];
    };
    for (let i = 0; i < high.length; i++) {
        if ((low[i] ?? null) === null || (high[i] ?? null) === null) close();
        else piece.push(i);
    }
    close();
    return text;
}

export type Shape = "circle" | "triangle" | "wedge" | "diamond" | "square";

/** A mark of about the same area for each shape. */
export function shapePath(shape: Shape, x: number, y: number, r: number): string {
    const a = at(x);
    switch (shape) {
        case "circle":
            return `M${at(x - r)} ${at(y)}a${at(r)} ${at(r)} 0 1 0 ${at(2 * r)} 0a${at(r)} ${at(r)} 0 1 0 ${at(-2 * r)} 0Z`;
        case "triangle":
            return `M${a} ${at(y - 1.3 * r)}L${at(x + 1.2 * r)} ${at(y + 0.8 * r)}L${at(x - 1.2 * r)} ${at(y + 0.8 * r)}Z`;
        case "wedge":
            return `M${a} ${at(y + 1.3 * r)}L${at(x + 1.2 * r)} ${at(y - 0.8 * r)}L${at(x - 1.2 * r)} ${at(y - 0.8 * r)}Z`;
        case "diamond":
            return `M${a} ${at(y - 1.35 * r)}L${at(x + 1.35 * r)} ${at(y)}L${a} ${at(y + 1.35 * r)}L${at(x - 1.35 * r)} ${at(y)}Z`;
        case "square":
            return `M${at(x - 0.9 * r)} ${at(y - 0.9 * r)}h${at(1.8 * r)}v${at(1.8 * r)}h${at(-1.8 * r)}Z`;
    }
}
