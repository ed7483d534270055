//! Results that can be had: those of a list that fills while its step runs, and those at an end.

use super::output::files;
use super::state::Orchestrator;

impl Orchestrator {
    /// Adds one more item to the list of a step that grows.
    pub(super) fn grow(&mut self, workflow: usize, index: usize) {
        let step = &mut self.workflows[workflow].steps[index];
        let stopped = step.end.as_ref().is_some_and(|_| !step.succeeded());
        let list = step.template.kind.grows.as_deref();
        let Some(item) = list.and_then(|list| step.output.get(list)?.get(step.grown)) else {
            return;
        };
        if stopped {
            return;
        }
        let mut made = Vec::new();
        files(item, &mut made);
        step.grown += 1;
        self.publish(&made);
        self.touched.insert(workflow);
    }

    /// Makes files available.
    pub(super) fn publish(&mut self, files: &[String]) {
        for id in files {
            if let Some(blob) = self.blobs.get_mut(id) {
                blob.made.get_or_insert(self.now);
                blob.kept_until = self.now + super::blob::KEPT;
            }
        }
    }
}
