// Sealing for the server: HPKE in authenticated mode, set up once an unlock; each record under the exported secret. The phone itself cannot
// open what it sealed.
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import { joined, random, utf8, type Bytes } from "./bytes.ts";
import type { Device } from "./store.ts";

export interface Seal {
  readonly device: string;
  readonly keyId: string;
  readonly enc: Bytes;
  seal(id: string, record: object): Promise<Bytes>;
}

export async function newPair(): Promise<{ pair: CryptoKeyPair; point: Bytes }> {
  const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
  return { pair, point: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)) };
}

export async function sealFor(device: Pick<Device, "id" | "pair" | "serverKey" | "serverKeyId">): Promise<Seal> {
  const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const sender = await suite.createSenderContext({
    recipientPublicKey: await suite.kem.importKey("raw", device.serverKey.buffer, true),
    senderKey: device.pair,
    info: utf8(`lianfang field 1 ${device.id.toLowerCase()}`),
  });
  const secret = await sender.export(utf8("records"), 32);
  const key = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["encrypt"]);
  return {
    device: device.id,
    keyId: device.serverKeyId,
    enc: new Uint8Array(sender.enc),
    async seal(id, record) {
      const nonce = random(12);
      const how = { name: "AES-GCM", iv: nonce, additionalData: utf8(id) };
      return joined(nonce, new Uint8Array(await crypto.subtle.encrypt(how, key, utf8(JSON.stringify(record)))));
    },
  };
}
