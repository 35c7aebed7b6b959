/** Which stored user a login or a display name in a file means. */
import type { UserRow } from '../../store/catalog/entity-rows.ts';
import type { Person } from '../rows/batch.ts';
import { listIn, loginOf, newSlot, type UserSlot } from './entity-slots.ts';
import { areAlike, foldName } from './names.ts';

const displayNameOf = (slot: UserSlot): string => slot.patch.display_name ?? slot.row.display_name;

export class UserNames {
  readonly slots: UserSlot[];
  #byLogin = new Map<string, UserSlot>();
  /** By folded login. */
  #byLoginLike = new Map<string, UserSlot>();
  /** By folded name: each that a user has or had. */
  #byDisplayName = new Map<string, UserSlot[]>();

  constructor(stored: UserSlot[]) {
    this.slots = stored;
    for (const slot of stored) this.#list(slot);
  }

  /**
   * By login; else somebody known only by this display name, who thereby gets a login; without a
   * login by display name. Upper and lower case count. Several with that display name: all are
   * candidates, and the records decide.
   */
  find({ login, displayName }: Person): { slot: UserSlot; candidates: UserSlot[] } {
    const found =
      login === undefined ? this.#shownAs(displayName ?? '') : this.#withLogin(login, displayName);
    const slot = found[0] ?? this.#add(login ?? null, displayName ?? login ?? '');
    if (login !== undefined && loginOf(slot) === null) {
      slot.patch.login = login;
      slot.patch.identity = login;
      this.#list(slot);
    }
    if (
      login !== undefined &&
      displayName !== undefined &&
      !areAlike(displayNameOf(slot), displayName)
    ) {
      slot.patch.display_name = displayName;
      this.#list(slot);
    }
    return { slot, candidates: found.length > 1 ? found : [slot] };
  }

  #withLogin(login: string, displayName: string | undefined): UserSlot[] {
    const known = this.#loggedInAs(login);
    if (known) return [known];
    const adopted =
      (displayName === undefined ? undefined : this.#withoutLogin(displayName)) ??
      this.#withoutLogin(login);
    return adopted ? [adopted] : [];
  }

  /** One whose login is equal, else one whose login looks equal. */
  #loggedInAs(login: string): UserSlot | undefined {
    return this.#byLogin.get(login) ?? this.#byLoginLike.get(foldName(login));
  }

  #withoutLogin(displayName: string): UserSlot | undefined {
    return this.#byDisplayName.get(foldName(displayName))?.find((slot) => loginOf(slot) === null);
  }

  #shownAs(displayName: string): UserSlot[] {
    const shown = (this.#byDisplayName.get(foldName(displayName)) ?? [])
      .filter((slot) => areAlike(displayNameOf(slot), displayName))
      .sort((a, b) => a.index - b.index);
    if (shown.length > 0) return shown;
    // Kimai shows the login where there is no alias.
    const known = this.#loggedInAs(displayName);
    return known ? [known] : [];
  }

  #add(login: string | null, displayName: string): UserSlot {
    const row = { identity: login ?? displayName, login, display_name: displayName };
    const slot = newSlot<UserRow>(this.slots.length, row);
    this.slots.push(slot);
    this.#list(slot);
    return slot;
  }

  /** Call after each change of a name. */
  #list(slot: UserSlot): void {
    const login = loginOf(slot);
    if (login !== null) {
      this.#byLogin.set(login, slot);
      const key = foldName(login);
      if (!this.#byLoginLike.has(key)) this.#byLoginLike.set(key, slot);
    }
    const shown = listIn(this.#byDisplayName, foldName(displayNameOf(slot)));
    if (!shown.includes(slot)) shown.push(slot);
  }
}
