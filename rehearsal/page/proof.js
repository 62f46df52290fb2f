// The proof of work the captcha asks for, in the two forms of its library.
import { hexOf, sha256 } from "./sha256.js";

const BATCH_MS = 40;
const encoder = new TextEncoder();

// Tries candidates in slices, so that the page stays alive between them.
async function search(last, attempt) {
  let sliceEnd = performance.now() + BATCH_MS;
  for (let candidate = 0; candidate <= last; candidate += 1) {
    const found = attempt(candidate);
    if (found) return found;
    if (performance.now() > sliceEnd) {
      await new Promise((resume) => setTimeout(resume));
      sliceEnd = performance.now() + BATCH_MS;
    }
  }
  return null;
}

// FEB: the number whose hash after the salt is the challenge.
export async function solveNumber({ algorithm, challenge, maxnumber, salt, signature }) {
  if (!challenge) return null;
  const begun = performance.now();
  const matches = (number) => hexOf(sha256(encoder.encode(salt + number))) === challenge;
  const found = await search(maxnumber ?? 1e6, (number) => (matches(number) ? { number } : null));
  if (!found) return null;
  return { algorithm, challenge, number: found.number, salt, signature, took: Math.round(performance.now() - begun) };
}

// AUG: the counter whose derived key begins with the wanted prefix.
export async function solveKey(challenge) {
  const { parameters, signature } = challenge;
  const begun = performance.now();
  const derive = deriver(parameters);
  const attempt = (counter) => {
    const derivedKey = hexOf(derive(counter));
    return derivedKey.startsWith(parameters.keyPrefix) ? { counter, derivedKey } : null;
  };
  const found = await search(0xffffffff, attempt);
  const time = Math.round((performance.now() - begun) * 10) / 10;
  return { challenge: { parameters, signature }, solution: { ...found, time } };
}

function deriver({ nonce, salt, cost, keyLength = 32 }) {
  const start = Uint8Array.from([...bytesOf(salt), ...bytesOf(nonce), 0, 0, 0, 0]);
  const view = new DataView(start.buffer);
  return (counter) => {
    view.setUint32(start.length - 4, counter);
    let key = start;
    for (let round = 0; round < Math.max(1, cost); round += 1) key = sha256(key);
    return key.subarray(0, keyLength);
  };
}

const bytesOf = (hex) => hex.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
export const base64Of = (value) => btoa(String.fromCharCode(...encoder.encode(JSON.stringify(value))));
