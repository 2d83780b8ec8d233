/** What the bundler puts in, and the packages that bring no types of their own. */

/**
 * Both gzipped, in base64: the interpreter; and the Python modules, after a line of JSON that has
 * the path and the length of each.
 */
declare const PACKED: { wasm: string; modules: string };

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
