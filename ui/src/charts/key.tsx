/* What the marks mean: small drawings with words. */
import type { ComponentChildren } from "preact";

export interface KeyItem {
    draw: ComponentChildren; // within 28 x 14
    text: string;
}

export function Key({ items }: { items: KeyItem[] }) {
    return (
        <ul class="key">
            {items.map((item) => (
                <li key={item.text}>
                    <svg width="28" height="14" aria-hidden="true">{item.draw}</svg>
                    {item.text}
                </li>
            ))}
        </ul>
    );
}
