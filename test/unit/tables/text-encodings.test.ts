/** Sentences and short lists in the encodings that programs of their countries still write. */
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import type { EncodingName } from '#shared/domain';
import { createTranscoder, decodeText, guessEncoding } from '#internal/main/tables/text/index';

const SENTENCES: readonly (readonly [EncodingName, string])[] = [
  ['windows-1252', 'id,name\n1,Müller\n2,Weiß\n3,Schröder\n'],
  ['windows-1252', 'id,ville\n1,Orléans\n2,Besançon\n3,Nîmes\n'],
  ['windows-1252', 'id,navn\n1,Øster\n2,Århus\n3,Præstø\n'],
  ['windows-1252', 'id,nombre\n1,Núñez\n2,García\n'],
  ['windows-1252', 'id,cidade\n1,São Paulo\n2,Maranhão\n3,Goiânia\n'],
  ['windows-1252', 'id,price\n1,5 €\n2,7 €\n'],
  ['windows-1252', 'id,note\n1,it’s\n2,“fine”\n'],
  ['windows-1250', 'id;miasto\n1;Łódź\n2;Gdańsk\n3;Wrocław\n'],
  ['windows-1250', 'id;obec\n1;Plzeň\n2;Děčín\n3;Třebíč\n'],
  ['windows-1251', 'Город;Сумма\nМосква;10\nТверь;20\n'],
  ['windows-1251', 'id,город\n1,Омск\n'],
  ['koi8-r', 'Город;Сумма\nМосква;10\nТверь;20\nКазань;30\n'],
  ['ibm866', 'Город;Сумма\nМосква;10\nТверь;20\nКазань;30\n'],
  ['windows-1253', 'πόλη;ποσό\nΑθήνα;10\nΠάτρα;20\n'],
  ['windows-1254', 'şehir;tutar\nİstanbul;10\nEskişehir;20\nIğdır;30\n'],
  ['windows-1255', 'עיר;סכום\nירושלים;10\nחיפה;20\n'],
  ['windows-1256', 'المدينة;المبلغ\nالقاهرة;10\nدمشق;20\n'],
  ['windows-1257', 'miestas;suma\nŠiauliai;10\nKlaipėda;20\nPanevėžys;30\n'],
  ['windows-874', 'จังหวัด,ยอด\nกรุงเทพ,10\nเชียงใหม่,20\n'],
  ['shift_jis', '都市,金額\n東京,10\n大阪,20\nさいたま市,30\n'],
  ['euc-jp', '都市,金額\n東京,10\n大阪,20\nさいたま市,30\n'],
  ['gb18030', '城市,金额\n北京,10\n上海,20\n'],
  ['big5', '城市,金額\n臺北,10\n高雄,20\n'],
  ['euc-kr', '도시,금액\n서울,10\n부산,20\n'],
  ['macintosh', 'id,name\n1,Müller\n2,Schäfer\n3,Königsweg\n'],
  ['ibm850', 'id,name\n1,Müller\n2,Schäfer\n3,Königsweg\n'],
];

describe('an encoding that nothing proves is told by the language', () => {
  test.each(SENTENCES)('%s: %j', (encoding, text) => {
    const bytes = iconv.encode(text, encoding === 'ibm866' ? 'cp866' : encoding);
    const guess = guessEncoding([bytes]);
    expect(guess.guessed).toBe(true);
    // What counts is the text: encodings that read a file alike are one.
    expect(decodeText(bytes, guess.encoding)).toBe(text);
    expect(guess.others.length).toBeGreaterThan(0);
    expect(guess.others.every(({ sample }) => sample.length > 0)).toBe(true);
    const lines = new Set(text.split('\n'));
    expect(guess.others.some(({ sample }) => lines.has(sample))).toBe(false);
  });
});

test.each(['utf-16le', 'utf-16be'] as const)(
  '%s without a mark, in scripts without zero bytes',
  (encoding) => {
    for (const text of [
      '城市,金额\n北京,上海\n广州,深圳\n',
      'город;сумма\nМосква;Тверь\n',
      'πόλη\nΑθήνα\n',
    ]) {
      const bytes = Buffer.from(text, 'utf16le');
      expect(guessEncoding([encoding === 'utf-16le' ? bytes : bytes.swap16()])).toMatchObject({
        encoding,
        guessed: false,
      });
    }
  },
);

test('bytes are counted exactly, however a file comes in pieces', () => {
  for (const [encoding, text] of SENTENCES) {
    const bytes = iconv.encode(text.repeat(20), encoding === 'ibm866' ? 'cp866' : encoding);
    for (const piece of [1, 7, 64]) {
      const transcoder = createTranscoder(encoding);
      const out: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += piece)
        out.push(transcoder.push(bytes.subarray(at, at + piece), at + piece >= bytes.length));
      expect(Buffer.concat(out).toString('utf8'), encoding).toBe(text.repeat(20));
      expect(transcoder.consumed, encoding).toBe(bytes.length);
    }
  }
});

test('lines of another encoding in a UTF-8 file are read in the one they are likeliest in', () => {
  const transcoder = createTranscoder('utf-8');
  const bytes = Buffer.concat([
    Buffer.from('id;name\n1;Ärzte\n'),
    iconv.encode('2;Москва\n3;Казань\n', 'windows-1251'),
  ]);
  expect(transcoder.push(bytes, true).toString('utf8')).toBe('id;name\n1;Ärzte\n2;Москва\n3;Казань\n');
  expect(transcoder).toMatchObject({ strayLines: 2, strayEncoding: 'windows-1251' });
});
