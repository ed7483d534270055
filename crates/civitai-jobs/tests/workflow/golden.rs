//! Comparison with stored JSON. `UPDATE_GOLDEN=1 cargo test -p civitai-jobs --all-features --test
//! workflow` writes it anew.

use std::path::Path;

use civitai_jobs::WorkflowRequest;
use civitai_jobs::workflows::types::{WorkflowStepTemplate, WorkflowTemplate};

/// Makes the request, sees that it can be read again, and compares it with `golden/NAME.json`.
pub(crate) fn assert_golden(name: &str, request: &WorkflowRequest) {
    let template = request.to_template().unwrap();
    assert_typed(&template);
    let made = format!("{}\n", serde_json::to_string_pretty(&template).unwrap());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workflow/golden");
    let file = folder.join(format!("{name}.json"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, &made).unwrap();
    }
    let stored = std::fs::read_to_string(&file)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    assert_eq!(
        made, stored,
        "run it with UPDATE_GOLDEN=1, then look at the diff of {name}.json"
    );
}

/// What is sent reads back as itself, and no step is kept as raw JSON.
pub(crate) fn assert_typed(template: &WorkflowTemplate) {
    let json = serde_json::to_value(template).unwrap();
    let again: WorkflowTemplate = civitai_api::decode(json.to_string().as_bytes()).unwrap();
    assert_eq!(serde_json::to_value(&again).unwrap(), json);
    for step in &again.steps {
        let raw = matches!(step, WorkflowStepTemplate::Raw(_));
        // Engines below keep raw JSON in an object of their own.
        assert!(
            !raw && !format!("{step:?}").contains("RawObject"),
            "{step:?}"
        );
    }
}
