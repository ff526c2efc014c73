import type { EncodingName } from '#shared/domain';

/** A language as its encodings show it: the letters beyond ASCII, most frequent first. */
export interface Alphabet {
  readonly letters: string;
  /** What these letters do not do in the language. */
  readonly odd?: RegExp;
  /** How much rarer files in it are, as a logarithm; 0 for the most frequent. */
  readonly rarity: number;
}

const WESTERN: readonly Alphabet[] = [
  { letters: 'üäöß', rarity: 0, odd: /(?<!\p{L})ß/u },
  { letters: 'éèàêçôîûùâëïœæÿ', rarity: 0 },
  { letters: 'óíáéñúüºª¿¡', rarity: 0 },
  { letters: 'ãçáéíóêõâúàôüºª', rarity: 0, odd: /õ(?!e)|ã(?![oe\P{L}])/iu },
  { letters: 'àèòùìéî', rarity: 0 },
  { letters: 'äåöøæéü', rarity: 0 },
  { letters: 'ëéïèöüó', rarity: 0.3 },
  { letters: 'çàéèíóòúïü·', rarity: 0.5 },
  { letters: 'õäüö', rarity: 1.2 },
  { letters: 'íáóðéúöæýþ', rarity: 2, odd: /(?<=\p{L})þ/iu },
];

const CENTRAL: readonly Alphabet[] = [
  { letters: 'łóąęśżćńź', rarity: 0 },
  { letters: 'íáéěřšýžčůúťňóďö', rarity: 0, odd: /ů(?=\P{L})(?<=\P{L}ů)/u },
  { letters: 'áíéčšžýúľťôňóďäŕĺ', rarity: 0.3 },
  { letters: 'áéöóőíüúű', rarity: 0 },
  { letters: 'ăîâşţșț', rarity: 0.4 },
  { letters: 'čšžćđ', rarity: 0.3 },
];

const CYRILLIC: readonly Alphabet[] = [
  { letters: 'оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё', rarity: 0 },
  { letters: 'оаинітевсрклдумпяьзгбчйхцїжюшєщфґ', rarity: 0.3 },
  { letters: 'аоиентрсвлкдпмзъугящбчцжюйхшфь', rarity: 0.4 },
  { letters: 'аоиенрстјвкудлпмзгбњчцљшжћфхђџ', rarity: 0.8 },
];

const GREEK: readonly Alphabet[] = [{ letters: 'αοιετσνηυρπκλμςωάίόγδέήθχύφβώξζψϊϋ', rarity: 0 }];

const ALPHABETS: Readonly<Partial<Record<EncodingName, readonly Alphabet[]>>> = {
  'windows-1252': WESTERN,
  'iso-8859-15': WESTERN,
  macintosh: WESTERN,
  ibm850: WESTERN,
  ibm437: WESTERN,
  'windows-1250': CENTRAL,
  'iso-8859-2': CENTRAL,
  ibm852: CENTRAL,
  'windows-1251': CYRILLIC,
  'koi8-r': CYRILLIC,
  ibm866: CYRILLIC,
  'windows-1253': GREEK,
  'windows-1254': [{ letters: 'ıişüğçöİ', rarity: 0 }],
  'windows-1255': [{ letters: 'יוהלארתבמשנכםדקעחפגןסטצזךץף', rarity: 0 }],
  'windows-1256': [
    { letters: 'اليمونرتبةعدسفهكقأحجشطىصخإذءضئغزثآظؤ،', rarity: 0 },
    { letters: 'اینردهمتوسشبلکزعقگخفجپصحطچضژغثظذآئ', rarity: 0.6 },
  ],
  'windows-1257': [
    { letters: 'ėšųžūčįąę', rarity: 0 },
    { letters: 'āīēšļņūžķčģ', rarity: 0 },
    { letters: 'äõüöšž', rarity: 0.8 },
  ],
  'windows-874': [{ letters: 'านรอกเงมยลวดทส่ต้ะปบคีหัิแจพชขใไ์ผศุูโืธณ็ำซญถภฉฟฐษึๆ', rarity: 0 }],
};

export function alphabetsOf(encoding: EncodingName): readonly Alphabet[] {
  return ALPHABETS[encoding] ?? [];
}

/** What is most written in the East Asian encodings: syllables, or signs as they stand in lists of people, places and money. */
const FREQUENT: Readonly<Partial<Record<EncodingName, string>>> = {
  gb18030:
    '的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运编号姓址额城京李刘陈杨赵黄周吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯邓许沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊陆郝孔崔康毛邱秦江史顾侯邵孟龙段雷钱汤尹黎易常武乔贺赖龚伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂州深圳杭武汉省县价款单订客户备注日期数量产品名称合计',
  big5: '的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心本前開但因只從想實日者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應向頭文體政美相見被利什二等產或新己制身果加西月話合回特代內信表化老給世位次度門任常先海通教原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指克許統區保至形社便空決治展馬科司五基書非則聽白界達光放強即難且權思王完設式色路記南品住告類求據程北邊張該交規萬取編號姓址額城臺灣縣鄉鎮街李陳林黃吳劉蔡楊許鄭謝洪郭邱曾廖賴徐周葉蘇莊呂江何蕭羅高潘簡朱鍾游彭詹胡施沈余盧梁趙顏柯翁魏孫戴范方宋鄧杜傅侯曹薛丁卓馬阮董溫唐藍石偉芳娜雄單價訂客戶備註日期',
  shift_jis:
    '日一人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨番号氏住所額田太郎京都新宿区鈴花阪府市佐藤次海道札幌県町村商品数量価格合計売上備考会社株式部課員顧客注文受付登録更新地域港島崎口井村松中野原林清渡辺伊加小高橋吉斎石岡和美恵智真由香健雄幸平正明治昭令元税込抜単位在庫コード',
  'euc-jp':
    '日一人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨番号氏住所額田太郎京都新宿区鈴花阪府市佐藤次海道札幌県町村商品数量価格合計売上備考会社株式部課員顧客注文受付登録更新地域港島崎口井村松中野原林清渡辺伊加小高橋吉斎石岡和美恵智真由香健雄幸平正明治昭令元税込抜単位在庫コード',
  'euc-kr':
    '이다는을의에한가고지사도하인대로기시서리은를어자정수원일보아해국제라부나동전관상그경성공만구조여전주들으과장스신있소년있것게분회비생용등안문선유해오적행방세물계진연실현체업위입금김박최영호민철희번름소별특광역울산천북남',
};

const FREQUENT_SETS = new Map(
  Object.entries(FREQUENT).map(([encoding, signs]) => [encoding, new Set(signs)] as const),
);

/** The signs most written in an East Asian encoding; null for the others. */
export function frequentSigns(encoding: EncodingName): ReadonlySet<string> | null {
  return FREQUENT_SETS.get(encoding) ?? null;
}
