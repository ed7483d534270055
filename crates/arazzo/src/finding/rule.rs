//! The rules that a check knows.

use std::fmt;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// The flow does not do what it says, or cannot run at all: it is refused.
    Error,
    /// The flow runs, and is probably not what its author means.
    Warning,
    /// Something worth knowing.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $severity:ident $code:literal $rule:ident,)+) => {
        /// What a finding goes against.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[doc = $doc])+ $rule,)+
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &[Self] = &[$(Self::$rule),+];

            /// Returns the rule's name, as messages show it.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$rule => $code,)+
                }
            }

            /// Returns how grave it is to go against the rule.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self {
                    $(Self::$rule => Severity::$severity,)+
                }
            }
        }
    };
}

rules! {
    /// A field that must be there is not, or is of another type.
    Error "structure" Structure,
    /// A field that the specification does not have.
    Warning "unknown-field" UnknownField,
    /// Two things of one name.
    Error "duplicate" Duplicate,
    /// A name that no expression can refer to by the grammar of 1.1.
    Warning "name" Name,
    /// A version of Arazzo, a kind of step or a kind of condition that is not supported.
    Error "unsupported" Unsupported,
    /// A reference to a component that is not there.
    Error "unknown-component" UnknownComponent,
    /// A source that is not listed.
    Error "unknown-source" UnknownSource,
    /// A source whose document could not be read.
    Error "unread-source" UnreadSource,
    /// An operation that the contract does not have.
    Error "unknown-operation" UnknownOperation,
    /// An operation named without its source where there are several.
    Warning "unqualified-operation" UnqualifiedOperation,
    /// An operation named in a form that the specification does not have.
    Warning "foreign-form" ForeignForm,
    /// A step or workflow that is not there.
    Error "unknown-target" UnknownTarget,
    /// Workflows that need each other.
    Error "cycle" Cycle,
    /// A success action of a type that only failure actions have.
    Error "retry-on-success" RetryOnSuccess,
    /// A parameter that the operation does not declare.
    Warning "undeclared-parameter" UndeclaredParameter,
    /// A parameter, body or input that is required and not given.
    Warning "missing-parameter" MissingParameter,
    /// A part of the path that is not given, so that there is no address to send to.
    Error "missing-path-parameter" MissingPathParameter,
    /// A header parameter that does what the contract's security scheme is for.
    Note "credential-parameter" CredentialParameter,
    /// A media type that the operation does not take.
    Warning "undeclared-media-type" UndeclaredMediaType,
    /// A member of a request body that the contract does not declare.
    Warning "undeclared-member" UndeclaredMember,
    /// A member of a request body that the contract requires and the step does not give.
    Warning "missing-member" MissingMember,
    /// A status that the contract does not declare.
    Warning "undeclared-status" UndeclaredStatus,
    /// A good status that the contract declares and the step takes for a failure.
    Warning "unhandled-status" UnhandledStatus,
    /// A word that the contract lists for a member and no action of the step asks for.
    Warning "unhandled-word" UnhandledWord,
    /// A word that the contract does not list for the member it is compared with.
    Warning "undeclared-word" UndeclaredWord,
    /// A path in a reply that cannot be there.
    Error "impossible-path" ImpossiblePath,
    /// A path in a reply that the contract does not declare.
    Warning "undeclared-path" UndeclaredPath,
    /// A reply of which the contract says nothing.
    Note "unproved-path" UnprovedPath,
    /// A path with dots where a JSON Pointer belongs.
    Warning "dot-path" DotPath,
    /// An input that the workflow does not declare.
    Warning "undeclared-input" UndeclaredInput,
    /// An output that the step or workflow does not declare.
    Error "undeclared-output" UndeclaredOutput,
    /// A step's output without `outputs` in the expression.
    Warning "short-form" ShortForm,
    /// The output of a step that has not run by then.
    Error "forward-reference" ForwardReference,
    /// The output of a step that may be skipped.
    Warning "skippable" Skippable,
    /// An input that may be absent where a value must be.
    Warning "optional-input" OptionalInput,
    /// An expression without braces inside a text, which is sent as it stands.
    Error "unbraced-expression" UnbracedExpression,
    /// Something that looks like an expression and is none.
    Warning "no-expression" NoExpression,
    /// An object or list put between the quotes of a JSON text.
    Error "quoted-value" QuotedValue,
    /// A JSONPath condition that is no query.
    Error "no-query" NoQuery,
    /// A condition that cannot be read.
    Error "malformed-condition" MalformedCondition,
    /// A filter at the root of an object, which tests its members and not the object.
    Warning "root-filter" RootFilter,
    /// A text in double quotes.
    Warning "double-quotes" DoubleQuotes,
    /// A condition that needs a context and has none.
    Error "no-context" NoContext,
    /// A query written for another dialect of JSONPath than RFC 9535.
    Note "dialect" Dialect,
    /// A loop that the document itself puts no end to.
    Note "unbounded-loop" UnboundedLoop,
}
