//! What the builders of `civitai-jobs` make is what the contracts have; and what they refuse for
//! its limits, the contracts refuse as well.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the counts are worth reading")]

mod draw;
mod engines;
mod images;
mod setters;
mod steps;
mod workflows;

use civitai_jobs::WorkflowRequest;
use contract_tests::{Validator, fault, message};
use serde_json::json;

/// Checks a request by the contract, whether the builder lets it through or not; tells whether it
/// did.
fn both_ways(submission: &Validator, request: &WorkflowRequest, what: &str) -> bool {
    match request.to_template() {
        Ok(template) => {
            let sent = json!(template);
            let accepted = submission.is_valid(&sent);
            assert!(
                accepted,
                "{what}: {}: {sent}",
                message(fault(submission, &sent))
            );
            true
        }
        Err(problems) => {
            // Without its limits, only what makes no sense at all is refused.
            if let Ok(template) = request.clone().allow_unchecked().to_template() {
                let sent = json!(template);
                let refused = !submission.is_valid(&sent);
                assert!(refused, "{what}: refused for `{problems}` alone: {sent}");
            }
            false
        }
    }
}
