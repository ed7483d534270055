//! Workflows (v2).

use civitai_jobs::{Buzz, File, StepSnapshot, Watch, Workflow, WorkflowSnapshot};

use super::Work;

impl Work for Workflow {
    const API: &'static str = "v2";
    const CALLED: &'static str = "workflow";

    fn id(&self) -> String {
        self.id().to_string()
    }

    fn price(&self) -> Option<Buzz> {
        self.first().map(WorkflowSnapshot::charged)
    }

    fn watch(&self) -> Watch<Self> {
        Self::watch(self)
    }

    fn files(snapshot: &WorkflowSnapshot) -> Vec<File> {
        snapshot.files()
    }

    fn cost(snapshot: &WorkflowSnapshot) -> Option<Buzz> {
        Some(snapshot.charged())
    }

    fn texts(snapshot: &WorkflowSnapshot) -> Vec<String> {
        snapshot.steps().iter().flat_map(texts).collect()
    }

    fn warnings(snapshot: &WorkflowSnapshot) -> Vec<String> {
        let steps = snapshot.steps().iter();
        let warnings = steps.flat_map(StepSnapshot::warnings);
        warnings.map(|warning| warning.message.clone()).collect()
    }

    fn loading(snapshot: &WorkflowSnapshot) -> Option<String> {
        let models = snapshot.preparation();
        models.first().map(|model| model.resource.clone())
    }

    fn is_known(_: &WorkflowSnapshot) -> bool {
        true
    }
}

fn texts(step: &StepSnapshot) -> Vec<String> {
    let words: Vec<String> = step.texts().into_iter().map(str::to_owned).collect();
    let output = step.output();
    if words.is_empty() && step.files().is_empty() && !output.is_null() {
        return vec![format!("{output:#}")];
    }
    words
}
