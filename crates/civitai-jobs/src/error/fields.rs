//! What is wrong with which field, found here or by the service.

use std::fmt;

/// What is wrong with one field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    field: String,
    what: String,
}

impl Problem {
    /// The name of the field as the service has it, such as `cfgScale`; a path where the service
    /// found the problem, such as `jobs[0].params.width`.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What is wrong, in words.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.what)
    }
}

/// Everything that is wrong with a request, field by field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldProblems(Vec<Problem>);

impl FieldProblems {
    pub(crate) fn add(&mut self, field: impl Into<String>, what: impl Into<String>) {
        self.0.push(Problem {
            field: field.into(),
            what: what.into(),
        });
    }

    /// Nothing wrong is a success.
    pub(crate) fn into_result(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }

    /// The problems, in the order of the fields.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    pub(super) fn as_slice(&self) -> &[Problem] {
        &self.0
    }
}

impl<'a> IntoIterator for &'a FieldProblems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for FieldProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let before = if index == 0 { "" } else { "; " };
            write!(f, "{before}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for FieldProblems {}
