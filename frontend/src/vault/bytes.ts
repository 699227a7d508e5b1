// Bytes in and out of text.

export type Bytes = Uint8Array<ArrayBuffer>;

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text);
export const text = (bytes: ArrayBuffer | Bytes): string => new TextDecoder().decode(bytes);

/** base64url without padding. */
export function toText(bytes: ArrayBuffer | Uint8Array): string {
  const from = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  let line = "";
  for (let at = 0; at < from.length; at += 0x8000) line += String.fromCharCode(...from.subarray(at, at + 0x8000));
  return btoa(line).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Plain base64, as what lies within a record has it. */
export const toBase64 = (bytes: Uint8Array): string => {
  const line = toText(bytes).replaceAll("-", "+").replaceAll("_", "/");
  return line.padEnd(Math.ceil(line.length / 4) * 4, "=");
};

export function fromText(line: string): Bytes {
  const plain = atob(line.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

export function joined(...parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const random = (count: number): Bytes => crypto.getRandomValues(new Uint8Array(count));
