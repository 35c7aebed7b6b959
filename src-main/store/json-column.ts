/**
 * The value of a column that holds JSON which this program wrote. As with `prepare`, the type is the
 * caller's word for it: options, which a later version may extend, go through their schema instead.
 */
export function parseJson<Value>(json: string): Value {
  const value: Value = JSON.parse(json);
  return value;
}
