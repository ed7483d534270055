//! Times decoding and encoding against the types of the crate that is built as `api`; what it takes
//! and prints is said in `bench_codec`.

use api::v2::types::{Workflow, WorkflowPage as Page};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    bench_codec::run::<Page, Workflow>()
}
