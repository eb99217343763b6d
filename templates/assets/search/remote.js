// Asks the search across to its worker.

/** An index that answers in a thread of its own. */
export class Remote {
  constructor(manifest, folder) {
    const url = new URL("worker.js", import.meta.url).href;
    const policy = globalThis.trustedTypes?.createPolicy("sitegen-worker", { createScriptURL: (text) => text });
    this.worker = new Worker(policy ? policy.createScriptURL(url) : url, { type: "module" });
    this.waiting = new Map();
    this.count = 0;
    this.worker.onmessage = ({ data: { id, answer, error } }) => {
      const [resolve, reject] = this.waiting.get(id);
      this.waiting.delete(id);
      if (error) reject(error);
      else resolve(answer);
    };
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.broken = new Error("worker");
      for (const [, reject] of this.waiting.values()) reject(this.broken);
    };
    this.post({ manifest, folder }).catch(() => {}); // who asks next is told
  }
  async post(message) {
    if (this.broken) throw this.broken;
    const id = ++this.count;
    this.worker.postMessage({ id, ...message });
    return new Promise((resolve, reject) => { this.waiting.set(id, [resolve, reject]); });
  }
  ask = (...given) => this.post({ name: "ask", given });
  row = (...given) => this.post({ name: "row", given });
  file = (...given) => this.post({ name: "file", given });
}
