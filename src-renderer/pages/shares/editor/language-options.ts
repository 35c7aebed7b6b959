import { session } from '../../../stores/session.svelte.ts';
import { languageName } from '../../settings/language-name.ts';
import type { ShareEditor } from './share-editor.svelte.ts';

/** Languages that a share can be shown in, each by its own name; what is chosen is always there. */
export function languageOptions(editor: ShareEditor): { value: string; label: string }[] {
  const codes = [
    ...(session.status?.locales ?? []),
    editor.form.options.locale,
    editor.place.locale,
  ];
  return [...new Set(codes)]
    .sort()
    .map((code) => ({ value: code, label: languageName(code, code) }));
}
