//! Lines for people on stderr and results on stdout; neither panics when its reader has gone.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};

use serde_json::Value;

use crate::exit;
use crate::failure::Failure;

/// Longest line, in characters; what a service says has no limit of its own.
const LONGEST: usize = 1_000;

/// Prints one line on stderr.
pub(crate) fn note(what: &dyn Display) {
    // There is nobody left to tell where stderr is closed.
    let _ = writeln!(io::stderr(), "{}", one_line(&what.to_string()));
}

/// Writes what draws a picture on stderr.
pub(crate) fn draw(sequence: &str) {
    let _ = write!(io::stderr(), "{sequence}");
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

/// Prints one line on stdout.
pub(crate) fn print_line(line: &str) -> Result<(), Failure> {
    print(&(one_line(line) + "\n"))
}

/// Prints text of this program on stdout.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    result(text.as_bytes()).map_err(|error| {
        let what = format!("the report could not be written: {error}");
        Failure::new(exit::NOT_SAVED, what)
    })
}

/// Prints one line for each row: what stands in it as JSON, or its text.
pub(crate) fn rows(
    rows: impl IntoIterator<Item = (Value, String)>,
    json: bool,
) -> Result<(), Failure> {
    let shown = rows.into_iter().map(|(document, text)| match json {
        true => format!("{document}\n"),
        false => lines(&text.replace(['\n', '\r'], " ")),
    });
    print(&shown.collect::<String>())
}

/// Whether somebody sits before the program, who reads stderr and can answer.
pub(crate) fn is_attended() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks a question that is answered by `y`; anything else, and the end of the input, is no.
pub(crate) fn ask(question: &str) -> bool {
    let _ = write!(io::stderr(), "{} [y/N] ", one_line(question));
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
}

/// Keeps foreign text from adding lines, steering the terminal, or turning the direction of what
/// follows.
pub(crate) fn one_line(text: &str) -> String {
    let plain = text.chars().map(|c| if steers(c) { ' ' } else { c });
    plain.take(LONGEST).collect()
}

/// The same for text that has lines of its own.
pub(crate) fn lines(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let plain = line
            .chars()
            .map(|c| if c != '\t' && steers(c) { ' ' } else { c });
        plain.collect::<String>() + "\n"
    });
    lines.collect()
}

/// Whether a character does something to a screen in place of being seen.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_stays_on_its_line_and_in_its_direction() {
        assert_eq!(one_line("a\nb\u{1b}[2Jc\r"), "a b [2Jc ");
        assert_eq!(
            one_line("gnp.\u{202e}exe\u{2066}\u{200f}\u{2028}x"),
            "gnp. exe   x"
        );
        assert_eq!(one_line(&"x".repeat(5_000)).len(), LONGEST);
        assert_eq!(lines("a\tb\u{9b}\nc\u{202d}"), "a\tb \nc \n");
    }
}
