//! JSON that is nested too deep, cut off or wrong ends in an error or a result, on a stack of 2 MB.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    clippy::print_stdout,
    reason = "names the case at which a program ends"
)]

mod places;
mod service;

use civitai_api::Blank;
use civitai_api::v2::types::{Workflow, WorkflowTemplate};
use contract_tests::{Contract, on_a_small_stack, reply};
use serde::Serialize;
use serde::de::DeserializeOwned;
use service::Service;

/// Places of different kinds in a workflow.
const PLACES: [&str; 14] = [
    "/metadata",
    "/metadata/free",
    "/unknown",
    "/status",
    "/steps",
    "/steps/0",
    "/steps/0/$type",
    "/steps/0/name",
    "/steps/0/input",
    "/steps/0/input/engine",
    "/steps/0/input/operation",
    "/steps/0/input/prompt",
    "/steps/0/input/width",
    "/steps/1/output/results/image/scores",
];

/// Decodes; what decodes can be shown, copied, written and read again as the same.
fn survive<T>(body: &[u8]) -> bool
where
    T: Blank + DeserializeOwned + Serialize + Clone + PartialEq + std::fmt::Debug,
{
    let Ok(value) = civitai_api::decode::<T>(body) else {
        return false;
    };
    assert!(!format!("{value:?}").is_empty());
    let text = serde_json::to_vec(&value.clone()).unwrap();
    assert!(serde_json::from_slice::<T>(&text).unwrap() == value);
    true
}

/// Gives a body to the entry types and, as a reply, to the client.
fn feed(bodies: Vec<(String, Vec<u8>)>) {
    on_a_small_stack(|| {
        for (case, body) in &bodies {
            // Names the case, should the stack overflow.
            println!("{case}");
            survive::<Workflow>(body);
            survive::<WorkflowTemplate>(body);
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(async {
            let service = Service::start().await;
            for (case, body) in bodies {
                println!("{case}, as a reply");
                let decodes = civitai_api::decode::<Workflow>(&body).is_ok();
                let answer = service.ask(body).await;
                assert_eq!(answer.is_ok(), decodes, "{case}: {answer:?}");
            }
        });
    });
}

#[test]
fn depth_ends_in_an_error_or_a_result() {
    let whole = reply::workflow(&Contract::load("v2"));
    assert!(survive::<Workflow>(whole.to_string().as_bytes()));
    let nests = [
        ("arrays", "[", "0", "]"),
        ("open arrays", "[", "", ""),
        ("objects", r#"{"a":"#, "0", "}"),
        (
            "repeats",
            r#"{"$type":"repeat","name":"r","input":{"for":{"$ref":"a","path":"output","as":"x"},"template":"#,
            r#"{"$type":"echo","input":{"message":"m"}}"#,
            "}}",
        ),
        (
            "steps",
            r#"{"$type":"repeat","name":"r","priority":"low","status":"succeeded","metadata":{},"output":{"steps":["#,
            "",
            "]}}",
        ),
        (
            "inputs",
            r#"{"engine":"sdcpp","ecosystem":"sdxl","operation":"createImage","input":"#,
            "{}",
            "}",
        ),
        ("scores", r#"[{"name":"s","children":"#, "[]", "}]"),
    ];
    let mut bodies = Vec::new();
    for (nest, open, middle, close) in nests {
        for levels in [20, 64, 1_000, 100_000] {
            let text = [&open.repeat(levels), middle, &close.repeat(levels)].concat();
            for place in PLACES {
                // A list of steps is where a step goes.
                let listed = format!("[{text}]");
                let text = if place == "/steps" && open.starts_with('{') {
                    &listed
                } else {
                    &text
                };
                let case = format!("{levels} {nest} at {place}");
                bodies.push((case, reply::with(&whole, place, text.as_bytes())));
            }
        }
    }
    feed(bodies);
}

#[test]
fn odd_values_end_in_an_error_or_a_result() {
    let whole = reply::workflow(&Contract::load("v2"));
    let odd: [&[u8]; 38] = [
        b"",
        b" ",
        b"NaN",
        b"-NaN",
        b"Infinity",
        b"-Infinity",
        b"nan",
        b"-",
        b"--1",
        b"+1",
        b"01",
        b".5",
        b"1.",
        b"1e",
        b"0x10",
        b"1e999",
        b"-1e999",
        b"1e-999",
        b"9223372036854775808",
        b"-9223372036854775809",
        b"18446744073709551616",
        b"1000000000000000000000000000000000000000",
        b"1.0",
        b"1e3",
        b"true",
        b"null",
        b"\"\"",
        b"\"a\0b\"",
        b"\"\xff\xfe\"",
        b"\"\xed\xa0\x80\"",
        b"\"\\ud800\"",
        b"\"\\udc00\\ud800\"",
        b"\"\\u12\"",
        b"\"\\x\"",
        b"{\"a\":1,\"a\":2}",
        b"{\"$type\":\"echo\",\"$type\":\"imageGen\"}",
        b"{\"\\ud800\":1}",
        b"{,}",
    ];
    let mut bodies = Vec::new();
    for text in odd {
        for place in PLACES {
            let case = format!("{} at {place}", String::from_utf8_lossy(text));
            bodies.push((case, reply::with(&whole, place, text)));
        }
    }
    feed(bodies);
}

#[test]
fn a_member_or_a_tag_that_is_there_twice_ends_in_an_error_or_a_result() {
    let text = reply::workflow(&Contract::load("v2")).to_string();
    let twice = |member: &str, other: &str| {
        text.replace(
            &format!("\"{member}\":"),
            &format!("\"{member}\":{other},\"{member}\":"),
        )
    };
    let members = [
        "id",
        "status",
        "steps",
        "metadata",
        "$type",
        "input",
        "engine",
        "ecosystem",
        "operation",
        "prompt",
        "unknown",
    ];
    let others = ["null", "17", "\"no such thing\"", "[]", "{}"];
    let pairs = members
        .iter()
        .flat_map(|member| others.map(|other| (member, other)));
    feed(
        pairs
            .map(|(member, other)| {
                (
                    format!("{member}: {other}"),
                    twice(member, other).into_bytes(),
                )
            })
            .collect(),
    );
}

#[test]
fn a_reply_cut_off_anywhere_is_an_error() {
    let text = reply::workflow(&Contract::load("v2")).to_string();
    on_a_small_stack(move || {
        for end in 0..text.len() {
            let cut = &text.as_bytes()[..end];
            assert!(!survive::<Workflow>(cut), "cut at {end}");
        }
        for end in ["}", "x", "{}", "\0"] {
            assert!(
                !survive::<Workflow>(format!("{text}{end}").as_bytes()),
                "{end} behind the end"
            );
        }
    });
}
