// A photo that a form asks for: drawn anew and small, so that nothing but the picture is left of it: no place, no time, no device.
import { toBase64 } from "../vault/bytes.ts";

export const MOST_PIXELS = 1280;
const _MOST_BYTES = 300_000;
const _QUALITIES = [0.8, 0.65, 0.5, 0.35];

export interface Photo {
  fingerprint: string; // what the answer says: the first 20 bytes of its SHA-256
  picture: string; // base64
}
export class NoPhoto extends Error {}

/** The picture in a file, drawn anew. Raises NoPhoto. */
export async function photoOf(file: Blob): Promise<Photo> {
  const drawn = await draw(file);
  for (const quality of _QUALITIES) {
    const made = await new Promise<Blob | null>((done) => drawn.toBlob(done, "image/jpeg", quality));
    if (!made || (made.size > _MOST_BYTES && quality !== _QUALITIES.at(-1))) continue;
    const bytes = new Uint8Array(await made.arrayBuffer());
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).subarray(0, 20);
    return { fingerprint: Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join(""), picture: toBase64(bytes) };
  }
  throw new NoPhoto();
}

async function draw(file: Blob): Promise<HTMLCanvasElement> {
  const address = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const scale = Math.min(1, MOST_PIXELS / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    const pen = canvas.getContext("2d");
    if (!pen) throw new NoPhoto();
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
  } catch {
    throw new NoPhoto();
  } finally {
    URL.revokeObjectURL(address);
  }
}
