/* The frame of every chart: title, what can be chosen, the chart, a caption in plain words, the same as a table. */
import { createContext, type ComponentChildren } from "preact";
import { useContext, useId, useState } from "preact/hooks";

/** The level of a figure's heading. */
export const Level = createContext(3);

export interface TableData {
    head: string[];
    rows: string[][];
}

export function DataTable({ data, caption }: { data: TableData; caption: string }) {
    return (
        <div class="scroll" tabIndex={0} role="group" aria-label={caption}>
            <table class="data">
                <caption class="unseen">{caption}</caption>
                <thead>
                    <tr>{data.head.map((h) => <th scope="col" key={h}>{h}</th>)}</tr>
                </thead>
                <tbody>
                    {data.rows.map((row, i) => (
                        <tr key={i}>
                            {row.map((text, k) => (k === 0 ? <th scope="row" key={k}>{text}</th> : <td key={k}>{text}</td>))}
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

/** Rows are made when the table is opened. */
export function AsTable({ title, data }: { title: string; data: () => TableData }) {
    const [open, setOpen] = useState(false);
    return (
        <details class="as-table" onToggle={(e) => setOpen(e.currentTarget.open)}>
            <summary>As a table<span class="unseen">: {title}</span></summary>
            {open ? <DataTable data={data()} caption={title} /> : null}
        </details>
    );
}

interface FigureProps {
    title: string;
    controls?: ComponentChildren;
    caption: ComponentChildren;
    table?: () => TableData;
    children: ComponentChildren;
}

export function Figure({ title, controls, caption, table, children }: FigureProps) {
    const id = useId();
    const Title = `h${useContext(Level)}` as "h3";
    return (
        <figure aria-labelledby={id}>
            <div class="figure-head">
                <Title id={id} class="figure-title">{title}</Title>
                {controls === undefined ? null : <div class="controls">{controls}</div>}
            </div>
            {children}
            <figcaption>{caption}</figcaption>
            {table === undefined ? null : <AsTable title={title} data={table} />}
        </figure>
    );
}
