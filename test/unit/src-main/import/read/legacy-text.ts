/** Texts in the encodings that spreadsheets wrote before Unicode. */
/** Words of one language, as descriptions and names of customers. */
export const texts = {
  polish: ['Łódź Żółw', 'Wdrożenie części zamiennych', 'Przegląd zgłoszeń klienta', 'Spotkanie'],
  russian: ['ООО Ромашка', 'Разработка сайта', 'Встреча с клиентом', 'Исправление ошибок'],
  german: ['Müller & Söhne', 'Büro umräumen', 'Prüfung der Verträge', 'Besprechung'],
  greek: ['Ανάπτυξη ιστοσελίδας', 'Συνάντηση με τον πελάτη', 'Διόρθωση σφαλμάτων', 'Έλεγχος'],
  turkish: ['Güncelleme çalışması', 'İstanbul Şubesi', 'Müşteri görüşmesi', 'Hata düzeltme'],
  hebrew: ['פיתוח אתר', 'פגישה עם לקוח', 'תיקון תקלות', 'בדיקה'],
  arabic: ['تطوير الموقع', 'اجتماع مع العميل', 'إصلاح الأخطاء', 'مراجعة'],
  baltic: ['Šiaulių skyrius', 'Svetainės kūrimas', 'Klaidų taisymas', 'Susitikimas'],
  ukrainian: ['ТОВ Ромашка', 'Розробка сайту їхньої компанії', 'Зустріч із клієнтом', 'Перевірка'],
  french: ['Société Générale', 'Développement du site', 'Réunion à l’hôtel', 'Œuvre achevée'],
  nordic: ['Ísland Þróun', 'Sāmigiella čuovvola', 'Þróun vefsíðu', 'Æfing'],
  romanian: ['Întâlnire cu clientul', 'Șerban Țăran', 'Dezvoltare și întreținere', 'Ședință'],
  vietnamese: [
    'Phát triê\u0309n',
    'Ho\u0323p vơ\u0301i khách hàng',
    'Sư\u0309a lô\u0303i',
    'Kiê\u0309m tra',
  ],
  thai: ['พัฒนาเว็บไซต์', 'ประชุมกับลูกค้า', 'แก้ไขข้อผิดพลาด', 'ทดสอบ'],
  chinese: ['网站开发', '客户会议记录', '修复错误', '测试工作'],
  taiwanese: ['網站開發', '客戶會議記錄', '修復錯誤', '測試工作'],
  korean: ['웹사이트 개발', '고객 회의', '오류 수정', '테스트'],
  japanese: ['ウェブサイト開発', '顧客との打ち合わせ', '不具合の修正', 'テスト'],
} as const;

/** Encodings before Unicode, each with a language that it was made for. Vietnamese has its tones apart. */
export const legacy: Record<string, keyof typeof texts> = {
  'windows-1250': 'polish',
  'iso-8859-2': 'polish',
  'windows-1251': 'russian',
  'koi8-r': 'russian',
  'iso-8859-5': 'russian',
  'x-mac-cyrillic': 'russian',
  ibm866: 'russian',
  'koi8-u': 'ukrainian',
  'windows-1252': 'german',
  macintosh: 'german',
  'iso-8859-15': 'french',
  'windows-1253': 'greek',
  'iso-8859-7': 'greek',
  'windows-1254': 'turkish',
  'windows-1255': 'hebrew',
  'iso-8859-8': 'hebrew',
  'windows-1256': 'arabic',
  'iso-8859-6': 'arabic',
  'windows-1257': 'baltic',
  'iso-8859-13': 'baltic',
  'iso-8859-4': 'baltic',
  'iso-8859-10': 'nordic',
  'iso-8859-16': 'romanian',
  'windows-1258': 'vietnamese',
  'windows-874': 'thai',
  gb18030: 'chinese',
  big5: 'taiwanese',
  'euc-kr': 'korean',
  shift_jis: 'japanese',
  'euc-jp': 'japanese',
};

/** Character → its bytes, from what the decoder makes of one or two bytes. */
const tables = new Map<string, Map<string, Buffer>>();
function tableOf(encoding: string): Map<string, Buffer> {
  const known = tables.get(encoding);
  if (known) return known;
  const table = new Map<string, Buffer>();
  const note = (...bytes: number[]): void => {
    const buffer = Buffer.from(bytes);
    const text = new TextDecoder(encoding).decode(buffer);
    if ([...text].length === 1 && text !== '\ufffd' && !table.has(text)) table.set(text, buffer);
  };
  for (let one = 0; one < 256; one++) note(one);
  if (table.size < 200) {
    for (let lead = 0x81; lead < 0xff; lead++) {
      for (let trail = 0x40; trail < 0xff; trail++) note(lead, trail);
    }
  }
  tables.set(encoding, table);
  return table;
}

/** Null: the encoding has no such letter. */
export function encode(text: string, encoding: string): Buffer | null {
  if (encoding === 'utf-8') return Buffer.from(text);
  if (encoding === 'utf-8 with a mark') return Buffer.from(`\ufeff${text}`);
  if (encoding === 'utf-16le') return Buffer.from(`\ufeff${text}`, 'utf16le');
  const table = tableOf(encoding);
  const parts = [...text].map((letter) => table.get(letter));
  return parts.some((part) => part === undefined) ? null : Buffer.concat(parts as Buffer[]);
}
