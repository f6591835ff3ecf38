import assert from "node:assert/strict";
import { test } from "node:test";
import { dateText, dateTicks, hourOf, timeText } from "../src/dates.ts";
import { amount, average, averageColumn, averageOf, counted, measureOf, money, percent, percentAverage, quantile, thousands, threeDigits, unknown } from "../src/format.ts";

const plain = (text: string): string => text.replace(/\u00a0/g, " ");
const stat = (mean: number | null, se: number | null) => ({ mean, se });

test("thousands have commas, small negatives are no minus zero", () => {
    assert.equal(thousands(1234567.891, 1), "1,234,567.9");
    assert.equal(thousands(999), "999");
    assert.equal(thousands(-1234), "−1,234");
    assert.equal(thousands(-0.001), "0");
    assert.equal(thousands(NaN), unknown);
});

test("quantiles have three digits, whole numbers below 10,000 stay whole", () => {
    assert.equal(threeDigits(0), "0");
    assert.equal(threeDigits(60.44), "60.4");
    assert.equal(threeDigits(114.2), "114");
    assert.equal(threeDigits(2540.4), "2,540");
    assert.equal(threeDigits(9999), "9,999");
    assert.equal(threeDigits(12345), "12,300");
    assert.equal(threeDigits(0.012345), "0.0123");
});

test("an average stands at the place of its interval, as in the text summary", () => {
    assert.equal(plain(average(measureOf("energy", 1_654_000), 909_000, 25_000)), "909 ± 25 GWh");
    assert.equal(plain(average(measureOf("people", 10.2e6), 5.87e6, 0.15e6)), "5.87 ± 0.15 million");
    assert.equal(plain(average(measureOf("hours", 114), 64.8, 1.7)), "64.8 ± 1.7 h");
    assert.equal(plain(average(measureOf("count", 14), 6.66, 0.24)), "6.66 ± 0.24");
    assert.equal(plain(average(measureOf("hours", 3284), 2495, 31)), "2,495 ± 31 h");
    assert.equal(plain(average(measureOf("energy", 171_000), 980_000, 130_000)), "980 ± 130 GWh");
    assert.equal(plain(average(measureOf("hours", 375), 375.2, null)), "375 h");
    assert.equal(average(measureOf("hours", 1), null, 3), unknown);
    assert.equal(averageOf("hours", stat(3, 1), 0), unknown);
    assert.equal(plain(averageOf("hours", stat(64.8 * 7, 0.87 * 7), 7)), "64.8 ± 1.7 h");
});

test("a column has one place", () => {
    const list = [{ mean: 109.7, half: 5.1 }, { mean: 36.28, half: 0.94 }, { mean: null, half: 1 }];
    assert.deepEqual(averageColumn({ factor: 1, unit: "h" }, list).map(plain), ["109.7 ± 5.1 h", "36.3 ± 0.9 h", unknown]);
    assert.deepEqual(averageColumn({ factor: 1, unit: "h" }, [{ mean: 5, half: null }]).map(plain), ["5.00 h"]);
});

test("amounts for sentences", () => {
    assert.equal(plain(amount("people", 5.51e6)), "5.5 million people");
    assert.equal(plain(amount("people", 10.2e6)), "10 million people");
    assert.equal(plain(amount("people", 61_234)), "61,000 people");
    assert.equal(plain(amount("people", 7.4)), "7 people");
    assert.equal(plain(amount("hours", 0.05)), "3.00 min");
    assert.equal(plain(amount("energy", 12_000_000)), "12.0 TWh");
    assert.equal(amount("hours", null), unknown);
    assert.equal(plain(percent(0.01998)), "2.0 %");
    assert.equal(plain(percent(0.613)), "61 %");
    assert.equal(plain(percent(0.003)), "0.30 %");
    assert.equal(plain(percentAverage(0.31, 0.018)), "31.0 ± 1.8 %");
    assert.equal(plain(percentAverage(0.0462, 0.0021)), "4.62 ± 0.21 %");
    assert.equal(plain(percentAverage(0.00002, 0.00001)), "below 0.01 %");
    assert.equal(plain(percentAverage(0.00008, 0.00003)), "0.0080 ± 0.0030 %");
    assert.equal(plain(percent(0.00002)), "0.0020 %");
    assert.equal(plain(percent(0.00002, 0.00001)), "below 0.01 %");
    assert.equal(plain(percent(0.00008, 0.00003)), "0.0080 %");
    assert.equal(plain(money(56_000_000)), "56 M EUR");
    assert.equal(plain(money(7_240_000)), "7.24 M EUR");
    assert.equal(plain(money(0)), "0 EUR");
    assert.equal(plain(money(1882)), "1,882 EUR");
    assert.equal(plain(money(5762.4)), "5,762 EUR");
    assert.equal(plain(money(487.33)), "487 EUR");
    assert.equal(plain(money(1.2e9)), "1.2 bn EUR");
    assert.equal(plain(counted(1, "winter")), "1 winter");
    assert.equal(plain(counted(1000, "winter")), "1,000 winters");
    assert.equal(quantile(measureOf("people", 2e6), 1_234_567), "1.23");
});

test("dates know no daylight saving", () => {
    const first = hourOf("2026-11-01 00:00") ?? 0;
    assert.equal(dateText(first), "1 Nov 2026");
    assert.equal(dateText(first + 3623), "31 Mar 2027");
    assert.equal(timeText(first + 18), "1 Nov 2026, 18:00");
    assert.equal(hourOf("soon"), null);
    assert.deepEqual(dateTicks(first, first + 3624, 12).map((t) => t.label), ["Nov 2026", "Dec", "Jan 2027", "Feb", "Mar", "Apr"]);
    assert.ok(dateTicks(first, first + 3624, 3).length <= 3);
    assert.ok(dateTicks(first, first + 168, 10).length <= 10);
    assert.equal(dateTicks(hourOf("2028-01-01") ?? 0, (hourOf("2028-01-01") ?? 0) + 8784, 20).length, 13);
});
