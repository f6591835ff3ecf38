/* Repeatable random numbers for made-up reports. */

export class Random {
    private state: number;
    constructor(seed: number) {
        this.state = seed >>> 0;
    }
    /** [0, 1) */
    next(): number {
        this.state = (this.state + 0x6d2b79f5) >>> 0;
        let t = this.state;
        t = Math.imul(t ^ (t >>> 15), t | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    }
    normal(): number {
        return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    }
    name(): string {
        const first = ["Or", "Ul", "Hal", "On", "Gav", "El", "Nol", "Yll", "Qui", "Rho", "Tes", "Mar", "Vel", "Sor"];
        const middle = ["vin", "me", "dia", "dri", "ro", "vud", "ve", "le", "li", "vo", "ka", "nel", "ti"];
        const last = ["esse", "sorel", "lisse", "quay", "thil", "rel", "myre", "quess", "dor", "wen", "stad", "mont"];
        const pick = (list: string[]): string => list[Math.floor(this.next() * list.length)] ?? "";
        return pick(first) + pick(middle) + pick(last);
    }
}
