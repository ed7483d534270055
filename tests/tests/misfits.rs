//! One member missing, null or of another type, anywhere in a reply: it decodes, the rest is typed, the
//! fault is told with its place, and the whole goes back as it came. For every schema.
//!
//! `INSTANCES=50` makes more of each, `FIRST_SEED=7 INSTANCES=1` repeats one that failed.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use civitai_api::{Blank, Misfit};
use contract_tests::places::{Place, Stands, Told, places};
use contract_tests::{Contract, Maker, Twist, difference, letters};
use serde::Serialize;
use serde_json::{Value, json};

type ThereAndBack = fn(&[u8]) -> Result<Seen, String>;

/// What came back, and what was told of it.
struct Seen {
    back: Value,
    told: Vec<String>,
}

fn there_and_back<T: Blank + Serialize>(body: &[u8]) -> Result<Seen, String> {
    use civitai_api::Members as _;
    let value: T = civitai_api::decode(body).map_err(|error| error.to_string())?;
    let told = value.misfits();
    Ok(Seen {
        back: serde_json::to_value(&value).map_err(|error| error.to_string())?,
        told: told.iter().map(Misfit::path).map(str::to_owned).collect(),
    })
}

include!(concat!(env!("OUT_DIR"), "/types.rs"));

/// As many places of an instance have their turn.
const PLACES: usize = 10;

fn setting(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |text| text.parse().unwrap())
}

/// Decodes an instance with a fault, or with several.
fn attempt(take: ThereAndBack, sent: &Value, wanted: &[(&Place, Told)]) -> Result<(), String> {
    let seen = take(sent.to_string().as_bytes())?;
    if let Some(what) = difference(sent, &seen.back, "") {
        return Err(format!("came back otherwise: {what}"));
    }
    let is_told = |place: &Place| seen.told.contains(&place.path);
    for (place, told) in wanted {
        let fits = match told {
            Told::Yes => is_told(place),
            Told::No => !is_told(place),
            Told::Perhaps => true,
        };
        if !fits {
            return Err(format!("`{}` is told: {:?}", place.path, seen.told));
        }
    }
    // Nothing else is: the rest is typed as before.
    let known = |path: &String| wanted.iter().any(|(place, _)| place.path == *path);
    let other = seen.told.iter().find(|path| !known(path));
    other.map_or(Ok(()), |path| Err(format!("`{path}` is told as well")))
}

/// Makes each kind of fault at a place; returns how many, or what went wrong.
fn spoil(take: ThereAndBack, whole: &Value, place: &Place) -> Result<usize, String> {
    let mut count = 0;
    for (value, told) in [
        (place.wrong.clone(), place.of_wrong),
        (Value::Null, place.of_null),
    ] {
        let mut sent = whole.clone();
        *sent.pointer_mut(&place.pointer).unwrap() = value;
        attempt(take, &sent, &[(place, told)]).map_err(|what| format!("{what}\n    {sent}"))?;
        count += 1;
    }
    if place.stands != Stands::Item {
        let mut sent = whole.clone();
        remove(&mut sent, &place.pointer);
        let wanted = [(place, place.of_missing)];
        attempt(take, &sent, &wanted).map_err(|what| format!("{what}\n    {sent}"))?;
        count += 1;
    }
    Ok(count)
}

fn remove(value: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let name = name.replace("~1", "/").replace("~0", "~");
    let parent = value.pointer_mut(parent).and_then(Value::as_object_mut);
    parent.unwrap().remove(&name).unwrap();
}

/// Whether a fault at one place leaves one at another to be seen.
fn apart(one: &Place, other: &Place) -> bool {
    let below = |one: &Place, other: &Place| {
        let rest = one.pointer.strip_prefix(&other.pointer);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let both_items = one.stands == Stands::Item && other.stands == Stands::Item;
    let tags = one.stands == Stands::Tag || other.stands == Stands::Tag;
    !(below(one, other) || below(other, one) || both_items || tags)
}

/// Two faults at once: each is told, so that one does not hide the other.
fn spoil_two(take: ThereAndBack, whole: &Value, pair: [&Place; 2]) -> Result<usize, String> {
    let [one, other] = pair;
    if !apart(one, other) {
        return Ok(0);
    }
    let mut sent = whole.clone();
    for place in pair {
        *sent.pointer_mut(&place.pointer).unwrap() = place.wrong.clone();
    }
    let wanted = pair.map(|place| (place, place.of_wrong));
    attempt(take, &sent, &wanted).map_err(|what| format!("{what}\n    {sent}"))?;
    Ok(1)
}

fn check(name: &str, types: &[(&str, ThereAndBack)], least: usize) {
    let contract = Contract::load(name);
    let types: BTreeMap<String, ThereAndBack> =
        types.iter().map(|(name, f)| (letters(name), *f)).collect();
    let first = setting("FIRST_SEED", 0);
    let seeds = first..first + setting("INSTANCES", 3);
    let (mut maker, mut failed) = (Maker::new(&contract, Twist::Nothing), Vec::new());
    let mut count = 0;
    for (name, _) in contract.document().schemas() {
        let Some(take) = types.get(&contract.type_letters(name)) else {
            continue;
        };
        for seed in seeds.clone() {
            let whole = maker.make(name, seed).back;
            let mut random = fastrand::Rng::with_seed(seed);
            let mut all = places(&contract, name, &whole);
            random.shuffle(&mut all);
            all.truncate(PLACES);
            let one = all.iter().map(|place| spoil(*take, &whole, place));
            let two = all
                .windows(2)
                .map(|two| spoil_two(*take, &whole, [&two[0], &two[1]]));
            match one.chain(two).sum::<Result<usize, String>>() {
                Ok(made) => count += made,
                Err(what) => {
                    failed.push(format!("`{name}`, seed {seed}: {what}"));
                    break;
                }
            }
        }
    }
    let all = failed.join("\n");
    assert!(failed.is_empty(), "{} schemas fail:\n{all}", failed.len());
    assert!(count >= least, "{count} faults");
}

#[test]
fn any_reply_of_v1_with_a_fault_is_read() {
    check("v1", V1, 1_000);
}

#[test]
fn any_reply_of_v2_with_a_fault_is_read() {
    check("v2", V2, 10_000);
}

#[test]
fn what_is_no_object_is_no_reply() {
    for value in [json!(true), json!([]), json!("text"), Value::Null] {
        let body = value.to_string();
        assert!(there_and_back::<civitai_api::v2::types::Workflow>(body.as_bytes()).is_err());
    }
}
