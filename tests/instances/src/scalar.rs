//! Texts, numbers and free JSON that keep the limits of a schema.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::string::RegexGeneratorStrategy;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::instance::Made;

/// Letters that a careless client breaks: quotes, escapes, controls, and some of several bytes.
const LETTERS: [char; 16] = [
    'a', 'b', 'Z', '0', ' ', '-', '"', '\\', '/', '\n', '\u{0}', '\u{7f}', 'é', '漢', '😀',
    '\u{2028}',
];

/// A source of random values that reads each pattern once.
#[derive(Debug)]
pub(crate) struct Random {
    numbers: fastrand::Rng,
    /// Nothing for a pattern of a dialect that is not known here.
    patterns: BTreeMap<String, Option<RegexGeneratorStrategy<String>>>,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            numbers: fastrand::Rng::with_seed(seed),
            patterns: BTreeMap::new(),
        }
    }

    pub(crate) fn restart(&mut self, seed: u64) {
        self.numbers.seed(seed);
    }
}

impl std::ops::Deref for Random {
    type Target = fastrand::Rng;

    fn deref(&self) -> &fastrand::Rng {
        &self.numbers
    }
}

impl std::ops::DerefMut for Random {
    fn deref_mut(&mut self) -> &mut fastrand::Rng {
        &mut self.numbers
    }
}

/// Makes a text.
pub(crate) fn text(schema: &Value, random: &mut Random) -> Made {
    let length = |key: &str| schema.get(key).and_then(Value::as_u64);
    let least = length("minLength").unwrap_or(0);
    let most = length("maxLength").unwrap_or(u64::MAX);
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
        && let Some(found) = matching(pattern, least, most, random)
    {
        return Made::same(json!(found));
    }
    match schema.get("format").and_then(Value::as_str) {
        Some("date-time") => point_in_time(random),
        Some("date-span") => Made::same(json!(format!(
            "00:{:02}:{:02}.7707452",
            random.u8(..60),
            random.u8(..60)
        ))),
        Some("uuid") => Made::same(json!(format!(
            "{:08x}-0000-4000-8000-{:012x}",
            random.u32(..),
            random.u32(..)
        ))),
        Some("uri") => Made::same(json!(format!(
            "https://example.com/{}?sig=a%2Fb&x=%C3%A9",
            random.u32(..)
        ))),
        _ => {
            // The longest text that is allowed, when that is no burden.
            let length = match random.u8(..8) {
                0 if most <= 4_000 => most,
                _ => random.u64(least..=most.min(least + 12)),
            };
            let letters = (0..length).map(|_| LETTERS[random.usize(..LETTERS.len())]);
            Made::same(json!(letters.collect::<String>()))
        }
    }
}

/// How often a text is made before it is given up that one has the length that is asked for.
const TRIES: usize = 1_000;

/// A text that a pattern fits, unless the pattern is not understood.
fn matching(pattern: &str, least: u64, most: u64, random: &mut Random) -> Option<String> {
    let seed = std::array::from_fn::<u8, 32, _>(|_| random.u8(..));
    let source = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), source);
    let strategy = random
        .patterns
        .entry(pattern.to_owned())
        .or_insert_with(|| {
            let inner = pattern.trim_start_matches('^').trim_end_matches('$');
            proptest::string::string_regex(inner).ok()
        });
    let strategy = strategy.as_ref()?;
    let mut texts = (0..TRIES).map_while(|_| Some(strategy.new_tree(&mut runner).ok()?.current()));
    texts.find(|found| (least..=most).contains(&(found.chars().count() as u64)))
}

/// A point in time as the service may write it. It comes back in UTC with as many digits as it
/// needs, which is the same point.
fn point_in_time(random: &mut Random) -> Made {
    let fraction = ["", ".5", ".123", ".7707452", ".123456789"][random.usize(..5)];
    let zone = ["Z", "+00:00", "-07:30"][random.usize(..3)];
    let (year, day) = (random.u16(1..=9999), random.u8(2..=28));
    let sent = match random.u8(..8) {
        0 => "9999-12-31T23:59:59.9999999Z".to_owned(),
        1 => "0001-01-01T00:00:00Z".to_owned(),
        _ => format!(
            "{year:04}-{:02}-{day:02}T13:{:02}:59{fraction}{zone}",
            random.u8(1..=12),
            random.u8(..60)
        ),
    };
    let point: DateTime<Utc> = sent.parse().unwrap();
    let back = point.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    Made {
        sent: json!(sent),
        back: json!(back),
    }
}

/// Makes an integer.
pub(crate) fn integer(schema: &Value, random: &mut Random) -> Value {
    let (lowest, highest) = match schema["format"].as_str() {
        Some("int8") => (i8::MIN.into(), i8::MAX.into()),
        Some("int16") => (i16::MIN.into(), i16::MAX.into()),
        Some("int32") => (i32::MIN.into(), i32::MAX.into()),
        Some("uint8") => (0, u8::MAX.into()),
        Some("uint16") => (0, u16::MAX.into()),
        Some("uint32") => (0, u32::MAX.into()),
        Some("uint64" | "uint") => (0, i64::MAX),
        _ => (i64::MIN, i64::MAX),
    };
    let limit = |key: &str| schema.get(key).and_then(Value::as_i64);
    let low = limit("minimum").unwrap_or(lowest).max(lowest);
    let high = limit("maximum").unwrap_or(highest).min(highest);
    match random.u8(..6) {
        0 => json!(low),
        1 => json!(high),
        _ => json!(random.i64(low..=high)),
    }
}

/// Makes a number; a whole one where that is asked for and allowed.
///
/// It has few digits: reading a decimal fraction of up to 15 is exact.
pub(crate) fn number(schema: &Value, whole: bool, random: &mut Random) -> Value {
    let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
    let low = limit("minimum").unwrap_or(-1e6).max(-1e9);
    let high = limit("maximum").unwrap_or(1e6).min(1e9);
    let (least, most) = (low.ceil(), high.floor());
    if whole && least <= most {
        let spread = (most - least).min(1e6) as i64;
        return json!(least as i64 + random.i64(0..=spread));
    }
    match random.u8(..6) {
        0 => json!(low),
        1 => json!(high),
        _ => {
            let rounded = ((low + random.f64() * (high - low)) * 1e4).round() / 1e4;
            json!(rounded.clamp(low, high))
        }
    }
}

/// Makes free JSON.
pub(crate) fn anything(random: &mut Random, depth: usize) -> Value {
    match random.u8(..if depth < 3 { 9 } else { 7 }) {
        0 => Value::Null,
        1 => json!(random.bool()),
        2 => json!(random.u64(..)),
        3 => json!(random.i64(..0)),
        4 => json!(f64::from(random.i32(..)) / 16.0),
        5 | 6 => text(&Value::Null, random).sent,
        7 => (0..random.usize(..4))
            .map(|_| anything(random, depth + 1))
            .collect(),
        _ => (0..random.usize(..4))
            .map(|_| (key(random), anything(random, depth + 1)))
            .collect(),
    }
}

/// A name that no schema uses.
pub(crate) fn key(random: &mut Random) -> String {
    let prefix = ["key", "a b", "x.y", "ключ", "$", "\"quoted\""][random.usize(..6)];
    format!("{prefix} {}", random.u16(..))
}
