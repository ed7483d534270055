//! Every generated type takes instances of its schema there and back: valid ones, and those of a
//! server that is newer than the contract.
//!
//! `INSTANCES=200` makes more of each, `FIRST_SEED=7 INSTANCES=1` repeats one that failed.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use contract_tests::{Contract, Maker, Twist, difference, letters, write_tags_last, written_once};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

type ThereAndBack = fn(&str) -> Result<String, String>;

fn there_and_back<T: DeserializeOwned + Serialize>(text: &str) -> Result<String, String> {
    let value: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
    serde_json::to_string(&value).map_err(|error| error.to_string())
}

include!(concat!(env!("OUT_DIR"), "/types.rs"));

fn setting(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |text| text.parse().unwrap())
}

/// Takes some instances of every schema there and back.
fn check(contract: &str, types: &[(&str, ThereAndBack)], twist: Twist, tags_last: bool) {
    let contract = Contract::load(contract);
    let types: BTreeMap<String, ThereAndBack> =
        types.iter().map(|(name, f)| (letters(name), *f)).collect();
    let first = setting("FIRST_SEED", 0);
    let seeds = first..first + setting("INSTANCES", 20);
    let tags = contract.tags();
    let (mut maker, mut failed) = (Maker::new(&contract, twist), Vec::new());
    for (name, _) in contract.document().schemas() {
        let Some(take) = types.get(&contract.type_letters(name)) else {
            assert!(contract.is_alias(name), "`{name}` is no type");
            continue;
        };
        for seed in seeds.clone() {
            let made = maker.make(name, seed);
            let text = if tags_last {
                write_tags_last(&made.sent, &tags, &mut fastrand::Rng::with_seed(seed))
            } else {
                made.sent.to_string()
            };
            let outcome = take(&text).and_then(|back| compare(&made.back, &back));
            if let Err(what) = outcome {
                failed.push(format!(
                    "`{name}`, {twist:?}, seed {seed}: {what}\n    {text}"
                ));
                break;
            }
        }
    }
    assert!(
        failed.is_empty(),
        "{} schemas fail:\n{}",
        failed.len(),
        failed.join("\n")
    );
    assert!(
        twist == Twist::Nothing || maker.twisted > 0,
        "no instance had {twist:?}"
    );
}

/// Says how what came back differs from what should have.
fn compare(wanted: &Value, back: &str) -> Result<(), String> {
    if !written_once(back) {
        return Err(format!("a member is written twice: {back}"));
    }
    let back: Value = serde_json::from_str(back).unwrap();
    difference(wanted, &back, "").map_or(Ok(()), Err)
}

/// Makes a test for each contract.
macro_rules! properties {
    ($($test:ident: $twist:ident, $tags_last:literal;)*) => {
        mod v1 {
            $(#[test] fn $test() { super::check("v1", super::V1, super::Twist::$twist, $tags_last); })*
        }
        mod v2 {
            $(#[test] fn $test() { super::check("v2", super::V2, super::Twist::$twist, $tags_last); })*
        }
    };
}

properties! {
    valid_instances_come_back: Nothing, false;
    tags_may_stand_last: Nothing, true;
    unknown_members_come_back: UnknownMember, false;
    unknown_values_come_back: UnknownValue, false;
    unknown_tags_come_back: UnknownTag, true;
    nulls_come_back: NullMember, false;
    integers_are_numbers: WholeNumber, false;
}

/// Only v2 has steps that refer to each other.
#[test]
fn references_in_place_of_values_come_back() {
    check("v2", V2, Twist::Reference, false);
}
