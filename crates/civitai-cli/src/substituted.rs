//! What the service put in place of what was asked for: told, and a failure where the user wants one.

use civitai_jobs::workflows::Substitution;
use civitai_jobs::{WorkflowRequest, WorkflowSnapshot};

use crate::event::warn;
use crate::exit;
use crate::failure::Failure;

/// The substitutions of one submission, each told once.
#[derive(Debug)]
pub(crate) struct Substituted {
    fails: bool,
    json: bool,
    known: Vec<Substitution>,
}

impl Substituted {
    /// Nothing so far; `fails` where anything is to be a failure.
    pub(crate) fn new(fails: bool, json: bool) -> Self {
        Self {
            fails,
            json,
            known: Vec::new(),
        }
    }

    /// Looks at what the service shows of a request before it is paid.
    ///
    /// # Errors
    ///
    /// Something else would run, and that is a failure; or the warning cannot be written.
    pub(crate) fn before(
        &mut self,
        asked: &WorkflowRequest,
        shown: &WorkflowSnapshot,
    ) -> Result<(), Failure> {
        self.look(asked, shown)?;
        match self.failure() {
            Some(failure) => Err(failure.advise("nothing was submitted")),
            None => Ok(()),
        }
    }

    /// Looks at what the service answered to the submission.
    ///
    /// # Errors
    ///
    /// The warning cannot be written.
    pub(crate) fn after(
        &mut self,
        asked: &WorkflowRequest,
        shown: &WorkflowSnapshot,
    ) -> Result<(), Failure> {
        self.look(asked, shown)
    }

    /// Why work that was done is no success.
    pub(crate) fn failure(&self) -> Option<Failure> {
        let fails = self.fails && !self.known.is_empty();
        fails.then(|| Failure::new(exit::SUBSTITUTED, describe(&self.known)))
    }

    fn look(&mut self, asked: &WorkflowRequest, shown: &WorkflowSnapshot) -> Result<(), Failure> {
        let mut found = shown.substitutions(asked);
        found.retain(|one| !self.known.contains(one));
        if !found.is_empty() && !self.fails {
            warn(&describe(&found), self.json)?;
        }
        self.known.extend(found);
        Ok(())
    }
}

/// What was asked for and what was given, in one line.
pub(crate) fn describe(substitutions: &[Substitution]) -> String {
    let each: Vec<_> = substitutions.iter().map(ToString::to_string).collect();
    format!(
        "the service puts something else in place of what was asked for: {}",
        each.join(", ")
    )
}
