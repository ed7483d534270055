//! The marks that a contract or a pass puts on a node: each with who writes and who reads it.

/// On a union: the member of its variants whose content may refer to other steps.
/// Written in a contract; read by the pass `chaining` and by the model.
pub(crate) const CHAINED: &str = "x-chained";

/// On a link or a text of an output: the kind of file behind it, or `text`.
/// Written in a contract; read by the facts for the builders.
pub(crate) const FILE: &str = "x-file";

/// On a member that may be left out although the document requires it, and has no default.
/// Written by an override; read by the pass `defaults` and the documentation.
pub(crate) const OPTIONAL: &str = "x-optional";

/// On an operation that no generated method can express.
/// Written in a contract; read by the model.
pub(crate) const HAND_WRITTEN: &str = "x-hand-written";

/// On a flattened schema: its bases, nearest last.
/// Written by the pass `inheritance`; read by `unions` and drift.
pub(crate) const BASES: &str = "x-bases";

/// The branches of a choice that no tag tells apart.
/// Written by the passes `dialect` and `choices`; read by the JSON Schema document and drift.
pub(crate) const UNTAGGED: &str = "x-untagged";

/// On a component that was made of what stands inside another schema.
/// Written by the passes that lift; read by the pass `orphans`.
pub(crate) const INLINE: &str = "x-inline";

/// On a schema that the document says to be null and nothing else, which is read as any JSON.
/// Written by the pass `alternatives`; read where objects are merged.
pub(crate) const NULL: &str = "x-null";

/// On a list of whole numbers: value → its name in the contract.
/// Written by the pass `alternatives`; read by the model.
pub(crate) const NAMES: &str = "x-names";

/// On a choice without a tag: for each of its branches, in the order in which they are tried, its name
/// and the signs by which it is known (see [`crate::sign`]).
/// Written by the pass `choices`; read by `aliases` and the model.
pub(crate) const CHOICE: &str = "x-choice";

/// On a union: the tag that counts where none is given.
/// Written by the pass `unions`; read by the model, the JSON Schema document and drift.
pub(crate) const DEFAULT_TAG: &str = "x-default-tag";

/// On a schema in place of whose value a reference to another step may stand.
/// Written by the pass `chaining`; read by the model and the JSON Schema document.
pub(crate) const REFERABLE: &str = "x-referable";

/// On an operation: the declared statuses of refusals with their descriptions.
/// Written by the pass `replies`; read by the model.
pub(crate) const ERRORS: &str = "x-errors";

/// On a parameter that is sent as JSON text.
/// Written by the pass `parameters`; read by the model.
pub(crate) const JSON_TEXT: &str = "x-json-text";

/// On the document: what the service sends by itself, each with its name and its schema.
/// Written by the pass `events`; read by the model.
pub(crate) const EVENTS: &str = "x-events";

/// On an operation that answers in pages: `parameter`, `next` and `items`, where they cannot be told.
/// Written by an override; read by the model.
pub(crate) const PAGES: &str = "x-pages";

/// On a success that declares the header `Link`.
/// Written by the pass `replies`; read by the model.
pub(crate) const LINKED: &str = "x-linked";

/// On the document: the envelope around every reply, as the names of its members.
/// Written in contracts; read by the pass `envelope` and the model.
pub(crate) const ENVELOPE: &str = "x-envelope";
