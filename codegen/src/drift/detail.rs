//! A difference inside one schema, before it is known where that schema stands.

use super::report::Change;

/// Which ways a type travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) request: bool,
    pub(super) reply: bool,
}

impl Way {
    pub(super) const REQUEST: Self = Self {
        request: true,
        reply: false,
    };
    pub(super) const REPLY: Self = Self {
        request: false,
        reply: true,
    };
    pub(super) const BOTH: Self = Self {
        request: true,
        reply: true,
    };

    pub(super) fn or(self, other: Self) -> Self {
        Self {
            request: self.request || other.request,
            reply: self.reply || other.reply,
        }
    }

    /// Whether a difference breaks, given whether it does in a request and in a reply.
    pub(super) fn breaks(self, request: bool, reply: bool) -> bool {
        (self.request && request) || (self.reply && reply)
    }
}

/// One difference, relative to a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Detail {
    /// The properties that lead there.
    pub(super) members: Vec<String>,
    pub(super) change: Change,
    pub(super) breaking: bool,
    /// Whether the two are types of different kinds, so that nothing further was compared.
    pub(super) of_type: bool,
    /// Where our contract knows it from, for an addition that it marks as one.
    pub(super) extension: Option<String>,
    pub(super) ours: Option<String>,
    pub(super) vendors: Option<String>,
    pub(super) message: String,
}

impl Detail {
    /// Something that both have and that differs; `None` is said as "none".
    pub(super) fn changed(
        aspect: &str,
        ours: Option<String>,
        vendors: Option<String>,
        breaking: bool,
    ) -> Self {
        let before = ours.as_deref().unwrap_or("none");
        let after = vendors.as_deref().unwrap_or("none");
        let message = format!("{aspect} {before} became {after}");
        let change = Change::Changed;
        Self {
            members: Vec::new(),
            change,
            breaking,
            of_type: false,
            extension: None,
            ours,
            vendors,
            message,
        }
    }

    /// Another type.
    pub(super) fn retyped(ours: String, vendors: String, breaking: bool) -> Self {
        Self {
            of_type: true,
            ..Self::changed("type", Some(ours), Some(vendors), breaking)
        }
    }

    /// Something that only the vendor's document has.
    pub(super) fn missing(what: &str, breaking: bool) -> Self {
        Self {
            change: Change::Missing,
            message: format!("{what} is not in the contract"),
            ours: None,
            vendors: Some(what.to_owned()),
            ..Self::changed("", None, None, breaking)
        }
    }

    /// Something that only our contract has.
    pub(super) fn extra(what: &str, breaking: bool) -> Self {
        Self {
            change: Change::Extra,
            message: format!("{what} is not in the vendor's document"),
            ours: Some(what.to_owned()),
            vendors: None,
            ..Self::changed("", None, None, breaking)
        }
    }

    /// The same, known from somewhere else than the vendor's document.
    pub(super) fn known(mut self, source: Option<String>) -> Self {
        self.extension = source;
        self
    }

    /// The same below a property.
    pub(super) fn below(mut self, member: &str) -> Self {
        self.members.insert(0, member.to_owned());
        self.of_type = false;
        self
    }

    /// The same inside a list, a map or a choice.
    pub(super) fn inside(mut self, what: &str) -> Self {
        if self.members.is_empty() {
            self.message = format!("{what}: {}", self.message);
        }
        self.of_type = false;
        self
    }
}
