// The index on disk (sitegen/search/shards.py): finds, fetches and decodes the shards that a query needs, and keeps them.

const LAST = "\uffff\uffff";
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

export const json = (bytes) => JSON.parse(utf8.decode(bytes));
export const reversed = (text) => [...text].reverse().join("");
export const range = async (items) => (await Promise.all(items)).flat();

export class DamagedError extends Error {
  name = "DamagedError";
}

/** A file of the index over the network. */
export async function fetched(url, cache) {
  const response = await fetch(url, { cache });
  if (!response.ok) throw new DamagedError(`${url}: ${response.status}`);
  return response.arrayBuffer();
}

/** The data of a shard. Servers that undo gzip by themselves are met, too. */
async function inflate(buffer) {
  const bytes = new Uint8Array(buffer);
  if (bytes[0] !== 31 || bytes[1] !== 139) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  int() {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.at++];
      if (!(byte >= 0)) throw new DamagedError();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }
}

/** Front-coded words; with `tail`, pairs of a word and the byte after it. */
function front(bytes, from, to, tail) {
  const reader = new Reader(bytes, from);
  const found = [];
  let word = new Uint8Array();
  while (reader.at < to) {
    const shared = reader.int();
    const size = reader.int();
    if (shared > word.length || size > bytes.length) throw new DamagedError();
    const next = new Uint8Array(shared + size);
    next.set(word.subarray(0, shared));
    next.set(bytes.subarray(reader.at, (reader.at += size)), shared);
    word = next;
    found.push(tail ? [utf8.decode(word), bytes[reader.at++]] : utf8.decode(word));
  }
  return found;
}

/** The number of the last bound that is not after the text. */
function place(bounds, text) {
  let low = 0;
  let high = bounds.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (bounds[middle] <= text) low = middle;
    else high = middle - 1;
  }
  return low;
}

export class Store {
  /** `get(path)` gives a shard as it lies on the server. */
  constructor(manifest, get) {
    this.manifest = manifest;
    this.get = get;
    this.kept = new Map();
    this.fields = manifest.fields.map(([name, boost, average, places]) => ({ name, boost, average, places }));
    this.tables = {};
    for (const kind of "pdrwvh") this.tables[kind] = { ...manifest[kind], b: manifest[kind].b.split(" ") };
    this.firsts = [];
    let first = 0;
    manifest.lengths.slice(1).forEach((count, i) => {
      this.firsts[i] = first;
      first += count;
    });
  }

  json = json;

  /** The shard of a kind with a number, parsed. It begins with both: one in another's place is noticed. */
  load(kind, number, parse, folder = this.manifest[kind === "s" ? "rows" : "folder"]) {
    const path = `${folder}/${kind}/${number}`;
    if (!this.kept.has(path)) {
      this.kept.set(path, this.get(path).then(async (buffer) => {
        const bytes = await inflate(buffer).catch(() => new Uint8Array());
        const head = `${kind}${number}\n`;
        if (utf8.decode(bytes.subarray(0, head.length)) !== head) throw new DamagedError(path);
        try {
          return parse(bytes.subarray(head.length));
        } catch {
          throw new DamagedError(path); // a server had unpacked it: there was no sum to check
        }
      }));
    }
    return this.kept.get(path);
  }

  /** The shards that hold what is between two texts, both included. */
  async between(kind, from, to, parse) {
    const { b, n, parts } = this.tables[kind];
    const some = (bounds, load) => {
      const found = [];
      for (let i = place(bounds, from); n && i <= place(bounds, to); i++) found.push(load(i));
      return range(found);
    };
    return some(b, async (at) => {
      if (!parts) return this.load(kind, at, parse);
      const [folder, ...bounds] = await this.load(`${kind}t`, at, (bytes) => json(bytes).split(" "));
      return some(bounds, (i) => this.load(kind, i, parse, folder));
    });
  }

  /** A term's entry, or undefined. */
  async term(term) {
    const [shard] = await this.between("p", term, term, this.postings);
    return shard?.get(term);
  }

  /** The entries of all terms that begin so. */
  async beginning(prefix) {
    const shards = await this.between("p", prefix, prefix + LAST, this.postings);
    return shards.flatMap((shard) => [...shard.values()].filter((entry) => entry.term.startsWith(prefix)));
  }

  /** The words of a dictionary that begin so: d terms, r terms backwards; w, v words and how frequent they are. */
  async words(kind, prefix) {
    const tail = kind === "w" || kind === "v";
    const found = await this.between(kind, prefix, prefix + LAST, (bytes) => front(bytes, 0, bytes.length, tail));
    return found.filter((item) => (tail ? item[0] : item).startsWith(prefix));
  }

  /** Result rows by number of the paper. */
  async row(paper) {
    const { each } = this.manifest.s;
    return (await this.load("s", Math.floor(paper / each), json))[paper % each];
  }

  /** Decodes a shard of postings. Weights are computed here, in thousandths, as lunr's builder does. */
  postings = (bytes) => {
    const { fields, firsts, manifest: { papers, k1, b, sort, lengths: [shortest] } } = this;
    const reader = new Reader(bytes);
    const total = reader.int();
    const kept = fields.filter((field) => field.places);
    const sizes = Array.from({ length: 2 + 2 * fields.length + kept.length }, () => reader.int());
    let at = reader.at;
    const columns = sizes.map((size) => new Reader(bytes, (at += size) - size));
    const [names, ranks, shapes, ...rest] = columns;
    const entries = front(bytes, names.at, ranks.at).map((term) => {
      const entry = { term, spread: 0, first: papers, rank: ranks.int(), fields: [] };
      const mask = shapes.int();
      fields.forEach((_, f) => {
        const count = (mask >> f) & 1 ? shapes.int() + 1 : 0;
        entry.spread += count;
        entry.fields.push(count);
      });
      return entry;
    });
    fields.forEach((field, f) => {
      const gaps = rest[f];
      const sizesAt = f === sort ? null : rest[fields.length + f - (f > sort)];
      const placesAt = field.places && rest[2 * fields.length - 1 + kept.indexOf(field)];
      for (const entry of entries) {
        const count = entry.fields[f];
        if (!count) {
          entry.fields[f] = null;
          continue;
        }
        const rarity = Math.log(1 + Math.abs((papers - entry.spread + 0.5) / (entry.spread + 0.5)));
        const made = { papers: new Int32Array(count), weights: new Int32Array(count), sizes: [], masks: [] };
        let paper = -1;
        let size = 0;
        for (let i = 0; i < count; i++) {
          const gap = gaps.int();
          const often = gap & 1 ? gaps.int() + 2 : 1;
          if ((paper += (gap >>> 1) + 1) >= papers) throw new DamagedError();
          if (sizesAt) size = sizesAt.int();
          else while (firsts[size + 1] <= paper) size++;
          const length = sizesAt ? size : size + shortest;
          const weight = rarity * ((k1 + 1) * often) / (k1 * (1 - b + b * (length / field.average)) + often);
          made.papers[i] = paper;
          made.weights[i] = Math.round(weight * field.boost * 1000);
          if (placesAt) {
            let mask = 0;
            for (let n = 0, where = 0; n < often; n++) if ((where += placesAt.int()) < 32) mask |= 1 << where;
            made.masks.push(mask);
            made.sizes.push(length);
          }
        }
        entry.first = Math.min(entry.first, made.papers[0]);
        entry.fields[f] = made;
      }
    });
    return new Map(entries.map((entry) => [entry.term, entry]));
  };
}
