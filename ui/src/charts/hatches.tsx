/* Patterns that tell marks apart without colour; once a page. */
export function Hatches() {
    return (
        <svg class="patterns" width="0" height="0" aria-hidden="true">
            <pattern id="hatch-failures" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect class="hatch-ground" width="6" height="6" />
                <rect class="hatch-failures" width="3.4" height="6" />
            </pattern>
            <pattern id="hatch-harms" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
                <rect class="hatch-ground" width="5" height="5" />
                <rect class="hatch-harms" width="3.4" height="5" />
            </pattern>
        </svg>
    );
}
