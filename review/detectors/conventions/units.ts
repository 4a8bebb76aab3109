/** Measures: which system a unit belongs to, what it converts to, and how its amounts are found in a text. */

export type UnitId = string;

interface Unit {
  readonly system: 'metric' | 'imperial' | 'us';
  /** Value in the local unit that a reader is shown: local = amount × factor + offset. */
  readonly to: { readonly unit: UnitId; readonly factor: number; readonly offset?: number };
  /** Understood everywhere: never marked, but it counts as the local unit beside a foreign one. */
  readonly everywhere?: true;
}

/** Exact by definition (NIST SP 811, Appendix B), but for rounding of the result. Inches and cups are left to rules: screens and kitchens use them everywhere. */
export const UNITS: Readonly<Record<UnitId, Unit>> = {
  'length-mile': { system: 'imperial', to: { unit: 'kilometer', factor: 1.609344 } },
  'length-foot': { system: 'imperial', to: { unit: 'meter', factor: 0.3048 } },
  'length-yard': { system: 'imperial', to: { unit: 'meter', factor: 0.9144 } },
  'mass-pound': { system: 'imperial', to: { unit: 'kilogram', factor: 0.45359237 } },
  'mass-ounce': { system: 'imperial', to: { unit: 'gram', factor: 28.349523125 } },
  'mass-stone': { system: 'imperial', to: { unit: 'kilogram', factor: 6.35029318 } },
  'temperature-fahrenheit': { system: 'us', to: { unit: 'celsius', factor: 5 / 9, offset: -160 / 9 } },
  'volume-gallon': { system: 'us', to: { unit: 'liter', factor: 3.785411784 } },
  'volume-quart': { system: 'us', to: { unit: 'liter', factor: 0.946352946 } },
  'volume-fluid-ounce': { system: 'us', to: { unit: 'milliliter', factor: 29.5735295625 } },
  'area-acre': { system: 'imperial', to: { unit: 'hectare', factor: 0.40468564224 } },
  'area-square-foot': { system: 'imperial', to: { unit: 'square-meter', factor: 0.09290304 } },
  'area-square-mile': { system: 'imperial', to: { unit: 'square-kilometer', factor: 2.589988110336 } },
  'speed-mile-per-hour': { system: 'imperial', to: { unit: 'kilometer-per-hour', factor: 1.609344 } },
  'length-meter': { system: 'metric', to: { unit: 'foot', factor: 1 / 0.3048 }, everywhere: true },
  'length-centimeter': { system: 'metric', to: { unit: 'inch', factor: 1 / 2.54 }, everywhere: true },
  'length-millimeter': { system: 'metric', to: { unit: 'inch', factor: 1 / 25.4 }, everywhere: true },
  'mass-gram': { system: 'metric', to: { unit: 'ounce', factor: 1 / 28.349523125 }, everywhere: true },
  'volume-milliliter': { system: 'metric', to: { unit: 'fluid-ounce', factor: 1 / 29.5735295625 }, everywhere: true },
  'area-hectare': { system: 'metric', to: { unit: 'acre', factor: 1 / 0.40468564224 }, everywhere: true },
  'area-square-kilometer': { system: 'metric', to: { unit: 'square-mile', factor: 1 / 2.589988110336 }, everywhere: true },
  'length-kilometer': { system: 'metric', to: { unit: 'mile', factor: 1 / 1.609344 } },
  'mass-kilogram': { system: 'metric', to: { unit: 'pound', factor: 1 / 0.45359237 } },
  'temperature-celsius': { system: 'metric', to: { unit: 'fahrenheit', factor: 9 / 5, offset: 32 } },
  'volume-liter': { system: 'metric', to: { unit: 'gallon', factor: 1 / 3.785411784 } },
  'area-square-meter': { system: 'metric', to: { unit: 'square-foot', factor: 1 / 0.09290304 } },
  'speed-kilometer-per-hour': { system: 'metric', to: { unit: 'mile-per-hour', factor: 1 / 1.609344 } },
};

/** The amount in the local unit, worded in the reader's language: "8 km", "39 °C". */
export function convert(unit: UnitId, amount: number, uiLanguage: string): string {
  const { to } = UNITS[unit]!;
  const value = amount * to.factor + (to.offset ?? 0);
  // Three significant digits are more than an everyday amount is good for; temperatures are rounded to degrees.
  const rounded = to.offset === undefined ? Number(value.toPrecision(value >= 100 ? 3 : 2)) : Math.round(value);
  const options: Intl.NumberFormatOptions = SUPPORTED_BY_INTL.has(to.unit) ? { style: 'unit', unit: to.unit, unitDisplay: 'short' } : {};
  const text = new Intl.NumberFormat(uiLanguage, { maximumFractionDigits: 1, ...options }).format(rounded);
  return SUPPORTED_BY_INTL.has(to.unit) ? text : `${text} ${EXTRA_SIGNS[to.unit] ?? to.unit}`;
}

/** ECMA-402 knows only some units. */
const SUPPORTED_BY_INTL = new Set(['kilometer', 'meter', 'kilogram', 'gram', 'celsius', 'fahrenheit', 'liter', 'milliliter', 'hectare', 'kilometer-per-hour', 'mile', 'pound', 'gallon', 'mile-per-hour']);
const EXTRA_SIGNS: Readonly<Record<string, string>> = { 'square-meter': 'm²', 'square-kilometer': 'km²', 'square-foot': 'sq ft' };

/** Ways of writing units that CLDR does not list but answers use. */
export const EXTRA_NAMES: Readonly<Record<UnitId, readonly string[]>> = {
  'temperature-fahrenheit': ['{0} °F', '{0} ℉', '{0}F', '{0} F', '{0} degrees F', '{0} Fahrenheit', '{0} ° Fahrenheit'],
  'temperature-celsius': ['{0} °C', '{0} ℃', '{0}C', '{0} degrees C', '{0} Celsius', '{0} Grad'],
  'mass-pound': ['{0} lb', '{0} lbs'],
  'mass-ounce': ['{0} oz'],
  'speed-mile-per-hour': ['{0} mph'],
  'length-mile': ['{0} mi'],
  'length-foot': ['{0} ft'],
  'volume-fluid-ounce': ['{0} fl oz'],
  'area-square-foot': ['{0} sq ft', '{0} sq. ft.', '{0} ft²'],
  'length-meter': ['{0} m', '{0} metres', '{0} metre'],
  'length-centimeter': ['{0} cm', '{0} centimetres'],
  'length-millimeter': ['{0} mm', '{0} millimetres'],
  'area-square-kilometer': ['{0} km²', '{0} square kilometres', '{0} square kilometers', '{0} 平方公里', '{0} 平方千米', '{0} 제곱킬로미터'],
  'length-kilometer': ['{0} km', '{0} kilometres', '{0} kilometre'],
  'mass-kilogram': ['{0} kg', '{0} kilos', '{0} kilo'],
  'volume-liter': ['{0} litres', '{0} litre', '{0} l'],
  'speed-kilometer-per-hour': ['{0} km/h', '{0} kph'],
  'area-square-meter': ['{0} m²', '{0} sqm', '{0} sq m', '{0} square metres'],
};

/** Names that mean something else as well (half a kilo, customs, British money, books), by language. */
export const AMBIGUOUS: Readonly<Record<string, readonly string[]>> = {
  de: ['{0} Pfund', '{0} mi', '{0} ac'],
  fr: ['{0} livre', '{0} livres', '{0} mi', '{0} pied', '{0} ac'],
  es: ['{0} mi', '{0} ac', '{0} libra', '{0} pie'],
  en: ['{0} stones', '{0} stone', '{0} st', '{0} gal', '{0} ac', '{0} c'],
  ja: ['{0} st', '{0} in'],
  hi: ['{0} st'],
};
