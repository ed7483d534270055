//! No value that is part of an address leaves its place there: what is empty, `.` or `..` is refused
//! before anything is sent, by every operation.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use civitai_api::{Error, Http, Operation, v1, v2};
use wiremock::MockServer;

/// What each call gave, with the name of the value that was odd.
type Outcomes = Vec<(&'static str, Option<Error>)>;

macro_rules! calls {
    ($client:ident, $odd:ident: $($method:ident($($argument:expr),*) of $name:literal;)*) => {
        vec![$(($name, $client.$method($($argument),*).await.err())),*]
    };
}

async fn of_v1(client: &v1::Client, odd: &str) -> Outcomes {
    let taint = v1::types::TaintJobRequest::default();
    calls! {
        client, odd:
        get_job(odd, None) of "job_id";
        taint_job(odd, &taint) of "job_id";
        cancel_job(odd, None) of "job_id";
    }
}

async fn of_v2(client: &v2::Client, odd: &str) -> Outcomes {
    let (step, workflow) = (Default::default(), Default::default());
    let (patch, options) = (Vec::new(), Default::default());
    calls! {
        client, odd:
        get_streaming_blob(odd) of "blob_key";
        get_service(odd, None, None) of "service_id";
        get_workflow_step(odd, "a") of "workflow_id";
        get_workflow_step("a", odd) of "step_name";
        update_workflow_step(odd, "a", &step) of "workflow_id";
        update_workflow_step("a", odd, &step) of "step_name";
        patch_workflow_step(odd, "a", &patch) of "workflow_id";
        patch_workflow_step("a", odd, &patch) of "step_name";
        get_resource(odd) of "air";
        get_workflow(odd, &options) of "workflow_id";
        update_workflow(odd, None, &workflow) of "workflow_id";
        delete_workflow(odd) of "workflow_id";
        patch_workflow(odd, &patch) of "workflow_id";
        add_workflow_tag(odd, "tag") of "workflow_id";
        remove_all_workflow_tags(odd) of "workflow_id";
        remove_workflow_tag(odd, "a") of "workflow_id";
        remove_workflow_tag("a", odd) of "tag";
        get_blob_archive(odd) of "encrypted_token";
        get_blocked_content(odd) of "encrypted_token";
        get_blob_content(odd) of "encrypted_token";
        get_blob(odd, None, None, None, None) of "blob_id";
        head_blob(odd) of "blob_id";
        refresh_blob(odd) of "blob_id";
    }
}

/// How many values stand in the paths of a contract; those that are numbers cannot leave their place.
fn placeholders(all: &[Operation]) -> usize {
    let paths = all.iter().map(|one| one.path.replace("{userId}", ""));
    paths.map(|path| path.matches('{').count()).sum()
}

#[tokio::test]
async fn what_would_leave_its_place_in_an_address_is_not_sent() {
    let server = MockServer::start().await;
    let http = Http::builder(server.uri()).build().unwrap();
    let (one, two) = (v1::Client::new(http.clone()), v2::Client::new(http));
    for odd in ["", ".", ".."] {
        let (of_v1, of_v2) = (of_v1(&one, odd).await, of_v2(&two, odd).await);
        assert_eq!(of_v1.len(), placeholders(v1::operation::ALL));
        assert_eq!(of_v2.len(), placeholders(v2::operation::ALL));
        for (name, error) in of_v1.into_iter().chain(of_v2) {
            let error = error.unwrap_or_else(|| panic!("{odd:?} as {name} is sent"));
            assert!(error.is_invalid(), "{odd:?} as {name}: {error}");
            assert!(error.to_string().contains(name), "{error}");
        }
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    for all in [v1::operation::ALL, v2::operation::ALL] {
        let ids: BTreeSet<&str> = all.iter().map(|one| one.id).collect();
        assert_eq!(ids.len(), all.len());
    }
}
