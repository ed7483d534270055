//! A waiter as data: what a contract says about watching one kind of work. `cargo xtask regen` writes
//! these values; everything else in this crate reads them.

use std::time::Duration;

use job_watch::{Pace, Phase, WatchPolicy};

/// How one kind of work is started, polled and read.
///
/// A value is written over [`EMPTY`](Self::EMPTY), which says nothing. Paths lead from the top of a
/// JSON body to a member, with slashes: `data/task/status`, `images/0/url`. Where several things are
/// meant, `*` stands for every entry of a list.
#[derive(Debug)]
pub struct Waiter {
    /// What the work is called, in messages.
    pub name: &'static str,
    /// The names of the parts of a handle; the first one names the work.
    pub parts: &'static [&'static str],
    /// The operations that start such work.
    pub starts: &'static [Start],
    /// What is asked for at each poll.
    pub look: Target,
    /// Where the state stands.
    pub state: State,
    /// What a state that is not listed means; `None` takes it for running.
    pub otherwise: Option<Phase>,
    /// What an HTTP status means, where it says more than that the request worked.
    pub http: &'static [(u16, Says)],
    /// What a reply means that knows no such work.
    pub missing: Missing,
    /// Error codes within a reply of success.
    pub refused: Option<Refused>,
    /// Where the reason of a failure stands.
    pub reason: Reason,
    /// Where it stands how far the work has come.
    pub progress: Progress,
    /// Where the result is.
    pub result: Outcome,
    /// Paths of the addresses of files.
    pub files: &'static [&'static str],
    /// What asks for a pause before the next request.
    pub hints: &'static [Hint],
    /// How the service is asked to keep a poll open.
    pub hold: Option<Hold>,
    /// How often to poll, and how long.
    pub pace: Tempo,
    /// What cancels the work.
    pub cancel: Option<Target>,
}

/// An operation that starts work, and what of it makes the handle.
#[derive(Debug)]
pub struct Start {
    /// The name of the operation.
    pub operation: &'static str,
    /// Its path, with placeholders.
    pub path: &'static str,
    /// Part of the handle → where it is taken from.
    pub handle: &'static [(&'static str, Source)],
    /// Whether the reply is a first poll already.
    pub look: bool,
}

/// Where a part of a handle is taken from.
#[derive(Clone, Copy, Debug)]
pub enum Source {
    /// A member of the reply.
    Body(&'static str),
    /// A header of the reply.
    Header(&'static str),
    /// A member of the body that was sent.
    Request(&'static str),
    /// A parameter in the path that was sent to.
    Path(&'static str),
    /// A parameter of the query that was sent.
    Query(&'static str),
}

/// Something to ask for.
#[derive(Debug)]
pub enum Target {
    /// An operation of the contract.
    Operation {
        /// Its name.
        id: &'static str,
        /// Its method, in capitals.
        method: &'static str,
        /// Its path, with placeholders.
        path: &'static str,
        /// Its parameters.
        with: &'static [Given],
    },
    /// An address that the service has given.
    Address {
        /// Where the address stands.
        at: Value,
        /// The method, in capitals.
        method: &'static str,
        /// The hosts that get the credential, apart from the one of the client: `api.example.com`, or
        /// `*.example.com` for all below it.
        hosts: &'static [&'static str],
    },
}

/// A parameter of a request.
#[derive(Debug)]
pub struct Given {
    /// Its name on the wire.
    pub name: &'static str,
    /// Where it is sent.
    pub place: Place,
    /// What it holds.
    pub value: Value,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the path, as several segments: its slashes stay.
    Segments,
    /// Behind the question mark.
    Query,
    /// As a header.
    Header,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug)]
pub enum Value {
    /// A part of the handle.
    Part(&'static str),
    /// A member of the last poll.
    Look(&'static str),
    /// The text itself.
    Text(&'static str),
}

/// Where the state of the work stands.
#[derive(Debug)]
pub enum State {
    /// One word at one path.
    Words {
        /// The path.
        path: &'static str,
        /// Word → what it means.
        words: &'static [(&'static str, Says)],
        /// Whether capitals do not matter.
        ignore_case: bool,
    },
    /// A flag, and a member for each end.
    Done {
        /// The path of the flag.
        done: &'static str,
        /// The path that is there when the work succeeded; empty where the flag says it.
        succeeded: &'static str,
        /// The path that is there when it failed.
        failed: &'static str,
        /// A path, and the values there that mean that somebody cancelled it.
        canceled: Option<(&'static str, &'static [&'static str])>,
    },
    /// The HTTP status, and nothing else.
    Status,
}

/// What a word, a status or a code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// The work stands there.
    Phase(Phase),
    /// The body says it, as that of a 200 does.
    Look,
    /// No such work, perhaps not yet.
    Missing,
    /// Nothing about the work; another poll may tell.
    Passing,
    /// Nothing about the work; another poll fails as well.
    Lasting,
}

/// What a reply means that knows no such work.
#[derive(Clone, Copy, Debug)]
pub struct Missing {
    /// Before the first poll that found it.
    pub before: Says,
    /// After it.
    pub after: Says,
}

/// Error codes within a reply of success.
#[derive(Debug)]
pub struct Refused {
    /// The path of the code.
    pub path: &'static str,
    /// The codes that mean that there is no error.
    pub ok: &'static [&'static str],
    /// Code → what it means.
    pub codes: &'static [(&'static str, Says)],
    /// What every other code means.
    pub otherwise: Says,
}

/// Where the reason of a failure stands; empty paths are not there.
#[derive(Debug)]
pub struct Reason {
    /// The path of what people read.
    pub message: &'static str,
    /// The path of what programs read.
    pub code: &'static str,
}

/// Where it stands how far the work has come; empty paths are not there.
#[derive(Debug)]
pub struct Progress {
    /// The path of the share that is done.
    pub percent: &'static str,
    /// What stands for all of it: 100, or 1.
    pub scale: f32,
    /// The path of the number of items that are done.
    pub done: &'static str,
    /// The path of the number of items.
    pub total: &'static str,
    /// The path of the place in the queue.
    pub queue: &'static str,
    /// The place of who is next: 0, or 1.
    pub base: u32,
    /// The path of when the work begins: a point in time, or seconds from now.
    pub starts: &'static str,
    /// The path of when it ends.
    pub ends: &'static str,
}

/// Where the result is.
#[derive(Debug)]
pub struct Outcome {
    /// What is asked for it; the poll itself holds it where there is nothing.
    pub from: Option<Target>,
    /// The path of it; empty where it is the whole.
    pub path: &'static str,
    /// Whether it is a file in itself and no JSON.
    pub is_bytes: bool,
    /// Whether it may be missing after a success.
    pub optional: bool,
    /// Whether only it tells that the work succeeded.
    pub decides: bool,
}

/// What asks for a pause before the next request.
#[derive(Clone, Copy, Debug)]
pub enum Hint {
    /// A header, with its unit.
    Header(&'static str, Unit),
    /// A member of the body, with its unit.
    Body(&'static str, Unit),
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Seconds; in a header also a date.
    Seconds,
    /// Thousandths of a second.
    Millis,
    /// Seconds with the letter, as `30s`.
    Suffixed,
}

/// How the service is asked to keep a poll open.
#[derive(Debug)]
pub struct Hold {
    /// What is asked for in place of the look; `None` for the look itself.
    pub target: Option<Target>,
    /// The parameter, and where it is sent.
    pub parameter: (&'static str, Place),
    /// What stands before the number, as `wait=` in a header.
    pub prefix: &'static str,
    /// The unit of the number.
    pub unit: Unit,
    /// How long the service keeps it open at most.
    pub longest: Duration,
}

/// How often to poll, and how long; `None` leaves it to [`WatchPolicy::default`].
#[derive(Clone, Copy, Debug)]
pub struct Tempo {
    /// The shortest pause, whatever the service asks for.
    pub floor: Option<Duration>,
    /// The first pause.
    pub first: Option<Duration>,
    /// The longest pause.
    pub cap: Option<Duration>,
    /// How long such work runs.
    pub expected: Option<Duration>,
    /// The part of the handle that says how long this work runs, in seconds.
    pub expected_part: Option<&'static str>,
    /// How long to watch.
    pub deadline: Option<Duration>,
}

impl Waiter {
    /// A waiter that says nothing: unlisted states are running, and the whole poll is the result.
    pub const EMPTY: Self = Self {
        name: "",
        parts: &[],
        starts: &[],
        look: Target::Address {
            at: Value::Part(""),
            method: "GET",
            hosts: &[],
        },
        state: State::Status,
        otherwise: None,
        http: &[],
        missing: Missing {
            before: Says::Missing,
            after: Says::Missing,
        },
        refused: None,
        reason: Reason {
            message: "",
            code: "",
        },
        progress: Progress::EMPTY,
        result: Outcome::EMPTY,
        files: &[],
        hints: &[Hint::Header("retry-after", Unit::Seconds)],
        hold: None,
        pace: Tempo::EMPTY,
        cancel: None,
    };

    /// Returns the policy of a watch at the pace of this waiter.
    #[must_use]
    pub fn policy(&self) -> WatchPolicy {
        let Tempo {
            floor,
            first,
            cap,
            expected,
            deadline,
            ..
        } = self.pace;
        let pace = Pace::default();
        let pace = cap.map_or(pace, |cap| pace.cap(cap));
        let pace = first.max(floor).map_or(pace, |first| pace.first(first));
        let mut policy = WatchPolicy::default().pace(pace);
        if let Some(deadline) = deadline {
            policy = policy.deadline(deadline);
        }
        if let Some(hold) = &self.hold {
            policy = policy.default_long_poll(hold.longest);
        }
        policy.expected(expected.unwrap_or_default())
    }
}

impl Progress {
    /// Nothing is said.
    pub const EMPTY: Self = Self {
        percent: "",
        scale: 100.0,
        done: "",
        total: "",
        queue: "",
        base: 0,
        starts: "",
        ends: "",
    };
}

impl Outcome {
    /// The whole poll.
    pub const EMPTY: Self = Self {
        from: None,
        path: "",
        is_bytes: false,
        optional: false,
        decides: false,
    };
}

impl Tempo {
    /// Nothing is said.
    pub const EMPTY: Self = Self {
        floor: None,
        first: None,
        cap: None,
        expected: None,
        expected_part: None,
        deadline: None,
    };
}
