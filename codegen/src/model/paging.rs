//! How the pages of an operation follow each other.

/// How the pages of an operation follow each other.
#[derive(Clone, Debug)]
pub(crate) struct Pages {
    /// The name of the method that goes through them.
    pub rust: String,
    /// The parameter that asks for a page.
    pub parameter: String,
    /// The member of the reply that holds the items; nothing where the reply is the list.
    pub items: Option<String>,
    /// What tells of the next page.
    pub next: Next,
}

/// What tells of the next page.
#[derive(Clone, Debug)]
pub(crate) enum Next {
    /// A member of the reply: a cursor, or an address with it.
    Member(String),
    /// The `Link` header.
    Link,
    /// The number of this page, the first one being this.
    Page(i64),
    /// The number of items so far.
    Offset,
}
