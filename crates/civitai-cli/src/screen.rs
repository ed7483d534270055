//! Lines for people on stderr and results on stdout; neither panics when its reader has gone.

use std::fmt::Display;
use std::io::{self, Write as _};

/// Longest line, in characters; what a service says has no limit of its own.
const LONGEST: usize = 1_000;

/// Prints one line on stderr.
pub(crate) fn note(what: &dyn Display) {
    // There is nobody left to tell where stderr is closed.
    let _ = writeln!(io::stderr(), "{}", one_line(&what.to_string()));
}

/// Prints a result on stdout.
///
/// # Errors
///
/// It could not be written, other than because the reader has gone away.
pub(crate) fn result(text: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// Keeps foreign text from adding lines or steering the terminal.
pub(crate) fn one_line(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_stays_on_its_line() {
        assert_eq!(one_line("a\nb\u{1b}[2Jc\r"), "a b [2Jc ");
        assert_eq!(one_line(&"x".repeat(5_000)).len(), LONGEST);
    }
}
