import { open } from 'node:fs/promises';

const CITIES = ['Köln', 'Zürich', 'Paris', 'Málaga', 'Århus', 'Berlin'] as const;

/** What a database exports: UTF-8, one form of everything, nothing to mend. */
export async function writePlainCsv(path: string, bytes: number): Promise<void> {
  const file = await open(path, 'w');
  let written = 0;
  let lines = 'id,customer,city,date,amount,quantity,paid\n';
  for (let id = 1; written < bytes;) {
    for (; lines.length < 1 << 20; id += 1) {
      const day = new Date(Date.UTC(2020, 0, 1 + ((id * 7) % 2000))).toISOString().slice(0, 10);
      lines += `${id},Customer ${(id * 7919) % 50_000},${CITIES[id % CITIES.length] ?? ''},${day},${((id * 37) % 1_000_000) / 100},${id % 500},${id % 3 === 0}\n`;
    }
    written += (await file.write(lines)).bytesWritten;
    lines = '';
  }
  await file.close();
}
