// Components as JavaScript. jco makes it of a component that is seen for the first time, and it is kept under the
// hash of the component's file, where every later process finds it.

import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';

const JCO = '@bytecodealliance/jco-transpile';
const NODE_MODULES = fileURLToPath(new URL('node_modules/', import.meta.url));

/** The version of jco. */
export const jco = JSON.parse(await readFile(join(NODE_MODULES, JCO, 'package.json'), 'utf8')).version;

/** The folder with what jco makes of a component: `guest.js`, `guest.core*.wasm` and `imports.json`. */
export async function transpiled({ path, sha256 }) {
  const folder = join(NODE_MODULES, '.cache', 'wasi-hw', `jco-${jco}`, sha256);
  try {
    await access(folder);
    return folder;
  } catch {
    // Not yet: it is made now.
  }
  const bytes = await readFile(path);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) throw new Error(`${path} has the SHA-256 ${found}, and the harness says ${sha256}`);
  // jco is a component itself, and none of its memory is a guest's, whose limit holds for the whole process.
  v8.setFlagsFromString('--wasm-max-mem-pages=65536');
  const { transpileBytes } = await import(JCO);
  const { files, imports } = await transpileBytes(bytes, {
    name: 'guest',
    instantiation: 'sync',
    wasiShim: false,
    nodejsCompat: false,
    emitTypescriptDeclarations: false,
  });
  // Written beside, and moved there when it is whole: several adapters may be at it at once, and one may die.
  const draft = `${folder}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  await writeFile(join(draft, 'package.json'), '{"type":"module"}\n');
  await writeFile(join(draft, 'imports.json'), JSON.stringify(imports));
  for (const [name, contents] of Object.entries(files)) await writeFile(join(draft, name), contents);
  try {
    await rename(draft, folder);
  } catch (error) {
    // Another adapter was quicker, and made the same.
    await rm(draft, { recursive: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST' && error.code !== 'EPERM') throw error;
  }
  return folder;
}
