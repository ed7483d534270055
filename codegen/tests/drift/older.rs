//! Several documents of one contract: what the newest has dropped, and what an older one explains.

use codegen::drift::Sources;
use serde_json::{Value, json};

use crate::kitchen::{Edit, Remove, Set, contract, drift, edited, lines};

const LAST: &str = "2026-06";

/// One thing of each kind that a vendor may drop: how we mark it, where it is, how it goes.
fn dropped() -> Vec<(Edit, &'static str, Edit)> {
    vec![
        (
            Set("DELETE/x-last-seen", json!(LAST)),
            "operation DELETE /orders/{orderId}",
            Remove("/paths/~1orders~1{orderId}/delete"),
        ),
        (
            Set("GET/parameters/0/x-last-seen", json!(LAST)),
            "operation GET /orders/{orderId} param wait",
            Remove("GET/parameters/0"),
        ),
        (
            Set("POST/responses/201/x-last-seen", json!(LAST)),
            "operation POST /orders response 201",
            Remove("POST/responses/201"),
        ),
        (
            Set("Order/properties/labels/x-last-seen", json!(LAST)),
            "schema Order.labels",
            Remove("Order/properties/labels"),
        ),
    ]
}

#[test]
fn what_the_newest_document_has_dropped_is_known_by_its_mark() {
    for (mark, at, gone) in dropped() {
        let ours = edited(&[&mark]);
        let report = drift(ours.clone(), edited(&[&gone]), "");
        assert!(report.is_clean(), "{at}: {report}");
        let known = &report.extensions[0];
        assert_eq!(known.at.to_string(), at);
        assert_eq!(
            known.extension.as_deref(),
            Some("the description of 2026-06")
        );

        let report = drift(ours.clone(), contract(), "");
        assert!(
            report.to_string().contains("remove its `x-last-seen`"),
            "{at}: {report}"
        );
        // The older document has it still, and that is what the mark says.
        let report = report.older("2026-06-29", "2026-09");
        assert!(report.is_clean(), "{at}: {report}");
    }
}

#[test]
fn a_dropped_kind_stays_with_its_tag() {
    let mark = Set("Soup/x-last-seen", json!(LAST));
    let gone = [Remove("Dish/discriminator/mapping/soup"), Remove("Soup")];
    let report = drift(edited(&[&mark]), edited(&[&gone[0], &gone[1]]), "");
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.extensions.len(), 2);
}

#[test]
fn an_older_document_explains_what_is_newer_here_and_nothing_else() {
    let table: &[(Edit, usize, &[&str])] = &[
        // Only ours, or said differently here.
        (Remove("Order/properties/labels"), 1, &[]),
        (Set("Wish/properties/guests/maximum", json!(6)), 1, &[]),
        (Set("GET/parameters/0/required", json!(true)), 1, &[]),
        // Only there: it was dropped, and should have stayed readable.
        (
            Set("Order/properties/tip", json!({ "type": "string" })),
            0,
            &["other schema Order.tip: property is not in the contract"],
        ),
    ];
    for (edit, newer, left) in table {
        let report = drift(contract(), edited(&[edit]), "").older("2026-06-29", "2026-09");
        assert_eq!(lines(&report), *left);
        assert_eq!(report.older.as_ref().unwrap().differences.len(), *newer);
        let says = format!(
            "\nolder: {newer} differences, ours is newer (this document is of 2026-06-29, the newest \
             known one of 2026-09)"
        );
        assert!(report.to_string().ends_with(&says), "{report}");
        assert_eq!(report.to_json()["counts"]["older"], *newer);
    }
}

#[test]
fn entries_for_the_newest_document_are_not_stale_at_an_older_one() {
    let entry = "[[tolerate]]\ncontract = 'kitchen'\nat = 'schema Wish'\nchange = 'changed'\nreason = 'New.'";
    let report = drift(contract(), contract(), entry);
    assert_eq!(report.stale.len(), 1);
    assert!(report.older("2026-06", "2026-09").is_clean());
}

#[test]
fn tags_of_another_member_are_not_compared() {
    let moved = [
        Set("Dish/properties/version", json!({ "type": "string" })),
        Set(
            "Dish/discriminator",
            json!({ "propertyName": "version", "mapping": { "v1": "#/components/schemas/Soup" } }),
        ),
    ];
    let report = drift(contract(), edited(&[&moved[0], &moved[1]]), "");
    let told: Vec<String> = lines(&report)
        .into_iter()
        .filter(|line| line.contains(": tag"))
        .collect();
    assert_eq!(
        told,
        ["breaking schema Dish: tag property `$type` became `version`"]
    );
}

/// The SHA-256 of the empty document and of `abc`.
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

#[test]
fn sources_know_the_age_of_a_document() {
    let list = format!(
        "[[source]]\nname = 'v2'\ntaken = '2026-06-29'\nsha256 = '{EMPTY}'\npaths = 60\n\
         [[source]]\nname = 'v2'\ntaken = '2026-09'\nsha256 = '{ABC}'\n"
    );
    let sources = Sources::parse("sources.toml", &list).unwrap();
    let table = [
        ("v2", "", Some(("2026-06-29", "2026-09"))),
        ("v2", "abc", None),
        ("v2", "a newer one", None),
        ("v1", "", None),
    ];
    for (name, document, expected) in table {
        assert_eq!(sources.older(name, document.as_bytes()), expected);
    }
}

#[test]
fn a_list_of_sources_without_dates_is_an_error() {
    let list = |taken: &str| format!("[[source]]\nname = 'v2'\ntaken = '{taken}'\nsha256 = ''\n");
    for taken in ["", "September", "26-09", "2026-9", "2026-09-30-1"] {
        let error = Sources::parse("sources.toml", &list(taken)).unwrap_err();
        assert!(error.to_string().contains("write 2026-09"), "{error}");
    }
    let error = Sources::parse("sources.toml", "[[source]]\nname = 3").unwrap_err();
    assert!(
        error.to_string().contains("is no list of sources"),
        "{error}"
    );
}

#[test]
fn a_report_without_an_older_document_says_nothing_of_it() {
    let report = drift(contract(), contract(), "");
    assert_eq!(report.to_json()["older"], Value::Null);
    assert_eq!(report.to_string(), "0 breaking, 0 other, 0 tolerated");
}
