//! The exit codes, which scripts rely on; README and `--help` list the same.

/// The job is done and its files are saved.
pub(crate) const DONE: u8 = 0;
/// The service refused, or the job failed.
pub(crate) const REFUSED: u8 = 1;
/// Wrong arguments or input; nothing was sent.
pub(crate) const INPUT: u8 = 2;
/// No token, or one that the service refused.
pub(crate) const TOKEN: u8 = 3;
/// The service was not reached, or something else answered in its place.
pub(crate) const UNREACHABLE: u8 = 4;
/// The deadline passed, or the outcome of the submission is unknown: the work may go on.
pub(crate) const OPEN: u8 = 5;
/// The job is done, and its files or the report could not be written.
pub(crate) const NOT_SAVED: u8 = 6;
/// A limit on what may be spent was set, and the price is over it; or the user said no.
pub(crate) const TOO_DEAR: u8 = 7;
/// The service puts something else in place of what was asked for, and that was not to be.
pub(crate) const SUBSTITUTED: u8 = 8;
/// Interrupted with Ctrl-C.
pub(crate) const INTERRUPTED: u8 = 130;

/// The list for `--help`.
pub(crate) const HELP: &str = "\
Exit codes:
    0  done, the files are saved
    1  the service refused, or the work failed
    2  wrong arguments or input; nothing was sent
    3  no token, or the token was refused
    4  the service was not reached, or something else answered in its place
    5  the deadline passed or the outcome is unknown; the work may go on
    6  the work is done, and its files or the report could not be written
    7  the price is over a limit, or was not agreed to; nothing was submitted
    8  the service puts something else in place of what was asked for, and --fail-on-substitution is set
  130  interrupted

The API token is read from the environment variable CIVITAI_API_TOKEN.
With --local no account is needed: a simulator of the service runs inside the program.";
