/* Whether the page is being drawn for paper, and how wide a chart may be. */
import { createContext } from "preact";
import { useContext, useLayoutEffect, useRef, useState } from "preact/hooks";

export const paperWidth = 680; // of A4 with margins of 15 mm, CSS pixels

export const Printing = createContext(false);

/** The width of an element in pixels, followed as it changes; that of the paper while printing; 0 until it is measured. */
export function useWidth(): [{ current: HTMLDivElement | null }, number] {
    const ref = useRef<HTMLDivElement>(null);
    const [width, setWidth] = useState(0);
    const printing = useContext(Printing);
    useLayoutEffect(() => {
        const element = ref.current;
        if (element === null) return undefined;
        const measure = (): void => setWidth(Math.max(240, Math.floor(element.clientWidth)));
        measure();
        const observer = new ResizeObserver(measure);
        observer.observe(element);
        return () => observer.disconnect();
    }, []);
    return [ref, printing ? paperWidth : width];
}
