/* A choice of one among a few, as radio buttons that look like a switch. */
import { useId } from "preact/hooks";

interface SwitchProps<K extends string> {
    label: string;
    options: readonly (readonly [K, string])[];
    value: K;
    onChange: (value: K) => void;
}

export function Switch<K extends string>({ label, options, value, onChange }: SwitchProps<K>) {
    const name = useId();
    return (
        <fieldset class="switch">
            <legend class="unseen">{label}</legend>
            {options.map(([key, text]) => (
                <label key={key} class={key === value ? "chosen" : ""}>
                    <input type="radio" name={name} checked={key === value} onChange={() => onChange(key)} />
                    {text}
                </label>
            ))}
        </fieldset>
    );
}
