// Runs the program with Node's WASI, and calls the exported function of the library.
import { readFileSync } from "node:fs";
import { WASI } from "node:wasi";

const [target, path] = process.argv.slice(2);
const bytes = readFileSync(path);
if (target === "wasm32-wasip1") {
  const wasi = new WASI({ version: "preview1" });
  const { instance } = await WebAssembly.instantiate(bytes, wasi.getImportObject());
  wasi.start(instance);
} else {
  const { instance } = await WebAssembly.instantiate(bytes, {});
  console.log(instance.exports.level());
}
