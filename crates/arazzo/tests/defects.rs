//! A flow with the defects of published ones: each is named, with its place.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

use std::path::Path;

use arazzo_run::{Flow, Rule, Severity};

#[test]
fn each_defect_is_named_with_its_place() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/defects/poll.arazzo.yaml");
    let report = Flow::load(&file).unwrap().check();
    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<_> = text.lines().collect();
    for (rule, place, line, words) in [
        // A literal where an expression is meant, in what the contract has a security scheme for.
        (
            Rule::UnbracedExpression,
            "/steps/0/parameters/0/value",
            "Bearer",
            "Bearer {$inputs.apiKey}",
        ),
        (
            Rule::CredentialParameter,
            "/steps/0/parameters/0",
            "Authorization",
            "security scheme",
        ),
        // Members that are not taken, and one that is wanted.
        (
            Rule::UndeclaredMember,
            "/steps/0/requestBody/payload/steps",
            "steps:",
            "`steps`",
        ),
        (
            Rule::MissingMember,
            "/steps/0/requestBody/payload",
            "payload",
            "model",
        ),
        // One good status of two; an operation that is written otherwise; a status that is not there.
        (Rule::UnhandledStatus, "/steps/0", "stepId: submit", "200"),
        (
            Rule::UnknownOperation,
            "/steps/1/operationId",
            "GetJob",
            "it has `getJob`",
        ),
        (
            Rule::UndeclaredStatus,
            "/steps/2/successCriteria/0",
            "201",
            "200, 202",
        ),
        (Rule::UnhandledStatus, "/steps/2", "stepId: wait", "202"),
        // A parameter by another name.
        (
            Rule::UndeclaredParameter,
            "/steps/2/parameters/0",
            "name: id",
            "`id`",
        ),
        (
            Rule::MissingPathParameter,
            "/steps/2",
            "stepId: wait",
            "jobId",
        ),
        // Conditions that do not say what they mean, words that are not there or not asked for.
        (
            Rule::NoQuery,
            "/steps/2/onSuccess/0/criteria/0/condition",
            "'queued'",
            "no JSONPath query",
        ),
        (
            Rule::RootFilter,
            "/steps/2/onSuccess/1/criteria/0/condition",
            "$[?",
            "members",
        ),
        (
            Rule::RetryOnSuccess,
            "/steps/2/onSuccess/3/type",
            "retry",
            "goto",
        ),
        (
            Rule::UnboundedLoop,
            "/steps/2/onSuccess/0",
            "name: again",
            "deadline",
        ),
        // Paths that are not there.
        (
            Rule::UndeclaredPath,
            "/steps/3/outputs/url",
            "/jobs/0",
            "does not declare",
        ),
        (
            Rule::ImpossiblePath,
            "/steps/3/outputs/first",
            "/images/url",
            "list",
        ),
        (
            Rule::DotPath,
            "/steps/3/outputs/price",
            "body.price",
            "$response.body#/price",
        ),
        (
            Rule::ImpossiblePath,
            "/steps/4/outputs/status",
            "status:",
            "has no body",
        ),
        // Outputs that are not there, and those of a step that does not run when the job fails.
        (
            Rule::Skippable,
            "/outputs/url",
            "read.outputs.url",
            "skipped",
        ),
        (Rule::UndeclaredOutput, "/outputs/cost", "cost", "`cost`"),
    ] {
        let found = report.findings().iter().find(|found| {
            found.rule() == rule
                && found.place().pointer() == format!("/workflows/0{place}")
                && found.message().contains(words)
        });
        let found = found.unwrap_or_else(|| panic!("{rule:?} {place} {words}\n{report:#?}"));
        let at = lines[found.place().line().unwrap() - 1];
        assert!(at.contains(line), "{found}: {at}");
    }
    assert!(!report.is_sound());
    assert_eq!(report.count(Severity::Error), 8, "{report:#?}");
}

/// With statuses that the contract has, the words of the loop are compared.
#[test]
fn words_that_are_not_listed_or_not_asked_for_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/defects");
    let text = std::fs::read_to_string(folder.join("poll.arazzo.yaml")).unwrap();
    let file = dir.path().join("poll.arazzo.yaml");
    std::fs::write(
        &file,
        text.replace("$statusCode == 201", "$statusCode < 300"),
    )
    .unwrap();
    let flow = Flow::builder(&file)
        .contract("jobs", folder.join("api.yaml"))
        .load()
        .unwrap();
    let report = flow.check();
    let words = |rule, words: &[&str]| {
        let found = report.findings().iter().find(|found| found.rule() == rule);
        let found = found.unwrap_or_else(|| panic!("{rule:?}: {report:#?}"));
        assert!(
            words.iter().all(|word| found.message().contains(word)),
            "{found}"
        );
    };
    words(Rule::UndeclaredWord, &["`working`", "/status"]);
    words(Rule::UnhandledWord, &["scheduled", "running"]);
}
