//! Nothing of a contract is missing from the code generated from it. What each type holds is put to
//! the test by instances of its schema (`generated_types`, `misfits`); here are the operations.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use civitai_api::{Operation, v1, v2};
use contract_tests::Contract;

/// Compares the constants with the contract; returns how many operations are published, and how many
/// stand beside the published description.
fn compare(contract: &str, all: &[Operation]) -> (usize, usize) {
    let contract = Contract::load(contract);
    let (mut wanted, mut added) = (BTreeSet::new(), 0);
    for (path, method, operation) in contract.document().operations() {
        let id = operation["operationId"].as_str().unwrap();
        wanted.insert((id.to_owned(), method.to_uppercase(), path.to_owned()));
        added += usize::from(operation.get("x-extension").is_some());
    }
    let found: BTreeSet<_> = all
        .iter()
        .map(|one| {
            (
                one.id.to_owned(),
                one.method.to_owned(),
                one.path.to_owned(),
            )
        })
        .collect();
    assert_eq!(found, wanted);
    assert_eq!(all.len(), wanted.len(), "an operation is there twice");
    (wanted.len() - added, added)
}

#[test]
fn no_operation_is_missing() {
    assert_eq!(compare("v1", v1::operation::ALL), (10, 0));
    assert_eq!(compare("v2", v2::operation::ALL), (85, 0));
}

#[test]
fn no_type_name_is_longer_than_48_characters() {
    for contract in ["v1", "v2"] {
        let contract = Contract::load(contract);
        for (name, _) in contract.document().schemas() {
            let length = contract.type_letters(name).len();
            assert!(length <= 48, "{name} has {length} characters");
        }
    }
}
