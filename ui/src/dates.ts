/* Hours of a season as dates. The calendar has no daylight saving: a day is 24 h. */

export const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const hourMs = 3600000;

/** Hours since 1970 of "2026-11-01 00:00"; null when it is no date. */
export function hourOf(text: string): number | null {
    const match = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}))?/.exec(text);
    if (match === null) return null;
    const [, year, month, day, hour] = match;
    return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour ?? 0)) / hourMs;
}

/** "1 Nov 2026" */
export function dateText(hour: number, withYear = true): string {
    const date = new Date(hour * hourMs);
    const text = `${date.getUTCDate()} ${monthNames[date.getUTCMonth()]}`;
    return withYear ? `${text} ${date.getUTCFullYear()}` : text;
}

/** "12 Jan 2027, 18:00" */
export function timeText(hour: number): string {
    const date = new Date(hour * hourMs);
    return `${dateText(hour)}, ${String(date.getUTCHours()).padStart(2, "0")}:00`;
}

export interface DateTick {
    hour: number;
    label: string;
}

/** Ticks of a time axis: months, weeks, days or hours, at most so many. */
export function dateTicks(from: number, to: number, most: number): DateTick[] {
    const days = (to - from) / 24;
    if (days > 45) return monthTicks(from, to, most);
    const steps = [1, 2, 3, 6, 12, 24, 48, 168, 336];
    const step = steps.find((s) => (to - from) / s <= most) ?? 336;
    const ticks: DateTick[] = [];
    for (let hour = Math.ceil(from / step) * step; hour <= to; hour += step) {
        const clock = `${String(new Date(hour * hourMs).getUTCHours()).padStart(2, "0")}:00`;
        ticks.push({ hour, label: step < 24 && hour % 24 !== 0 ? clock : dateText(hour, false) });
    }
    return ticks;
}

function monthTicks(from: number, to: number, most: number): DateTick[] {
    const start = new Date(from * hourMs);
    const all: DateTick[] = [];
    for (let k = 0; k < 600; k++) {
        const date = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + k, 1));
        const hour = date.getTime() / hourMs;
        if (hour > to) break;
        if (hour < from) continue;
        const year = date.getUTCMonth() === 0 || all.length === 0 ? ` ${date.getUTCFullYear()}` : "";
        all.push({ hour, label: `${monthNames[date.getUTCMonth()]}${year}` });
    }
    const every = Math.ceil(all.length / Math.max(most, 1));
    return all.filter((_, i) => i % every === 0);
}
