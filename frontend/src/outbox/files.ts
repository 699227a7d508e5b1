// Phone to phone: sealed records as a file, which a colleague who has network delivers. Nobody on the way can open or change them.
import { fromText } from "../vault/bytes.ts";
import { store, type Sealed } from "../vault/store.ts";
import { parcelsOf } from "./deliver.ts";

const FORMAT = "lianfang-sealed/1";
const _ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const _MOST = 5_000;

export class NoSuchFile extends Error {}

/** Everything that waits, as a file. The records stay until they are delivered. */
export async function fileOfSealed(): Promise<File> {
  const rows = await store.sealed.toArray();
  const name = `lianfang-${new Date().toISOString().slice(0, 16).replaceAll(/\D/g, "")}.json`;
  return new File([JSON.stringify({ format: FORMAT, parcels: parcelsOf(rows) })], name, { type: "application/json" });
}

interface Parcel {
  device: string;
  enc: string;
  key_id: string;
  records: { id: string; seq: number; box: string }[];
}

/** What a file brings, as rows that are carried. Raises NoSuchFile. */
export function rowsOf(text: string): Sealed[] {
  try {
    const said = JSON.parse(text) as { format: string; parcels: Parcel[] };
    if (said.format !== FORMAT) throw new NoSuchFile();
    const rows = said.parcels.flatMap((parcel) =>
      parcel.records.map<Sealed>((one) => {
        if (!_ID.test(one.id) || !Number.isSafeInteger(one.seq)) throw new NoSuchFile();
        return {
          id: one.id,
          device: parcel.device,
          seq: one.seq,
          enc: fromText(parcel.enc),
          keyId: parcel.key_id,
          box: fromText(one.box),
          carried: 1,
          since: Date.now(),
          tried: 0,
        };
      }),
    );
    if (rows.length > _MOST) throw new NoSuchFile();
    return rows;
  } catch {
    throw new NoSuchFile();
  }
}

/** Take a colleague's file; how many records are new here. */
export async function take(text: string): Promise<number> {
  const rows = rowsOf(text);
  return store.transaction("rw", store.sealed, async () => {
    const known = new Set(await store.sealed.where("id").anyOf(rows.map((row) => row.id)).primaryKeys());
    const fresh = rows.filter((row) => !known.has(row.id));
    await store.sealed.bulkPut(fresh);
    return fresh.length;
  });
}

/** Hand the file to the phone: its own sharing sheet where there is one, else a download. */
export async function hand(file: File): Promise<void> {
  if (typeof navigator.canShare === "function" && navigator.canShare({ files: [file] }) && matchMedia("(pointer: coarse)").matches) {
    await navigator.share({ files: [file] });
    return;
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
