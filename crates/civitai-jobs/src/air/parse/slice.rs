//! Pieces of a text that know where they are in it.

use super::{AirPart, ParseAirError, Problem};

/// A piece of the text; cutting it keeps count of where the pieces begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slice<'a> {
    pub(super) text: &'a str,
    pub(super) start: usize,
}

impl<'a> Slice<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, start: 0 }
    }

    /// The place of the piece, where it is not empty and `part` allows all of it.
    pub(super) fn checked(self, part: AirPart) -> Result<Span, ParseAirError> {
        if self.text.is_empty() {
            return Err(self.fails(Problem::Empty(part)));
        }
        match self
            .text
            .char_indices()
            .find(|(_, found)| !part.allows(*found))
        {
            Some((at, found)) => Err(ParseAirError {
                offset: self.start + at,
                problem: Problem::Character(part, found),
            }),
            None => Ok(self.span()),
        }
    }

    pub(super) fn span(self) -> Span {
        Span::new(self.start, self.start + self.text.len())
    }

    pub(super) fn fails(self, problem: Problem) -> ParseAirError {
        ParseAirError {
            offset: self.start,
            problem,
        }
    }

    /// The piece without a prefix that it may have, in capital or small letters.
    pub(super) fn without(self, prefix: &str) -> Self {
        match self.text.split_at_checked(prefix.len()) {
            Some((head, rest)) if head.eq_ignore_ascii_case(prefix) => self.tail(rest),
            _ => self,
        }
    }

    /// What comes after a mark that the piece begins with.
    pub(super) fn after(self, mark: char) -> Option<Self> {
        self.text.strip_prefix(mark).map(|rest| self.tail(rest))
    }

    pub(super) fn split_once(self, mark: char) -> Option<(Self, Self)> {
        self.text
            .split_once(mark)
            .map(|(head, rest)| (self.head(head), self.tail(rest)))
    }

    pub(super) fn rsplit_once(self, mark: char) -> Option<(Self, Self)> {
        self.text
            .rsplit_once(mark)
            .map(|(head, rest)| (self.head(head), self.tail(rest)))
    }

    pub(super) fn split(self, mark: char) -> impl Iterator<Item = Self> {
        let mut start = self.start;
        self.text.split(mark).map(move |text| {
            let piece = Self { text, start };
            start += text.len() + mark.len_utf8();
            piece
        })
    }

    /// The characters in front that pass the test, at least one, and what comes after them.
    pub(super) fn leading(self, test: impl Fn(char) -> bool) -> Option<(Self, Self)> {
        let rest = self.text.trim_start_matches(test);
        let (head, rest) = self.text.split_at(self.text.len() - rest.len());
        (!head.is_empty()).then_some((self.head(head), self.tail(rest)))
    }

    pub(super) fn digits(self) -> Option<(Self, Self)> {
        self.leading(|found| found.is_ascii_digit())
    }

    fn head(self, text: &'a str) -> Self {
        Self {
            text,
            start: self.start,
        }
    }

    fn tail(self, text: &'a str) -> Self {
        Self {
            text,
            start: self.start + self.text.len() - text.len(),
        }
    }
}

/// The place of a part, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::air) struct Span {
    pub(in crate::air) start: usize,
    pub(in crate::air) end: usize,
}

impl Span {
    pub(super) fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    pub(in crate::air) fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}
