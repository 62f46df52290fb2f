// SHA-256 (FIPS 180-4) in one go: the browser's own digest answers only asynchronously, too slow for a search.
const fraction = (root) => Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;

const PRIMES = [];
for (let number = 2; PRIMES.length < 64; number += 1) {
  if (PRIMES.every((prime) => number % prime)) PRIMES.push(number);
}
const ROUNDS = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));
const START = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const words = new Int32Array(64);

const turn = (word, by) => (word >>> by) | (word << (32 - by));

export function sha256(message) {
  const blocks = padded(message);
  const state = Int32Array.from(START);
  for (let offset = 0; offset < blocks.byteLength; offset += 64) absorb(state, blocks, offset);
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, index) => digest.setInt32(index * 4, word));
  return new Uint8Array(digest.buffer);
}

function padded(message) {
  const length = Math.ceil((message.length + 9) / 64) * 64;
  const bytes = new Uint8Array(length);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(length - 4, message.length * 8);
  return view;
}

function absorb(state, blocks, offset) {
  for (let index = 0; index < 16; index += 1) words[index] = blocks.getInt32(offset + index * 4);
  for (let index = 16; index < 64; index += 1) {
    const early = words[index - 15];
    const late = words[index - 2];
    const small = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
    const large = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
    words[index] = (words[index - 16] + small + words[index - 7] + large) | 0;
  }
  let [a, b, c, d, e, f, g, last] = state;
  for (let index = 0; index < 64; index += 1) {
    const sum = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const choice = (e & f) ^ (~e & g);
    const first = (last + sum + choice + ROUNDS[index] + words[index]) | 0;
    const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [last, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, last].forEach((word, index) => (state[index] = (state[index] + word) | 0));
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
export const hexOf = (bytes) => Array.from(bytes, (byte) => HEX[byte]).join("");
