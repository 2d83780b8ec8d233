/** What the bundler puts in, and the packages that bring no types of their own. */

declare const ENGINE_VERSION: string;

/** Both gzipped, in base64: the interpreter, and JSON {path: source of a Python file}. */
declare const PACKED: { wasm: string; files: string };

declare module "@micropython/micropython-webassembly-pyscript/micropython.mjs" {
  export function loadMicroPython(options: object): Promise<{
    FS: {
      analyzePath(path: string): { exists: boolean };
      mkdir(path: string): void;
      writeFile(path: string, data: Uint8Array): void;
    };
    pyimport(name: string): any;
    runPython(code: string): any;
  }>;
}
