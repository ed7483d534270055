//! `cargo xtask drift`: our contract against a vendor's document.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use codegen::{Overrides, drift};

use crate::workspace;

/// How a comparison is told.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    /// One line for each difference.
    Text,
    /// One JSON document.
    Json,
    /// What to write into which file.
    Proposal,
}

/// Prints every difference in meaning that nothing explains, and says by the exit code whether
/// there is one.
pub(crate) fn run(name: &str, file: &Path, form: Form) -> anyhow::Result<ExitCode> {
    let root = workspace::root();
    let contracts = workspace::contracts(&root)?;
    let Some(contract) = contracts.iter().find(|contract| contract.name == name) else {
        eprintln!("{}", workspace::unknown(name, &contracts));
        return Ok(ExitCode::from(workspace::WRONG_ARGUMENTS));
    };
    let overrides = Overrides::load(&root.join("openapi/overrides.toml"))?.of(name);
    let sources = drift::Sources::load(&root.join("openapi/sources.toml"))?;
    let bytes =
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let ours = codegen::load(&root.join("openapi").join(&contract.root))?;
    let vendors = codegen::load(file)?;
    let mut report = drift::compare(ours.clone(), vendors.clone(), &overrides)?;
    if let Some((date, newest)) = sources.older(name, &bytes) {
        report = report.older(date, newest);
    }
    // Named from the root of the workspace, where the reader stands.
    let start = format!("{}/", root.display()).replace('\\', "/");
    let proposal = matches!(form, Form::Proposal)
        .then(|| drift::propose(&ours, &vendors, &report).replace(&start, ""));
    for place in report.files_mut() {
        *place = place.strip_prefix(&start).unwrap_or(place).to_owned();
    }
    match (form, proposal) {
        (Form::Json, _) => {
            let text = serde_json::to_string_pretty(&report.to_json());
            println!("{}", text.context("the report cannot be written as JSON")?);
        }
        (_, Some(proposal)) => println!("{proposal}"),
        _ => println!("{report}"),
    }
    Ok(if report.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
