//! The operations of a contract, as logs and counters name them.

/// An operation of the API: its name, its method and its path with placeholders. It stands for all of
/// its requests, so it names no job and holds no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Operation {
    /// The name in the contract, such as `getWorkflow`.
    pub id: &'static str,
    /// The HTTP method, in capitals.
    pub method: &'static str,
    /// The path, such as `/v2/consumer/workflows/{workflowId}`.
    pub path: &'static str,
}

impl Operation {
    /// Makes one of what the contract says.
    pub(crate) const fn new(id: &'static str, method: &'static str, path: &'static str) -> Self {
        Self { id, method, path }
    }
}

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}
