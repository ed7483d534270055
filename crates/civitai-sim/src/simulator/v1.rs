//! What a running simulator tells about version 1.

use crate::v1::job::Taint;

use super::Simulator;

impl Simulator {
    /// Returns the Buzz left on the account of version 1.
    pub fn balance(&self) -> f64 {
        self.shared.v1().wallet().balance()
    }

    /// Returns the marks that a job of version 1 was given as bad, in order; none for a job that is not
    /// there.
    pub fn taints(&self, job_id: &str) -> Vec<Taint> {
        let state = self.shared.v1();
        let job = state.store().find(job_id);
        job.map(|job| state.store().job(job).taints().to_vec())
            .unwrap_or_default()
    }
}
