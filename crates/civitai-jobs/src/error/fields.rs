//! What is wrong with which field, found here or by the service.

use std::fmt;

/// What is wrong with one field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    field: String,
    what: String,
}

impl FieldProblem {
    /// Returns the name of the field as the service has it, such as `cfgScale`; a path where the service
    /// found the problem, such as `jobs[0].params.width`.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Returns what is wrong, in words.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }
}

impl fmt::Display for FieldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.what)
    }
}

/// Everything that is wrong with a request, field by field.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FieldProblems(Vec<FieldProblem>);

impl FieldProblems {
    pub(crate) fn add(&mut self, field: impl Into<String>, what: impl Into<String>) {
        self.0.push(FieldProblem {
            field: field.into(),
            what: what.into(),
        });
    }

    /// Nothing wrong is a success.
    pub(crate) fn into_result(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }

    /// Returns the problems, in the order of the fields.
    pub fn iter(&self) -> std::slice::Iter<'_, FieldProblem> {
        self.0.iter()
    }

    pub(super) fn as_slice(&self) -> &[FieldProblem] {
        &self.0
    }
}

impl<'a> IntoIterator for &'a FieldProblems {
    type Item = &'a FieldProblem;
    type IntoIter = std::slice::Iter<'a, FieldProblem>;

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

/// The same line as the message, for a `main` that returns it.
impl fmt::Debug for FieldProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for FieldProblems {}
