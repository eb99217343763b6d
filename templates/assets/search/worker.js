// The search in a thread of its own, for lists so long that an answer would hold up typing.

import { Engine, network } from "./engine.js";

let engine;
onmessage = async ({ data: { id, name, given, manifest, folder } }) => {
  try {
    if (manifest) engine = new Engine(manifest, network(folder));
    postMessage({ id, answer: name && await engine[name](...given) });
  } catch (error) {
    postMessage({ id, error: { name: error.name, message: error.message } });
  }
};
