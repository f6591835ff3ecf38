/* One self-contained file: dist/report.html, script and style inside. The same sources give the same bytes. */
import { defineConfig, type Plugin } from "vite";

const inlined: Plugin = {
    name: "svitlo-inline",
    enforce: "post",
    generateBundle(_options, bundle) {
        const page = bundle["index.html"];
        if (page?.type !== "asset") throw new Error("no index.html in the bundle");
        let script = "";
        let style = "";
        for (const [name, part] of Object.entries(bundle)) {
            if (part.type === "chunk") script += part.code;
            else if (name.endsWith(".css")) style += String(part.source);
            if (part !== page) delete bundle[name];
        }
        const html = String(page.source)
            .replace(/\s*<script type="module"[^>]*><\/script>/g, "")
            .replace(/\s*<link rel="(stylesheet|modulepreload)"[^>]*>/g, "");
        const safe = script.trim().replace(/<\/(script)/gi, "<\\/$1").replace(/<!--/g, "<\\!--");
        page.source = html
            .replace("</head>", () => `<style>${style.trim()}</style>\n</head>`)
            .replace("</body>", () => `<script>${safe}</script>\n</body>`);
        page.fileName = "report.html";
    },
};

export default defineConfig({
    plugins: [inlined],
    publicDir: false,
    build: {
        target: "es2020",
        outDir: process.env["SVITLO_UI_OUT"] ?? "dist",
        emptyOutDir: true,
        assetsInlineLimit: 0,
        cssCodeSplit: false,
        modulePreload: false,
        reportCompressedSize: false,
        rolldownOptions: { output: { format: "iife" } },
    },
});
